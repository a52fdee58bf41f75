import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { checkOutputPath } from '@blindmatch/terminal';
import { RESULT_COLUMNS } from './results.ts';

/**
 * Checks before any work that the results can be given their name.
 *
 * @param inputs the files that the command reads
 * @throws CommandError `out_is_directory`, `out_is_input`, `out_exists`
 */
export function checkResultsPath(path: string, inputs: readonly (string | undefined)[] = []): void {
  checkOutputPath(
    path,
    { name: 'results', option: '--out', header: `${RESULT_COLUMNS.join(',')}\n` },
    inputs,
  );
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
