import type { Oprf } from '@blindmatch/oprf';
import { chunkLeaf } from '@blindmatch/protocol';
import { blindChunks } from './blinding.ts';
import type { PlannedChunk } from './chunk-plan.ts';
import type { RequestDirectory } from './request-directory.ts';
import { SequentialFile } from './sequential-file.ts';

/** What blinds, and who is told how far it is. */
export interface Blinding {
  readonly oprf: Pick<Oprf, 'blind'>;
  /** Called with the elements blinded so far. */
  readonly onBlinded: (done: number) => void;
}

/**
 * Blinds the chunks of a request, writes them and their roots in order to new files, and gives their leaf hashes, 32 bytes
 * each.
 *
 * @param seed the request's, 32 bytes
 */
export async function writeBlinded(
  files: Pick<RequestDirectory, 'blinded' | 'blindedRoots'>,
  chunks: AsyncIterable<PlannedChunk>,
  seed: Uint8Array,
  { oprf, onBlinded }: Blinding,
): Promise<Uint8Array> {
  const elementFile = new SequentialFile(files.blinded);
  const rootFile = new SequentialFile(files.blindedRoots);
  const leaves: Uint8Array[] = [];
  let done = 0;
  try {
    for await (const { chunk, blinded } of blindChunks(chunks, seed, oprf)) {
      leaves.push(chunkLeaf(chunk.index, blinded.blinded));
      done += chunk.inputs.length;
      onBlinded(done);
      await elementFile.write(blinded.blinded);
      await rootFile.write(blinded.blindedRoots);
    }
    await elementFile.end();
    await rootFile.end();
  } finally {
    elementFile.destroy();
    rootFile.destroy();
  }
  return new Uint8Array(Buffer.concat(leaves));
}
