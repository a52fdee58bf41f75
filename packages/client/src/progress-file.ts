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

/** What is kept of an OPRF output: its first 16 bytes, of which the token set holds at most 128 bits. */
const KEPT_TOKEN_BYTES = 16;

const OUTPUT_BYTES = 64;

/**
 * The tokens of a request as they come back, so that a submission that was cut off goes on where it was.
 * Invariant: a chunk is marked as done only after its tokens are on the disk.
 */
export interface ProgressFile {
  isDone(chunk: number): boolean;
  /** Elements of the chunks that are done. */
  readonly doneElements: number;
  readonly isComplete: boolean;
  /** Keeps the first 16 bytes of each 64-byte output of a chunk, then marks it as done. */
  keep(chunk: number, outputs: Uint8Array): void;
  /** All tokens in element order, 16 bytes each; only once every chunk is done. */
  tokens(): Uint8Array;
  close(): void;
}

/**
 * Opens the progress of a request, or begins it.
 *
 * @throws CommandError `request_damaged` if the files have another size than the request
 */
export function openProgress(
  files: RequestDirectory,
  size: { readonly chunks: number; readonly elements: number },
): ProgressFile {
  const marks = openSized(files.private.progress, size.chunks);
  const tokens = openSized(files.private.tokens, size.elements * KEPT_TOKEN_BYTES);
  const done = new Uint8Array(size.chunks);
  readFully(marks, done);
  return {
    isDone: (chunk) => done[chunk] === 1,
    get doneElements() {
      return done.reduce(
        (sum, mark, chunk) => (mark === 1 ? sum + chunkLength(size.elements, chunk) : sum),
        0,
      );
    },
    get isComplete() {
      return !done.includes(0);
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
      writeFully(tokens, kept, chunk * CHUNK_ELEMENTS * KEPT_TOKEN_BYTES);
      fdatasyncSync(tokens);
      writeFully(marks, Uint8Array.of(1), chunk);
      done[chunk] = 1;
    },
    tokens() {
      if (done.includes(0)) {
        throw new CommandError(
          'request_unfinished',
          'Not all of the request has been evaluated; submit it again.',
        );
      }
      const all = new Uint8Array(size.elements * KEPT_TOKEN_BYTES);
      readFully(tokens, all);
      return all;
    },
    close() {
      closeSync(marks);
      closeSync(tokens);
    },
  };
}

function openSized(path: string, bytes: number): number {
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  const { size } = fstatSync(file);
  if (size === 0) ftruncateSync(file, bytes);
  else if (size !== bytes) {
    closeSync(file);
    throw new CommandError(
      'request_damaged',
      `${path} does not belong to this request; remove it and submit again, nothing is charged twice.`,
    );
  }
  return file;
}

function readFully(file: number, into: Uint8Array): void {
  for (let done = 0; done < into.length;) {
    const count = readSync(file, into, done, into.length - done, done);
    if (count === 0)
      throw new CommandError('request_damaged', 'A file of the request is cut short; prepare it again.');
    done += count;
  }
}

function writeFully(file: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length;)
    done += writeSync(file, bytes, done, bytes.length - done, position + done);
}
