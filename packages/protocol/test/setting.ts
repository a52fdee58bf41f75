/** A holder, an official and an epoch from fixed seeds, requests of any size for it, and the holder's log with real proofs. */

import { createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { chunkLeaf, ChunkTree } from '../src/chunk-tree.ts';
import { addSignature, encodeEnvelope, PAYLOAD_TYPES, signPayload } from '../src/envelope.ts';
import { digestText, sha256 } from '../src/digest.ts';
import { encodeEpochDescriptor, openEpochDescriptor } from '../src/epoch-descriptor.ts';
import type { EpochDescriptor, OpenEpoch } from '../src/epoch-descriptor.ts';
import type { LogView } from '../src/holder-session.ts';
import { fingerprint, publicKeyToSpki } from '../src/keys.ts';
import {
  CHUNK_CANARIES,
  CHUNK_ELEMENTS,
  chunkCount,
  chunkLength,
  ELEMENT_BYTES,
  SUITE,
} from '../src/limits.ts';
import type { LeafOf, LogLeaf } from '../src/log-leaf.ts';
import type { LoggedLeaf } from '../src/logged-leaf.ts';
import { encodeRequestManifest, openRequest } from '../src/manifest.ts';
import type { OpenRequest, RequestManifest } from '../src/manifest.ts';
import { ProtocolError } from '../src/problem.ts';
import { encodeAccountingReceipt, encodeReceipt } from '../src/receipt.ts';
import type { ReceiptContents } from '../src/receipt.ts';
import { MemoryLog } from './memory-log.ts';

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
/** Three different texts of the form of an age recipient; nothing is sealed for them. */
export const [certifierRecipient, auditorRecipient, inspectorRecipient]: readonly [string, string, string] = [
  `age1${'q'.repeat(58)}`,
  `age1${'p'.repeat(58)}`,
  `age1${'z'.repeat(58)}`,
];

export const NOON = new Date('2026-11-21T12:00:00.000Z');
const POLICY_DIGEST = `sha256:${'90'.repeat(32)}`;
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
  evidenceReaders: [
    { role: 'certifier', name: 'Registry of Orders', recipient: certifierRecipient },
    { role: 'auditor', name: 'Court of Audit', recipient: auditorRecipient },
  ],
  inspector: { name: 'Inspector General', recipient: inspectorRecipient },
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
    purpose: 'location of individuals under a final order',
    reason: 'Final orders of October',
    taxPeriods: ['2025'],
    investigators: [{ id: 'B-1017', name: 'Ada Byrne' }],
    orders: { from: '2026-10-01', to: '2026-10-20' },
    attestation: null,
    evidence: sha256(Buffer.from('sealed evidence')),
    records: Math.min(Math.ceil(count / 2), count - CHUNK_CANARIES * chunks.length),
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

/** The leaf with which the holder's log begins: the policy that decides from then on. */
export const policyLeaf: LeafOf<'policy'> = {
  type: 'policy',
  time: descriptor.created.toISOString(),
  policy: POLICY_DIGEST,
};

/** What the holder logs of a request that it accepts. */
export function acceptedLeaf(
  request: OpenRequest,
  changes: Partial<LeafOf<'accepted'>> = {},
): LeafOf<'accepted'> {
  const { manifest, requestId } = request;
  return {
    type: 'accepted',
    time: NOON.toISOString(),
    request: digestText(requestId),
    records: manifest.records,
    elements: manifest.elements,
    policy: POLICY_DIGEST,
    epoch_id: digestText(manifest.epochId),
    requester: 'Requesting Agency',
    officials: [fingerprint(officialKey)],
    certifiers: [],
    statute: manifest.statute,
    purpose: manifest.purpose,
    investigators: manifest.investigators.length,
    approval: null,
    ...changes,
  };
}

/** What the holder logs of the sealed accounting of a request. */
export function accountingLeaf(
  request: OpenRequest,
  accounting: Uint8Array,
  changes: Partial<LeafOf<'accounting'>> = {},
): LeafOf<'accounting'> {
  return {
    type: 'accounting',
    time: NOON.toISOString(),
    request: digestText(request.requestId),
    accounting: digestText(sha256(accounting)),
    bytes: accounting.length,
    ...changes,
  };
}

/** The leaf that the epoch is served from now on. */
export function epochLeaf(epoch: OpenEpoch, changes: Partial<LeafOf<'epoch'>> = {}): LeafOf<'epoch'> {
  const { descriptor: served, epochId } = epoch;
  const at = served.created.toISOString();
  return { type: 'epoch', time: at, epoch: served.epoch, epoch_id: digestText(epochId), ...changes };
}

/** The holder's log, and what is shown and proved of it to requesters. */
export class TestLog extends MemoryLog {
  constructor(leaves: readonly LogLeaf[] = [], key: KeyObject = holderKey) {
    super(key, leaves);
  }

  /** What a receipt proves of the leaf that accepted a request, in a log that begins with the policy. */
  acceptance(index: number, size: number = this.size): Acceptance {
    return { logged: this.logged(index, size), policy: this.logged(0, size) };
  }

  /** What a requester is shown that remembers `rememberedSize` leaves, when the log has `size`. */
  view(epochIndex: number, rememberedSize: number = 0, size: number = this.size): LogView {
    const { leaf, index, path, checkpoint } = this.logged(epochIndex, size);
    return { checkpoint, leafIndex: index, leaf, path, consistency: this.consistency(rememberedSize, size) };
  }
}

export type Acceptance = Omit<ReceiptContents, 'completed'>;

/** The signed receipt that carries these leaves and proofs. */
export function signedReceipt(
  acceptance: Acceptance,
  { completed = NOON, key = holderKey }: { readonly completed?: Date; readonly key?: KeyObject } = {},
): Uint8Array {
  return encodeEnvelope(
    signPayload(PAYLOAD_TYPES.receipt, encodeReceipt({ completed, ...acceptance }, key), key),
  );
}

/** The signed receipt of an accounting that carries this leaf and proof. */
export function signedAccountingReceipt(logged: LoggedLeaf, key: KeyObject = holderKey): Uint8Array {
  const payload = encodeAccountingReceipt(logged, key);
  return encodeEnvelope(signPayload(PAYLOAD_TYPES.accountingReceipt, payload, key));
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
