import { emptyRoot, leafHash, nodeHash } from '@blindmatch/merkle';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GrowingTree } from '../src/growing-tree.ts';

/** The slow twin: RFC 6962 section 2.1 as it stands. */
function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  const [first] = leaves;
  if (first === undefined) return emptyRoot();
  if (leaves.length === 1) return leafHash(first);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
}

describe('GrowingTree', () => {
  it('gives the hashes of what each leaf completes', () => {
    const tree = new GrowingTree();
    const leaves = [0, 1, 2, 3].map((number) => Uint8Array.of(number));
    expect(leaves.map((leaf) => tree.append(leaf))).toEqual([
      [rootOf(leaves.slice(0, 1))],
      [rootOf(leaves.slice(1, 2)), rootOf(leaves.slice(0, 2))],
      [rootOf(leaves.slice(2, 3))],
      [rootOf(leaves.slice(3, 4)), rootOf(leaves.slice(2, 4)), rootOf(leaves)],
    ]);
  });

  it('has after every leaf the root that the definition gives', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 4 }), { maxLength: 70 }), (leaves) => {
        const tree = new GrowingTree();
        expect(tree.root()).toEqual(emptyRoot());
        for (const [index, leaf] of leaves.entries()) {
          tree.append(leaf);
          expect(tree.size).toBe(index + 1);
          expect(tree.root()).toEqual(rootOf(leaves.slice(0, index + 1)));
        }
      }),
      { numRuns: 30 },
    );
  });
});
