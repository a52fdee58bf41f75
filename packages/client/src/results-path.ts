import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, readSync, renameSync, statSync } from 'node:fs';
import { CommandError } from '@blindmatch/terminal';
import { RESULT_COLUMNS } from './results.ts';

/**
 * Checks before any work that the results can be given their name. Earlier results may be replaced; nothing else is,
 * and least of all what the command itself reads.
 *
 * @param inputs the files that the command reads
 * @throws CommandError `out_is_directory`, `out_is_input`, `out_exists`
 */
export function checkResultsPath(path: string, inputs: readonly (string | undefined)[] = []): void {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) return;
  if (status.isDirectory()) {
    throw new CommandError(
      'out_is_directory',
      `${path} is a directory; name a file for the results with --out.`,
    );
  }
  if (!status.isFile()) {
    throw new CommandError('out_exists', `${path} is not a file; name a file for the results with --out.`);
  }
  for (const input of inputs) {
    const other = input === undefined ? undefined : statSync(input, { throwIfNoEntry: false });
    if (other?.ino !== status.ino || other.dev !== status.dev) continue;
    throw new CommandError(
      'out_is_input',
      `${path} is read by this command, so the results can't replace it; name another file with --out.`,
    );
  }
  if (holdsResults(path, status.size)) return;
  throw new CommandError(
    'out_exists',
    `${path} exists and holds no earlier results; name another file with --out, or move it away.`,
  );
}

/** Whether a file begins like results of ours; an empty one is in nobody's way. */
function holdsResults(path: string, size: number): boolean {
  if (size === 0) return true;
  const header = Buffer.from(`${RESULT_COLUMNS.join(',')}\n`);
  const begin = Buffer.alloc(header.length);
  const file = openSync(path, 'r');
  try {
    return readSync(file, begin) === header.length && begin.equals(header);
  } finally {
    closeSync(file);
  }
}

/**
 * Moves an earlier receipt aside, to a name with the first digits of its hash: it is the holder's signed word on an
 * earlier request, and must neither be lost nor lie beside results that it is not for.
 */
export function setReceiptAside(path: string): void {
  if (!existsSync(path)) return;
  const digest = createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 12);
  renameSync(path, `${path.replace(/\.json$/, '')}.${digest}.json`);
}
