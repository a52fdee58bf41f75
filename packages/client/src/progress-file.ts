import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { CHUNK_ELEMENTS, chunkLength } from '@blindmatch/protocol';
import { CommandError } from '@blindmatch/terminal';
import type { RequestDirectory } from './request-directory.ts';
import { subkey } from './request-seed.ts';

/*
 * Two files: the tokens, 16 bytes for each element in order, and for each chunk a mark of 32 bytes, HMAC-SHA256 over
 * its index (u32be) and its tokens, under the subkey "progress" of the request's seed. A chunk is done exactly if its
 * mark fits the tokens that lie there. Whatever became of the files, a chunk that is not done is asked for again, so
 * damage costs time and never a result, and is never taken for the holder's fault.
 */

/** What is kept of an OPRF output: its first 16 bytes, of which the token set holds at most 128 bits. */
const KEPT_TOKEN_BYTES = 16;

const OUTPUT_BYTES = 64;
const MARK_BYTES = 32;

/**
 * The tokens of a request as they come back, so that a submission that was cut off goes on where it was.
 * Invariant: a chunk is marked only after its tokens are on the disk.
 */
export interface ProgressFile {
  isDone(chunk: number): boolean;
  /** Elements of the chunks that are done. */
  readonly doneElements: number;
  readonly isComplete: boolean;
  /** Keeps the first 16 bytes of each 64-byte output of a chunk, then marks it as done. */
  keep(chunk: number, outputs: Uint8Array): void;
  /**
   * All tokens in element order, 16 bytes each; only once every chunk is done. The caller wipes them.
   *
   * @throws CommandError `request_unfinished`, also where the files were changed since they were opened
   */
  tokens(): Uint8Array;
  close(): void;
}

/**
 * Opens the progress of a request. Where a file is missing or of another size, both are begun anew.
 *
 * @param seed the request's secret; what another request left does not count as done
 */
export function openProgress(
  files: RequestDirectory,
  seed: Uint8Array,
  size: { readonly chunks: number; readonly elements: number },
): ProgressFile {
  const marksFile = openFile(files.private.progress);
  const tokensFile = openFile(files.private.tokens);
  const key = subkey(seed, 'progress');
  const tokenBytes = size.elements * KEPT_TOKEN_BYTES;
  const markBytes = size.chunks * MARK_BYTES;
  if (fstatSync(marksFile).size !== markBytes || fstatSync(tokensFile).size !== tokenBytes) {
    for (const file of [marksFile, tokensFile]) ftruncateSync(file, 0);
    ftruncateSync(tokensFile, tokenBytes);
    ftruncateSync(marksFile, markBytes);
  }
  const markOf = (chunk: number, tokens: Uint8Array): Buffer => {
    const index = Buffer.alloc(4);
    index.writeUInt32BE(chunk);
    return createHmac('sha256', key).update(index).update(tokens).digest();
  };
  const startOf = (chunk: number): number => chunk * CHUNK_ELEMENTS * KEPT_TOKEN_BYTES;
  const readTokens = (chunk: number): Uint8Array =>
    read(tokensFile, startOf(chunk), chunkLength(size.elements, chunk) * KEPT_TOKEN_BYTES);
  const fits = (chunk: number, tokens: Uint8Array): boolean =>
    timingSafeEqual(markOf(chunk, tokens), read(marksFile, chunk * MARK_BYTES, MARK_BYTES));

  const done = Array.from({ length: size.chunks }, (_, chunk) => {
    const tokens = readTokens(chunk);
    const isDone = fits(chunk, tokens);
    tokens.fill(0);
    return isDone;
  });
  return {
    isDone: (chunk) => done[chunk] === true,
    get doneElements() {
      return done.reduce((sum, is, chunk) => (is ? sum + chunkLength(size.elements, chunk) : sum), 0);
    },
    get isComplete() {
      return !done.includes(false);
    },
    keep(chunk, outputs) {
      const count = outputs.length / OUTPUT_BYTES;
      const kept = new Uint8Array(count * KEPT_TOKEN_BYTES);
      for (let i = 0; i < count; i++) {
        kept.set(
          outputs.subarray(i * OUTPUT_BYTES, i * OUTPUT_BYTES + KEPT_TOKEN_BYTES),
          i * KEPT_TOKEN_BYTES,
        );
      }
      write(tokensFile, kept, startOf(chunk));
      fdatasyncSync(tokensFile);
      write(marksFile, markOf(chunk, kept), chunk * MARK_BYTES);
      done[chunk] = true;
    },
    tokens() {
      const all = new Uint8Array(tokenBytes);
      for (let chunk = 0; chunk < size.chunks; chunk++) {
        const tokens = readTokens(chunk);
        if (!fits(chunk, tokens)) {
          throw new CommandError(
            'request_unfinished',
            'Not all of the request has been evaluated; submit it again, nothing is charged twice.',
          );
        }
        all.set(tokens, startOf(chunk));
        tokens.fill(0);
      }
      return all;
    },
    close() {
      key.fill(0);
      closeSync(marksFile);
      closeSync(tokensFile);
    },
  };
}

function openFile(path: string): number {
  return openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
}

/** `length` bytes at `position`; zeros, which no mark fits, where the file has been cut meanwhile. */
function read(file: number, position: number, length: number): Uint8Array {
  const into = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const count = readSync(file, into, done, length - done, position + done);
    if (count === 0) break;
    done += count;
  }
  return into;
}

function write(file: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length;)
    done += writeSync(file, bytes, done, bytes.length - done, position + done);
}
