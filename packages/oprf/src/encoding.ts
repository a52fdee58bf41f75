import { Buffer } from 'node:buffer';

/** I2OSP(value, 2). The caller has checked that it fits. */
export function u16be(value: number): Uint8Array {
  return Uint8Array.of(value >>> 8, value & 0xff);
}

/** I2OSP(value, 4). The caller has checked that it fits. */
export function u32be(value: number): Uint8Array {
  return u32beSequence(value, 1);
}

/** I2OSP(i, 4) for `count` integers from `start` on: 4·count bytes. */
export function u32beSequence(start: number, count: number): Uint8Array {
  const bytes = new Uint8Array(4 * count);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < count; i++) view.setUint32(4 * i, start + i);
  return bytes;
}

/**
 * I2OSP(len(bytes), 2) ‖ bytes, as RFC 9497 writes every variable part of a hash input; a string is ASCII.
 */
export function prefixed(bytes: Uint8Array | string): Uint8Array {
  const content = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
  return Buffer.concat([u16be(content.length), content]);
}
