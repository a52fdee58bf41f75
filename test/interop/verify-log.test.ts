/** A second implementation of the log, in another language and with another library's signatures, judges ours. */

import {
  appendedNodes,
  consistencyRecipe,
  inclusionRecipe,
  leafHash,
  makeProof,
  makeRoot,
  rootRecipe,
} from '@blindmatch/merkle';
import type { NodePlace } from '@blindmatch/merkle';
import {
  cosignNote,
  digestText,
  encodeLeaf,
  formatNote,
  generateSigningKey,
  parseNote,
  publicKeyToPem,
  signCheckpoint,
} from '@blindmatch/protocol';
import type { LogLeaf } from '@blindmatch/protocol';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PROGRAM = fileURLToPath(new URL('verify_log.py', import.meta.url));
const runs = (program: string, ...args: string[]) =>
  spawnSync(program, args, { stdio: 'ignore' }).status === 0;
const found = runs('python3', '-c', 'import json') && runs('openssl', 'version');

const digest = (index: number) => digestText(new Uint8Array(32).fill(index));
const time = '2026-11-21T12:00:00.000Z';
const asked = { time, policy: digest(1), records: 5, elements: 12 };

/** Leaf `index` of the log: every type, and text that needs escaping and more than one byte a character. */
function leafOf(index: number): LogLeaf {
  const request = digest(index);
  const kinds: readonly LogLeaf[] = [
    { type: 'policy', time, policy: digest(1) },
    { type: 'epoch', time, epoch: 1, epoch_id: digest(2) },
    {
      type: 'accepted',
      ...asked,
      request,
      epoch_id: digest(2),
      requester: 'Büro "Nord" \\ 北京 𝒜 €',
      officials: [digest(3), digest(4)],
      certifiers: [],
      statute: '§ 8 U.S.C. 1253(a)(1)/(2)',
      purpose: null,
      investigators: 2,
      approval: digest(5),
    },
    { type: 'pending', ...asked, request, epoch_id: digest(2), requester: 'Requesting Agency' },
    { type: 'approval', time, request, decision: 'denied', approver: digest(6), approval: digest(5) },
    { type: 'refused', ...asked, request, code: 'approval_denied', requester: null },
    { type: 'unidentified', time, hour: '2026-11-21T11:00:00.000Z', requests: 12 },
    { type: 'finished', time, request },
    { type: 'accounting', time, request, accounting: digest(7), bytes: 517 },
  ];
  return kinds[index % kinds.length] ?? { type: 'policy', time, policy: digest(1) };
}

const SIZE = 21;
const EARLIER = 13;
const { privateKey } = generateSigningKey();
const stranger = generateSigningKey().privateKey;
const leaves = Array.from({ length: SIZE }, (_, index) => encodeLeaf(leafOf(index)));

/** What reads the tree over these leaves. */
function treeOf(of: readonly Uint8Array[]): (place: NodePlace) => Uint8Array {
  const nodes = new Map<string, Uint8Array>();
  const read = ({ level, index }: NodePlace) => nodes.get(`${level}/${index}`)!;
  of.forEach((leaf, index) => {
    for (const node of appendedNodes(index, leafHash(leaf), read))
      nodes.set(`${node.level}/${node.index}`, node.hash);
  });
  return read;
}
const read = treeOf(leaves);
const headAt = (size: number) => ({ size, root: makeRoot(rootRecipe(size), read) });
const checkpointAt = (size: number, key = privateKey) => signCheckpoint(headAt(size), key).note;
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

interface Entry {
  readonly index: number;
  readonly leaf: string;
}
interface Material {
  readonly key: string;
  readonly checkpoint: string;
  readonly log: readonly Entry[];
  readonly inclusion: {
    readonly leaf: string;
    readonly index: number;
    readonly path: string;
    readonly checkpoint: string;
  };
  readonly consistency: {
    readonly first: number;
    readonly second: number;
    readonly proof: string;
    readonly checkpoint: string;
  };
}

const right: Material = {
  key: publicKeyToPem(privateKey),
  checkpoint: checkpointAt(SIZE),
  log: leaves.map((leaf, index) => ({ index, leaf: Buffer.from(leaf).toString() })),
  inclusion: {
    leaf: Buffer.from(leaves[11] ?? []).toString(),
    index: 11,
    path: base64(makeProof(inclusionRecipe(11, SIZE), read)),
    checkpoint: checkpointAt(SIZE),
  },
  consistency: {
    first: EARLIER,
    second: SIZE,
    proof: base64(makeProof(consistencyRecipe(EARLIER, SIZE), read)),
    checkpoint: checkpointAt(SIZE),
  },
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'verify-log-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the program over the material with these changes. */
function judge(changes: Partial<Material> = {}): { readonly status: number | null; readonly said: string } {
  const { key, checkpoint, log, inclusion, consistency } = { ...right, ...changes };
  const files = {
    key,
    checkpoint,
    log: log.map((entry) => `${JSON.stringify(entry)}\n`).join(''),
    inclusion: JSON.stringify(inclusion),
    consistency: JSON.stringify(consistency),
  };
  const args = Object.entries(files).flatMap(([name, content]) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return [`--${name}`, path];
  });
  const { status, stdout, stderr } = spawnSync('python3', [PROGRAM, ...args], { encoding: 'utf8' });
  return { status, said: `${stdout}${stderr}` };
}

const withLeaf = (at: number, leaf: string) => right.log.with(at, { index: at, leaf });
const changedLeaf = right.log[2]!.leaf.replace('"records":5', '"records":6');

describe.skipIf(!found)('a second implementation (needs python3 and openssl)', () => {
  it('finds the log, the proof of a leaf and the growth right', () => {
    expect(judge()).toEqual({
      status: 0,
      said: [
        `the holder has signed a log of ${SIZE} leaves`,
        `its ${SIZE} leaves are in their canonical form and give its root`,
        `leaf 11 is in the log of ${SIZE} leaves`,
        `the log of ${SIZE} leaves begins with the first ${EARLIER}\n`,
      ].join('\n'),
    });
  });

  it('finds growth right from the earlier checkpoint alone', () => {
    const [checkpoint, log] = [checkpointAt(EARLIER), right.log.slice(0, EARLIER)];
    expect(judge({ checkpoint, log })).toMatchObject({ status: 0 });
  });

  it('is not disturbed by the cosignature of a witness', () => {
    const witness = { name: 'witness.example/w', key: stranger };
    const checkpoint = formatNote(cosignNote(parseNote(right.checkpoint), witness, new Date(time)));
    expect(judge({ checkpoint })).toMatchObject({ status: 0 });
  });

  it.each<[string, Partial<Material>, string]>([
    ['a changed leaf', { log: withLeaf(2, changedLeaf) }, 'do not give the root'],
    ['two leaves changed round', { log: swapped() }, 'do not give the root'],
    ['a leaf left out', { log: renumbered(right.log.toSpliced(4, 1)) }, `has ${SIZE - 1} leaves`],
    ['a leaf too many', { log: renumbered([...right.log, right.log[0]!]) }, `has ${SIZE + 1} leaves`],
    ['an index that is missing', { log: right.log.toSpliced(4, 1) }, 'is not leaf 4'],
    ['a leaf in another form', { log: withLeaf(1, right.log[1]!.leaf.replace(':', ': ')) }, 'canonical form'],
    [
      'a leaf with a member more',
      { log: withLeaf(1, right.log[1]!.leaf.replace('{', '{"a":1,')) },
      'members of its type',
    ],
    [
      'a wrong root',
      { checkpoint: signCheckpoint({ size: SIZE, root: new Uint8Array(32) }, privateKey).note },
      'do not give the root',
    ],
    [
      'the root of another size',
      { checkpoint: signCheckpoint({ ...headAt(SIZE - 1), size: SIZE }, privateKey).note },
      'do not give the root',
    ],
    ['a forged signature', { checkpoint: forged(right.checkpoint) }, 'not signed by the holder'],
    [
      'a signature of another size',
      { checkpoint: right.checkpoint.replace(`\n${SIZE}\n`, `\n${SIZE + 1}\n`) },
      'not signed by the holder',
    ],
    [
      'a checkpoint of another holder',
      { checkpoint: checkpointAt(SIZE, stranger) },
      'not signed by the holder',
    ],
    ['the key of another holder', { key: publicKeyToPem(stranger) }, 'not signed by the holder'],
    ['a cut path', { inclusion: { ...right.inclusion, path: cut(right.inclusion.path) } }, 'not in the log'],
    [
      'another leaf with the path',
      { inclusion: { ...right.inclusion, leaf: right.log[2]!.leaf } },
      'not in the log',
    ],
    ['another index with the path', { inclusion: { ...right.inclusion, index: 10 } }, 'not in the log'],
    [
      'the path with a forged checkpoint',
      { inclusion: { ...right.inclusion, checkpoint: forged(right.checkpoint) } },
      'not signed',
    ],
    [
      'a cut proof of growth',
      { consistency: { ...right.consistency, proof: cut(right.consistency.proof) } },
      'does not begin with',
    ],
    [
      'growth from another size',
      { consistency: { ...right.consistency, first: EARLIER - 1 } },
      'does not begin with',
    ],
    ['growth to a fork', { consistency: { ...right.consistency, ...forkedGrowth() } }, 'does not begin with'],
  ])('catches %s', (_, changes, says) => {
    const { status, said } = judge(changes);
    expect(status).toBe(1);
    expect(said).toContain(says);
  });

  it('tells a key that can not be read, or is not there, from something that does not hold', () => {
    const unreadable = judge({ key: 'no key' });
    expect(unreadable.status).toBe(2);
    expect(unreadable.said).toMatch(
      /^can't check: \S+ holds no key that can be read; name the holder's .*\n$/,
    );
    const key = join(folder, 'right.pem');
    writeFileSync(key, right.key);
    const nowhere = join(folder, 'nowhere');
    for (const args of [
      ['--key', nowhere, '--checkpoint', key],
      ['--key', key, '--checkpoint', nowhere],
    ]) {
      const { status, stderr } = spawnSync('python3', [PROGRAM, ...args], { encoding: 'utf8' });
      expect([status, stderr]).toEqual([
        2,
        `can't check: ${nowhere} can not be read (No such file or directory); check the path\n`,
      ]);
    }
  });

  it('finds the log, a proof and the growth of the vectors right', () => {
    const vectors = JSON.parse(
      readFileSync(new URL('../../protocol-spec/vectors/log.json', import.meta.url), 'utf8'),
    ) as {
      keys: { name: string; spki_pem: string }[];
      leaves: Entry[];
      checkpoints: { size: number; note: string }[];
      inclusion: { index: number; size: number; path: string }[];
      consistency: { first: number; second: number; proof: string }[];
    };
    const size = vectors.leaves.length;
    const checkpoint = vectors.checkpoints.find((one) => one.size === size)!.note;
    const log = vectors.leaves.map(({ index, leaf }) => ({ index, leaf }));
    const { index, path } = vectors.inclusion.find((one) => one.size === size && one.index > 1)!;
    const { first, second, proof } = vectors.consistency.find((one) => one.second === size && one.first > 1)!;
    const fromHex = (text: string) => base64(Buffer.from(text, 'hex'));
    const material: Material = {
      key: vectors.keys.find(({ name }) => name === 'holder')!.spki_pem,
      checkpoint,
      log,
      inclusion: { leaf: log[index]!.leaf, index, path: fromHex(path), checkpoint },
      consistency: { first, second, proof: fromHex(proof), checkpoint },
    };
    expect(judge(material)).toMatchObject({ status: 0 });
  });
});

if (!found) {
  process.stdout.write(
    'python3 or openssl is not there: the log is not checked by a second implementation.\n',
  );
}

function swapped(): readonly Entry[] {
  const [a, b] = [right.log[3]!.leaf, right.log[4]!.leaf];
  return withLeaf(3, b).with(4, { index: 4, leaf: a });
}

function renumbered(entries: readonly Entry[]): readonly Entry[] {
  return entries.map(({ leaf }, index) => ({ index, leaf }));
}

/** A proof in base64 without its last node. */
function cut(proof: string): string {
  return base64(Buffer.from(proof, 'base64').subarray(0, -32));
}

/** The note with one bit of its last signature changed. */
function forged(note: string): string {
  const parsed = parseNote(note);
  const [line] = parsed.signatures;
  return formatNote({
    ...parsed,
    signatures: [{ ...line!, signature: line!.signature.map((byte) => byte ^ 1) }],
  });
}

/** A log of another leaf 2 with a proof of its own, signed by the same holder. */
function forkedGrowth(): Partial<Material['consistency']> {
  const fork = treeOf(leaves.with(2, encodeLeaf(leafOf(5))));
  const head = { size: SIZE, root: makeRoot(rootRecipe(SIZE), fork) };
  return {
    proof: base64(makeProof(consistencyRecipe(EARLIER, SIZE), fork)),
    checkpoint: signCheckpoint(head, privateKey).note,
  };
}
