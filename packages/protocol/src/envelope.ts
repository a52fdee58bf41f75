/** DSSE v1 envelopes with Ed25519 signatures over JSON payloads (protocol-spec/documents.md, "Envelopes"). */

import { sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { base64, digestString } from './document-fields.ts';
import { readJson } from './document-json.ts';
import type { Malformed } from './document-json.ts';
import { fingerprint, verifySignature } from './keys.ts';
import { MAX_SIGNATURES } from './limits.ts';
import { ProtocolError } from './problem.ts';

/** The payload types of the signed documents. */
export const PAYLOAD_TYPES: {
  readonly epochDescriptor: 'application/vnd.blindmatch.epoch-descriptor.v1+json';
  readonly requestManifest: 'application/vnd.blindmatch.request-manifest.v1+json';
  readonly receipt: 'application/vnd.blindmatch.receipt.v1+json';
  readonly approval: 'application/vnd.blindmatch.approval.v1+json';
  readonly accountingReceipt: 'application/vnd.blindmatch.accounting-receipt.v1+json';
} = {
  epochDescriptor: 'application/vnd.blindmatch.epoch-descriptor.v1+json',
  requestManifest: 'application/vnd.blindmatch.request-manifest.v1+json',
  receipt: 'application/vnd.blindmatch.receipt.v1+json',
  approval: 'application/vnd.blindmatch.approval.v1+json',
  accountingReceipt: 'application/vnd.blindmatch.accounting-receipt.v1+json',
};

/** One of the payload types. */
export type PayloadType = (typeof PAYLOAD_TYPES)[keyof typeof PAYLOAD_TYPES];

/** How each document is named and with which code its malformation is thrown. */
export const MALFORMED: Readonly<Record<PayloadType, Malformed>> = {
  [PAYLOAD_TYPES.epochDescriptor]: { code: 'descriptor_invalid', document: 'The epoch descriptor' },
  [PAYLOAD_TYPES.requestManifest]: { code: 'manifest_malformed', document: 'The request manifest' },
  [PAYLOAD_TYPES.receipt]: { code: 'receipt_invalid', document: 'The receipt' },
  [PAYLOAD_TYPES.approval]: { code: 'approval_invalid', document: 'The approval' },
  [PAYLOAD_TYPES.accountingReceipt]: { code: 'receipt_invalid', document: 'The receipt of an accounting' },
};

/** A signature and the fingerprint of the key that is said to have made it. */
export interface EnvelopeSignature {
  readonly keyid: string;
  /** 64 bytes, RFC 8032. */
  readonly sig: Uint8Array;
}

/** A parsed envelope: well-formed, its signatures not yet verified. */
export interface Envelope {
  readonly payloadType: PayloadType;
  /** The exact bytes that are signed and hashed. */
  readonly payload: Uint8Array;
  /** At most 16, no fingerprint twice. */
  readonly signatures: readonly EnvelopeSignature[];
}

const schema = z.strictObject({
  payload: base64,
  payloadType: z.string(),
  signatures: z
    .array(
      z.strictObject({
        keyid: digestString,
        sig: base64.refine((sig) => sig.length === 64),
      }),
    )
    .max(MAX_SIGNATURES),
});

/**
 * Reads an envelope that must hold `payloadType`.
 * Throws the code of that document in `MALFORMED`.
 */
export function parseEnvelope(bytes: Uint8Array, payloadType: PayloadType): Envelope {
  const { code, document } = MALFORMED[payloadType];
  const value = readJson(bytes, schema, { code, document: `The envelope of ${document.toLowerCase()}` });
  if (value.payloadType !== payloadType) {
    throw new ProtocolError(code, `${document} is expected, but the envelope holds another type.`);
  }
  if (new Set(value.signatures.map(({ keyid }) => keyid)).size !== value.signatures.length) {
    throw new ProtocolError(code, `${document} is signed twice with the same key.`);
  }
  return { payloadType, payload: value.payload, signatures: value.signatures };
}

/** The envelope as JSON bytes: fixed member order, no white space. */
export function encodeEnvelope(envelope: Envelope): Uint8Array {
  return jsonBytes({
    payload: toBase64(envelope.payload),
    payloadType: envelope.payloadType,
    signatures: envelope.signatures.map(({ keyid, sig }) => ({ keyid, sig: toBase64(sig) })),
  });
}

/** An envelope around `payload` with no signature yet. */
export function unsignedEnvelope(payloadType: PayloadType, payload: Uint8Array): Envelope {
  return { payloadType, payload: Uint8Array.from(payload), signatures: [] };
}

/** An envelope around `payload` with one signature by `privateKey`. */
export function signPayload(payloadType: PayloadType, payload: Uint8Array, privateKey: KeyObject): Envelope {
  return addSignature(unsignedEnvelope(payloadType, payload), privateKey);
}

/**
 * The envelope with one more signature. A key that has signed already replaces its own signature.
 * Throws `manifest_malformed` or its like when there is no room for another one.
 */
export function addSignature(envelope: Envelope, privateKey: KeyObject): Envelope {
  const keyid = fingerprint(privateKey);
  const others = envelope.signatures.filter((signature) => signature.keyid !== keyid);
  if (others.length >= MAX_SIGNATURES) {
    const { code, document } = MALFORMED[envelope.payloadType];
    throw new ProtocolError(code, `${document} already has ${MAX_SIGNATURES} signatures.`);
  }
  const sig = new Uint8Array(sign(null, preAuthenticationEncoding(envelope), privateKey));
  return { ...envelope, signatures: [...others, { keyid, sig }] };
}

/**
 * The fingerprints of those `candidates` that have validly signed the envelope as `payloadType`.
 * A signature by anyone else, or one that does not verify, is simply not among them.
 */
export function validSigners(
  envelope: Envelope,
  payloadType: PayloadType,
  candidates: readonly KeyObject[],
): readonly string[] {
  if (envelope.payloadType !== payloadType) return [];
  const message = preAuthenticationEncoding(envelope);
  const valid = new Set<string>();
  for (const key of candidates) {
    const keyid = fingerprint(key);
    const signature = envelope.signatures.find((candidate) => candidate.keyid === keyid);
    if (signature !== undefined && verifySignature(key, message, signature.sig)) valid.add(keyid);
  }
  return [...valid];
}

/** DSSE v1 PAE: what is signed. */
export function preAuthenticationEncoding(envelope: Pick<Envelope, 'payloadType' | 'payload'>): Uint8Array {
  const { payloadType, payload } = envelope;
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

/** Deterministic JSON bytes: members in the order written, no white space. */
export function jsonBytes(value: object): Uint8Array {
  return new Uint8Array(Buffer.from(JSON.stringify(value)));
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
