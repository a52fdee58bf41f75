import { OutputFile } from '@blindmatch/terminal';

/** A small document that a command writes under a name of its user's. */
export interface DocumentKind {
  /** What it is called: 'proof'. */
  readonly name: string;
  /** The option that names the file. */
  readonly option: string;
  /** How each such document begins: an earlier one may be replaced, and nothing else. */
  readonly beginning: string;
}

/**
 * Writes a document, whole or not at all.
 *
 * @throws CommandError `out_is_directory`, `out_exists`; errors of the operating system, with the path
 */
export function writeDocument(path: string, { name, option, beginning }: DocumentKind, text: string): void {
  if (!text.startsWith(beginning)) throw new RangeError(`a ${name} begins with ${beginning}`);
  const file = new OutputFile(path, { name, option, header: beginning });
  try {
    file.add(text.slice(beginning.length));
    file.keep();
  } finally {
    file.discard();
  }
}
