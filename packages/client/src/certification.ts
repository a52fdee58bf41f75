import type { Oprf } from '@blindmatch/oprf';
import { chunkLeaf, ChunkTree } from '@blindmatch/protocol';
import type { RequestRecord, RequestRules } from '@blindmatch/records';
import { blindChunks } from './blinding.ts';
import { layOutKeys, type Key } from './chunk-plan.ts';
import type { Evidence } from './evidence-opening.ts';
import type { OrderRegistry } from './order-registry.ts';
import { recompute, Recount, rulesOf, type CountOfFailures, type ManifestMismatch } from './recomputation.ts';
import type { StoredRequest } from './stored-request.ts';

/** What a request is checked against before it is certified. */
export interface CertificationInput {
  readonly stored: StoredRequest;
  readonly evidence: Evidence;
  /** One that no other request has been checked against. */
  readonly registry: OrderRegistry;
  /** The least age of an order that the certifier asks for, in days; what the epoch asks for holds besides. */
  readonly minimumOrderAgeDays: number;
  readonly oprf: Pick<Oprf, 'blind'>;
  /** Called with each record that fails and why, in the order of the request. */
  readonly onFailure: (record: RequestRecord, code: string) => void;
  /** Called with the elements computed so far, of all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What was found. A request is to be certified only if nothing fails and nothing differs. */
export interface CertificationOutcome {
  readonly records: number;
  readonly keys: number;
  readonly failures: readonly CountOfFailures[];
  readonly mismatches: readonly ManifestMismatch[];
}

/**
 * Checks every record of a request: that it has its order in the registry, and that the blinded elements to which the
 * manifest commits are those of these records and nothing else. Memory does not grow with the number of records.
 *
 * @throws ProtocolError `profile_unknown`, `profile_mismatch`; what the evidence throws
 */
export async function certifyRecords(input: CertificationInput): Promise<CertificationOutcome> {
  const { stored, evidence, oprf, onProgress } = input;
  const { manifest } = stored.request;
  const { seed } = evidence.header;
  const recount = new Recount();
  const chunks = layOutKeys(checkedKeys(input, recount), seed, stored.epoch.descriptor.canaries);
  const leaves: Uint8Array[] = [];
  let elements = 0;
  for await (const { chunk, blinded } of blindChunks(chunks, seed, oprf)) {
    leaves.push(chunkLeaf(chunk.index, blinded.blinded));
    elements += chunk.inputs.length;
    onProgress?.(elements, manifest.elements);
  }
  const fits = elements === manifest.elements && isRootOf(manifest.chunks.root, leaves);
  const { records, keys, failures } = recount;
  const mismatches = [...recount.mismatches(stored), ...(fits ? [] : ['elements' as const])];
  return { records, keys, failures, mismatches };
}

function isRootOf(root: Uint8Array, leaves: readonly Uint8Array[]): boolean {
  if (leaves.length === 0) return false;
  return Buffer.compare(new ChunkTree(new Uint8Array(Buffer.concat(leaves))).root, root) === 0;
}

/** The match keys of each record; what speaks against the record is told and counted on the way. */
async function* checkedKeys(
  { stored, evidence, registry, minimumOrderAgeDays, onFailure }: CertificationInput,
  recount: Recount,
): AsyncGenerator<readonly Key[], void, undefined> {
  const epochs = rulesOf(stored);
  const age = Math.max(epochs.minimumOrderAgeDays, minimumOrderAgeDays);
  const rules: RequestRules = { ...epochs, minimumOrderAgeDays: age };
  for await (const record of evidence.records()) {
    const { keys, fault } = recompute(record, rules);
    // Asked about each record, so that an order which serves twice is found whatever else is wrong.
    const registered = registry.check(record);
    const failure = fault === undefined ? registered : (CODES_OF_ORDERS[fault] ?? fault);
    if (failure !== undefined) onFailure(record, failure);
    recount.add(record, keys.length, failure);
    yield keys;
  }
}

/** What a certifier calls the faults of an order; other faults of a record keep the names that `check` gives them. */
const CODES_OF_ORDERS: Readonly<Record<string, string>> = {
  order_number_missing: 'order_missing',
  order_number_placeholder: 'order_missing',
  order_date_missing: 'order_missing',
  order_too_recent: 'order_too_young',
};
