import { CommandError } from '@blindmatch/terminal';
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit, type Document } from 'yaml';
import type { z } from 'zod';

/** Where something stands in the file: names of members and numbers of items. */
export type PolicyPath = readonly (string | number)[];

/** The line that ends a document of YAML, at the end of a text. */
const END = /(?:^|\n)\.\.\.\s*$/;

/** The YAML document of a policy, which knows the line of everything in it. */
export class PolicyDocument {
  /** To be changed by whoever writes it back. */
  readonly yaml: Document.Parsed;
  readonly #source: string;
  readonly #lines = new LineCounter();

  /**
   * @param source what the text is called in messages, such as its path
   * @throws CommandError `policy_invalid` for what is not YAML, is cut off, or holds a directive or an alias
   */
  constructor(text: string, source: string) {
    this.#source = source;
    this.#refuseCutOff(text);
    this.#refuseDirectives(text);
    this.yaml = parseDocument(text, { lineCounter: this.#lines, prettyErrors: true, uniqueKeys: true });
    const [error] = this.yaml.errors;
    if (error !== undefined) throw this.#invalidAt(this.#lineAt(error.pos[0]), 'it is not valid YAML');
    // An alias could name more than anyone reviewed, so none is followed.
    visit(this.yaml, {
      Alias: (_, { range }) => {
        const line = range ? this.#lineAt(range[0]) : undefined;
        throw this.#invalidAt(line, 'it holds an alias (*name) and everything must be written out');
      },
    });
  }

  /** The document as a plain value. */
  value(): unknown {
    return this.yaml.toJS();
  }

  /** The document as text, with its comments. */
  toString(): string {
    // The library would put the last comment behind the end.
    this.yaml.directives.docEnd = false;
    return `${this.yaml.toString({ lineWidth: 0 })}...\n`;
  }

  /** The first part of a policy is often a policy too, and a laxer one: without the key that was revoked at its end. */
  #refuseCutOff(text: string): void {
    if (END.test(text)) return;
    throw this.#invalidAt(
      undefined,
      'it does not end with the line ..., so a part of it may be missing; if it is whole, add that line',
    );
  }

  /** A directive changes what the lines after it mean: in YAML 1.1, 0100 is 64. */
  #refuseDirectives(text: string): void {
    const at = text.split('\n').findIndex((line) => line.startsWith('%'));
    if (at >= 0) throw this.#invalidAt(at + 1, 'a line may not begin with %, which is a directive of YAML');
  }

  /** What is wrong at a place, as an error with its line. */
  invalid(path: PolicyPath, what: string): CommandError {
    const where = path.join('.');
    return this.#invalidAt(this.#lineOf(path), where === '' ? what : `${where}: ${what}`);
  }

  /** The first, in the order of lines, of what a schema found wrong; what is missing comes last, since it may be what another key was meant for. */
  invalidBy({ issues }: z.ZodError): CommandError {
    const [first] = issues
      .flatMap((issue): { path: PolicyPath; what: string; missing: boolean }[] => {
        const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
        if (issue.code !== 'unrecognized_keys') return [{ path, ...this.#describe(path, issue) }];
        return issue.keys.map((key) => ({
          path: [...path, key],
          what: 'there is no such key; check its spelling',
          missing: false,
        }));
      })
      .map((found) => ({ ...found, line: this.#lineOf(found.path) ?? 0 }))
      .sort((left, right) => Number(left.missing) - Number(right.missing) || left.line - right.line);
    return first === undefined
      ? this.invalid([], 'it has the wrong form')
      : this.invalid(first.path, first.what);
  }

  #describe(path: PolicyPath, { message }: z.core.$ZodIssue): { what: string; missing: boolean } {
    if (path.length > 0 && !this.yaml.hasIn(path)) return { what: 'it is missing', missing: true };
    return { what: message.charAt(0).toLowerCase() + message.slice(1), missing: false };
  }

  #invalidAt(line: number | undefined, what: string): CommandError {
    return new CommandError(
      'policy_invalid',
      `${this.#source} can't be used: ${line === undefined ? '' : `line ${line}: `}${what}; correct the file and try again.`,
    );
  }

  /** The line of what stands at a path, or of the nearest thing around it that there is. */
  #lineOf(path: PolicyPath): number | undefined {
    let node: unknown = this.yaml.contents;
    let offset = isNode(node) ? node.range?.[0] : undefined;
    for (const part of path) {
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
        if (pair === undefined) break;
        // The name of a member stands where people look for it; its value may begin on the next line.
        if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset;
        node = pair.value;
      } else if (isSeq(node)) {
        node = node.items[Number(part)];
        if (isNode(node)) offset = node.range?.[0] ?? offset;
      } else break;
    }
    return offset === undefined ? undefined : this.#lineAt(offset);
  }

  #lineAt(offset: number): number {
    return this.#lines.linePos(offset).line;
  }
}
