/** The epoch descriptor: what one epoch of a holder is, signed by the holder (protocol-spec/documents.md). */

import { z } from 'zod';
import type { CanaryCounts } from './canaries.ts';
import { digestText, sha256 } from './digest.ts';
import {
  ageRecipient,
  areDifferent,
  base64,
  digestBytes,
  digestString,
  hex32,
  integer,
  line,
  time,
} from './document-fields.ts';
import { readJson } from './document-json.ts';
import { MALFORMED, PAYLOAD_TYPES, jsonBytes, parseEnvelope, validSigners } from './envelope.ts';
import { fingerprint, publicKeyFromSpki } from './keys.ts';
import {
  CHUNK_ELEMENTS,
  ELEMENT_BYTES,
  MAX_EVIDENCE_READERS,
  MAX_ORDER_AGE_DAYS,
  NAME_MAX,
  SUITE,
} from './limits.ts';
import { MATCH_TIERS } from './match-tier.ts';
import type { MatchTier } from './match-tier.ts';
import { ProtocolError } from './problem.ts';

/** Whom sealed evidence is for: who may certify a request's records beforehand or audit them afterwards. */
export interface EvidenceReader {
  readonly role: 'certifier' | 'auditor';
  readonly name: string;
  /** An age recipient (`age1…`). */
  readonly recipient: string;
}

/** One epoch: the life of one OPRF key, one profile and one token set. */
export interface EpochDescriptor {
  readonly holder: {
    readonly name: string;
    /** SPKI DER of the holder's identity key, 44 bytes. */
    readonly key: Uint8Array;
  };
  /** The holder's own number for the epoch, from 1 to 2^32 − 1. */
  readonly epoch: number;
  readonly created: Date;
  readonly suite: typeof SUITE;
  /** The OPRF public key: one encoded element, not the identity. */
  readonly publicKey: Uint8Array;
  readonly profile: {
    readonly id: string;
    /** `sha256:` and 64 hex. */
    readonly hash: string;
    /** The most match keys that one record of a request can give. */
    readonly maxKeys: number;
  };
  /** The tiers that the epoch answers: at least one, none twice, in the order of `MATCH_TIERS`. */
  readonly tiers: readonly MatchTier[];
  /** The least age of an order that may be asked under, in days from 0 to 36,500; 0 where there is none. */
  readonly minimumOrderAgeDays: number;
  /** Whom the holder names as readers of sealed evidence; may be empty, no name and no recipient twice. */
  readonly evidenceReaders: readonly EvidenceReader[];
  /** Whom accountings of matches are sealed for; null where the holder takes none. */
  readonly inspector: { readonly name: string; readonly recipient: string } | null;
  readonly tokenSet: {
    /** 32 bytes that identify the token set file. */
    readonly digest: Uint8Array;
    /** Length of the file. */
    readonly bytes: number;
    readonly tokens: number;
    /** Bits kept of each token. */
    readonly bits: number;
  };
  /** The most elements of one request. */
  readonly maxElements: number;
  readonly chunkElements: typeof CHUNK_ELEMENTS;
  /** How many canaries of each kind exist. */
  readonly canaries: CanaryCounts;
}

/** A descriptor whose signature has been verified, with the bytes that name and carry it. */
export interface OpenEpoch {
  readonly descriptor: EpochDescriptor;
  /** SHA-256 of the payload; 32 bytes. */
  readonly epochId: Uint8Array;
  /** The envelope as received: what a holder sends in `epoch`. */
  readonly envelopeBytes: Uint8Array;
}

const malformed = MALFORMED[PAYLOAD_TYPES.epochDescriptor];

const signerSchema = z.looseObject({
  holder: z.looseObject({ key: base64 }),
  suite: z.string().max(64),
});

// One way to write a set of tiers, so that the same epoch has the same id.
const tiers = z
  .array(z.enum(MATCH_TIERS))
  .min(1)
  .max(MATCH_TIERS.length)
  .refine((list) => list.join() === MATCH_TIERS.filter((tier) => list.includes(tier)).join());

const schema = z
  .strictObject({
    holder: z.strictObject({ name: line(NAME_MAX), key: base64 }),
    epoch: integer(1, 0xffff_ffff),
    created: time,
    suite: z.literal(SUITE),
    public_key: hex32.refine((bytes) => bytes.some((byte) => byte !== 0)),
    profile: z.strictObject({ id: line(64), hash: digestString, max_keys: integer(1, 64) }),
    tiers,
    minimum_order_age_days: integer(0, MAX_ORDER_AGE_DAYS),
    evidence_readers: z
      .array(
        z.strictObject({
          role: z.enum(['certifier', 'auditor']),
          name: line(NAME_MAX),
          recipient: ageRecipient,
        }),
      )
      .max(MAX_EVIDENCE_READERS)
      .refine((list) => areDifferent(list.map(({ recipient }) => recipient)))
      // People tell readers by their names, and a second one of a name would hide behind the first.
      .refine((list) => areDifferent(list.map(({ name }) => name))),
    inspector: z.strictObject({ name: line(NAME_MAX), recipient: ageRecipient }).nullable(),
    token_set: z.strictObject({
      digest: digestBytes,
      bytes: integer(1),
      tokens: integer(1),
      bits: integer(1, 128),
    }),
    max_elements: integer(1, CHUNK_ELEMENTS * 2 ** 32),
    chunk_elements: z.literal(CHUNK_ELEMENTS),
    canaries: z.strictObject({ present: integer(1, 10_000), absent: integer(1, 10_000) }),
  })
  .transform((value): EpochDescriptor => ({
    holder: value.holder,
    epoch: value.epoch,
    created: value.created,
    suite: value.suite,
    publicKey: value.public_key,
    profile: { id: value.profile.id, hash: value.profile.hash, maxKeys: value.profile.max_keys },
    tiers: value.tiers,
    minimumOrderAgeDays: value.minimum_order_age_days,
    evidenceReaders: value.evidence_readers,
    inspector: value.inspector,
    tokenSet: value.token_set,
    maxElements: value.max_elements,
    chunkElements: value.chunk_elements,
    canaries: value.canaries,
  }));

/** The payload bytes of a descriptor: deterministic, so that the same epoch has the same id. */
export function encodeEpochDescriptor(descriptor: EpochDescriptor): Uint8Array {
  if (descriptor.publicKey.length !== ELEMENT_BYTES) throw new ProtocolError('descriptor_invalid');
  const bytes = jsonBytes({
    holder: {
      name: descriptor.holder.name,
      key: Buffer.from(descriptor.holder.key).toString('base64'),
    },
    epoch: descriptor.epoch,
    created: descriptor.created.toISOString(),
    suite: descriptor.suite,
    public_key: Buffer.from(descriptor.publicKey).toString('hex'),
    profile: {
      id: descriptor.profile.id,
      hash: descriptor.profile.hash,
      max_keys: descriptor.profile.maxKeys,
    },
    tiers: descriptor.tiers,
    minimum_order_age_days: descriptor.minimumOrderAgeDays,
    evidence_readers: descriptor.evidenceReaders.map(({ role, name, recipient }) => ({
      role,
      name,
      recipient,
    })),
    inspector:
      descriptor.inspector === null
        ? null
        : { name: descriptor.inspector.name, recipient: descriptor.inspector.recipient },
    token_set: {
      digest: digestText(descriptor.tokenSet.digest),
      bytes: descriptor.tokenSet.bytes,
      tokens: descriptor.tokenSet.tokens,
      bits: descriptor.tokenSet.bits,
    },
    max_elements: descriptor.maxElements,
    chunk_elements: descriptor.chunkElements,
    canaries: { present: descriptor.canaries.present, absent: descriptor.canaries.absent },
  });
  parseEpochDescriptor(bytes);
  return bytes;
}

/** Reads payload bytes. Throws `descriptor_invalid`. */
export function parseEpochDescriptor(payload: Uint8Array): EpochDescriptor {
  return readJson(payload, schema, malformed);
}

/** The epoch's id: SHA-256 of the payload bytes as received. */
export function epochIdOf(payload: Uint8Array): Uint8Array {
  return sha256(payload);
}

/**
 * Opens a signed descriptor of the holder whose key has the fingerprint `expected.holder`.
 * Throws `holder_unexpected` for another key, `descriptor_invalid` for a missing or wrong signature or a malformed
 * document, `suite_unsupported` for a suite other than ristretto255-SHA512.
 */
export function openEpochDescriptor(
  envelopeBytes: Uint8Array,
  expected: { readonly holder: string },
): OpenEpoch {
  const envelope = parseEnvelope(envelopeBytes, PAYLOAD_TYPES.epochDescriptor);
  const signer = readJson(envelope.payload, signerSchema, malformed);
  let key;
  try {
    key = publicKeyFromSpki(signer.holder.key);
  } catch (error) {
    throw new ProtocolError('descriptor_invalid', 'The epoch descriptor holds no Ed25519 key.', {
      cause: error,
    });
  }
  // The pinned fingerprint decides first: nothing that another key signed is worth a look.
  if (fingerprint(key) !== expected.holder) {
    throw new ProtocolError(
      'holder_unexpected',
      `The holder's key has the fingerprint ${fingerprint(key)}, not the expected one; check the address and the fingerprint.`,
    );
  }
  if (validSigners(envelope, PAYLOAD_TYPES.epochDescriptor, [key]).length !== 1) {
    throw new ProtocolError('descriptor_invalid', 'The holder has not signed this epoch descriptor.');
  }
  if (signer.suite !== SUITE) throw new ProtocolError('suite_unsupported');
  return {
    descriptor: parseEpochDescriptor(envelope.payload),
    epochId: epochIdOf(envelope.payload),
    envelopeBytes: Uint8Array.from(envelopeBytes),
  };
}
