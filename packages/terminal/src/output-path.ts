import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { CommandError } from './command-error.ts';

/** A kind of file that a command writes for its user, under a name of the user's. */
export interface OutputKind {
  /** What it is called: 'results'. */
  readonly name: string;
  /** The option that names it: '--out'. */
  readonly option: string;
  /** The first line of every such file, with its line feed. */
  readonly header: string;
}

/**
 * Checks before any work that an output can be given its name. An earlier output of the same kind may be replaced;
 * nothing else is, and least of all what the command itself reads.
 *
 * @param inputs the files that the command reads
 * @throws CommandError `out_is_directory`, `out_is_input`, `out_exists`
 */
export function checkOutputPath(
  path: string,
  { name, option, header }: OutputKind,
  inputs: readonly (string | undefined)[] = [],
): void {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) return;
  const nameAFile = `name a file for the ${name} with ${option}.`;
  if (status.isDirectory())
    throw new CommandError('out_is_directory', `${path} is a directory; ${nameAFile}`);
  if (!status.isFile()) throw new CommandError('out_exists', `${path} is not a file; ${nameAFile}`);
  for (const input of inputs) {
    const other = input === undefined ? undefined : statSync(input, { throwIfNoEntry: false });
    if (other?.ino !== status.ino || other.dev !== status.dev) continue;
    throw new CommandError(
      'out_is_input',
      `${path} is read by this command, so the ${name} can't replace it; name another file with ${option}.`,
    );
  }
  if (beginsWith(path, status.size, header)) return;
  throw new CommandError(
    'out_exists',
    `${path} exists and holds no earlier ${name}; name another file with ${option}, or move it away.`,
  );
}

/** Whether a file begins like one of ours; an empty one is in nobody's way. */
function beginsWith(path: string, size: number, text: string): boolean {
  if (size === 0) return true;
  const header = Buffer.from(text);
  const begin = Buffer.alloc(header.length);
  const file = openSync(path, 'r');
  try {
    return readSync(file, begin) === header.length && begin.equals(header);
  } finally {
    closeSync(file);
  }
}
