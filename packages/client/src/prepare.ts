import { writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { packByteStrings, type BlindedChunk, type Oprf } from '@blindmatch/oprf';
import {
  chunkLeaf,
  ChunkTree,
  ELEMENT_BYTES,
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
  calendarDateOf,
  profileById,
  readRequests,
  understandRequest,
  type ColumnMap,
  type Profile,
  type Rejection,
  type RequestRecord,
  type RequestRules,
} from '@blindmatch/records';
import { CommandError } from '@blindmatch/terminal';
import { layOutChunks } from './chunk-plan.ts';
import { writePreparedRecords, type PreparedRecord } from './record-file.ts';
import {
  claimRequestDirectory,
  removeRequestDirectory,
  type ClaimedRequest,
  type RequestDirectory,
} from './request-directory.ts';
import { createSeed } from './request-seed.ts';
import { SequentialFile } from './sequential-file.ts';

/** Under which authority a request is made. */
export interface Authority {
  readonly statute: string;
  readonly reason: string;
}

/** What a request is prepared from, wherever it goes. */
export interface PrepareContents {
  /** The requester's records, a CSV file. */
  readonly source: string;
  readonly columns?: ColumnMap;
  readonly epoch: OpenEpoch;
  readonly authority: Authority;
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
}

const DAY_MS = 86_400_000;

/** Chunks that are blinded at once, so that every worker has something to do. */
const CHUNKS_IN_FLIGHT = 2;

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
  const recordFile = { path: files.private.records, seed };
  await writePreparedRecords(recordFile, prepareRecords(input, profile, account));
  if (account.records === 0) throw noRecords(input.source);
  if (account.accepted === 0) return { account, elements: 0 };
  const plan = planChunks(account.keys);
  if (plan.elements > descriptor.maxElements) {
    throw new CommandError(
      'elements_over_cap',
      `The records give ${plan.elements} elements and this holder takes ${descriptor.maxElements} in one request; split the file.`,
    );
  }
  const chunks = layOutChunks(recordFile, descriptor.canaries);
  const leaves = await writeBlinded(files, chunks, seed, plan.elements, input);
  const manifest = encodeRequestManifest({
    nonce: new Uint8Array(randomBytes(32)),
    epochId: epoch.epochId,
    holder: fingerprint(publicKeyFromSpki(descriptor.holder.key)),
    created: input.now,
    expires: new Date(input.now.getTime() + input.validDays * DAY_MS),
    statute: authority.statute,
    reason: authority.reason,
    records: account.accepted,
    elements: plan.elements,
    chunks: { count: plan.chunks, root: new ChunkTree(leaves).root },
  });
  writeFileSync(files.epoch, epoch.envelopeBytes, { flag: 'wx', mode: 0o600, flush: true });
  // Last of all: a directory with a manifest is a whole request.
  writeFileSync(files.manifest, encodeEnvelope(unsignedEnvelope(PAYLOAD_TYPES.requestManifest, manifest)), {
    flag: 'wx',
    mode: 0o600,
    flush: true,
  });
  return { account, elements: plan.elements };
}

async function* prepareRecords(
  input: PrepareContents,
  profile: Profile,
  account: AccountOfRecords,
): AsyncIterable<PreparedRecord> {
  const options = input.columns === undefined ? {} : { columns: input.columns };
  // The holder's word on what it answers; a requester that asked for more would spend its quota on nothing.
  const { tiers, minimumOrderAgeDays } = input.epoch.descriptor;
  const rules: RequestRules = { profile, tiers, minimumOrderAgeDays, today: calendarDateOf(input.now) };
  for await (const record of readRequests(input.source, options)) {
    const understood = understandRequest(record, rules);
    account.add(understood);
    const { recordId } = record;
    if (understood.kind === 'rejected') {
      input.onRejected?.(record, understood);
      yield { recordId, rejected: understood.code, reason: understood.reason };
    } else {
      const keys = understood.keys.map(({ name, value }) => ({ name, value }));
      yield { recordId, tier: understood.tier, keys };
    }
  }
}

/** Blinds the chunks, writes them and their roots in order and gives their leaf hashes, 32 bytes each. */
async function writeBlinded(
  files: RequestDirectory,
  chunks: ReturnType<typeof layOutChunks>,
  seed: Uint8Array,
  total: number,
  { oprf, onProgress }: PrepareContents,
): Promise<Uint8Array> {
  const elementFile = new SequentialFile(files.blinded);
  const rootFile = new SequentialFile(files.blindedRoots);
  const leaves: Uint8Array[] = [];
  const underway: Promise<BlindedChunk>[] = [];
  let done = 0;
  const settleOldest = async (): Promise<void> => {
    const chunk = await underway.shift();
    if (chunk === undefined) return;
    leaves.push(chunkLeaf(leaves.length, chunk.blinded));
    done += chunk.blinded.length / ELEMENT_BYTES;
    onProgress?.(done, total);
    await elementFile.write(chunk.blinded);
    await rootFile.write(chunk.blindedRoots);
  };
  try {
    for await (const { index, inputs } of chunks) {
      const chunk = oprf.blind(packByteStrings(inputs), seed, index);
      chunk.catch(() => undefined);
      underway.push(chunk);
      if (underway.length >= CHUNKS_IN_FLIGHT) await settleOldest();
    }
    while (underway.length > 0) await settleOldest();
    await elementFile.end();
    await rootFile.end();
  } finally {
    elementFile.destroy();
    rootFile.destroy();
  }
  return new Uint8Array(Buffer.concat(leaves));
}

/** The error for a file of records that has a header and nothing else. */
export function noRecords(path: string): CommandError {
  return new CommandError(
    'no_records',
    `${path} holds no record; add a line for each person below the header.`,
  );
}
