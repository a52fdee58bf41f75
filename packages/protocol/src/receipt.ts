/**
 * Receipts: the holder's signed word that a leaf about a request is in its log, with the proof, for anyone to check
 * without the holder (protocol-spec/documents.md, "The receipt").
 */

import { z } from 'zod';
import type { Checkpoint } from './checkpoint.ts';
import { digestText } from './digest.ts';
import { base64, time } from './document-fields.ts';
import { readJson } from './document-json.ts';
import { MALFORMED, PAYLOAD_TYPES, jsonBytes, parseEnvelope, validSigners } from './envelope.ts';
import type { Envelope } from './envelope.ts';
import type { EpochDescriptor } from './epoch-descriptor.ts';
import { fingerprint, publicKeyFromSpki, publicKeyToSpki } from './keys.ts';
import { CLOCK_SKEW_MS } from './limits.ts';
import type { LeafOf, LogLeaf } from './log-leaf.ts';
import { loggedLeafJson, loggedLeafMembers, openLoggedLeaf, openPlacedLeaf } from './logged-leaf.ts';
import type { LoggedLeaf, PlacedLeaf } from './logged-leaf.ts';
import { isExpired } from './manifest.ts';
import type { OpenRequest } from './manifest.ts';
import { ProtocolError } from './problem.ts';
import type { KeyObject } from 'node:crypto';

/** What was disclosed to whom, under which authority, and when: checked. */
export interface Receipt {
  /** Who asked under which authority for how much, as it was logged before anything was evaluated. */
  readonly accepted: LeafOf<'accepted'>;
  /** When the requester first asked for the receipt. */
  readonly completed: Date;
  readonly checkpoint: Checkpoint;
}

/** That the sealed accounting of a request was logged: checked. */
export interface AccountingReceipt {
  readonly accounting: LeafOf<'accounting'>;
  readonly checkpoint: Checkpoint;
}

/** What the payload of a receipt holds, not checked. */
export interface ReceiptContents {
  readonly completed: Date;
  /** The leaf that accepted the request. */
  readonly logged: LoggedLeaf;
  /** The leaf that had put the policy in force by which it was accepted, in the same tree. */
  readonly policy: PlacedLeaf;
}

const loggedMembers = { holder_key: base64, ...loggedLeafMembers };

const receiptSchema = z.strictObject({
  completed: time,
  ...loggedMembers,
  policy_leaf: loggedLeafMembers.leaf,
  policy_index: loggedLeafMembers.index,
  policy_path: loggedLeafMembers.path,
});
const accountingReceiptSchema = z.strictObject(loggedMembers);

/** The payload bytes of a receipt by the holder with this key. */
export function encodeReceipt(
  { completed, logged, policy }: ReceiptContents,
  holderKey: KeyObject,
): Uint8Array {
  return jsonBytes({
    completed: completed.toISOString(),
    holder_key: Buffer.from(publicKeyToSpki(holderKey)).toString('base64'),
    ...loggedLeafJson(logged),
    policy_leaf: Buffer.from(policy.leaf).toString('utf8'),
    policy_index: policy.index,
    policy_path: Buffer.from(policy.path).toString('base64'),
  });
}

/** The payload bytes of the receipt of an accounting. */
export function encodeAccountingReceipt(logged: LoggedLeaf, holderKey: KeyObject): Uint8Array {
  return jsonBytes({
    holder_key: Buffer.from(publicKeyToSpki(holderKey)).toString('base64'),
    ...loggedLeafJson(logged),
  });
}

/**
 * Verifies a receipt by itself, knowing nothing but the holder's fingerprint: its signature, the checkpoint's, and that the
 * log of the checkpoint has the leaf and before it the policy that decided. Throws `holder_unexpected`, `receipt_invalid`,
 * `log_invalid`.
 */
export function verifyReceipt(envelopeBytes: Uint8Array, expected: { readonly holder: string }): Receipt {
  const envelope = parseEnvelope(envelopeBytes, PAYLOAD_TYPES.receipt);
  const {
    completed,
    policy_leaf: policyLeaf,
    policy_index: policyIndex,
    policy_path: policyPath,
    ...members
  } = readJson(envelope.payload, receiptSchema, MALFORMED[PAYLOAD_TYPES.receipt]);
  const { leaf, checkpoint } = openSigned(envelope, members, expected.holder);
  if (leaf.type !== 'accepted') throw wrongLeaf();
  if (completed.getTime() < new Date(leaf.time).getTime()) {
    throw new ProtocolError('receipt_invalid', 'The receipt is older than the request that it is for.');
  }
  const policy = { leaf: Buffer.from(policyLeaf), index: policyIndex, path: policyPath };
  requirePolicy(policy, { accepted: leaf, index: members.index, checkpoint });
  return { accepted: leaf, completed, checkpoint };
}

/** The same for the receipt of an accounting. */
export function verifyAccountingReceipt(
  envelopeBytes: Uint8Array,
  expected: { readonly holder: string },
): AccountingReceipt {
  const type = PAYLOAD_TYPES.accountingReceipt;
  const envelope = parseEnvelope(envelopeBytes, type);
  const members = readJson(envelope.payload, accountingReceiptSchema, MALFORMED[type]);
  const { leaf, checkpoint } = openSigned(envelope, members, expected.holder);
  if (leaf.type !== 'accounting') throw wrongLeaf();
  return { accounting: leaf, checkpoint };
}

/**
 * Opens a receipt and checks that the holder of `descriptor` signed it and that it is for exactly `request`: its id, epoch,
 * statute, purpose and counts, accepted while the request was valid, and nobody who has not signed it. Throws `receipt_invalid`, `log_invalid`.
 */
export function openReceipt(
  envelopeBytes: Uint8Array,
  expected: { readonly descriptor: EpochDescriptor; readonly request: OpenRequest },
): Receipt {
  const receipt = verifyReceipt(envelopeBytes, { holder: holderOf(expected.descriptor) });
  requireReceiptFor(receipt, expected.request);
  return receipt;
}

/**
 * Throws `receipt_invalid` unless the receipt is for exactly this request, which was accepted while it was valid: by the
 * holder's clock, which may be behind the requester's by the same as when the holder judges the manifest.
 */
export function requireReceiptFor(
  { accepted }: Receipt,
  { manifest, requestId, envelope }: OpenRequest,
): void {
  const signers = new Set(envelope.signatures.map(({ keyid }) => keyid));
  const acceptedAt = new Date(accepted.time);
  if (acceptedAt.getTime() < manifest.created.getTime() - CLOCK_SKEW_MS || isExpired(manifest, acceptedAt)) {
    throw new ProtocolError(
      'receipt_invalid',
      'The receipt says that the request was accepted when it was not valid; keep it and report it to the holder.',
    );
  }
  const fits =
    accepted.request === digestText(requestId) &&
    accepted.epoch_id === digestText(manifest.epochId) &&
    // Where the leaf leaves them out, the request id binds what the manifest says.
    (accepted.statute === null || accepted.statute === manifest.statute) &&
    (accepted.purpose === null || accepted.purpose === manifest.purpose) &&
    accepted.records === manifest.records &&
    accepted.elements === manifest.elements &&
    accepted.investigators === manifest.investigators.length &&
    [...accepted.officials, ...accepted.certifiers].every((signer) => signers.has(signer));
  if (!fits) throw new ProtocolError('receipt_invalid');
}

/** Opens the receipt of the accounting of a request with this id. Throws `receipt_invalid`, `log_invalid`. */
export function openAccountingReceipt(
  envelopeBytes: Uint8Array,
  expected: {
    readonly descriptor: EpochDescriptor;
    readonly request: OpenRequest;
    readonly accounting: Uint8Array;
  },
): AccountingReceipt {
  const receipt = verifyAccountingReceipt(envelopeBytes, { holder: holderOf(expected.descriptor) });
  const { request, accounting } = receipt.accounting;
  const fits =
    request === digestText(expected.request.requestId) && accounting === digestText(expected.accounting);
  if (!fits) throw new ProtocolError('receipt_invalid');
  return receipt;
}

function openSigned(
  envelope: Envelope,
  members: LoggedMembers,
  holder: string,
): { leaf: LogLeaf; checkpoint: Checkpoint } {
  const holderKey = parseHolderKey(members.holder_key);
  if (fingerprint(holderKey) !== holder) {
    throw new ProtocolError(
      'holder_unexpected',
      `The receipt is by the holder ${fingerprint(holderKey)}, not ${holder}.`,
    );
  }
  if (validSigners(envelope, envelope.payloadType, [holderKey]).length !== 1) {
    throw new ProtocolError('receipt_invalid', 'The holder has not signed this receipt.');
  }
  const { index, path, checkpoint } = members;
  return openLoggedLeaf({ leaf: Buffer.from(members.leaf), index, path, checkpoint }, holderKey);
}

/** A policy that decides without a leaf before the decision could be another one for one requester than for the rest. */
function requirePolicy(
  policy: PlacedLeaf,
  {
    accepted,
    index,
    checkpoint,
  }: {
    readonly accepted: LeafOf<'accepted'>;
    readonly index: number;
    readonly checkpoint: Checkpoint;
  },
): void {
  const leaf = openPlacedLeaf(policy, checkpoint);
  if (leaf.type === 'policy' && leaf.policy === accepted.policy && policy.index < index) return;
  throw new ProtocolError(
    'log_invalid',
    "The holder's log does not have the policy that decided before the decision; report it to the inspector.",
  );
}

type LoggedMembers = z.infer<typeof accountingReceiptSchema>;

function parseHolderKey(spki: Uint8Array): KeyObject {
  try {
    return publicKeyFromSpki(spki);
  } catch (cause) {
    throw new ProtocolError('receipt_invalid', 'The receipt holds no Ed25519 key.', { cause });
  }
}

function holderOf({ holder }: EpochDescriptor): string {
  return fingerprint(publicKeyFromSpki(holder.key));
}

function wrongLeaf(): ProtocolError {
  return new ProtocolError(
    'receipt_invalid',
    'The receipt proves a leaf that is not about what it is a receipt for.',
  );
}
