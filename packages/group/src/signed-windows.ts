import { SCALAR_BYTES } from './engine.ts';

/** How a multi-scalar multiplication is cut up: windows of `bits` bits, the lowest first. */
export interface WindowPlan {
  readonly bits: number;
  readonly windows: number;
}

/** From so many points on, windows of so many bits take the fewest additions (counted, not timed). */
const PLANS = [
  { points: 450, bits: 8 },
  { points: 100, bits: 6 },
  { points: 0, bits: 4 },
];

/** The number of significant bytes of the largest of 32·n bytes of scalars. */
function significantBytes(scalars: Uint8Array): number {
  let bytes = 0;
  for (let i = 0; i < scalars.length; i++) {
    if (scalars[i] !== 0) bytes = Math.max(bytes, (i % SCALAR_BYTES) + 1);
  }
  return bytes;
}

/** The windows for public scalars: enough for the largest of them, at least one. */
export function planWindows(scalars: Uint8Array): WindowPlan {
  const count = scalars.length / SCALAR_BYTES;
  const bits = PLANS.find(({ points }) => count >= points)?.bits ?? 4;
  return { bits, windows: Math.max(1, Math.ceil((8 * significantBytes(scalars)) / bits)) };
}

/**
 * The digits of public scalars `start` to `start + count`, `slots` of them for each, the lowest first: signed,
 * from −2^(bits−1) to 2^(bits−1) − 1, but for the highest window, which takes its carry and stays positive, up
 * to 2^bits. Slots beyond the windows are zero.
 */
export function windowDigits(
  scalars: Uint8Array,
  start: number,
  count: number,
  { bits, windows }: WindowPlan,
  slots: number,
): Int16Array {
  const digits = new Int16Array(count * slots);
  const radix = 1 << bits;
  const half = radix >> 1;
  for (let i = 0; i < count; i++) {
    const scalar = (start + i) * SCALAR_BYTES;
    const end = scalar + SCALAR_BYTES;
    let carry = 0;
    for (let window = 0; window < windows; window++) {
      const at = window * bits;
      const byte = scalar + (at >> 3);
      const next = byte + 1 < end ? (scalars[byte + 1] ?? 0) : 0;
      let digit = ((((scalars[byte] ?? 0) | (next << 8)) >> (at & 7)) & (radix - 1)) + carry;
      carry = 0;
      if (digit >= half && window < windows - 1) {
        digit -= radix;
        carry = 1;
      }
      digits[i * slots + window] = digit;
    }
  }
  return digits;
}
