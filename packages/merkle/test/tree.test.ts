import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyRoot, leafHash, nodeHash } from '../src/hashing.ts';
import {
  appendedNodes,
  consistencyRecipe,
  inclusionRecipe,
  makeProof,
  makeRoot,
  rootRecipe,
  type NodePlace,
} from '../src/stored-tree.ts';
import { verifyConsistency, verifyInclusion } from '../src/verification.ts';

/** The definitions of RFC 6962 section 2.1 word for word, over leaf hashes: the twin of the stored tree. */
function root(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves;
  if (only === undefined) return emptyRoot();
  if (leaves.length === 1) return only;
  const k = split(leaves.length);
  return nodeHash(root(leaves.slice(0, k)), root(leaves.slice(k)));
}

function path(m: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  return m < k
    ? [...path(m, leaves.slice(0, k)), root(leaves.slice(k))]
    : [...path(m - k, leaves.slice(k)), root(leaves.slice(0, k))];
}

function subproof(m: number, leaves: readonly Uint8Array[], whole: boolean): Uint8Array[] {
  if (m === leaves.length) return whole ? [] : [root(leaves)];
  const k = split(leaves.length);
  return m <= k
    ? [...subproof(m, leaves.slice(0, k), whole), root(leaves.slice(k))]
    : [...subproof(m - k, leaves.slice(k), false), root(leaves.slice(0, k))];
}

function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

function leavesOf(size: number): Uint8Array[] {
  return Array.from({ length: size }, (_, index) => leafHash(Buffer.from(`leaf ${index}`)));
}

function stored(leaves: readonly Uint8Array[]): (place: NodePlace) => Uint8Array {
  const nodes = new Map<string, Uint8Array>();
  const read = ({ level, index }: NodePlace): Uint8Array => {
    const hash = nodes.get(`${level} ${index}`);
    if (hash === undefined) throw new Error(`no node ${level} ${index}`);
    return hash;
  };
  leaves.forEach((leaf, index) => {
    for (const node of appendedNodes(index, leaf, read)) nodes.set(`${node.level} ${node.index}`, node.hash);
  });
  return read;
}

const join = (nodes: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(nodes));
const SIZES = Array.from({ length: 34 }, (_, size) => size);

describe('a stored tree', () => {
  const all = leavesOf(70);
  const read = stored(all);

  it.each(SIZES)('has the root of RFC 6962 over its first %i leaves', (size) => {
    expect(makeRoot(rootRecipe(size), read)).toEqual(root(all.slice(0, size)));
  });

  it('gives the paths of RFC 6962, which verify, for every leaf of every size', () => {
    for (const size of SIZES.slice(1)) {
      const leaves = all.slice(0, size);
      leaves.forEach((leaf, index) => {
        const proof = makeProof(inclusionRecipe(index, size), read);
        expect(proof).toEqual(join(path(index, leaves)));
        expect(verifyInclusion(leaf, index, size, proof, root(leaves))).toBe(true);
      });
    }
  });

  it('gives the consistency proofs of RFC 6962, which verify, for every pair of sizes', () => {
    for (const second of SIZES) {
      for (let first = 0; first <= second; first++) {
        const proof = makeProof(consistencyRecipe(first, second), read);
        if (first > 0) expect(proof).toEqual(join(subproof(first, all.slice(0, second), true)));
        const roots = [root(all.slice(0, first)), root(all.slice(0, second))] as const;
        expect(verifyConsistency(first, roots[0], second, roots[1], proof)).toBe(true);
      }
    }
  });

  it('refuses a leaf and a first size that are not there', () => {
    expect(() => inclusionRecipe(3, 3)).toThrow(RangeError);
    expect(() => consistencyRecipe(4, 3)).toThrow(RangeError);
  });
});

describe('a proof', () => {
  const leaves = leavesOf(70);
  const read = stored(leaves);
  const pair = fc.tuple(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 70 }));

  it('of inclusion does not verify for another leaf, index, size or root, nor cut or lengthened', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const [index, size] = a <= b ? [a - 1, b] : [b - 1, a];
        const leaf = leaves[index] ?? emptyRoot();
        const proof = makeProof(inclusionRecipe(index, size), read);
        const top = makeRoot(rootRecipe(size), read);
        expect(verifyInclusion(emptyRoot(), index, size, proof, top)).toBe(false);
        expect(verifyInclusion(leaf, index, size, proof, emptyRoot())).toBe(false);
        expect(verifyInclusion(leaf, index, size, join([proof, emptyRoot()]), top)).toBe(false);
        expect(verifyInclusion(leaf, size, size, proof, top)).toBe(false);
        expect(verifyInclusion(leaf, -1, size, proof, top)).toBe(false);
        expect(verifyInclusion(leaf, index, size, join([proof, Uint8Array.of(1)]), top)).toBe(false);
        if (size === 1) return;
        expect(verifyInclusion(leaf, index, size, proof.subarray(32), top)).toBe(false);
        expect(verifyInclusion(leaf, index === 0 ? 1 : index - 1, size, proof, top)).toBe(false);
      }),
    );
  });

  it('of consistency does not verify for a tree with one leaf changed, a smaller one, or nodes cut or added', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const [first, second] = a <= b ? [a, b] : [b, a];
        const proof = makeProof(consistencyRecipe(first, second), read);
        const changed = root(leaves.slice(0, first).with(first - 1, emptyRoot()));
        const [old, grown] = [makeRoot(rootRecipe(first), read), makeRoot(rootRecipe(second), read)];
        expect(verifyConsistency(first, changed, second, grown, proof)).toBe(false);
        expect(verifyConsistency(first, old, second, changed, proof)).toBe(false);
        expect(verifyConsistency(first, old, second, grown, join([proof, emptyRoot()]))).toBe(false);
        if (first === second) return;
        expect(verifyConsistency(second, grown, first, old, proof)).toBe(false);
        expect(verifyConsistency(first, old, second, grown, proof.subarray(32))).toBe(false);
        expect(verifyConsistency(0, old, second, grown, new Uint8Array())).toBe(false);
      }),
    );
  });
});
