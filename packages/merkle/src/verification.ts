/**
 * What a third party checks: that a leaf is in a tree, and that a tree has only grown (RFC 9162 section 2.1, whose trees
 * are those of RFC 6962). A proof is 32 bytes a node. A wrong one gives false, whatever it is; nothing is thrown.
 */

import { emptyRoot, HASH_BYTES, nodeHash } from './hashing.ts';

/** Whether the leaf hash `leaf` is leaf `index` of the tree of `size` leaves with this root (RFC 9162 section 2.1.3.2). */
export function verifyInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: Uint8Array,
  root: Uint8Array,
): boolean {
  if (!areSizes(index, size) || index >= size || proof.length % HASH_BYTES !== 0) return false;
  let position = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of nodesOf(proof)) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      hash = nodeHash(sibling, hash);
      // A node that was lifted has no sibling on the levels it skipped.
      while (position % 2 === 0 && position !== 0) {
        position = half(position);
        last = half(last);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    position = half(position);
    last = half(last);
  }
  return last === 0 && equal(hash, root);
}

/**
 * Whether the tree of `second` leaves with `secondRoot` begins with the tree of `first` leaves with `firstRoot` (RFC 9162
 * section 2.1.4.2). Equal sizes need equal roots and no proof; every tree begins with the empty one.
 */
export function verifyConsistency(
  first: number,
  firstRoot: Uint8Array,
  second: number,
  secondRoot: Uint8Array,
  proof: Uint8Array,
): boolean {
  if (!areSizes(first, second) || first > second || proof.length % HASH_BYTES !== 0) return false;
  if (first === 0) return proof.length === 0 && equal(firstRoot, emptyRoot());
  if (first === second) return proof.length === 0 && equal(firstRoot, secondRoot);
  const nodes = nodesOf(proof);
  let [position, last] = [first - 1, second - 1];
  while (position % 2 === 1) [position, last] = [half(position), half(last)];
  // A first tree that is perfect is itself the node that the proof begins with.
  const begin = position === 0 ? firstRoot : nodes.shift();
  if (begin === undefined) return false;
  let [old, grown] = [begin, begin];
  for (const sibling of nodes) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      old = nodeHash(sibling, old);
      grown = nodeHash(sibling, grown);
      while (position % 2 === 0 && position !== 0) [position, last] = [half(position), half(last)];
    } else {
      grown = nodeHash(grown, sibling);
    }
    [position, last] = [half(position), half(last)];
  }
  return last === 0 && equal(old, firstRoot) && equal(grown, secondRoot);
}

function nodesOf(proof: Uint8Array): Uint8Array[] {
  return Array.from({ length: proof.length / HASH_BYTES }, (_, at) =>
    proof.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES),
  );
}

/** Sizes come from strangers; above 2^53 - 1 arithmetic is not exact. */
function areSizes(...sizes: readonly number[]): boolean {
  return sizes.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function half(position: number): number {
  return Math.floor(position / 2);
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
