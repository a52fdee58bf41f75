/** Trees of RFC 6962 section 2.1 as they are defined there, over leaf hashes: slow and from nothing but the definition. */

import { createHash } from 'node:crypto';

/** SHA-256 of 0x00 and the leaf. */
export function hashOfLeaf(leaf: Uint8Array): Uint8Array {
  return sha256(Uint8Array.of(0), leaf);
}

/** MTH: the root over the leaves with these hashes. */
export function rootOf(hashes: readonly Uint8Array[]): Uint8Array {
  const [only] = hashes;
  if (only === undefined) return sha256();
  if (hashes.length === 1) return only;
  const k = split(hashes.length);
  return sha256(Uint8Array.of(1), rootOf(hashes.slice(0, k)), rootOf(hashes.slice(k)));
}

/** PATH(m, D[n]): the inclusion proof of leaf `m`. */
export function pathOf(m: number, hashes: readonly Uint8Array[]): Uint8Array[] {
  if (hashes.length === 1) return [];
  const k = split(hashes.length);
  return m < k
    ? [...pathOf(m, hashes.slice(0, k)), rootOf(hashes.slice(k))]
    : [...pathOf(m - k, hashes.slice(k)), rootOf(hashes.slice(0, k))];
}

/** PROOF(m, D[n]): the proof that the tree begins with its first `m` leaves, which are one at least. */
export function proofOf(m: number, hashes: readonly Uint8Array[]): Uint8Array[] {
  return subproof(m, hashes, true);
}

function subproof(m: number, hashes: readonly Uint8Array[], known: boolean): Uint8Array[] {
  if (m === hashes.length) return known ? [] : [rootOf(hashes)];
  const k = split(hashes.length);
  return m <= k
    ? [...subproof(m, hashes.slice(0, k), known), rootOf(hashes.slice(k))]
    : [...subproof(m - k, hashes.slice(k), false), rootOf(hashes.slice(0, k))];
}

/** The largest power of two below `n`. */
function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}
