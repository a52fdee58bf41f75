import { createHash, timingSafeEqual } from 'node:crypto';
import { BLOCK_TOKENS, PAGE_BLOCKS, maxBlockBytes, minBlockBytes } from './block-size.ts';
import { MAX_ELEMENTS, MAX_TOKENS, riceBits, tokenBits, viewOf } from './token.ts';
import { TokenSetError } from './token-set-error.ts';

/** Bytes of the header before the page hashes. */
export const FIXED_HEADER_BYTES = 96;
export const HASH_BYTES = 32;
/** Bytes of one entry of an index page: the block's SHA-256 and its length. */
export const ENTRY_BYTES = 36;

const MAGIC = Uint8Array.from([0x42, 0x4d, 0x54, 0x4f, 0x4b, 0x53, 0x45, 0x54]); // BMTOKSET
const VERSION = 1;
const SUITE_RISTRETTO255_SHA512 = 1;

/** The fields of a token set file's header, checked against each other. */
export interface TokenSetHeader {
  /** b, to which tokens are cut. */
  readonly bits: number;
  /** k, the Rice parameter. */
  readonly riceBits: number;
  /** N, the number of tokens. */
  readonly tokens: number;
  /** The most elements of a request for which a false positive has probability at most 2^-40. */
  readonly maxElements: number;
  readonly epoch: number;
  /** The OPRF public key of the epoch, 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly blocks: number;
  readonly pages: number;
  /** Length of the whole file in bytes. */
  readonly length: number;
}

/** What the holder decides about a file; the rest of the header follows from the tokens. */
export interface TokenSetIdentity {
  readonly publicKey: Uint8Array;
  readonly epoch: number;
  readonly maxElements: number;
}

/**
 * Refuses an identity that no header can hold, before hours of work are spent on it.
 *
 * @throws TokenSetError `argument_invalid`
 */
export function checkIdentity(identity: TokenSetIdentity): void {
  riceBits(identity.maxElements);
  if (identity.publicKey.length !== 32) {
    throw new TokenSetError('argument_invalid', 'The public key of a token set has 32 bytes.');
  }
  if (!Number.isInteger(identity.epoch) || identity.epoch < 0 || identity.epoch > 0xffffffff) {
    throw new TokenSetError('argument_invalid', 'The epoch of a token set is a number from 0 to 2^32 - 1.');
  }
}

export function blockCount(tokens: number): number {
  return Math.ceil(tokens / BLOCK_TOKENS);
}

export function pageCount(tokens: number): number {
  return Math.ceil(blockCount(tokens) / PAGE_BLOCKS);
}

/** Bytes of the whole header: the fixed part, the page hashes, and the checksum over both. */
export function headerBytes(pages: number): number {
  return FIXED_HEADER_BYTES + pages * HASH_BYTES + HASH_BYTES;
}

/** How many tokens block `index` of `header` holds. */
export function tokensInBlock(header: TokenSetHeader, index: number): number {
  return Math.min(BLOCK_TOKENS, header.tokens - index * BLOCK_TOKENS);
}

/** How many blocks index page `page` of `header` lists. */
export function blocksInPage(header: TokenSetHeader, page: number): number {
  return Math.min(PAGE_BLOCKS, header.blocks - page * PAGE_BLOCKS);
}

/** The header as bytes; `pageHashes` holds the SHA-256 of every index page in order. */
export function encodeHeader(header: TokenSetHeader, pageHashes: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(headerBytes(header.pages));
  const view = viewOf(bytes);
  bytes.set(MAGIC, 0);
  view.setUint16(8, VERSION);
  view.setUint16(10, SUITE_RISTRETTO255_SHA512);
  view.setUint8(12, header.bits);
  view.setUint8(13, header.riceBits);
  view.setUint32(16, BLOCK_TOKENS);
  view.setUint32(20, PAGE_BLOCKS);
  view.setUint32(24, header.epoch);
  view.setUint32(28, header.maxElements);
  view.setBigUint64(32, BigInt(header.tokens));
  view.setBigUint64(40, BigInt(header.length));
  view.setUint32(48, header.blocks);
  view.setUint32(52, header.pages);
  bytes.set(header.publicKey, 64);
  bytes.set(pageHashes, FIXED_HEADER_BYTES);
  const end = bytes.length - HASH_BYTES;
  bytes.set(sha256(bytes.subarray(0, end)), end);
  return bytes;
}

/**
 * Reads and checks the fixed part: every field is either a free choice within its bounds or follows from the others,
 * so whoever allocates by these numbers allocates at most 2 MiB for a header.
 *
 * @throws TokenSetError `not_a_token_set`, `version_unsupported`, `suite_unsupported`, `header_corrupt`
 */
export function parseFixedHeader(bytes: Uint8Array): TokenSetHeader {
  if (!sameBytes(bytes.subarray(0, MAGIC.length), MAGIC)) {
    throw new TokenSetError('not_a_token_set', 'This is not a token set file; check which file was given.');
  }
  const view = viewOf(bytes);
  if (view.getUint16(8) !== VERSION) {
    throw new TokenSetError(
      'version_unsupported',
      `The token set has format version ${view.getUint16(8)} and this program reads version ${VERSION}; update it.`,
    );
  }
  if (view.getUint16(10) !== SUITE_RISTRETTO255_SHA512) {
    throw new TokenSetError(
      'suite_unsupported',
      `The token set is of suite ${view.getUint16(10)} and this program knows suite 1 only; update it.`,
    );
  }
  const tokens = view.getBigUint64(32);
  const length = view.getBigUint64(40);
  const maxElements = view.getUint32(28);
  if (tokens < 1n || tokens > BigInt(MAX_TOKENS) || maxElements < 1 || maxElements > MAX_ELEMENTS) {
    throw headerCorrupt();
  }
  const header: TokenSetHeader = {
    bits: view.getUint8(12),
    riceBits: view.getUint8(13),
    tokens: Number(tokens),
    maxElements,
    epoch: view.getUint32(24),
    publicKey: bytes.slice(64, FIXED_HEADER_BYTES),
    blocks: view.getUint32(48),
    pages: view.getUint32(52),
    length: Number(length),
  };
  const consistent =
    header.bits === tokenBits(header.tokens, maxElements) &&
    header.riceBits === riceBits(maxElements) &&
    view.getUint32(16) === BLOCK_TOKENS &&
    view.getUint32(20) === PAGE_BLOCKS &&
    header.blocks === blockCount(header.tokens) &&
    header.pages === pageCount(header.tokens) &&
    isZero(bytes.subarray(14, 16)) &&
    isZero(bytes.subarray(56, 64)) &&
    lengthIsPossible(header);
  if (!consistent) throw headerCorrupt();
  return header;
}

/**
 * Checks a whole header, as long as its fixed part says, against its checksum, and gives its digest: the SHA-256 over
 * all of it, which identifies the file.
 *
 * @throws TokenSetError `header_corrupt` if the checksum is wrong, `foreign` if `expected` is another digest
 */
export function checkHeader(bytes: Uint8Array, expected: Uint8Array | undefined): Uint8Array {
  const end = bytes.length - HASH_BYTES;
  if (!sameBytes(sha256(bytes.subarray(0, end)), bytes.subarray(end))) throw headerCorrupt();
  const digest = sha256(bytes);
  if (expected !== undefined && !sameBytes(digest, expected)) {
    throw new TokenSetError(
      'foreign',
      'This is the token set of another epoch or holder; fetch the one that the epoch descriptor names.',
    );
  }
  return digest;
}

export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

/** Whether two byte strings are equal. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

function lengthIsPossible(header: TokenSetHeader): boolean {
  const lastCount = tokensInBlock(header, header.blocks - 1);
  const full = header.blocks - 1;
  const outside = headerBytes(header.pages) + header.blocks * ENTRY_BYTES;
  const least = outside + full * minBlockBytes(BLOCK_TOKENS, header) + minBlockBytes(lastCount, header);
  const most = outside + full * maxBlockBytes(BLOCK_TOKENS, header) + maxBlockBytes(lastCount, header);
  return header.length >= least && header.length <= most;
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

function headerCorrupt(): TokenSetError {
  return new TokenSetError('header_corrupt', 'The header of the token set is damaged; fetch the file again.');
}
