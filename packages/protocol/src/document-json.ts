/** The one strict reader of the JSON of envelopes and payloads (protocol-spec/documents.md, "Envelopes"). */

import type { z } from 'zod';
import { MAX_ENVELOPE } from './limits.ts';
import { ProtocolError } from './problem.ts';
import type { ProblemCode } from './problem.ts';

/** Objects and arrays inside one another, the outermost counted; no document has more than three. */
const MAX_NESTING = 4;

/** What `readJson` says when the bytes are not the document. */
export interface Malformed {
  readonly code: ProblemCode;
  /** The document's name in a sentence, such as "The request manifest". */
  readonly document: string;
}

/**
 * Reads UTF-8 JSON of at most `MAX_ENVELOPE` bytes into what `schema` describes.
 * A repeated member name is refused, because readers disagree about which one counts; so is a number with a sign, a
 * fraction or an exponent, because they disagree about its value.
 * Throws ProtocolError with `malformed.code`, and nothing else whatever the bytes are.
 */
export function readJson<T>(bytes: Uint8Array, schema: z.ZodType<T>, malformed: Malformed): T {
  const { code, document } = malformed;
  if (bytes.length > MAX_ENVELOPE) {
    throw new ProtocolError(code, `${document} is larger than ${MAX_ENVELOPE} bytes.`);
  }
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
  } catch {
    throw new ProtocolError(code, `${document} is not JSON in UTF-8.`);
  }
  // First, because what follows recurses.
  if (nestsDeeper(value, MAX_NESTING)) {
    throw new ProtocolError(code, `${document} nests objects or arrays too deep.`);
  }
  const bare = outsideStrings(text);
  if (/-|\d[.eE]/.test(bare)) {
    throw new ProtocolError(code, `${document} has a number that is not written in digits only.`);
  }
  // Outside strings every colon belongs to exactly one member.
  if (bare.split(':').length - 1 !== membersKept(value)) {
    throw new ProtocolError(code, `${document} repeats a member name.`);
  }
  return parseValue(value, schema, malformed);
}

function parseValue<T>(value: unknown, schema: z.ZodType<T>, { code, document }: Malformed): T {
  let result;
  try {
    result = schema.safeParse(value);
  } catch (error) {
    // A fault of the schema; the bytes come from a stranger all the same and must not stop the program.
    throw new ProtocolError(code, `${document} is malformed.`, { cause: error });
  }
  if (result.success) return result.data;
  // Only names that the schema knows are said back; the rest is the sender's text.
  const where = result.error.issues[0]?.path.join('.') ?? '';
  throw new ProtocolError(
    code,
    where === '' ? `${document} has missing or unknown members.` : `${document} is malformed at ${where}.`,
  );
}

/** Whether `value` has more than `levels` objects and arrays inside one another. Goes no deeper than that itself. */
function nestsDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((child) => nestsDeeper(child, levels - 1));
}

/** Valid JSON text without its strings. */
function outsideStrings(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"/g, '');
}

/** Members of a parsed value of bounded depth. */
function membersKept(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const children: unknown[] = Object.values(value);
  const own = Array.isArray(value) ? 0 : children.length;
  return children.reduce((sum: number, child) => sum + membersKept(child), own);
}
