import { ristretto255 } from '@noble/curves/ed25519.js';
import { bytesToNumberLE } from '@noble/curves/utils.js';
import { countItems, countPairs, itemAt } from './batch.ts';
import { SCALAR_BYTES } from './engine.ts';
import { GroupError } from './errors.ts';

// Arithmetic modulo ℓ on big integers. Its time depends on the values, and a big integer can't be wiped: what
// noble says of itself holds here too. The arrays that go in and out are the caller's, to wipe.
const field = ristretto255.Point.Fn;

/** Scalar `index` of a batch as an integer: canonical, and zero only where `zero` is 'allowed'. */
export function decodeScalar(scalars: Uint8Array, index: number, zero: 'allowed' | 'refused'): bigint {
  let value: bigint;
  try {
    value = field.fromBytes(itemAt(scalars, index, SCALAR_BYTES));
  } catch {
    // The library's message quotes the value, which may be secret: it is not passed on.
    throw new GroupError('scalar_invalid', 'A scalar is not below the group order; refuse the batch.', {
      index,
    });
  }
  if (value === 0n && zero === 'refused') {
    throw new GroupError('scalar_invalid', 'A scalar is zero; refuse the batch.', { index });
  }
  return value;
}

/**
 * Check that each of 32·n bytes is a canonical scalar other than zero.
 * @throws GroupError `scalar_invalid` with the index of the first that is not, `batch_length`
 */
export function checkScalars(scalars: Uint8Array): void {
  const count = countItems(scalars, SCALAR_BYTES, 'scalars');
  for (let i = 0; i < count; i++) decodeScalar(scalars, i, 'refused');
}

/**
 * Reduce each 64 bytes, a little-endian integer, modulo ℓ: 64·n to 32·n. From uniform bytes the result is
 * uniform to within 2^-259 (RFC 9496, section 4.4). It may be zero.
 * @throws GroupError `batch_length`
 */
export function scalarsFromWide(wide: Uint8Array): Uint8Array {
  const width = 2 * SCALAR_BYTES;
  const count = countItems(wide, width, 'wide scalars');
  const scalars = new Uint8Array(count * SCALAR_BYTES);
  for (let i = 0; i < count; i++) {
    const value = field.create(bytesToNumberLE(itemAt(wide, i, width)));
    scalars.set(field.toBytes(value), i * SCALAR_BYTES);
  }
  return scalars;
}

/**
 * Invert each of 32·n bytes modulo ℓ, by one inversion for the batch (Montgomery's trick).
 * @throws GroupError `scalar_invalid` (zero included), `batch_length`
 */
export function invertScalars(scalars: Uint8Array): Uint8Array {
  const count = countItems(scalars, SCALAR_BYTES, 'scalars');
  const values = Array.from({ length: count }, (_, i) => decodeScalar(scalars, i, 'refused'));
  const inverses = new Uint8Array(count * SCALAR_BYTES);
  const products: bigint[] = [];
  let product = 1n;
  for (const value of values) {
    products.push(product); // the product of all values before this one
    product = field.mul(product, value);
  }
  let inverse = field.inv(product);
  for (let i = count - 1; i >= 0; i--) {
    inverses.set(field.toBytes(field.mul(inverse, products[i] ?? 1n)), i * SCALAR_BYTES);
    inverse = field.mul(inverse, values[i] ?? 1n);
  }
  return inverses;
}

/**
 * a − b·c modulo ℓ for single scalars; the response of a proof (RFC 9497, section 2.2.1). Zero is allowed in
 * and out.
 * @throws GroupError `scalar_invalid`, `batch_length`
 */
export function subtractProduct(a: Uint8Array, b: Uint8Array, c: Uint8Array): Uint8Array {
  if (countPairs(a, b) !== 1 || countPairs(b, c) !== 1) {
    throw new GroupError('batch_length', 'Give three single scalars of 32 bytes.');
  }
  const product = field.mul(decodeScalar(b, 0, 'allowed'), decodeScalar(c, 0, 'allowed'));
  return field.toBytes(field.sub(decodeScalar(a, 0, 'allowed'), product));
}
