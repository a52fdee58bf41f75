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

export const secretScalar = fc.oneof(
  { weight: 3, arbitrary: fc.bigInt({ min: 1n, max: ORDER - 1n }) },
  fc.constantFrom(1n, 2n, 8n, ORDER - 1n, ORDER - 2n, 2n ** 252n, (ORDER - 1n) / 2n),
);
