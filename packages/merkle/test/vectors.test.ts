/** The tree part of protocol-spec/vectors/log.json: leaf hashes, roots and proofs, each compared with the implementation. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { leafHash } from '../src/hashing.ts';
import {
  appendedNodes,
  consistencyRecipe,
  inclusionRecipe,
  makeProof,
  makeRoot,
  rootRecipe,
} from '../src/stored-tree.ts';
import type { NodePlace } from '../src/stored-tree.ts';
import { verifyConsistency, verifyInclusion } from '../src/verification.ts';

interface Inclusion {
  readonly comment: string;
  readonly index: number;
  readonly size: number;
  readonly leaf_hash: string;
  readonly path: string;
  readonly root: string;
}
interface Consistency {
  readonly comment: string;
  readonly first: number;
  readonly first_root: string;
  readonly second: number;
  readonly second_root: string;
  readonly proof: string;
}
interface Vectors {
  readonly leaves: readonly { readonly bytes: string; readonly hash: string }[];
  readonly roots: readonly { readonly size: number; readonly root: string }[];
  readonly inclusion: readonly Inclusion[];
  readonly consistency: readonly Consistency[];
  readonly failures: {
    readonly inclusion: readonly Inclusion[];
    readonly consistency: readonly Consistency[];
  };
}

const FILE = new URL('../../../protocol-spec/vectors/log.json', import.meta.url);
const { leaves, roots, inclusion, consistency, failures } = JSON.parse(readFileSync(FILE, 'utf8')) as Vectors;
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));
const hex = (value: Uint8Array) => Buffer.from(value).toString('hex');

const nodes = new Map<string, Uint8Array>();
const keyOf = ({ level, index }: NodePlace) => `${level} ${index}`;
const read = (place: NodePlace) => nodes.get(keyOf(place))!;
leaves.forEach((leaf, index) => {
  for (const node of appendedNodes(index, leafHash(bytes(leaf.bytes)), read))
    nodes.set(keyOf(node), node.hash);
});

const verifiesInclusion = ({ leaf_hash, index, size, path, root }: Inclusion) =>
  verifyInclusion(bytes(leaf_hash), index, size, bytes(path), bytes(root));
const verifiesConsistency = ({ first, first_root, second, second_root, proof }: Consistency) =>
  verifyConsistency(first, bytes(first_root), second, bytes(second_root), bytes(proof));

describe('log.json', () => {
  it(`has the hashes of its ${leaves.length} leaves`, () => {
    for (const leaf of leaves) expect(hex(leafHash(bytes(leaf.bytes)))).toBe(leaf.hash);
  });

  it.each(roots)('has the root over $size leaves', ({ size, root }) => {
    expect(hex(makeRoot(rootRecipe(size), read))).toBe(root);
  });

  it.each(inclusion)('proves $comment', (vector) => {
    expect(hex(makeProof(inclusionRecipe(vector.index, vector.size), read))).toBe(vector.path);
    expect(verifiesInclusion(vector)).toBe(true);
  });

  it.each(consistency)('proves growth $comment', (vector) => {
    expect(hex(makeProof(consistencyRecipe(vector.first, vector.second), read))).toBe(vector.proof);
    expect(verifiesConsistency(vector)).toBe(true);
  });

  it.each(failures.inclusion)('does not prove a leaf with $comment', (vector) => {
    expect(verifiesInclusion(vector)).toBe(false);
  });

  it.each(failures.consistency)('does not prove growth with $comment', (vector) => {
    expect(verifiesConsistency(vector)).toBe(false);
  });
});
