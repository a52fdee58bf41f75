import { SCALAR_BYTES } from './engine.ts';

/** Words of the platform's own byte order, so that views of them and of bytes agree. */
const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** How a multi-scalar multiplication is cut up: windows of `bits` bits, four or eight, the lowest first. */
export interface WindowPlan {
  readonly bits: number;
  readonly windows: number;
}

/** From so many points on, windows of eight bits take fewer additions than windows of four. */
const WIDE_FROM = 288;

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
  const bits = count < WIDE_FROM ? 4 : 8;
  const bytes = union.findLastIndex((byte) => byte !== 0) + 1;
  return { bits, windows: Math.max(1, Math.ceil((8 * bytes) / bits)) };
}
