import { leafHash, verifyConsistency, verifyInclusion } from '@blindmatch/merkle';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GrowingTree } from '../src/growing-tree.ts';
import type { Ledger } from '../src/ledger.ts';
import { openSqliteLedger } from '../src/sqlite-ledger.ts';
import { rootsOf } from './rig/ledger-faults.ts';
import { acceptance, at, bytes, collected, POLICY, request } from './rig/samples.ts';

let directory: string;
let ledger: Ledger;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ledger-'));
  ledger = openSqliteLedger(join(directory, 'ledger.sqlite'));
});

afterEach(async () => {
  await ledger.close();
  rmSync(directory, { recursive: true });
});

const leaf = (number: number): Uint8Array => bytes(`leaf ${number}`);
const leaves = (count: number): Uint8Array[] => Array.from({ length: count }, (_, number) => leaf(number));

async function grow(to: number): Promise<void> {
  for (let { size } = await ledger.log.head(); size < to; size++) await ledger.refuse(leaf(size));
}

describe('the log', () => {
  it('is the empty tree at first', async () => {
    expect(await ledger.log.head()).toEqual({ size: 0, root: rootsOf([])[0] });
    expect(await collected(ledger.log.leaves())).toEqual([]);
  });

  it('has after every leaf, and for every size before, the root over the leaves', async () => {
    const roots = rootsOf(leaves(70));
    for (let size = 1; size <= 70; size++) {
      await grow(size);
      expect(await ledger.log.head()).toEqual({ size, root: roots[size] });
    }
    for (const [size, root] of roots.entries()) expect(await ledger.log.rootAt(size)).toEqual(root);
  });

  it('keeps of each leaf the hashes that a growing tree gives for it', async () => {
    await grow(40);
    const tree = new GrowingTree();
    for (const [index, each] of leaves(40).entries())
      expect(await ledger.log.completedBy(index)).toEqual(tree.append(each));
    expect(await ledger.log.completedBy(40)).toEqual([undefined]);
  });

  it('proves that every leaf is in every tree that has it', async () => {
    await grow(40);
    for (const [size, root] of rootsOf(leaves(40)).entries()) {
      for (let index = 0; index < size; index++) {
        const proof = await ledger.log.inclusion(index, size);
        expect(verifyInclusion(leafHash(leaf(index)), index, size, proof, root)).toBe(true);
      }
    }
  });

  it('proves that every tree begins with every smaller one', async () => {
    await grow(40);
    const roots = rootsOf(leaves(40));
    for (const [second, grown] of roots.entries()) {
      for (const [first, old] of roots.slice(0, second + 1).entries()) {
        const proof = await ledger.log.consistency(first, second);
        expect(verifyConsistency(first, old, second, grown, proof)).toBe(true);
      }
    }
  });

  it.each([
    ['a leaf that is not there', () => ledger.log.inclusion(5, 5)],
    ['a tree that is not there yet', () => ledger.log.inclusion(0, 6)],
    ['a root of such a tree', () => ledger.log.rootAt(6)],
    ['a proof that such a tree has grown', () => ledger.log.consistency(1, 6)],
    ['a tree that shrank', () => ledger.log.consistency(3, 2)],
    ['a size below nothing', () => ledger.log.rootAt(-1)],
    ['a size that is no whole number', () => ledger.log.rootAt(1.5)],
    ['a size beyond what numbers can say', () => ledger.log.rootAt(2 ** 53)],
  ])('refuses %s', async (_, ask) => {
    await grow(5);
    await expect(ask()).rejects.toThrow(RangeError);
  });

  it('gives all leaves in their order, from any one on', async () => {
    await grow(600);
    expect(await collected(ledger.log.leaves())).toEqual(
      leaves(600).map((each, index) => ({ index, leaf: each })),
    );
    expect((await collected(ledger.log.leaves(598))).map(({ index }) => index)).toEqual([598, 599]);
    expect(await collected(ledger.log.leaves(600))).toEqual([]);
  });

  it('can be written by anybody while it is read', async () => {
    await grow(300);
    const other = openSqliteLedger(join(directory, 'ledger.sqlite'));
    const read: number[] = [];
    for await (const { index } of ledger.log.leaves()) {
      read.push(index);
      if (index === 0) await other.refuse(bytes("another program's"));
      if (index === 1) await ledger.refuse(bytes('our own'));
    }
    expect(read).toEqual(Array.from({ length: 302 }, (_, index) => index));
    await other.close();
  });

  it('knows the leaf that accepted a request', async () => {
    await ledger.adoptPolicy({ digest: POLICY, text: '', now: at(0), leaf: bytes('policy') });
    await ledger.refuse(leaf(1));
    await ledger.accept(acceptance(request('1')));
    expect(await ledger.log.indexOfAcceptance(request('1').requestId)).toBe(2);
    expect(await ledger.log.indexOfAcceptance(request('2').requestId)).toBeUndefined();
  });

  it('knows the leaf by which a policy was in force before any other leaf', async () => {
    const other = new Uint8Array(32).fill(0xee);
    const adopt = (digest: Uint8Array, minute: number) =>
      ledger.adoptPolicy({ digest, text: '', now: at(minute), leaf: bytes(`policy ${minute}`) });
    await adopt(POLICY, 0);
    await grow(2);
    await adopt(other, 1);
    await grow(4);
    await adopt(POLICY, 2);
    const adoptions: [before: number, policy: Uint8Array, index: number | undefined][] = [
      [0, POLICY, undefined],
      [1, POLICY, 0],
      [2, other, undefined],
      [3, other, 2],
      [4, POLICY, 0],
      [5, POLICY, 4],
      [5, other, 2],
      [5, new Uint8Array(32), undefined],
    ];
    const stored = await collected(ledger.log.leaves());
    for (const [before, policy, index] of adoptions) {
      const found = await ledger.log.adoptionBefore(before, policy);
      expect(found).toEqual(index === undefined ? undefined : stored[index]);
    }
    expect(stored[4]?.leaf).toEqual(bytes('policy 2'));
  });
});
