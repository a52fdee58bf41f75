import { rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import type { Oprf } from '@blindmatch/oprf';
import {
  ChunkTree,
  encodeEnvelope,
  encodeRequestManifest,
  fingerprint,
  PAYLOAD_TYPES,
  planChunks,
  publicKeyFromSpki,
  unsignedEnvelope,
  type OpenEpoch,
} from '@blindmatch/protocol';
import {
  AccountOfRecords,
  profileById,
  readRequests,
  understandRequest,
  type ColumnMap,
  type Profile,
  type Rejection,
  type RequestRecord,
} from '@blindmatch/records';
import { CommandError } from '@blindmatch/terminal';
import type { Authority } from './authority.ts';
import { writeBlinded } from './blinded-files.ts';
import { layOutChunks } from './chunk-plan.ts';
import type { EvidenceHeader } from './evidence-lines.ts';
import { readersOf, type Reader } from './evidence-readers.ts';
import { EvidenceSealing } from './evidence-sealing.ts';
import { OrderDates } from './order-dates.ts';
import { writePreparedRecords, type PreparedRecord } from './record-file.ts';
import {
  claimRequestDirectory,
  removeRequestDirectory,
  type ClaimedRequest,
  type RequestDirectory,
} from './request-directory.ts';
import { requestRules } from './request-rules.ts';
import { createSeed } from './request-seed.ts';

/** What a request is prepared from, wherever it goes. */
export interface PrepareContents {
  /** The requester's records, a CSV file. */
  readonly source: string;
  readonly columns?: ColumnMap;
  readonly epoch: OpenEpoch;
  readonly authority: Authority;
  /** Age recipients whom the evidence is sealed for besides the readers of the epoch. */
  readonly sealTo?: readonly string[];
  /** How long the holder may accept the request, from now. */
  readonly validDays: number;
  readonly oprf: Oprf;
  readonly now: Date;
  /** Called with each record that is not submitted, in the order of the file. */
  readonly onRejected?: (record: RequestRecord, rejection: Rejection) => void;
  /** Called with the elements blinded so far, of all. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface PrepareInput extends PrepareContents {
  /** The request's directory; new or empty. */
  readonly out: string;
}

/** What was prepared, in counts. */
export interface PreparedRequest {
  /** The records of the input; those accepted are submitted. */
  readonly account: AccountOfRecords;
  /** Match keys and canaries; 0 where every line was rejected, and then there is nothing to sign or submit. */
  readonly elements: number;
  /** Who can open the evidence; where it is nobody, nothing was sealed. */
  readonly readers: readonly Reader[];
}

const DAY_MS = 86_400_000;

/**
 * Prepares a request: refuses what can't be matched, blinds the rest, and writes the manifest that commits to every
 * blinded element, for an official to sign. Memory does not grow with the number of records but for their ids. A
 * preparation that fails leaves nothing behind.
 *
 * @throws RecordsError for a source that can't be read; ProtocolError; CommandError `no_records`, `elements_over_cap`,
 *   what claimRequestDirectory throws
 */
export async function prepareRequest(input: PrepareInput): Promise<PreparedRequest> {
  const claimed = claimRequestDirectory(input.out, [input.source]);
  try {
    return await prepareInto(claimed, input);
  } finally {
    claimed.lock.release();
  }
}

/** The same in a directory that the caller has claimed and keeps claimed. */
export async function prepareInto(
  claimed: ClaimedRequest,
  contents: PrepareContents,
): Promise<PreparedRequest> {
  const { files } = claimed;
  const profile = profileById(contents.epoch.descriptor.profile.id);
  if (profile === undefined) throw new Error('a session opens no epoch of an unknown profile');
  // First of all, since the records are bound to it.
  const seed = createSeed(files.private.seed);
  try {
    return await writeRequest(contents, profile, files, seed);
  } catch (error) {
    removeRequestDirectory(claimed);
    throw error;
  } finally {
    seed.fill(0);
  }
}

async function writeRequest(
  input: PrepareContents,
  profile: Profile,
  files: RequestDirectory,
  seed: Uint8Array,
): Promise<PreparedRequest> {
  const { epoch, authority } = input;
  const { descriptor } = epoch;
  const account = new AccountOfRecords();
  const orders = new OrderDates();
  const readers = readersOf(descriptor, input.sealTo ?? []);
  const holder = fingerprint(publicKeyFromSpki(descriptor.holder.key));
  const recordFile = { path: files.private.records, seed };
  const evidence = beginEvidence(files, readers, {
    epochId: epoch.epochId,
    holder,
    profile: descriptor.profile,
    created: input.now,
    seed,
  });
  try {
    const records = understandRecords(input, profile, account, async (record) => {
      orders.add(record);
      await evidence?.add(record);
    });
    await writePreparedRecords(recordFile, records);
    if (account.records === 0) throw noRecords(input.source);
    if (account.accepted === 0) {
      discardEvidence(files, evidence);
      return { account, elements: 0, readers: [] };
    }
    const plan = planChunks(account.keys);
    if (plan.elements > descriptor.maxElements) {
      throw new CommandError(
        'elements_over_cap',
        `The records give ${plan.elements} elements and this holder takes ${descriptor.maxElements} in one request; split the file.`,
      );
    }
    const sealed = (await evidence?.end()) ?? null;
    const chunks = layOutChunks(recordFile, descriptor.canaries);
    const leaves = await writeBlinded(files, chunks, seed, {
      oprf: input.oprf,
      onBlinded: (done) => input.onProgress?.(done, plan.elements),
    });
    const manifest = encodeRequestManifest({
      nonce: new Uint8Array(randomBytes(32)),
      epochId: epoch.epochId,
      holder,
      created: input.now,
      expires: new Date(input.now.getTime() + input.validDays * DAY_MS),
      ...authority,
      orders: orders.range,
      evidence: sealed,
      records: account.accepted,
      elements: plan.elements,
      chunks: { count: plan.chunks, root: new ChunkTree(leaves).root },
    });
    writeNew(files.epoch, epoch.envelopeBytes);
    // Last of all: a directory with a manifest is a whole request.
    writeNew(files.manifest, encodeEnvelope(unsignedEnvelope(PAYLOAD_TYPES.requestManifest, manifest)));
    return { account, elements: plan.elements, readers };
  } finally {
    evidence?.destroy();
  }
}

function beginEvidence(
  files: RequestDirectory,
  readers: readonly Reader[],
  header: EvidenceHeader,
): EvidenceSealing | undefined {
  if (readers.length === 0) return undefined;
  return new EvidenceSealing(
    files.evidence,
    readers.map(({ recipient }) => recipient),
    header,
  );
}

/** Evidence of nothing is none. */
function discardEvidence(files: RequestDirectory, evidence: EvidenceSealing | undefined): void {
  evidence?.destroy();
  rmSync(files.evidence, { force: true });
}

function writeNew(path: string, bytes: Uint8Array): void {
  writeFileSync(path, bytes, { flag: 'wx', mode: 0o600, flush: true });
}

async function* understandRecords(
  input: PrepareContents,
  profile: Profile,
  account: AccountOfRecords,
  onSubmitted: (record: RequestRecord) => Promise<void>,
): AsyncIterable<PreparedRecord> {
  const options = input.columns === undefined ? {} : { columns: input.columns };
  const rules = requestRules(input.epoch.descriptor, profile, input.now);
  for await (const record of readRequests(input.source, options)) {
    const understood = understandRequest(record, rules);
    account.add(understood);
    const { recordId } = record;
    if (understood.kind === 'rejected') {
      input.onRejected?.(record, understood);
      yield { recordId, rejected: understood.code, reason: understood.reason };
    } else {
      await onSubmitted(record);
      const keys = understood.keys.map(({ name, value }) => ({ name, value }));
      yield { recordId, tier: understood.tier, keys };
    }
  }
}

/** The error for a file of records that has a header and nothing else. */
export function noRecords(path: string): CommandError {
  return new CommandError(
    'no_records',
    `${path} holds no record; add a line for each person below the header.`,
  );
}
