import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChunkLeafHasher, ChunkTree, chunkLeaf } from '../src/chunk-tree.ts';
import { verifyInclusion } from '@blindmatch/merkle';

/** RFC 6962 section 2.1, word for word: the slow twin. */
function treeHash(leaves: readonly Uint8Array[]): Buffer {
  if (leaves.length === 1) return Buffer.from(leaves[0]!);
  const split = largestPowerBelow(leaves.length);
  return createHash('sha256')
    .update(Buffer.concat([Buffer.of(1), treeHash(leaves.slice(0, split)), treeHash(leaves.slice(split))]))
    .digest();
}

/** RFC 6962 section 2.1.1. */
function treePath(index: number, leaves: readonly Uint8Array[]): Buffer {
  if (leaves.length === 1) return Buffer.alloc(0);
  const split = largestPowerBelow(leaves.length);
  return index < split
    ? Buffer.concat([treePath(index, leaves.slice(0, split)), treeHash(leaves.slice(split))])
    : Buffer.concat([treePath(index - split, leaves.slice(split)), treeHash(leaves.slice(0, split))]);
}

function largestPowerBelow(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

const leavesOf = (count: number) =>
  Array.from({ length: count }, (_, index) => chunkLeaf(index, Uint8Array.of(index & 255, index >> 8)));

describe('the chunk tree', () => {
  it('has the root and the paths of RFC 6962 for every size up to 70', () => {
    for (let count = 1; count <= 70; count += 1) {
      const leaves = leavesOf(count);
      const tree = new ChunkTree(Buffer.concat(leaves));
      expect(Buffer.from(tree.root)).toEqual(treeHash(leaves));
      for (let index = 0; index < count; index += 1) {
        const path = tree.path(index);
        expect(Buffer.from(path)).toEqual(treePath(index, leaves));
        expect(verifyInclusion(leaves[index]!, index, count, path, tree.root)).toBe(true);
      }
    }
  });

  it('proves no leaf at another place, in a tree of another size, or with a changed path', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 200 }),
        fc.nat(),
        fc.nat(),
        fc.nat(),
        fc.constantFrom('index', 'count', 'bit', 'short', 'long', 'leaf'),
        (count, a, b, c, fault) => {
          const leaves = leavesOf(count);
          const tree = new ChunkTree(Buffer.concat(leaves));
          const index = a % count;
          const path = tree.path(index);
          const leaf = leaves[index]!;
          const other = (index + 1 + (b % (count - 1))) % count;
          switch (fault) {
            case 'index':
              expect(verifyInclusion(leaf, other, count, path, tree.root)).toBe(false);
              break;
            case 'count':
              // A tree of another size may have the same path shape, but never the same root.
              expect(
                verifyInclusion(
                  leaf,
                  index,
                  count,
                  path,
                  new ChunkTree(Buffer.concat(leavesOf(count + 1))).root,
                ),
              ).toBe(false);
              break;
            case 'bit': {
              path[b % path.length]! ^= 1 << (c % 8);
              expect(verifyInclusion(leaf, index, count, path, tree.root)).toBe(false);
              break;
            }
            case 'short':
              expect(verifyInclusion(leaf, index, count, path.slice(32), tree.root)).toBe(false);
              expect(verifyInclusion(leaf, index, count, path.slice(1), tree.root)).toBe(false);
              break;
            case 'long':
              expect(verifyInclusion(leaf, index, count, Buffer.concat([path, leaf]), tree.root)).toBe(false);
              break;
            case 'leaf':
              expect(verifyInclusion(leaves[other]!, index, count, path, tree.root)).toBe(false);
              break;
          }
        },
      ),
    );
  });

  it('refuses an index outside the tree', () => {
    const leaves = leavesOf(3);
    const tree = new ChunkTree(Buffer.concat(leaves));
    expect(verifyInclusion(leaves[0]!, 3, 3, tree.path(0), tree.root)).toBe(false);
    expect(verifyInclusion(leaves[0]!, -1, 3, tree.path(0), tree.root)).toBe(false);
    expect(() => tree.path(3)).toThrow(RangeError);
    expect(() => tree.path(-1)).toThrow(RangeError);
    expect(() => tree.path(0.5)).toThrow(RangeError);
  });

  it('needs whole leaf hashes, at least one', () => {
    expect(() => new ChunkTree(new Uint8Array(0))).toThrow(RangeError);
    expect(() => new ChunkTree(new Uint8Array(33))).toThrow(RangeError);
  });

  it('hashes a chunk the same in one piece and in many, and binds its index', () => {
    const elements = new Uint8Array(320).fill(7);
    const hasher = new ChunkLeafHasher(5);
    for (let start = 0; start < 320; start += 50) hasher.update(elements.subarray(start, start + 50));
    expect(hasher.digest()).toEqual(chunkLeaf(5, elements));
    expect(chunkLeaf(6, elements)).not.toEqual(chunkLeaf(5, elements));
    expect(() => chunkLeaf(2 ** 32, elements)).toThrow(RangeError);
  });
});
