/** protocol-spec/vectors/log.json: leaves, checkpoints and cosignatures; its trees and proofs are tested with package merkle. */

import { readFileSync } from 'node:fs';
import { createPublicKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { logOrigin, openCheckpoint, signCheckpoint } from '../src/checkpoint.ts';
import { fingerprint, publicKeyFromPem, publicKeyFromSpki, publicKeyToSpki } from '../src/keys.ts';
import { encodeLeaf, parseLeaf } from '../src/log-leaf.ts';
import { requireGrowth } from '../src/log-view.ts';
import { requireInclusion } from '../src/logged-leaf.ts';
import { cosignatureBy, cosignNote, formatNote, parseNote } from '../src/signed-note.ts';
import { codeOf, keyOf } from './setting.ts';

interface Named {
  readonly comment: string;
}
interface Vectors {
  readonly keys: readonly { name: string; seed: string; spki: string; spki_pem: string }[];
  readonly origin: string;
  readonly verifier_keys: Readonly<Record<string, string>>;
  readonly leaves: readonly (Named & { index: number; leaf: string; bytes: string })[];
  readonly inclusion: readonly { index: number; size: number; path: string; root: string }[];
  readonly consistency: readonly {
    first: number;
    first_root: string;
    second: number;
    second_root: string;
    proof: string;
  }[];
  readonly checkpoints: readonly (Named & { size: number; root: string; note: string })[];
  readonly cosigned: readonly (Named & { note: string; times: Readonly<Record<string, number>> })[];
  readonly failures: {
    readonly leaves: readonly (Named & { leaf: string })[];
    readonly checkpoints: readonly (Named & { note: string })[];
  };
}

const FILE = new URL('../../../protocol-spec/vectors/log.json', import.meta.url);
const vectors = JSON.parse(readFileSync(FILE, 'utf8')) as Vectors;
const { leaves, checkpoints, cosigned, failures } = vectors;
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));
const hex = (value: Uint8Array) => Buffer.from(value).toString('hex');
const privateKeyOf = (name: string) => keyOf(bytes(vectors.keys.find((key) => key.name === name)!.seed)[0]!);
const holder = createPublicKey(privateKeyOf('holder'));

/** A witness as its verifier key names it: name, key id, and a type byte with 32 key bytes. */
function witnessOf(verifierKey: string) {
  const [name, , ...encoded] = verifierKey.split('+');
  const raw = Buffer.from(encoded.join('+'), 'base64');
  expect(raw[0]).toBe(4);
  const prefix = Buffer.from('302a300506032b6570032100', 'hex');
  return { name: name!, key: publicKeyFromSpki(Buffer.concat([prefix, raw.subarray(1)])) };
}
const witnesses = Object.entries(vectors.verifier_keys)
  .filter(([name]) => name !== 'holder')
  .map(([, verifierKey]) => verifierKey);

describe('log.json', () => {
  it('has the keys, and the origin of the holder', () => {
    for (const { name, spki, spki_pem } of vectors.keys) {
      expect(hex(publicKeyToSpki(privateKeyOf(name)))).toBe(spki);
      expect(hex(publicKeyToSpki(publicKeyFromPem(spki_pem)))).toBe(spki);
    }
    expect(logOrigin(fingerprint(holder))).toBe(vectors.origin);
  });

  it.each(leaves)('has leaf $index: $comment', ({ leaf, bytes: encoded }) => {
    expect(hex(Buffer.from(leaf))).toBe(encoded);
    const parsed = parseLeaf(bytes(encoded));
    expect(parsed).toEqual(JSON.parse(leaf));
    expect(hex(encodeLeaf(parsed))).toBe(encoded);
  });

  it.each(failures.leaves)('refuses a leaf with $comment', ({ leaf }) => {
    expect(codeOf(() => parseLeaf(Buffer.from(leaf)))).toBe('log_invalid');
  });

  it('proves leaves and growth by its roots', () => {
    for (const { index, size, path, root } of vectors.inclusion) {
      requireInclusion(
        bytes(leaves[index]!.bytes),
        { index, path: bytes(path) },
        { size, root: bytes(root) },
      );
    }
    for (const { first, first_root, second, second_root, proof } of vectors.consistency) {
      const earlier = { size: first, root: bytes(first_root) };
      requireGrowth(earlier, { size: second, root: bytes(second_root) }, bytes(proof));
    }
  });

  it.each(checkpoints)('has a checkpoint $comment', ({ size, root, note }) => {
    expect(openCheckpoint(note, holder)).toEqual({ size, root: bytes(root), note });
    if (note.includes('\nextension\n')) return;
    expect(signCheckpoint({ size, root: bytes(root) }, privateKeyOf('holder')).note).toBe(note);
  });

  it.each(failures.checkpoints)('refuses a checkpoint with $comment', ({ note }) => {
    expect(codeOf(() => openCheckpoint(note, holder))).toBe('log_invalid');
  });

  it.each(cosigned)('has a checkpoint $comment', ({ note, times }) => {
    expect(openCheckpoint(note, holder).size).toBe(33);
    const parsed = parseNote(note);
    const found = witnesses.map(witnessOf).flatMap((witness) => {
      const cosignature = cosignatureBy(parsed, witness);
      return cosignature === undefined ? [] : [[witness.name, cosignature.time.getTime() / 1000]];
    });
    expect(Object.fromEntries(found)).toEqual(times);
  });

  it('has cosignatures as this implementation makes them', () => {
    const [both] = cosigned;
    let note = parseNote(checkpoints.find(({ size }) => size === 33)!.note);
    for (const [name, seconds] of Object.entries(both!.times)) {
      const key = privateKeyOf(name === 'witness.example/w1' ? 'witness' : 'second_witness');
      note = cosignNote(note, { name, key }, new Date(seconds * 1000));
    }
    expect(formatNote(note)).toBe(both!.note);
  });
});
