/** The hashes of RFC 6962 section 2.1: SHA-256 with a first byte that tells leaves from nodes. */

import { createHash } from 'node:crypto';

/** Bytes of every hash. */
export const HASH_BYTES = 32;

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** The hash of a leaf: SHA-256(0x00 ‖ data); 32 bytes. */
export function leafHash(data: Uint8Array): Uint8Array {
  return sha256(LEAF, data);
}

/** The hash of a node over its two children: SHA-256(0x01 ‖ left ‖ right); 32 bytes. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(NODE, left, right);
}

/** The root of the tree without a leaf: SHA-256 of nothing; 32 bytes. */
export function emptyRoot(): Uint8Array {
  return sha256();
}

function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}
