/** A holder, an official and an epoch from fixed seeds, and requests of any size for it. */

import { createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { chunkLeaf, ChunkTree } from '../src/chunk-tree.ts';
import { addSignature, encodeEnvelope, PAYLOAD_TYPES, signPayload } from '../src/envelope.ts';
import { encodeEpochDescriptor, openEpochDescriptor } from '../src/epoch-descriptor.ts';
import type { EpochDescriptor, OpenEpoch } from '../src/epoch-descriptor.ts';
import { fingerprint, publicKeyToSpki } from '../src/keys.ts';
import { CHUNK_ELEMENTS, chunkCount, chunkLength, ELEMENT_BYTES, SUITE } from '../src/limits.ts';
import { encodeRequestManifest, openRequest } from '../src/manifest.ts';
import type { OpenRequest, RequestManifest } from '../src/manifest.ts';
import { encodeReceipt } from '../src/receipt.ts';
import type { Receipt } from '../src/receipt.ts';
import { ProtocolError } from '../src/problem.ts';

/** The Ed25519 private key whose 32 seed bytes are all `byte`. */
export function keyOf(byte: number): KeyObject {
  const head = Buffer.from('302e020100300506032b657004220420', 'hex');
  return createPrivateKey({
    key: Buffer.concat([head, Buffer.alloc(32, byte)]),
    format: 'der',
    type: 'pkcs8',
  });
}

export const holderKey: KeyObject = keyOf(1);
export const officialKey: KeyObject = keyOf(2);
export const secondOfficialKey: KeyObject = keyOf(3);
export const strangerKey: KeyObject = keyOf(4);
export const holderFingerprint: string = fingerprint(holderKey);

export const NOON = new Date('2026-11-21T12:00:00.000Z');
export const PROFILE_HASH = `sha256:${'5a'.repeat(32)}`;

export const descriptor: EpochDescriptor = {
  holder: { name: 'Tax Agency', key: publicKeyToSpki(holderKey) },
  epoch: 1,
  created: new Date('2026-11-01T00:00:00.000Z'),
  suite: SUITE,
  publicKey: new Uint8Array(32).fill(9),
  profile: { id: 'us-name-address/2', hash: PROFILE_HASH, maxKeys: 2 },
  tiers: ['name_address_dob', 'name_address'],
  minimumOrderAgeDays: 30,
  tokenSet: { digest: new Uint8Array(32).fill(7), bytes: 1_000_000, tokens: 120_000, bits: 80 },
  maxElements: 2 ** 23,
  chunkElements: CHUNK_ELEMENTS,
  canaries: { present: 64, absent: 64 },
};

export function epochOf(value: EpochDescriptor = descriptor, key: KeyObject = holderKey): OpenEpoch {
  const payload = encodeEpochDescriptor(value);
  const envelope = encodeEnvelope(signPayload(PAYLOAD_TYPES.epochDescriptor, payload, key));
  return openEpochDescriptor(envelope, { holder: fingerprint(key) });
}

export interface TestRequest {
  readonly open: OpenRequest;
  readonly envelopeBytes: Uint8Array;
  readonly tree: ChunkTree;
  chunk(index: number): { index: number; elements: Uint8Array; path: Uint8Array };
}

export type ManifestChanges = Partial<RequestManifest> & { readonly epoch?: OpenEpoch };

/** A signed request over `elements` (32·n bytes). */
export function requestOf(elements: Uint8Array, changes: ManifestChanges = {}): TestRequest {
  const { epoch = epochOf(), ...fields } = changes;
  const count = elements.length / ELEMENT_BYTES;
  const chunks = Array.from({ length: chunkCount(count) }, (_, index) => {
    const start = index * CHUNK_ELEMENTS * ELEMENT_BYTES;
    return elements.slice(start, start + chunkLength(count, index) * ELEMENT_BYTES);
  });
  const tree = new ChunkTree(Buffer.concat(chunks.map((chunk, index) => chunkLeaf(index, chunk))));
  const manifest: RequestManifest = {
    nonce: new Uint8Array(32).fill(8),
    epochId: epoch.epochId,
    holder: fingerprint(holderKey),
    created: new Date('2026-11-21T11:00:00.000Z'),
    expires: new Date('2026-11-28T11:00:00.000Z'),
    statute: '8 U.S.C. 1253(a)(1)',
    reason: 'Final orders of October',
    records: Math.max(1, Math.ceil(count / 2)),
    elements: count,
    chunks: { count: chunks.length, root: tree.root },
    ...fields,
  };
  const envelopeBytes = encodeEnvelope(
    addSignature(
      signPayload(PAYLOAD_TYPES.requestManifest, encodeRequestManifest(manifest), officialKey),
      secondOfficialKey,
    ),
  );
  return {
    open: openRequest(envelopeBytes),
    envelopeBytes,
    tree,
    chunk: (index) => ({ index, elements: chunks[index]!, path: tree.path(index) }),
  };
}

/** `count` distinct 32-byte strings; no group elements, which a session does not look at. */
export function patternElements(count: number): Uint8Array {
  const elements = Buffer.alloc(count * ELEMENT_BYTES);
  for (let index = 0; index < count; index += 1) elements.writeUInt32BE(index + 1, index * ELEMENT_BYTES);
  return new Uint8Array(elements);
}

export function receiptOf(request: OpenRequest, changes: Partial<Receipt> = {}): Receipt {
  return {
    request: request.requestId,
    epochId: request.manifest.epochId,
    requester: 'Requesting Agency',
    officials: [fingerprint(officialKey)],
    statute: request.manifest.statute,
    records: request.manifest.records,
    elements: request.manifest.elements,
    accepted: NOON,
    completed: NOON,
    ...changes,
  };
}

export function signedReceipt(receipt: Receipt, key: KeyObject = holderKey): Uint8Array {
  return encodeEnvelope(signPayload(PAYLOAD_TYPES.receipt, encodeReceipt(receipt), key));
}

/** The code of the ProtocolError that `act` throws; undefined when it throws nothing. */
export function codeOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
}

/** A pair of clocks that a test moves: `ms` is time that passes for both, `wall` the time of day where it began. */
export class TestClock {
  ms: number = 0;
  wall: number = NOON.getTime();
  readonly now = (): Date => new Date(this.wall + this.ms);
  readonly monotonic = (): number => this.ms;
}
