/** The documents of documents.json, signed with keys from fixed seeds, and the log that their receipts are about. */

import { createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { PAYLOAD_TYPES, signPayload, addSignature } from '../../../packages/protocol/src/envelope.ts';
import { encodeApproval } from '../../../packages/protocol/src/approval.ts';
import { digestText, sha256 } from '../../../packages/protocol/src/digest.ts';
import { epochIdOf, encodeEpochDescriptor } from '../../../packages/protocol/src/epoch-descriptor.ts';
import { fingerprint, publicKeyToSpki } from '../../../packages/protocol/src/keys.ts';
import { encodeLeaf } from '../../../packages/protocol/src/log-leaf.ts';
import type { LeafOf, LogLeaf } from '../../../packages/protocol/src/log-leaf.ts';
import type { LoggedLeaf } from '../../../packages/protocol/src/logged-leaf.ts';
import { requestIdOf, encodeRequestManifest } from '../../../packages/protocol/src/manifest.ts';
import { encodeReceipt, encodeAccountingReceipt } from '../../../packages/protocol/src/receipt.ts';
import { signCheckpoint } from '../../../packages/protocol/src/checkpoint.ts';
import { hashOfLeaf, pathOf, rootOf } from './log-tree.ts';

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
export const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
export const fill = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

export function keyFromSeed(seed: Uint8Array): KeyObject {
  const head = Buffer.from('302e020100300506032b657004220420', 'hex');
  return createPrivateKey({ key: Buffer.concat([head, seed]), format: 'der', type: 'pkcs8' });
}
export const seeds = {
  holder: fill(1),
  official: fill(2),
  second_official: fill(3),
  stranger: fill(4),
  approver: fill(5),
  certifier: fill(6),
};
export const holder = keyFromSeed(seeds.holder);
export const official = keyFromSeed(seeds.official);
export const second = keyFromSeed(seeds.second_official);
export const stranger = keyFromSeed(seeds.stranger);
export const approver = keyFromSeed(seeds.approver);
const certifier = keyFromSeed(seeds.certifier);
export const recipients = {
  certifier: `age1${'q'.repeat(58)}`,
  auditor: `age1${'p'.repeat(58)}`,
  inspector: `age1${'z'.repeat(58)}`,
};

export const descriptor = encodeEpochDescriptor({
  holder: { name: 'Tax Agency', key: publicKeyToSpki(holder) },
  epoch: 1,
  created: new Date('2026-11-01T00:00:00Z'),
  suite: 'ristretto255-SHA512',
  // The group's generator (RFC 9496, A.1).
  publicKey: new Uint8Array(
    Buffer.from('e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76', 'hex'),
  ),
  profile: { id: 'us-name-address/2', hash: `sha256:${'5a'.repeat(32)}`, maxKeys: 8 },
  tiers: ['name_address_dob', 'name_address'],
  minimumOrderAgeDays: 30,
  evidenceReaders: [
    { role: 'certifier', name: 'Registry of Orders', recipient: recipients.certifier },
    { role: 'auditor', name: 'Court of Audit', recipient: recipients.auditor },
  ],
  inspector: { name: 'Inspector General', recipient: recipients.inspector },
  tokenSet: { digest: fill(7), bytes: 1_234_567, tokens: 120_000, bits: 80 },
  maxElements: 8_388_608,
  chunkElements: 4096,
  canaries: { present: 64, absent: 64 },
});
export const manifest = encodeRequestManifest({
  nonce: fill(8),
  epochId: epochIdOf(descriptor),
  holder: fingerprint(holder),
  created: new Date('2026-11-21T11:00:00Z'),
  expires: new Date('2026-11-28T11:00:00Z'),
  statute: '8 U.S.C. 1253(a)(1)',
  purpose: 'Location of individuals under a final order of removal',
  reason: 'Final orders of October',
  taxPeriods: ['2024', '2025-Q3', '2025-10'],
  investigators: [
    { id: 'B-1017', name: 'Ada Byrne' },
    { id: 'B-2044', name: 'José Núñez' },
  ],
  orders: { from: '2026-09-28', to: '2026-10-20' },
  attestation: 'The answers are used for this purpose only.',
  evidence: sha256(utf8('sealed evidence')),
  records: 2500,
  elements: 5004,
  chunks: { count: 2, root: fill(9) },
});
const bare = encodeRequestManifest({
  nonce: fill(10),
  epochId: epochIdOf(descriptor),
  holder: fingerprint(holder),
  created: new Date('2026-11-21T11:00:00Z'),
  expires: new Date('2026-11-28T11:00:00Z'),
  statute: '8 U.S.C. 1253(a)(1)',
  purpose: null,
  reason: 'One order',
  taxPeriods: [],
  investigators: [],
  orders: null,
  attestation: null,
  evidence: null,
  records: 1,
  elements: 3,
  chunks: { count: 1, root: fill(11) },
});
export const request = digestText(requestIdOf(manifest));
export const approval = encodeApproval({
  request: requestIdOf(manifest),
  holder: fingerprint(holder),
  decision: 'approved',
  reason: null,
  time: new Date('2026-11-21T11:45:00Z'),
});
export const denial = encodeApproval({
  request: requestIdOf(manifest),
  holder: fingerprint(holder),
  decision: 'denied',
  reason: 'The attestation is out of date',
  time: new Date('2026-11-21T11:45:00Z'),
});
export const waiver = encodeApproval({
  request: requestIdOf(manifest),
  holder: fingerprint(holder),
  decision: 'accounting_waived',
  reason: 'The inspector has left office',
  time: new Date('2026-12-05T09:00:00Z'),
});
export const sealedAccounting = utf8('sealed accounting');
export const accepted: LeafOf<'accepted'> = {
  type: 'accepted',
  time: '2026-11-21T12:00:00.000Z',
  request,
  records: 2500,
  elements: 5004,
  policy: digestText(fill(12)),
  epoch_id: digestText(epochIdOf(descriptor)),
  requester: 'Requesting Agency',
  officials: [fingerprint(official)],
  certifiers: [fingerprint(certifier)],
  statute: '8 U.S.C. 1253(a)(1)',
  purpose: 'Location of individuals under a final order of removal',
  investigators: 2,
  approval: digestText(sha256(approval)),
};
export const leaves: readonly LogLeaf[] = [
  { type: 'policy', time: '2026-11-01T00:00:00.000Z', policy: digestText(fill(12)) },
  {
    type: 'epoch',
    time: '2026-11-01T00:00:01.000Z',
    epoch: 1,
    epoch_id: digestText(epochIdOf(descriptor)),
  },
  accepted,
  { type: 'finished', time: '2026-11-21T12:05:00.250Z', request },
  {
    type: 'accounting',
    time: '2026-11-21T12:06:00.000Z',
    request,
    accounting: digestText(sha256(sealedAccounting)),
    bytes: sealedAccounting.length,
  },
];

/** Leaf `index` with its proof in a log of these leaves. */
export function logged(index: number, log: readonly LogLeaf[] = leaves, key: KeyObject = holder): LoggedLeaf {
  const bytes = log.map(encodeLeaf);
  const hashes = bytes.map(hashOfLeaf);
  const leaf = bytes[index];
  if (leaf === undefined) throw new Error(`the log has no leaf ${index}`);
  return {
    leaf,
    index,
    path: Buffer.concat(pathOf(index, hashes)),
    checkpoint: signCheckpoint({ size: hashes.length, root: rootOf(hashes) }, key).note,
  };
}

export const completed = new Date('2026-11-21T12:05:00.250Z');
export const receipt = encodeReceipt({ completed, logged: logged(2), policy: logged(0) }, holder);
const unlisted = leaves.with(2, { ...accepted, statute: null, purpose: null });
const unlistedReceipt = encodeReceipt(
  { completed, logged: logged(2, unlisted), policy: logged(0, unlisted) },
  holder,
);
const accountingReceipt = encodeAccountingReceipt(logged(4), holder);

export const signed = {
  descriptor: signPayload(PAYLOAD_TYPES.epochDescriptor, descriptor, holder),
  manifest: addSignature(
    addSignature(signPayload(PAYLOAD_TYPES.requestManifest, manifest, official), second),
    certifier,
  ),
  bare: signPayload(PAYLOAD_TYPES.requestManifest, bare, official),
  approval: signPayload(PAYLOAD_TYPES.approval, approval, approver),
  denial: signPayload(PAYLOAD_TYPES.approval, denial, approver),
  waiver: signPayload(PAYLOAD_TYPES.approval, waiver, approver),
  receipt: signPayload(PAYLOAD_TYPES.receipt, receipt, holder),
  unlistedReceipt: signPayload(PAYLOAD_TYPES.receipt, unlistedReceipt, holder),
  accountingReceipt: signPayload(PAYLOAD_TYPES.accountingReceipt, accountingReceipt, holder),
};
