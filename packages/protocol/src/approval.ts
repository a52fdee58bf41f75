/**
 * Approvals: what an approver has decided about a request and signed: yes or no to one that waits, or that the accounting of
 * one that is finished is waived (protocol-spec/documents.md, "The approval").
 */

import { z } from 'zod';
import { digestText, sha256 } from './digest.ts';
import { digestBytes, digestString, line, time } from './document-fields.ts';
import { readJson } from './document-json.ts';
import { MALFORMED, PAYLOAD_TYPES, jsonBytes, parseEnvelope } from './envelope.ts';
import type { Envelope } from './envelope.ts';
import { APPROVAL_REASON_MAX } from './limits.ts';

/** What can be decided about one request. */
export const APPROVAL_DECISIONS = ['approved', 'denied', 'accounting_waived'] as const;

/** What somebody decided about one request. */
export interface Approval {
  /** The request's id; 32 bytes. */
  readonly request: Uint8Array;
  /** Fingerprint of the holder's identity key. */
  readonly holder: string;
  readonly decision: (typeof APPROVAL_DECISIONS)[number];
  /** A denial has one, which the requester is told, and so has a waiver. */
  readonly reason: string | null;
  readonly time: Date;
}

/** A parsed approval in its envelope. Its signature is for the holder's policy to judge. */
export interface OpenApproval {
  readonly approval: Approval;
  /** SHA-256 of the payload; 32 bytes. */
  readonly digest: Uint8Array;
  readonly envelope: Envelope;
}

const schema = z
  .strictObject({
    request: digestBytes,
    holder: digestString,
    decision: z.enum(APPROVAL_DECISIONS),
    reason: line(APPROVAL_REASON_MAX).nullable(),
    time,
  })
  .refine(({ decision, reason }) => decision === 'approved' || reason !== null, { path: ['reason'] });

/** The payload bytes of an approval. Throws `approval_invalid` when a field breaks a rule. */
export function encodeApproval(approval: Approval): Uint8Array {
  const bytes = jsonBytes({
    request: digestText(approval.request),
    holder: approval.holder,
    decision: approval.decision,
    reason: approval.reason,
    time: approval.time.toISOString(),
  });
  readJson(bytes, schema, MALFORMED[PAYLOAD_TYPES.approval]);
  return bytes;
}

/** Reads an approval in its envelope. Verifies no signature. Throws `approval_invalid`. */
export function openApproval(envelopeBytes: Uint8Array): OpenApproval {
  const envelope = parseEnvelope(envelopeBytes, PAYLOAD_TYPES.approval);
  const approval = readJson(envelope.payload, schema, MALFORMED[PAYLOAD_TYPES.approval]);
  return { approval, digest: sha256(envelope.payload), envelope };
}
