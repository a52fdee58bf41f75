/** Bytes of an encoded ristretto255 element (RFC 9496, section 4.3). */
export const ELEMENT_BYTES = 32;
/** Bytes of an encoded scalar: little-endian, below the group's order ℓ (RFC 9496, section 4.4). */
export const SCALAR_BYTES = 32;
/** Bytes of the uniform string that maps to one element (RFC 9496, section 4.3.4). */
export const UNIFORM_BYTES = 64;

/**
 * ristretto255 in batches. Every batch is one flat array, item i at i times the item's width, so that nothing
 * but bytes crosses this border and an engine is free to lay out its own memory.
 *
 * What holds for every engine:
 * - Every element that comes in goes through the gate of `checkElements`, whatever the operation.
 * - Every scalar that comes in is canonical (below ℓ) and not zero, except in `multiScalarMultiply`, where
 *   zero is allowed; otherwise `scalar_invalid` with its index.
 * - A length that is not a whole number of items, or two batches of different sizes: `batch_length`.
 * - Elements that come out are canonical, and new arrays that the caller owns. Arguments are neither kept nor
 *   changed.
 * - An empty batch gives an empty batch.
 */
export interface Engine {
  readonly name: string;

  /** The element derivation function of RFC 9496, section 4.3.4: 64·n uniform bytes to 32·n. */
  hashToGroup(uniform: Uint8Array): Uint8Array;

  /**
   * The gate for elements from outside: each 32 bytes are a canonical encoding (RFC 9496, section 4.3.1) and
   * not the identity, as DeserializeElement of RFC 9497, section 4.1, demands.
   * @throws GroupError `element_invalid`, with the index of the first that is not
   */
  checkElements(elements: Uint8Array): void;

  /** Every one of 32·n element bytes times the same secret scalar. */
  multiply(elements: Uint8Array, scalar: Uint8Array): Uint8Array;

  /** Element i times secret scalar i. */
  multiplyEach(elements: Uint8Array, scalars: Uint8Array): Uint8Array;

  /** The generator times secret scalar i. */
  multiplyBase(scalars: Uint8Array): Uint8Array;

  /**
   * The sum of scalar i times element i, 32 bytes. For public values only: its time depends on the scalars.
   * The result may be the identity (32 zero bytes), and is for an empty batch.
   */
  multiScalarMultiply(elements: Uint8Array, scalars: Uint8Array): Uint8Array;
}
