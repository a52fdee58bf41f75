import { createHash, type KeyObject } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInlineOprf, defaultEngine, type Oprf } from '@blindmatch/oprf';
import {
  CHUNK_ELEMENTS,
  ChunkTree,
  chunkLeaf,
  encodeEnvelope,
  encodeEpochDescriptor,
  encodeRequestManifest,
  fingerprint,
  generateSigningKey,
  openEpochDescriptor,
  PAYLOAD_TYPES,
  publicKeyToSpki,
  signPayload,
  unsignedEnvelope,
  type EpochDescriptor,
  type OpenEpoch,
  type RequestManifest,
} from '@blindmatch/protocol';
import { calendarDateOf, DEFAULT_PROFILE, type RequestRecord } from '@blindmatch/records';
import { generateAgeIdentity, type AgeIdentity } from '../src/age.ts';
import { blindChunks } from '../src/blinding.ts';
import { layOutKeys } from '../src/chunk-plan.ts';
import { EvidenceSealing } from '../src/evidence-sealing.ts';
import { OrderDates } from '../src/order-dates.ts';
import { recompute } from '../src/recomputation.ts';
import { requestFiles } from '../src/request-directory.ts';
import { readStoredRequest, type StoredRequest } from '../src/stored-request.ts';

export const oprf: Oprf = createInlineOprf(defaultEngine());
export const holder: KeyObject = generateSigningKey().privateKey;
export const auditor: AgeIdentity = await generateAgeIdentity();

export const CREATED = new Date('2026-11-20T10:00:00.000Z');

/** An epoch whose evidence is for the auditor, with the changes of a test. */
export function epochWith(changes: Partial<EpochDescriptor> = {}): OpenEpoch {
  const { id, hash, maxKeysPerRequest } = DEFAULT_PROFILE;
  const payload = encodeEpochDescriptor({
    holder: { name: 'Tax Agency', key: publicKeyToSpki(holder) },
    epoch: 1,
    created: new Date('2026-11-01T00:00:00.000Z'),
    suite: 'ristretto255-SHA512',
    publicKey: new Uint8Array(32).fill(9),
    profile: { id, hash, maxKeys: maxKeysPerRequest },
    tiers: ['name_address_dob', 'name_address'],
    minimumOrderAgeDays: 0,
    evidenceReaders: [{ role: 'auditor', name: 'Inspector General', recipient: auditor.recipient }],
    inspector: null,
    tokenSet: { digest: new Uint8Array(32).fill(7), bytes: 1000, tokens: 120, bits: 80 },
    maxElements: 2 ** 20,
    chunkElements: CHUNK_ELEMENTS,
    canaries: { present: 64, absent: 64 },
    ...changes,
  });
  const envelope = encodeEnvelope(signPayload(PAYLOAD_TYPES.epochDescriptor, payload, holder));
  return openEpochDescriptor(envelope, { holder: fingerprint(holder) });
}

/** A record of a request that every rule accepts, with the changes of a test. */
export function recordWith(number: number, changes: Partial<RequestRecord> = {}): RequestRecord {
  return {
    recordId: `r${number}`,
    givenName: 'Maria',
    middleName: '',
    surname: SURNAMES[number % SURNAMES.length] ?? '',
    dateOfBirth: '',
    street: `${number + 1} Main St`,
    street2: '',
    city: 'Springfield',
    state: 'IL',
    postcode: '62704',
    orderNumber: `A${100_000 + number}`,
    orderDate: `2025-06-${String(1 + (number % 28)).padStart(2, '0')}`,
    line: number + 2,
    ...changes,
  };
}

const SURNAMES = ['Lopez', 'Garcia', 'Nguyen', 'Smith', 'Kim'];

export function records(count: number): RequestRecord[] {
  return Array.from({ length: count }, (_, number) => recordWith(number));
}

/** How a requester prepares; whatever is left out is done as it should be. */
export interface Preparation {
  /** What is asked about. */
  readonly submitted: readonly RequestRecord[];
  /** What the evidence says instead. */
  readonly sealed?: readonly RequestRecord[];
  readonly seed?: Uint8Array;
  readonly sealedSeed?: Uint8Array;
  readonly epoch?: OpenEpoch;
  readonly recipients?: readonly string[];
  /** Changes the blinded elements before they are committed to. */
  readonly meddle?: (elements: Uint8Array) => void;
  readonly manifest?: Partial<RequestManifest>;
}

/** Prepares a request in `path`, honestly or not: what an honest client refuses to do can be done by another one. */
export async function prepareAnyhow(path: string, preparation: Preparation): Promise<StoredRequest> {
  const {
    submitted,
    sealed = submitted,
    epoch = epochWith(),
    recipients = [auditor.recipient],
  } = preparation;
  const seed = preparation.seed ?? new Uint8Array(32).fill(5);
  mkdirSync(path);
  const files = requestFiles(path);
  const { profile, canaries } = epoch.descriptor;
  const evidence = new EvidenceSealing(files.evidence, recipients, {
    epochId: epoch.epochId,
    holder: fingerprint(holder),
    profile,
    created: CREATED,
    seed: preparation.sealedSeed ?? seed,
  });
  const orders = new OrderDates();
  for (const record of sealed) {
    orders.add(record);
    await evidence.add(record);
  }
  const digest = await evidence.end();
  const { elements, leaves } = await blindAll(submitted, seed, canaries, preparation.meddle);
  writeFileSync(files.blinded, elements);
  const manifest = encodeRequestManifest({
    nonce: new Uint8Array(createHash('sha256').update(path).digest()),
    epochId: epoch.epochId,
    holder: fingerprint(holder),
    created: CREATED,
    expires: new Date('2026-12-20T10:00:00.000Z'),
    statute: '26 U.S.C. 6103(i)(2)',
    purpose: null,
    reason: 'Final orders of June',
    taxPeriods: [],
    investigators: [],
    orders: orders.range,
    attestation: null,
    evidence: digest,
    records: submitted.length,
    elements: elements.length / 32,
    chunks: { count: leaves.length, root: new ChunkTree(new Uint8Array(Buffer.concat(leaves))).root },
    ...preparation.manifest,
  });
  writeFileSync(files.epoch, epoch.envelopeBytes);
  writeFileSync(files.manifest, encodeEnvelope(unsignedEnvelope(PAYLOAD_TYPES.requestManifest, manifest)));
  return readStoredRequest(files);
}

async function blindAll(
  submitted: readonly RequestRecord[],
  seed: Uint8Array,
  canaries: EpochDescriptor['canaries'],
  meddle: (elements: Uint8Array) => void = () => undefined,
): Promise<{ elements: Uint8Array; leaves: Uint8Array[] }> {
  const rules = {
    profile: DEFAULT_PROFILE,
    tiers: ['name_address_dob', 'name_address'] as const,
    minimumOrderAgeDays: 0,
    today: calendarDateOf(CREATED),
  };
  const keys = async function* (): AsyncGenerator<readonly { value: string }[]> {
    for (const record of submitted) yield await Promise.resolve(recompute(record, rules).keys);
  };
  const chunks: Uint8Array[] = [];
  for await (const { blinded } of blindChunks(layOutKeys(keys(), seed, canaries), seed, oprf)) {
    chunks.push(blinded.blinded);
  }
  const elements = new Uint8Array(Buffer.concat(chunks));
  meddle(elements);
  const chunkBytes = CHUNK_ELEMENTS * 32;
  const leaves = chunks.map((_, index) =>
    chunkLeaf(index, elements.subarray(index * chunkBytes, (index + 1) * chunkBytes)),
  );
  return { elements, leaves };
}

let requests = 0;

/** A place for one more request. */
export function placeIn(directory: string): string {
  return join(directory, `request-${++requests}`);
}
