import { constants } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { MAX_IN_FLIGHT, ProtocolError, SET_READ_MAX, type EpochDescriptor } from '@blindmatch/protocol';
import { resumeDownload, TokenSetError } from '@blindmatch/tokenset';
import type { HolderConnection } from './holder-connection.ts';

const PARTIAL_NAME = /^[0-9a-f]{64}\.bmts\.[0-9a-f]{16}\.partial$/;

/** A download that nothing was added to for so long is not gone on with. */
const ABANDONED_MS = 7 * 86_400_000;

/** Where token sets are kept between requests, unless the user names another directory. */
export function defaultCacheDirectory(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'blindmatch');
}

/**
 * The token sets that were downloaded, one file for each digest. Whoever reads one verifies it against the digest in
 * the signed epoch descriptor, so the directory needs no trust of its own.
 */
export class TokenSetCache {
  readonly #directory: string;
  readonly #now: () => number;

  /** @param now the clock, in milliseconds since 1970 */
  constructor(directory: string, now: () => number = Date.now) {
    this.#directory = directory;
    this.#now = now;
  }

  /** The path of an epoch's token set if the whole of it is here. */
  async find(tokenSet: EpochDescriptor['tokenSet']): Promise<string | undefined> {
    const path = this.#path(tokenSet);
    const status = await stat(path).catch(() => undefined);
    return status?.isFile() === true && status.size === tokenSet.bytes ? path : undefined;
  }

  /** Forgets a token set that turned out to be damaged. */
  async forget(tokenSet: EpochDescriptor['tokenSet']): Promise<void> {
    await rm(this.#path(tokenSet), { force: true });
  }

  /**
   * Downloads an epoch's token set, going on where an earlier download stopped. Every block is verified before it is
   * kept; a few reads are under way at once, so memory does not grow with the set. Downloads of others that nobody
   * has gone on with for a week are removed.
   *
   * @param owner names the request, so that two that fetch the same set at once don't write into one file
   * @param onProgress called with the number of bytes that are here
   * @throws ProtocolError `token_set_invalid` for bytes that are not the set that the epoch names; TokenSetError
   *   `storage_failed`; what the connection throws
   */
  async download(
    connection: HolderConnection,
    tokenSet: EpochDescriptor['tokenSet'],
    owner: string,
    onProgress: (bytes: number) => void,
  ): Promise<string> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const path = this.#path(tokenSet);
    const partial = `${path}.${owner}.partial`;
    await this.#removeAbandoned(partial);
    const file = await open(partial, constants.O_RDWR | constants.O_CREAT, 0o600);
    try {
      const stream = await resumeDownload(partial, tokenSet.digest);
      let offset = stream.verifiedLength;
      for await (const piece of readAhead(connection, offset, tokenSet.bytes)) {
        verify(() => stream.push(piece));
        await writeWhole(file, piece, offset);
        offset += piece.length;
        onProgress(offset);
      }
      verify(() => {
        stream.end();
      });
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
    return path;
  }

  /** Removes what downloads left that were given up, but for the one at `own`. */
  async #removeAbandoned(own: string): Promise<void> {
    for (const name of await readdir(this.#directory)) {
      const path = join(this.#directory, name);
      if (!PARTIAL_NAME.test(name) || path === own) continue;
      // Another process may have finished it meanwhile.
      const status = await stat(path).catch(() => undefined);
      const abandoned = status !== undefined && this.#now() - status.mtimeMs > ABANDONED_MS;
      if (abandoned) await rm(path, { force: true });
    }
  }

  #path(tokenSet: EpochDescriptor['tokenSet']): string {
    return join(this.#directory, `${Buffer.from(tokenSet.digest).toString('hex')}.bmts`);
  }
}

async function writeWhole(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  }
}

/** Runs a step of the verification; bytes that don't verify are the holder's fault and are named so. */
function verify(step: () => unknown): void {
  try {
    step();
  } catch (cause) {
    if (!(cause instanceof TokenSetError)) throw cause;
    throw new ProtocolError(
      'token_set_invalid',
      `The holder sent something else than the token set that its signed epoch names (${cause.code}); submit the request again, and report it to the holder if it happens again.`,
      { cause },
    );
  }
}

/** The pieces of the set from `offset` on, in order, with MAX_IN_FLIGHT reads under way. */
async function* readAhead(
  connection: HolderConnection,
  offset: number,
  end: number,
): AsyncIterable<Uint8Array> {
  const underway: Promise<Uint8Array>[] = [];
  let next = offset;
  while (next < end || underway.length > 0) {
    while (next < end && underway.length < MAX_IN_FLIGHT) {
      const length = Math.min(SET_READ_MAX, end - next);
      const piece = connection.readSet(next, length);
      // Its failure is met when its turn comes; until then it must not count as unhandled.
      piece.catch(() => undefined);
      underway.push(piece);
      next += length;
    }
    const piece = await underway.shift();
    if (piece !== undefined) yield piece;
  }
}
