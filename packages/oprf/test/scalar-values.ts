/** ℓ, the group's order. */
export const ORDER: bigint = 2n ** 252n + 27742317777372353535851937790883648493n;

/** A value modulo the order as a scalar: 32 bytes, little-endian. */
export function scalarOf(value: bigint | number): Uint8Array {
  const reduced = ((BigInt(value) % ORDER) + ORDER) % ORDER;
  return new Uint8Array(Buffer.from(reduced.toString(16).padStart(64, '0'), 'hex').reverse());
}

/** Little-endian bytes as a number. */
export function valueOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}
