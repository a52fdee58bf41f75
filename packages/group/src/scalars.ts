import { countItems, itemAt } from './batch.ts';
import { SCALAR_BYTES } from './engine.ts';
import { GroupError } from './errors.ts';

/** ℓ = 2^252 + 27742317777372353535851937790883648493, little-endian (RFC 9496, section 4). */
const ORDER = Uint8Array.of(
  ...[0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14],
  ...[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10],
);

/** 1 when 32 bytes are below ℓ, otherwise 0: the borrow of their difference, without a branch on them. */
function isCanonical(scalar: Uint8Array): number {
  let borrow = 0;
  for (let i = 0; i < SCALAR_BYTES; i++) {
    borrow = (((scalar[i] ?? 0) - (ORDER[i] ?? 0) - borrow) >> 8) & 1;
  }
  return borrow;
}

/** 1 when every byte is zero, otherwise 0, without a branch on them. */
function isZero(scalar: Uint8Array): number {
  let bits = 0;
  for (const byte of scalar) bits |= byte;
  return ((bits - 1) >> 8) & 1;
}

/**
 * Check that each of 32·n bytes is a canonical scalar (RFC 9496, section 4.4), and that none is zero where
 * `zero` is 'refused' (RFC 9497, section 2.1, RandomScalar). A secret scalar is compared without a branch or a
 * look-up on its value; only that it is wrong shows.
 * @throws GroupError `scalar_invalid` with the index of the first that is not, `batch_length`
 */
export function checkScalars(scalars: Uint8Array, zero: 'allowed' | 'refused'): void {
  const count = countItems(scalars, SCALAR_BYTES, 'scalars');
  for (let index = 0; index < count; index++) {
    const scalar = itemAt(scalars, index, SCALAR_BYTES);
    if (isCanonical(scalar) === 0) {
      throw new GroupError('scalar_invalid', 'A scalar is not below the group order; refuse the batch.', {
        index,
      });
    }
    if (zero === 'refused' && isZero(scalar) === 1) {
      throw new GroupError('scalar_invalid', 'A scalar is zero; refuse the batch.', { index });
    }
  }
}

/**
 * Check that there is just one scalar, and that it is canonical; zero is allowed.
 * @throws GroupError `scalar_invalid`, `batch_length`
 */
export function checkOneScalar(scalar: Uint8Array): void {
  if (scalar.length !== SCALAR_BYTES) {
    throw new GroupError('batch_length', `Give one scalar of 32 bytes; got ${scalar.length} bytes.`);
  }
  checkScalars(scalar, 'allowed');
}
