import { diskStorage } from './disk-storage.ts';
import type { Storage } from './storage.ts';
import { TokenSetError } from './token-set-error.ts';
import { TokenSetStream } from './token-set-stream.ts';

const CHUNK_BYTES = 1 << 18;

/**
 * Verifies what an interrupted download left at `path` and cuts off whatever is not verified. The stream it gives has
 * taken in the rest, the whole file now: the next byte to fetch, write and push is at `verifiedLength`.
 *
 * A file of another digest, or none at all, is cut to nothing.
 *
 * @throws TokenSetError `storage_failed`, or `argument_invalid` for a digest of a wrong length
 */
export async function resumeDownload(
  path: string,
  digest: Uint8Array,
  storage: Storage = diskStorage,
): Promise<TokenSetStream> {
  const stream = new TokenSetStream(digest);
  const file = await storage.open(path, 'write');
  try {
    const length = await file.length();
    const chunk = new Uint8Array(CHUNK_BYTES);
    for (let offset = 0; offset < length; offset += chunk.length) {
      const got = await file.read(chunk, offset);
      if (!accepts(stream, chunk.subarray(0, got))) break;
    }
    stream.rewind();
    await file.truncate(stream.verifiedLength);
    await file.sync();
  } finally {
    await file.close();
  }
  return stream;
}

/** Whether the bytes verify; what is wrong with them does not matter, they will be fetched again. */
function accepts(stream: TokenSetStream, bytes: Uint8Array): boolean {
  try {
    stream.push(bytes);
    return true;
  } catch (error) {
    if (error instanceof TokenSetError) return false;
    throw error;
  }
}
