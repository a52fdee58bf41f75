import { REJECTIONS_HEADER } from '@blindmatch/records';
import { OutputFile } from '@blindmatch/terminal';

/**
 * Begins the file of the records that are not submitted and why, for whoever mends them; its lines are those of
 * `rejectionLine`.
 *
 * @param path what `--rejections` names; undefined where nobody asked for it
 * @param inputs the files that the command reads
 * @throws what OutputFile throws
 */
export function beginRejections(
  path: string | undefined,
  inputs: readonly (string | undefined)[],
): OutputFile | undefined {
  if (path === undefined) return undefined;
  const kind = { name: 'rejections', option: '--rejections', header: REJECTIONS_HEADER };
  return new OutputFile(path, kind, inputs);
}
