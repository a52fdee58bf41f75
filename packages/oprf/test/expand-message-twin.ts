import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';

const HASH_BYTES = 64;
const BLOCK_BYTES = 128;

function sha512(...parts: readonly Uint8Array[]): Buffer {
  return hash('sha512', Buffer.concat(parts), 'buffer');
}

/**
 * expand_message_xmd with SHA-512 (RFC 9380, section 5.3.1), of any length, a message at a time.
 * @param tag the domain separation tag, at most 255 bytes
 * @param length bytes wanted, at most 255 · 64
 */
export function expandMessage(message: Uint8Array, tag: Uint8Array, length: number): Uint8Array {
  const blocks = Math.ceil(length / HASH_BYTES);
  const taggedEnd = Buffer.concat([tag, Uint8Array.of(tag.length)]);
  const lengthBytes = Uint8Array.of(length >>> 8, length & 0xff, 0);
  const first = sha512(new Uint8Array(BLOCK_BYTES), message, lengthBytes, taggedEnd);
  const expanded = new Uint8Array(blocks * HASH_BYTES);
  let block: Uint8Array = new Uint8Array(HASH_BYTES);
  for (let i = 1; i <= blocks; i++) {
    const mixed = first.map((byte, at) => byte ^ (block[at] ?? 0));
    block = sha512(mixed, Uint8Array.of(i), taggedEnd);
    expanded.set(block, (i - 1) * HASH_BYTES);
  }
  return expanded.subarray(0, length);
}
