import { TokenSetError } from './token-set-error.ts';

/** Bytes kept of one OPRF output before it is cut to b bits: its first 16. */
export const TOKEN_BYTES = 16;

/** Bytes of one OPRF output of the suite ristretto255-SHA512 (RFC 9497, section 4.1). */
export const OUTPUT_BYTES = 64;

/** Largest N that a file can hold: 65,536 index pages of 1,024 blocks of 4,096 tokens. */
export const MAX_TOKENS: number = 2 ** 38;

/** Largest number of elements in one request that a file can be made for. */
export const MAX_ELEMENTS: number = 2 ** 32 - 1;

/** ⌈log2 n⌉ for an integer n from 1 to 2^53 - 1, exactly (Math.log2 rounds). */
export function ceilLog2(n: number): number {
  let bits = 0;
  for (let power = 1; power < n; power *= 2) bits++;
  return bits;
}

/**
 * The number of bits b that a token is cut to, so that a request of `maxElements` elements has a false positive
 * against `tokens` tokens with probability at most 2^-40: b = 40 + ⌈log2 maxElements⌉ + ⌈log2 tokens⌉.
 * It lies between 40 and 110.
 *
 * @throws TokenSetError `argument_invalid` unless 1 ≤ tokens ≤ 2^38 and 1 ≤ maxElements < 2^32, both integers
 */
export function tokenBits(tokens: number, maxElements: number): number {
  if (!Number.isSafeInteger(tokens) || tokens < 1 || tokens > MAX_TOKENS) {
    throw new TokenSetError('argument_invalid', `A token set holds 1 to 2^38 tokens, not ${tokens}.`);
  }
  return riceBits(maxElements) + ceilLog2(tokens);
}

/**
 * The Rice parameter k = b - ⌈log2 N⌉ = 40 + ⌈log2 maxElements⌉. The mean distance of N uniform b-bit tokens lies in
 * [2^k, 2^(k+1)), which makes a token cost at most 0.15 bit more than the entropy of its distance.
 */
export function riceBits(maxElements: number): number {
  if (!Number.isSafeInteger(maxElements) || maxElements < 1 || maxElements > MAX_ELEMENTS) {
    throw new TokenSetError(
      'argument_invalid',
      `A token set is made for requests of 1 to 2^32 - 1 elements, not ${maxElements}.`,
    );
  }
  return 40 + ceilLog2(maxElements);
}

/** Compares the 16-byte tokens at byte offsets `a` and `b` of two views as big-endian numbers. */
export function compareTokens(viewA: DataView, a: number, viewB: DataView, b: number): number {
  for (let at = 0; at < TOKEN_BYTES; at += 4) {
    const difference = viewA.getUint32(a + at) - viewB.getUint32(b + at);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** How many leading bits the 16-byte tokens at byte offsets `a` and `b` have in common; 128 when they are equal. */
export function commonBits(viewA: DataView, a: number, viewB: DataView, b: number): number {
  for (let at = 0; at < TOKEN_BYTES; at += 4) {
    const difference = viewA.getUint32(a + at) ^ viewB.getUint32(b + at);
    if (difference !== 0) return at * 8 + Math.clz32(difference);
  }
  return 128;
}

/** A DataView over the same bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
