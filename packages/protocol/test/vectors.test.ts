/** The vectors of protocol-spec/vectors that belong to the protocol, each compared with the implementation. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { encodeApproval, openApproval } from '../src/approval.ts';
import { absentCanary, presentCanary } from '../src/canaries.ts';
import { ChunkTree, chunkLeaf } from '../src/chunk-tree.ts';
import { verifyInclusion } from '@blindmatch/merkle';
import { decodeHolderMessage, decodeRequesterMessage, encodeMessage } from '../src/codec.ts';
import { sha256 } from '../src/digest.ts';
import {
  addSignature,
  encodeEnvelope,
  PAYLOAD_TYPES,
  preAuthenticationEncoding,
  unsignedEnvelope,
} from '../src/envelope.ts';
import { encodeEpochDescriptor, openEpochDescriptor } from '../src/epoch-descriptor.ts';
import { fingerprint, publicKeyFromPem, publicKeyToSpki } from '../src/keys.ts';
import type { HolderMessage, RequesterMessage } from '../src/messages.ts';
import { encodeRequestManifest, openRequest } from '../src/manifest.ts';
import {
  encodeAccountingReceipt,
  encodeReceipt,
  openAccountingReceipt,
  openReceipt,
} from '../src/receipt.ts';
import { codeOf, keyOf } from './setting.ts';

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../protocol-spec/vectors/${name}.json`, import.meta.url), 'utf8'));
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));
const hex = (value: Uint8Array) => Buffer.from(value).toString('hex');

describe('canaries.json', () => {
  const { canaries, failures } = read('canaries') as {
    canaries: { index: number; present: string; present_hex: string; absent: string; absent_hex: string }[];
    failures: { index: number }[];
  };

  it('has the canaries', () => {
    for (const { index, present, present_hex, absent, absent_hex } of canaries) {
      expect([presentCanary(index), absentCanary(index)]).toEqual([present, absent]);
      expect([hex(Buffer.from(present)), hex(Buffer.from(absent))]).toEqual([present_hex, absent_hex]);
    }
    for (const { index } of failures) expect(() => presentCanary(index)).toThrow(RangeError);
  });
});

describe('chunk-tree.json', () => {
  interface Inclusion {
    comment: string;
    leaf: string;
    index: number;
    count: number;
    path: string;
    root: string;
  }
  const { trees, inclusion, failures } = read('chunk-tree') as {
    trees: {
      comment: string;
      count: number;
      root: string;
      chunks: { elements: string; leaf: string; path: string }[];
    }[];
    inclusion: Inclusion;
    failures: Inclusion[];
  };
  const verify = ({ leaf, index, count, path, root }: Inclusion) =>
    verifyInclusion(bytes(leaf), index, count, bytes(path), bytes(root));

  it.each(trees)('$comment', ({ count, root, chunks }) => {
    const leaves = chunks.map(({ elements }, index) => chunkLeaf(index, bytes(elements)));
    expect(leaves.map(hex)).toEqual(chunks.map(({ leaf }) => leaf));
    const tree = new ChunkTree(Buffer.concat(leaves));
    expect(hex(tree.root)).toBe(root);
    for (const [index, { leaf, path }] of chunks.entries()) {
      expect(hex(tree.path(index))).toBe(path);
      expect(verify({ comment: '', leaf, index, count, path, root })).toBe(true);
    }
  });

  it('proves its good inclusion', () => {
    expect(verify(inclusion)).toBe(true);
  });

  it.each(failures)('does not prove $comment', (failure) => {
    expect(verify(failure)).toBe(false);
  });
});

describe('messages.json', () => {
  type Role = 'requester' | 'holder';
  const { messages, failures } = read('messages') as {
    messages: { comment: string; from: Role; message: Record<string, unknown>; frame: string }[];
    failures: { comment: string; from: Role; frame: string; code: string }[];
  };
  const decode = (from: Role, frame: string): RequesterMessage | HolderMessage =>
    from === 'requester' ? decodeRequesterMessage(bytes(frame)) : decodeHolderMessage(bytes(frame));

  it.each(messages)('$from: $comment', ({ from, message, frame }) => {
    const decoded = decode(from, frame);
    const shown = Object.entries(decoded).map(([name, value]: [string, unknown]) => [
      name,
      value instanceof Uint8Array ? hex(value) : value,
    ]);
    expect(Object.fromEntries(shown)).toEqual(message);
    expect(hex(encodeMessage(decoded))).toBe(frame);
  });

  it.each(failures)('refuses from the $from: $comment', ({ from, frame, code }) => {
    expect(codeOf(() => decode(from, frame))).toBe(code);
  });
});

describe('documents.json', () => {
  interface Failure {
    comment: string;
    kind: string;
    envelope: string;
    code: string;
  }
  const { keys, sealed_accounting, documents, failures } = read('documents') as {
    keys: { name: string; seed: string; spki: string; spki_pem: string; fingerprint: string }[];
    sealed_accounting: string;
    documents: (Failure & {
      payload_type: string;
      payload: string;
      payload_sha256: string;
      pre_authentication_encoding: string;
      signatures: { keyid: string; sig: string }[];
    })[];
    failures: Failure[];
  };
  const holder = keys.find(({ name }) => name === 'holder')!.fingerprint;
  const envelopeOf = (kind: string) => bytes(documents.find((document) => document.kind === kind)!.envelope);
  const expected = () => ({
    descriptor: openEpochDescriptor(envelopeOf('epoch_descriptor'), { holder }).descriptor,
    request: openRequest(envelopeOf('request_manifest')),
    accounting: sha256(bytes(sealed_accounting)),
  });
  const open = (kind: string, envelope: Uint8Array) => {
    switch (kind) {
      case 'epoch_descriptor':
        return openEpochDescriptor(envelope, { holder });
      case 'request_manifest':
        return openRequest(envelope);
      case 'approval':
        return openApproval(envelope);
      case 'receipt':
        return openReceipt(envelope, expected());
      case 'accounting_receipt':
        return openAccountingReceipt(envelope, expected());
      default:
        throw new Error(`no document is called ${kind}`);
    }
  };
  /** The payload as this implementation writes what it has read. */
  const written = (kind: string, envelope: Uint8Array, payload: string): Uint8Array => {
    switch (kind) {
      case 'epoch_descriptor':
        return encodeEpochDescriptor(openEpochDescriptor(envelope, { holder }).descriptor);
      case 'request_manifest':
        return encodeRequestManifest(openRequest(envelope).manifest);
      case 'approval':
        return encodeApproval(openApproval(envelope).approval);
      default: {
        const members = JSON.parse(payload) as Record<string, string>;
        const { leaf, index, path, checkpoint, completed } = members;
        const logged = {
          leaf: Buffer.from(leaf!),
          index: Number(index),
          path: Buffer.from(path!, 'base64'),
          checkpoint: checkpoint!,
        };
        const policy = {
          leaf: Buffer.from(members['policy_leaf'] ?? ''),
          index: Number(members['policy_index']),
          path: Buffer.from(members['policy_path'] ?? '', 'base64'),
        };
        return completed === undefined
          ? encodeAccountingReceipt(logged, keyOf(1))
          : encodeReceipt({ completed: new Date(completed), logged, policy }, keyOf(1));
      }
    }
  };

  it.each(keys)('has the key of the $name', ({ seed, spki, spki_pem, fingerprint: id }) => {
    const key = keyOf(bytes(seed)[0]!);
    expect(hex(publicKeyToSpki(key))).toBe(spki);
    expect(fingerprint(key)).toBe(id);
    expect(fingerprint(publicKeyFromPem(spki_pem))).toBe(id);
  });

  it.each(documents)('has $comment', ({ kind, payload, payload_sha256, ...document }) => {
    open(kind, bytes(document.envelope));
    // Signing again gives the same envelope: Ed25519 has no randomness.
    const type = Object.values(PAYLOAD_TYPES).find((known) => known === document.payload_type)!;
    let envelope = unsignedEnvelope(type, Buffer.from(payload));
    for (const { keyid } of document.signatures) {
      const signer = keys.find((key) => key.fingerprint === keyid)!;
      envelope = addSignature(envelope, keyOf(bytes(signer.seed)[0]!));
    }
    expect(envelope.signatures.map(({ sig }) => hex(sig))).toEqual(document.signatures.map(({ sig }) => sig));
    expect(hex(encodeEnvelope(envelope))).toBe(document.envelope);
    expect(hex(preAuthenticationEncoding(envelope))).toBe(document.pre_authentication_encoding);
    expect(hex(sha256(Buffer.from(payload)))).toBe(payload_sha256);
    expect(Buffer.from(written(kind, bytes(document.envelope), payload)).toString()).toBe(payload);
  });

  it('names an epoch and a request by the hashes of their payloads, and an approval too', () => {
    const hashOf = (kind: string) => documents.find((document) => document.kind === kind)!.payload_sha256;
    expect(hex(openEpochDescriptor(envelopeOf('epoch_descriptor'), { holder }).epochId)).toBe(
      hashOf('epoch_descriptor'),
    );
    expect(hex(openRequest(envelopeOf('request_manifest')).requestId)).toBe(hashOf('request_manifest'));
    expect(hex(openApproval(envelopeOf('approval')).digest)).toBe(hashOf('approval'));
  });

  it.each(failures)('refuses $comment', ({ kind, envelope, code }) => {
    expect(codeOf(() => open(kind, bytes(envelope)))).toBe(code);
  });
});
