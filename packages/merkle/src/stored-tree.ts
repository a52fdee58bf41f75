/**
 * A tree that is kept as its perfect subtrees, so that appending a leaf and proving anything about any earlier size reads
 * a number of stored hashes that grows with the logarithm of the size. This module says which; whoever keeps them reads
 * and writes them, in one query where that pays.
 *
 * Node (level, index) is the root over the leaves index·2^level to (index + 1)·2^level − 1. Once written it never changes.
 */

import { emptyRoot, HASH_BYTES, nodeHash } from './hashing.ts';

/** Where a perfect subtree stands. */
export interface NodePlace {
  readonly level: number;
  readonly index: number;
}

/** Gives a stored hash, 32 bytes. */
export type ReadNode = (place: NodePlace) => Uint8Array;

/** Consecutive leaves, from `begin` to before `end`, that the tree has a hash for. */
interface Range {
  readonly begin: number;
  readonly end: number;
}

/** A root or proof: each entry stands for one hash, made of the stored hashes at those places. */
export type Recipe = readonly (readonly NodePlace[])[];

/** A stored hash to write. */
export interface StoredNode extends NodePlace {
  readonly hash: Uint8Array;
}

/** The places read while leaf `index` is appended. */
export function appendPlaces(index: number): readonly NodePlace[] {
  const places: NodePlace[] = [];
  for (let [level, at] = [0, index]; at % 2 === 1; level++, at = (at - 1) / 2)
    places.push({ level, index: at - 1 });
  return places;
}

/** The nodes that exist from the moment on when leaf `index`, with the hash `leaf`, is appended to a tree of `index` leaves. */
export function appendedNodes(index: number, leaf: Uint8Array, read: ReadNode): readonly StoredNode[] {
  const nodes: StoredNode[] = [{ level: 0, index, hash: leaf }];
  let hash = leaf;
  for (const place of appendPlaces(index)) {
    hash = nodeHash(read(place), hash);
    nodes.push({ level: place.level + 1, index: place.index / 2, hash });
  }
  return nodes;
}

/** How the root of the first `size` leaves is made; nothing for the empty tree. */
export function rootRecipe(size: number): Recipe {
  return size === 0 ? [] : [placesOf({ begin: 0, end: size })];
}

/** RFC 6962 PATH (section 2.1.1): how leaf `index` is proved to be in the tree of `size` leaves. Throws RangeError. */
export function inclusionRecipe(index: number, size: number): Recipe {
  if (index < 0 || index >= size) throw new RangeError(`a tree of ${size} leaves has no leaf ${index}`);
  const siblings: Range[] = [];
  let [begin, end] = [0, size];
  while (end - begin > 1) {
    const split = begin + largestPowerBelow(end - begin);
    if (index < split) {
      siblings.unshift({ begin: split, end });
      end = split;
    } else {
      siblings.unshift({ begin, end: split });
      begin = split;
    }
  }
  return siblings.map(placesOf);
}

/** RFC 6962 PROOF (section 2.1.2): how the tree of `second` leaves is proved to begin with `first` of them. Throws RangeError. */
export function consistencyRecipe(first: number, second: number): Recipe {
  if (first < 0 || first > second)
    throw new RangeError(`a tree of ${second} leaves does not begin with ${first}`);
  if (first === 0) return [];
  const nodes: Range[] = [];
  let [begin, end] = [0, second];
  while (first !== end) {
    const split = begin + largestPowerBelow(end - begin);
    if (first <= split) {
      nodes.unshift({ begin: split, end });
      end = split;
    } else {
      nodes.unshift({ begin, end: split });
      begin = split;
    }
  }
  // The verifier knows the first tree's own root.
  if (begin !== 0) nodes.unshift({ begin, end });
  return nodes.map(placesOf);
}

/** The root that a recipe for a root gives; 32 bytes. */
export function makeRoot(recipe: Recipe, read: ReadNode): Uint8Array {
  const [places] = recipe;
  return places === undefined ? emptyRoot() : fold(places, read);
}

/** The proof that a recipe gives; 32 bytes a node. */
export function makeProof(recipe: Recipe, read: ReadNode): Uint8Array {
  const proof = new Uint8Array(recipe.length * HASH_BYTES);
  recipe.forEach((places, at) => {
    proof.set(fold(places, read), at * HASH_BYTES);
  });
  return proof;
}

/** The perfect subtrees of a range, the largest first. Invariant: a range begins at a multiple of its own largest one. */
function placesOf({ begin, end }: Range): readonly NodePlace[] {
  const places: NodePlace[] = [];
  for (let at = begin; at < end;) {
    const level = Math.floor(Math.log2(end - at));
    places.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return places;
}

function fold(places: readonly NodePlace[], read: ReadNode): Uint8Array {
  const hashes = places.map(read);
  const last = hashes.pop();
  if (last === undefined) throw new RangeError('a hash is made of one stored node at least');
  return hashes.reduceRight((right, left) => nodeHash(left, right), last);
}

function largestPowerBelow(count: number): number {
  return 2 ** (Math.ceil(Math.log2(count)) - 1);
}
