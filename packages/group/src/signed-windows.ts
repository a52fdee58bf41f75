import { SCALAR_BYTES } from './engine.ts';

/** Words of the platform's own byte order, so that views of them and of bytes agree. */
const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

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

/** All of 32·n bytes of scalars, or-ed together: 32 bytes. */
export function unionOfBits(scalars: Uint8Array): Uint8Array {
  const union = new Uint8Array(SCALAR_BYTES);
  const words = new Uint32Array(union.buffer);
  const view = new DataView(scalars.buffer, scalars.byteOffset, scalars.length);
  for (let at = 0; at < scalars.length; at += SCALAR_BYTES) {
    for (let word = 0; word < words.length; word++) {
      words[word] = (words[word] ?? 0) | view.getUint32(at + 4 * word, IS_LITTLE_ENDIAN);
    }
  }
  return union;
}

/** The windows for `count` public scalars: enough for the largest of them, at least one. */
export function planWindows(count: number, union: Uint8Array): WindowPlan {
  const bits = PLANS.find(({ points }) => count >= points)?.bits ?? 4;
  const bytes = union.findLastIndex((byte) => byte !== 0) + 1;
  return { bits, windows: Math.max(1, Math.ceil((8 * bytes) / bits)) };
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
  const half = 1 << (bits - 1);
  const mask = (1 << bits) - 1;
  for (let i = 0; i < count; i++) {
    let next = (start + i) * SCALAR_BYTES;
    const end = next + SCALAR_BYTES;
    const at = i * slots;
    let pending = 0;
    let have = 0;
    let carry = 0;
    for (let window = 0; window < windows - 1; window++) {
      if (have < bits) {
        pending |= (scalars[next++] ?? 0) << have;
        have += 8;
      }
      const digit = (pending & mask) + carry;
      carry = (digit + half) >> bits;
      digits[at + window] = digit - (carry << bits);
      pending >>= bits;
      have -= bits;
    }
    const last = next < end ? (scalars[next] ?? 0) << have : 0;
    digits[at + windows - 1] = ((pending | last) & mask) + carry;
  }
  return digits;
}
