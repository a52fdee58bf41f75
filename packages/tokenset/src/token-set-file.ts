import { diskStorage } from './disk-storage.ts';
import { FIXED_HEADER_BYTES, HASH_BYTES, checkHeader, headerBytes, parseFixedHeader } from './header.ts';
import type { TokenSetHeader } from './header.ts';
import type { Storage, StoredFile } from './storage.ts';
import { TokenSetError } from './token-set-error.ts';

/** How a file is opened. */
export interface OpenTokenSetOptions {
  /** The digest the file must have. */
  readonly digest?: Uint8Array;
  readonly storage?: Storage;
}

const CHUNK_BYTES = 1 << 18;

/**
 * Opens a token set file and checks its header and length. Its blocks are not looked at: whoever reads them verifies
 * them, with TokenSetStream.
 *
 * @throws TokenSetError `not_a_token_set`, `version_unsupported`, `suite_unsupported`, `header_corrupt`, `foreign` if
 *   its digest is another one, `truncated`, `trailing_bytes`, `storage_failed`
 */
export async function openTokenSet(path: string, options: OpenTokenSetOptions = {}): Promise<TokenSetFile> {
  if (options.digest !== undefined && options.digest.length !== HASH_BYTES) {
    throw new TokenSetError('argument_invalid', 'The digest of a token set has 32 bytes.');
  }
  const file = await (options.storage ?? diskStorage).open(path, 'read');
  try {
    const fixed = await readWhole(file, 0, FIXED_HEADER_BYTES, path);
    const header = parseFixedHeader(fixed);
    const digest = checkHeader(await readWhole(file, 0, headerBytes(header.pages), path), options.digest);
    const length = await file.length();
    if (length < header.length) throw truncated(path);
    if (length > header.length) {
      throw new TokenSetError(
        'trailing_bytes',
        `${path} goes on after the end of its token set; fetch it again.`,
      );
    }
    return new TokenSetFile(path, file, header, digest);
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** An open token set file, for serving ranges of it or reading it through. */
export class TokenSetFile {
  readonly header: TokenSetHeader;
  /** SHA-256 of the header, which identifies the file. */
  readonly digest: Uint8Array;
  /** Length in bytes. */
  readonly length: number;
  readonly #path: string;
  readonly #file: StoredFile;

  /** Use openTokenSet. */
  constructor(path: string, file: StoredFile, header: TokenSetHeader, digest: Uint8Array) {
    this.#path = path;
    this.#file = file;
    this.header = header;
    this.digest = digest;
    this.length = header.length;
  }

  /**
   * Bytes `offset` to `offset + length` of the file, which must lie within it.
   *
   * @throws TokenSetError `argument_invalid` for any other range, `truncated` if the file was cut since it was opened
   */
  async read(offset: number, length: number): Promise<Uint8Array> {
    const valid = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0;
    if (!valid || length > this.length - offset) {
      throw new TokenSetError('argument_invalid', `The token set has the bytes 0 to ${this.length} only.`);
    }
    return readWhole(this.#file, offset, length, this.#path);
  }

  /** The whole file in order, in chunks of 256 KiB, each in memory of its own. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    for (let offset = 0; offset < this.length; offset += CHUNK_BYTES) {
      yield await this.read(offset, Math.min(CHUNK_BYTES, this.length - offset));
    }
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

async function readWhole(
  file: StoredFile,
  offset: number,
  length: number,
  path: string,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  const got = await file.read(bytes, offset);
  if (got === length) return bytes;
  // A short file that does not even begin like one was never a token set.
  if (offset === 0 && got < FIXED_HEADER_BYTES && !beginsLikeTokenSet(bytes.subarray(0, got))) {
    throw new TokenSetError(
      'not_a_token_set',
      `${path} is not a token set file; check which file was given.`,
    );
  }
  throw truncated(path);
}

function beginsLikeTokenSet(bytes: Uint8Array): boolean {
  return Buffer.from('BMTOKSET', 'latin1').subarray(0, bytes.length).equals(bytes.subarray(0, 8));
}

function truncated(path: string): TokenSetError {
  return new TokenSetError('truncated', `${path} ends before its token set does; fetch it again.`);
}
