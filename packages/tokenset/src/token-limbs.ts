/*
 * A token of b bits (40 ≤ b ≤ 110) as the number high·2^64 + middle·2^32 + low. The low limbs have 32 bits and high
 * has b - 64 ≤ 46, so sums of a few limbs and their carries are exact in a double and nothing needs a BigInt.
 */

const WORD = 2 ** 32;

/** A table of tokens, limb by limb. */
export interface TokenLimbs {
  readonly high: Float64Array;
  readonly middle: Uint32Array;
  readonly low: Uint32Array;
}

/** Room for `count` tokens. */
export function allocateLimbs(count: number): TokenLimbs {
  return { high: new Float64Array(count), middle: new Uint32Array(count), low: new Uint32Array(count) };
}

/** The 32 bits that start at bit `bit` (most significant bit first) after byte `offset`. */
export function wordAt(view: DataView, offset: number, bit: number): number {
  const at = offset + (bit >>> 3);
  const shift = bit & 7;
  return ((view.getUint32(at) << shift) | (view.getUint8(at + 4) >>> (8 - shift))) >>> 0;
}

/** The high limb of the first `bits` bits of the 16-byte token at `offset`. */
export function highLimb(view: DataView, offset: number, bits: number): number {
  const width = bits - 64;
  if (width <= 0) return 0;
  const top = view.getUint32(offset);
  if (width <= 32) return Math.floor(top / 2 ** (32 - width));
  return top * 2 ** (width - 32) + Math.floor(view.getUint32(offset + 4) / 2 ** (64 - width));
}

/** The middle limb of the first `bits` bits of the 16-byte token at `offset`. */
export function middleLimb(view: DataView, offset: number, bits: number): number {
  return bits >= 64 ? wordAt(view, offset, bits - 64) : Math.floor(view.getUint32(offset) / 2 ** (64 - bits));
}

/** The low limb of the first `bits` bits of the 16-byte token at `offset`. */
export function lowLimb(view: DataView, offset: number, bits: number): number {
  return wordAt(view, offset, bits - 32);
}

/** Whether a token of these limbs is below 2^bits. Every limb must be a non-negative integer, the low two below 2^32. */
export function fitsIn(bits: number, high: number, middle: number): boolean {
  return bits >= 64 ? high < 2 ** (bits - 64) : high === 0 && middle < 2 ** (bits - 32);
}

/** 2^32, the base of the limbs. */
export const LIMB_BASE: number = WORD;
