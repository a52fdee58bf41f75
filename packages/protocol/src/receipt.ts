/** The receipt: the holder's signed word on what it did for a request (protocol-spec/documents.md). */

import { z } from 'zod';
import { digestText, equalBytes } from './digest.ts';
import { digestBytes, digestString, integer, line, time } from './document-fields.ts';
import { readJson } from './document-json.ts';
import { MALFORMED, PAYLOAD_TYPES, jsonBytes, parseEnvelope, validSigners } from './envelope.ts';
import type { EpochDescriptor } from './epoch-descriptor.ts';
import { publicKeyFromSpki } from './keys.ts';
import { MAX_SIGNATURES, NAME_MAX, STATUTE_MAX } from './limits.ts';
import type { OpenRequest } from './manifest.ts';
import { ProtocolError } from './problem.ts';

/** What was disclosed to whom, under which authority, and when. */
export interface Receipt {
  /** The request's id; 32 bytes. */
  readonly request: Uint8Array;
  readonly epochId: Uint8Array;
  /** The requester's name as the holder's policy has it. */
  readonly requester: string;
  /** Fingerprints of the officials whose signatures the holder relied on; at least one, none twice. */
  readonly officials: readonly string[];
  readonly statute: string;
  readonly records: number;
  readonly elements: number;
  /** When the holder first accepted the request. */
  readonly accepted: Date;
  readonly completed: Date;
}

const malformed = MALFORMED[PAYLOAD_TYPES.receipt];

const schema = z
  .strictObject({
    request: digestBytes,
    epoch_id: digestBytes,
    requester: line(NAME_MAX),
    officials: z
      .array(digestString)
      .min(1)
      .max(MAX_SIGNATURES)
      .refine((officials) => new Set(officials).size === officials.length),
    statute: line(STATUTE_MAX),
    records: integer(1),
    elements: integer(1),
    accepted: time,
    completed: time,
  })
  .transform((value): Receipt => ({
    request: value.request,
    epochId: value.epoch_id,
    requester: value.requester,
    officials: value.officials,
    statute: value.statute,
    records: value.records,
    elements: value.elements,
    accepted: value.accepted,
    completed: value.completed,
  }))
  // Behind the transform: what compares members only ever sees a receipt whose members are all right.
  .refine(({ accepted, completed }) => accepted.getTime() <= completed.getTime(), { path: ['completed'] });

/** The payload bytes of a receipt. Throws `receipt_invalid` when a field breaks a rule. */
export function encodeReceipt(receipt: Receipt): Uint8Array {
  const bytes = jsonBytes({
    request: digestText(receipt.request),
    epoch_id: digestText(receipt.epochId),
    requester: receipt.requester,
    officials: receipt.officials,
    statute: receipt.statute,
    records: receipt.records,
    elements: receipt.elements,
    accepted: receipt.accepted.toISOString(),
    completed: receipt.completed.toISOString(),
  });
  parseReceipt(bytes);
  return bytes;
}

/** Reads payload bytes. Throws `receipt_invalid`. */
export function parseReceipt(payload: Uint8Array): Receipt {
  return readJson(payload, schema, malformed);
}

/**
 * Opens a receipt and checks that the holder of `descriptor` signed it and that it is for exactly `request`:
 * its id, epoch, statute and counts, and no official who has not signed the request. Throws `receipt_invalid`.
 */
export function openReceipt(
  envelopeBytes: Uint8Array,
  expected: { readonly descriptor: EpochDescriptor; readonly request: OpenRequest },
): Receipt {
  const envelope = parseEnvelope(envelopeBytes, PAYLOAD_TYPES.receipt);
  const holderKey = publicKeyFromSpki(expected.descriptor.holder.key);
  if (validSigners(envelope, PAYLOAD_TYPES.receipt, [holderKey]).length !== 1) {
    throw new ProtocolError('receipt_invalid', 'The holder has not signed this receipt.');
  }
  const receipt = parseReceipt(envelope.payload);
  const { manifest, requestId } = expected.request;
  const signers = new Set(expected.request.envelope.signatures.map(({ keyid }) => keyid));
  const fits =
    equalBytes(receipt.request, requestId) &&
    equalBytes(receipt.epochId, manifest.epochId) &&
    receipt.statute === manifest.statute &&
    receipt.records === manifest.records &&
    receipt.elements === manifest.elements &&
    receipt.officials.every((official) => signers.has(official));
  if (!fits) throw new ProtocolError('receipt_invalid');
  return receipt;
}
