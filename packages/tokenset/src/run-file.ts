import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { join } from 'node:path';
import { HASH_BYTES, sameBytes } from './header.ts';
import { OWNED_TOKEN_BYTES } from './owned-token.ts';
import type { Storage, StoredFile } from './storage.ts';
import { viewOf } from './token.ts';
import { TokenSetError } from './token-set-error.ts';

/*
 * A run: 16-byte tokens in ascending order, each with its 8-byte owner behind it, then a trailer that says which part of
 * the source they come from, then the SHA-256 of all before it. A run has its final name only when it is whole and on the disk.
 */

const MAGIC = 0x424d52554e303032n; // BMRUN002
const TRAILER_BYTES = 112;

/** Which part of a build a run covers. */
export interface RunRange {
  /** SHA-256 of the build's source identity. */
  readonly source: Uint8Array;
  /** Sequence numbers of the first and the last closed buffer in it; they differ in a merged run. */
  readonly first: number;
  readonly last: number;
  /** Source items wholly done before its first and after its last token. */
  readonly completedBefore: number;
  readonly completedAfter: number;
  /** Outputs added, repeated ones included. */
  readonly added: number;
}

/** A finished run on the disk. */
export interface Run extends RunRange {
  readonly path: string;
  /** How many tokens it holds. */
  readonly tokens: number;
}

const RUN_NAME = /^run-\d{10}-\d{10}(\.temp)?$/;

/** Whether a name in the build's directory is that of a run, finished or not. */
export function isRunName(name: string): boolean {
  return RUN_NAME.test(name);
}

function runPath(directory: string, range: RunRange): string {
  const number = (n: number): string => String(n).padStart(10, '0');
  return join(directory, `run-${number(range.first)}-${number(range.last)}`);
}

/** Writes one run, under a temporary name until `finish`. */
export class RunWriter {
  readonly #storage: Storage;
  readonly #directory: string;
  readonly #range: RunRange;
  readonly #path: string;
  readonly #file: StoredFile;
  readonly #hash: Hash = createHash('sha256');
  #length = 0;

  private constructor(storage: Storage, directory: string, range: RunRange, path: string, file: StoredFile) {
    this.#storage = storage;
    this.#directory = directory;
    this.#range = range;
    this.#path = path;
    this.#file = file;
  }

  static async create(storage: Storage, directory: string, range: RunRange): Promise<RunWriter> {
    const path = runPath(directory, range);
    return new RunWriter(storage, directory, range, path, await storage.create(`${path}.temp`));
  }

  /** Adds tokens with their owners that follow the last in ascending order. */
  async append(tokens: Uint8Array): Promise<void> {
    this.#hash.update(tokens);
    await this.#file.write(tokens, this.#length);
    this.#length += tokens.length;
  }

  /** Makes the run durable and gives it its name. */
  async finish(): Promise<Run> {
    const tokens = this.#length / OWNED_TOKEN_BYTES;
    await this.append(encodeTrailer(this.#range, tokens));
    await this.#file.write(new Uint8Array(this.#hash.digest()), this.#length);
    await this.#file.sync();
    await this.#file.close();
    await this.#storage.rename(`${this.#path}.temp`, this.#path);
    await this.#storage.syncDirectory(this.#directory);
    return { ...this.#range, path: this.#path, tokens };
  }

  /** Gives up: closes and removes the temporary file as far as the disk lets it. */
  async discard(): Promise<void> {
    await this.#file.close().catch(() => undefined);
    await this.#storage.remove(`${this.#path}.temp`).catch(() => undefined);
  }
}

/** Reads one run from its first token to its last through a buffer of fixed size, checking its SHA-256 at the end. */
export class RunReader {
  readonly run: Run;
  /** The buffered tokens; `at` is the offset of the current one. */
  readonly view: DataView;
  at = 0;
  /** The first 53 bits of the current token: nearly every comparison is decided by them alone. */
  key = 0;
  readonly #file: StoredFile;
  readonly #buffer: Uint8Array;
  readonly #hash: Hash = createHash('sha256');
  #end = 0;
  #position = 0;

  private constructor(run: Run, file: StoredFile, bufferTokens: number) {
    this.run = run;
    this.#file = file;
    this.#buffer = new Uint8Array(bufferTokens * OWNED_TOKEN_BYTES);
    this.view = viewOf(this.#buffer);
  }

  static async open(storage: Storage, run: Run, bufferTokens: number): Promise<RunReader> {
    return new RunReader(run, await storage.open(run.path, 'read'), bufferTokens);
  }

  /** Steps to the next buffered token; false when the buffer is used up. */
  step(): boolean {
    this.at += OWNED_TOKEN_BYTES;
    return this.at < this.#end && this.#setKey();
  }

  /**
   * Buffers the next tokens and makes the first of them current; false at the end of the run.
   *
   * @throws TokenSetError `run_corrupt` if the run is not what was written
   */
  async fill(): Promise<boolean> {
    const left = this.run.tokens * OWNED_TOKEN_BYTES - this.#position;
    if (left === 0) {
      await this.#checkEnd();
      return false;
    }
    const part = this.#buffer.subarray(0, Math.min(left, this.#buffer.length));
    if ((await this.#file.read(part, this.#position)) !== part.length) throw runCorrupt(this.run.path);
    this.#hash.update(part);
    this.#position += part.length;
    this.#end = part.length;
    this.at = 0;
    return this.#setKey();
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #checkEnd(): Promise<void> {
    const tail = new Uint8Array(TRAILER_BYTES + HASH_BYTES);
    const got = await this.#file.read(tail, this.#position);
    const trailer = tail.subarray(0, TRAILER_BYTES);
    const digest = new Uint8Array(this.#hash.update(trailer).digest());
    if (got !== tail.length || !sameBytes(digest, tail.subarray(TRAILER_BYTES)))
      throw runCorrupt(this.run.path);
  }

  #setKey(): boolean {
    this.key = this.view.getUint32(this.at) * 2 ** 21 + (this.view.getUint32(this.at + 4) >>> 11);
    return true;
  }
}

/** Reads the whole of a finished run found on the disk; undefined if it is not a run or was damaged. */
export async function findRun(
  storage: Storage,
  path: string,
  bufferTokens: number,
): Promise<Run | undefined> {
  const file = await storage.open(path, 'read');
  let run: Run | undefined;
  try {
    const length = await file.length();
    const trailer = new Uint8Array(TRAILER_BYTES);
    await file.read(trailer, Math.max(0, length - TRAILER_BYTES - HASH_BYTES));
    run = parseTrailer(trailer, path);
    if (run === undefined || run.tokens * OWNED_TOKEN_BYTES + TRAILER_BYTES + HASH_BYTES !== length)
      return undefined;
  } finally {
    await file.close();
  }
  const reader = await RunReader.open(storage, run, bufferTokens);
  try {
    while (await reader.fill());
    return run;
  } catch (error) {
    if (error instanceof TokenSetError && error.code === 'run_corrupt') return undefined;
    throw error;
  } finally {
    await reader.close();
  }
}

function encodeTrailer(range: RunRange, tokens: number): Uint8Array {
  const bytes = new Uint8Array(TRAILER_BYTES);
  const view = viewOf(bytes);
  view.setBigUint64(0, MAGIC);
  bytes.set(range.source, 8);
  const numbers = [range.first, range.last, range.completedBefore, range.completedAfter, range.added, tokens];
  numbers.forEach((number, i) => {
    view.setBigUint64(40 + 8 * i, BigInt(number));
  });
  return bytes;
}

function parseTrailer(bytes: Uint8Array, path: string): Run | undefined {
  const view = viewOf(bytes);
  const number = (i: number): number => Number(view.getBigUint64(40 + 8 * i));
  if (view.getBigUint64(0) !== MAGIC) return undefined;
  return {
    path,
    source: bytes.slice(8, 40),
    first: number(0),
    last: number(1),
    completedBefore: number(2),
    completedAfter: number(3),
    added: number(4),
    tokens: number(5),
  };
}

function runCorrupt(path: string): TokenSetError {
  return new TokenSetError(
    'run_corrupt',
    `${path} is not what this build wrote; check the disk and start again, which redoes the work from there.`,
  );
}
