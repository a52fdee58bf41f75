/** Bytes of an encoded ristretto255 element (RFC 9496, section 4.3). */
export const ELEMENT_BYTES = 32;
/** Bytes of an encoded scalar: little-endian, below the group's order ℓ (RFC 9496, section 4.4). */
export const SCALAR_BYTES = 32;
/** Bytes of the uniform string that maps to one element (RFC 9496, section 4.3.4). */
export const UNIFORM_BYTES = 64;
/** Bytes of a SHA-512 digest. */
export const DIGEST_BYTES = 64;

/** The engines there are; `protocol-spec/oprf.md` says what each is for. */
export const ENGINE_NAMES = ['wasm', 'wasm-int', 'noble'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/**
 * Decoded group elements in the layout of one engine: only that engine can read them, and nothing but its own
 * operations may make them. Their owner may overwrite them when they are of no more use.
 */
export interface Points {
  readonly engine: EngineName;
  readonly count: number;
  /** Whether every point is in the shape that decoding gives, in which it is cheaper to add up. */
  readonly normalized: boolean;
  readonly bytes: Uint8Array;
}

/**
 * Encoded elements, and the root of each: 32·n bytes each. The root of an element is the number on whose computing
 * decoding spends most of its time: with u1, u2 and v of RFC 9496, section 4.3.1, the non-negative I with I²·v·u2² = 1
 * modulo p, 32 bytes little-endian and below p; 32 zero bytes for the identity, which has no use for one. It follows
 * from the 32 bytes of the encoding alone, and so tells nothing that they do not.
 */
export interface ElementsWithRoots {
  readonly elements: Uint8Array;
  readonly roots: Uint8Array;
}

/**
 * A list of byte strings in two flat arrays: string i is `bytes[offsets[i] .. offsets[i + 1]]`. `offsets`
 * starts at 0, never falls, ends at `bytes.length`, and has one entry more than there are strings.
 */
export interface ByteStrings {
  readonly bytes: Uint8Array;
  readonly offsets: Uint32Array;
}

/**
 * ristretto255 in batches. Every batch is one flat array, item i at i times the item's width. Elements are
 * encoded group elements, points are decoded ones: what comes from outside passes the gate of `decode` once,
 * and is not checked again.
 *
 * What holds for every engine:
 * - Every scalar that comes in is canonical (below ℓ); otherwise `scalar_invalid` with its index. Zero is
 *   allowed.
 * - A length that is not a whole number of items, or two batches of different sizes: `batch_length`. Points of
 *   another engine: `points_foreign`.
 * - What comes out is a new array, alone in its buffer, that the caller owns. Arguments are neither kept nor changed, and whatever an
 *   engine keeps of them in memory of its own is overwritten before a call returns (the tables of
 *   `multiplyFixed`, which depend on a public element only, stay).
 * - An empty batch gives an empty batch.
 */
export interface Engine {
  readonly name: EngineName;

  /** The element derivation function of RFC 9496, section 4.3.4: from 64·n uniform bytes. */
  derive(uniform: Uint8Array): Points;

  /**
   * The gate for elements from outside: each 32 bytes are a canonical encoding (RFC 9496, section 4.3.1) and
   * not the identity, as DeserializeElement of RFC 9497, section 4.1, demands.
   * @throws GroupError `element_invalid`, with the index of the first that is not
   */
  decode(elements: Uint8Array): Points;

  /**
   * As `decode`, with a root for each element, from a source that need not be trusted: each is checked, for less than
   * a tenth of what computing it takes. Points and errors are those of `decode`, whatever the roots are; wrong ones
   * only cost time, and so do those around them.
   * @throws GroupError as `decode`; `batch_length` when there is not a root for each element
   */
  decodeWithRoots(elements: Uint8Array, roots: Uint8Array): Points;

  /**
   * Whether `decodeWithRoots` takes all of these roots for what they are: that it gives the right points whatever
   * they are hides a source of wrong ones. A root of either sign will do.
   * @throws GroupError as `decodeWithRoots`
   */
  areRoots(elements: Uint8Array, roots: Uint8Array): boolean;

  /** Encode (RFC 9496, section 4.3.2): 32·n bytes. The identity is 32 zero bytes. */
  encode(points: Points): Uint8Array;

  /** As `encode`, with the root of each. */
  encodeWithRoots(points: Points): ElementsWithRoots;

  /** Points i of both batches added. */
  add(a: Points, b: Points): Points;

  /** Point i of `b` taken from point i of `a`. */
  subtract(a: Points, b: Points): Points;

  /**
   * Every point times half of one secret scalar: scalar · 2⁻¹ mod ℓ. Half, because of twice a point there is a
   * cheap encoding: `encodeDouble(multiplyHalf(points, scalar))` is the encoded product. Neither branches nor
   * memory addresses depend on the scalar, except in the noble engine.
   */
  multiplyHalf(points: Points, scalar: Uint8Array): Points;

  /** Encode twice each point, with one inversion for many: 32·n bytes. */
  encodeDouble(points: Points): Uint8Array;

  /** As `encodeDouble`, with the root of each. */
  encodeDoubleWithRoots(points: Points): ElementsWithRoots;

  /**
   * One element times scalar i, for blinds: no branch depends on a scalar, but a look-up in a table does. That is
   * sound for a scalar that is used once, in the process that holds the record it hides; for a long-lived
   * secret use `multiplyHalf`. Engines keep the tables of the bases that they met last.
   * @param base 32 bytes, the generator or the public key of an epoch
   * @throws GroupError `element_invalid` for the base, before the scalars are looked at; `batch_length` for one that
   *   is not 32 bytes
   */
  multiplyFixed(base: Uint8Array, scalars: Uint8Array): Points;

  /**
   * The sum of scalar i times point i, one point; the identity for an empty batch. For public values only: its
   * time depends on the scalars, and is the shorter the smaller the largest of them is.
   */
  multiScalarMultiply(points: Points, scalars: Uint8Array): Points;

  /**
   * Reduce each 64 bytes, a little-endian integer, modulo ℓ: 64·n to 32·n. From uniform bytes the result is
   * uniform to within 2^-259 (RFC 9496, section 4.4). It may be zero.
   */
  scalarsFromWide(wide: Uint8Array): Uint8Array;

  /** a − b·c modulo ℓ for single secret scalars: the response of a proof (RFC 9497, section 2.2.1). */
  subtractProduct(a: Uint8Array, b: Uint8Array, c: Uint8Array): Uint8Array;

  /**
   * SHA-512 of prefix ‖ string i ‖ suffix: 64·n bytes. Its time depends on the lengths only.
   * @throws GroupError `batch_length` when the offsets don't cut the bytes into strings
   */
  sha512Each(prefix: Uint8Array, strings: ByteStrings, suffix: Uint8Array): Uint8Array;
}
