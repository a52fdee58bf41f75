/** The request manifest: what a request asks for and why, signed by officials (protocol-spec/documents.md). */

import { z } from 'zod';
import { digestText, equalBytes, sha256 } from './digest.ts';
import {
  areDifferent,
  calendarDay,
  digestBytes,
  digestString,
  hex32,
  integer,
  line,
  taxPeriod,
  time,
} from './document-fields.ts';
import { readJson } from './document-json.ts';
import { MALFORMED, PAYLOAD_TYPES, jsonBytes, parseEnvelope } from './envelope.ts';
import type { Envelope } from './envelope.ts';
import type { EpochDescriptor } from './epoch-descriptor.ts';
import { fingerprint, publicKeyFromSpki } from './keys.ts';
import {
  ATTESTATION_MAX,
  CHUNK_CANARIES,
  CLOCK_SKEW_MS,
  INVESTIGATOR_ID_MAX,
  INVESTIGATOR_NAME_MAX,
  MAX_INVESTIGATORS,
  MAX_MANIFEST_PAYLOAD,
  MAX_TAX_PERIODS,
  PURPOSE_MAX,
  REASON_MAX,
  STATUTE_MAX,
  chunkCount,
} from './limits.ts';
import { ProtocolError } from './problem.ts';

/** Somebody who is personally and directly engaged in the investigations that a request is for. */
export interface Investigator {
  /** What the requesting agency knows the person by, such as the number of a badge; never a name. */
  readonly id: string;
  readonly name: string;
}

/** What one request asks, under which authority, and the commitment to every blinded element of it. */
export interface RequestManifest {
  /** 32 random bytes: no two requests share one. */
  readonly nonce: Uint8Array;
  /** 32 bytes. */
  readonly epochId: Uint8Array;
  /** Fingerprint of the holder's identity key. */
  readonly holder: string;
  readonly created: Date;
  readonly expires: Date;
  readonly statute: string;
  /** One of the uses that the holder permits, in its words; null where none is said. */
  readonly purpose: string | null;
  readonly reason: string;
  /** The tax periods that the request is about (`2025`, `2025-Q3`, `2025-07`), none twice; may be empty. */
  readonly taxPeriods: readonly string[];
  /** Who investigates, no id twice; may be empty. */
  readonly investigators: readonly Investigator[];
  /** The days (`YYYY-MM-DD`) of the oldest and the newest removal order behind the records; null where none is said. */
  readonly orders: { readonly from: string; readonly to: string } | null;
  /** What the signing officials attest about the use of the answers, in the holder's words; null where nothing. */
  readonly attestation: string | null;
  /** Digest of the sealed evidence file; null where nothing was sealed. 32 bytes. */
  readonly evidence: Uint8Array | null;
  /** Records that gave at least one match key. */
  readonly records: number;
  /** Match keys and canaries together. */
  readonly elements: number;
  readonly chunks: {
    readonly count: number;
    /** Root of the chunk tree; 32 bytes. */
    readonly root: Uint8Array;
  };
}

/** A parsed manifest in its envelope. Its signatures are for the holder's policy to judge. */
export interface OpenRequest {
  readonly manifest: RequestManifest;
  /** SHA-256 of the payload; 32 bytes. */
  readonly requestId: Uint8Array;
  readonly envelope: Envelope;
}

const malformed = MALFORMED[PAYLOAD_TYPES.requestManifest];

const schema = z
  .strictObject({
    nonce: hex32,
    epoch_id: digestBytes,
    holder: digestString,
    created: time,
    expires: time,
    statute: line(STATUTE_MAX),
    purpose: line(PURPOSE_MAX).nullable(),
    reason: line(REASON_MAX),
    tax_periods: z.array(taxPeriod).max(MAX_TAX_PERIODS).refine(areDifferent),
    investigators: z
      .array(z.strictObject({ id: line(INVESTIGATOR_ID_MAX), name: line(INVESTIGATOR_NAME_MAX) }))
      .max(MAX_INVESTIGATORS)
      .refine((list) => areDifferent(list.map(({ id }) => id))),
    orders: z.strictObject({ from: calendarDay, to: calendarDay }).nullable(),
    attestation: line(ATTESTATION_MAX).nullable(),
    evidence: digestBytes.nullable(),
    records: integer(1),
    elements: integer(1),
    chunks: z.strictObject({ count: integer(1, 2 ** 32), root: digestBytes }),
  })
  .transform((value): RequestManifest => ({
    nonce: value.nonce,
    epochId: value.epoch_id,
    holder: value.holder,
    created: value.created,
    expires: value.expires,
    statute: value.statute,
    purpose: value.purpose,
    reason: value.reason,
    taxPeriods: value.tax_periods,
    investigators: value.investigators,
    orders: value.orders,
    attestation: value.attestation,
    evidence: value.evidence,
    records: value.records,
    elements: value.elements,
    chunks: value.chunks,
  }))
  // Behind the transform: what compares members only ever sees a manifest whose members are all right.
  .refine(({ created, expires }) => created.getTime() < expires.getTime(), { path: ['expires'] })
  .refine(({ orders }) => orders === null || orders.from <= orders.to, { path: ['orders', 'to'] })
  .refine(({ elements, chunks }) => chunks.count === chunkCount(elements), { path: ['chunks', 'count'] })
  // Each record has given at least one match key; more records than keys would pass for a large request.
  .refine(({ records, elements, chunks }) => records <= elements - CHUNK_CANARIES * chunks.count, {
    path: ['records'],
  });

/** The payload bytes of a manifest. Throws `manifest_malformed` when a field breaks a rule, or all of them are too long. */
export function encodeRequestManifest(manifest: RequestManifest): Uint8Array {
  const bytes = jsonBytes({
    nonce: Buffer.from(manifest.nonce).toString('hex'),
    epoch_id: digestText(manifest.epochId),
    holder: manifest.holder,
    created: manifest.created.toISOString(),
    expires: manifest.expires.toISOString(),
    statute: manifest.statute,
    purpose: manifest.purpose,
    reason: manifest.reason,
    tax_periods: manifest.taxPeriods,
    investigators: manifest.investigators.map(({ id, name }) => ({ id, name })),
    orders: manifest.orders === null ? null : { from: manifest.orders.from, to: manifest.orders.to },
    attestation: manifest.attestation,
    evidence: manifest.evidence === null ? null : digestText(manifest.evidence),
    records: manifest.records,
    elements: manifest.elements,
    chunks: { count: manifest.chunks.count, root: digestText(manifest.chunks.root) },
  });
  parseRequestManifest(bytes);
  return bytes;
}

/** Reads payload bytes. Throws `manifest_malformed`. */
export function parseRequestManifest(payload: Uint8Array): RequestManifest {
  if (payload.length > MAX_MANIFEST_PAYLOAD) {
    throw new ProtocolError(
      malformed.code,
      `${malformed.document} has ${payload.length} bytes and may have ${MAX_MANIFEST_PAYLOAD}; name fewer investigators or shorten its texts.`,
    );
  }
  return readJson(payload, schema, malformed);
}

/** The request's id: SHA-256 of the payload bytes as received. */
export function requestIdOf(payload: Uint8Array): Uint8Array {
  return sha256(payload);
}

/** Reads a manifest in its envelope. Verifies no signature. Throws `manifest_malformed`. */
export function openRequest(envelopeBytes: Uint8Array): OpenRequest {
  const envelope = parseEnvelope(envelopeBytes, PAYLOAD_TYPES.requestManifest);
  return {
    manifest: parseRequestManifest(envelope.payload),
    requestId: requestIdOf(envelope.payload),
    envelope,
  };
}

/** What a manifest is checked against. */
export interface ManifestSetting {
  readonly descriptor: EpochDescriptor;
  readonly epochId: Uint8Array;
  readonly now: Date;
}

/** Whether the time until which a holder may accept the request is over. One that was accepted in time stays accepted. */
export function isExpired({ expires }: RequestManifest, now: Date): boolean {
  return expires.getTime() <= now.getTime();
}

/**
 * Whether a manifest is for this holder and this epoch and is not dated in the future, and its counts are possible. Not
 * whether it has expired, which bounds its acceptance and nothing after it: `isExpired`.
 * Throws `holder_unexpected`, `epoch_unknown`, `manifest_expired` or `elements_over_cap`.
 */
export function checkManifest(
  manifest: RequestManifest,
  { descriptor, epochId, now }: ManifestSetting,
): void {
  if (manifest.holder !== fingerprint(publicKeyFromSpki(descriptor.holder.key))) {
    throw new ProtocolError(
      'holder_unexpected',
      'The request is for another holder; prepare it for this one.',
    );
  }
  if (!equalBytes(manifest.epochId, epochId)) throw new ProtocolError('epoch_unknown');
  if (manifest.created.getTime() > now.getTime() + CLOCK_SKEW_MS) {
    throw new ProtocolError(
      'manifest_expired',
      'The request is dated in the future; check the clock and sign it again.',
    );
  }
  const possible = manifest.records * descriptor.profile.maxKeys + CHUNK_CANARIES * manifest.chunks.count;
  if (manifest.elements > possible) {
    throw new ProtocolError(
      'elements_over_cap',
      'The request has more elements than its records can give; prepare it again.',
    );
  }
  if (manifest.elements > descriptor.maxElements) {
    throw new ProtocolError(
      'elements_over_cap',
      `The request has more than the ${descriptor.maxElements} elements that the epoch allows; split it.`,
    );
  }
}
