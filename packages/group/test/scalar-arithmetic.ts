import * as fc from 'fast-check';
import { fromHex } from './published-vectors.ts';

/** ℓ, the order of the group (RFC 9496, section 4). */
export const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** `value` as `length` little-endian bytes. */
export function littleEndian(value: bigint, length = 32): Uint8Array {
  return fromHex(value.toString(16).padStart(2 * length, '0')).reverse();
}

export function scalars(...values: readonly (bigint | number)[]): Uint8Array {
  return new Uint8Array(Buffer.concat(values.map((value) => littleEndian(BigInt(value)))));
}

/** The representative of `value` from 0 to ℓ − 1. */
export function modOrder(value: bigint): bigint {
  return ((value % ORDER) + ORDER) % ORDER;
}

/** Every one of the lowest `digits` hexadecimal digits is `digit`. */
function repeated(digit: string, digits: number): bigint {
  return BigInt(`0x${digit.repeat(digits)}`);
}

/**
 * Scalars at which a recoding into windows goes wrong if it ever does: the ends of the range, the halves of odd
 * and even scalars, multiples of the cofactor, digits that carry into the next one all the way up, digits at the
 * border of the signed range for windows of 4, 5 and 8 bits, and single bits around the borders of words.
 */
export const EDGE_SCALARS: readonly bigint[] = [
  ...[0n, 1n, 2n, 3n, 4n, 7n, 8n, 16n, 64n],
  ...[ORDER - 1n, ORDER - 2n, ORDER - 3n, ORDER - 8n, ORDER - 9n],
  ...[(ORDER - 1n) / 2n, (ORDER + 1n) / 2n, (ORDER + 3n) / 2n, (ORDER - 5n) / 8n],
  ...[repeated('f', 63) % ORDER, repeated('8', 63), repeated('7', 63), repeated('8', 62), repeated('f', 62)],
  ...[repeated('80', 31), repeated('7f', 31), repeated('ff', 31), repeated('0f', 31), repeated('f0', 31)],
  // Windows of five bits: 10000, 01111, 11111.
  ...[10000n, 1111n, 11111n].map((digit) => BigInt(`0b${digit.toString().padStart(5, '0').repeat(50)}`)),
  ...[31n, 32n, 51n, 63n, 64n, 127n, 128n, 250n, 251n, 252n].flatMap((bit) => [2n ** bit - 1n, 2n ** bit]),
  ...[2n ** 252n + 1n, 2n ** 128n - 2n],
];

/** Any canonical scalar, zero included, every other of them at an edge. */
export const anyScalar: fc.Arbitrary<bigint> = fc.oneof(
  fc.bigInt({ min: 0n, max: ORDER - 1n }),
  fc.constantFrom(...EDGE_SCALARS),
);
