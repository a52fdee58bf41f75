import type { Oprf } from '@blindmatch/oprf';
import { chunkLeaf, ChunkTree } from '@blindmatch/protocol';
import { keysBeyondName, type MatchKey, type RequestRecord, type RequestRules } from '@blindmatch/records';
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
  /** Whether a record passes whose order has no name in the registry; a name that is there is compared all the same. */
  readonly withoutNames: boolean;
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
  /** Records whose order is in the registry without a name, so that no name was compared. */
  readonly unnamed: number;
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
  const check = new RecordCheck(input);
  const { recount } = check;
  const chunks = layOutKeys(check.keys(), seed, stored.epoch.descriptor.canaries);
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
  return { records, keys, unnamed: check.unnamed, failures, mismatches };
}

function isRootOf(root: Uint8Array, leaves: readonly Uint8Array[]): boolean {
  if (leaves.length === 0) return false;
  return Buffer.compare(new ChunkTree(new Uint8Array(Buffer.concat(leaves))).root, root) === 0;
}

/** The check of each record in turn. What speaks against one is told and counted on the way. */
class RecordCheck {
  readonly recount = new Recount();
  readonly #input: CertificationInput;
  readonly #rules: RequestRules;
  #unnamed = 0;

  constructor(input: CertificationInput) {
    const epochs = rulesOf(input.stored);
    const age = Math.max(epochs.minimumOrderAgeDays, input.minimumOrderAgeDays);
    this.#rules = { ...epochs, minimumOrderAgeDays: age };
    this.#input = input;
  }

  /** Records whose name was not compared. */
  get unnamed(): number {
    return this.#unnamed;
  }

  /** The match keys of each record. */
  async *keys(): AsyncGenerator<readonly Key[], void, undefined> {
    for await (const record of this.#input.evidence.records()) {
      const { keys, fault } = recompute(record, this.#rules);
      // Asked about each record, so that an order which serves twice is found whatever else is wrong.
      const registered = this.#registered(record, keys);
      const failure = fault === undefined ? registered : (CODES_OF_ORDERS[fault] ?? fault);
      if (failure !== undefined) this.#input.onFailure(record, failure);
      this.recount.add(record, keys.length, failure);
      yield keys;
    }
  }

  /** What the registry has against a record. */
  #registered(record: RequestRecord, keys: readonly MatchKey[]): string | undefined {
    const registered = this.#input.registry.find(record);
    if (registered.fault !== undefined) return registered.fault;
    const { name } = registered;
    if (name === undefined) {
      this.#unnamed++;
      return this.#input.withoutNames ? undefined : 'order_name_missing';
    }
    return keysBeyondName(record, keys, name, this.#rules).length === 0 ? undefined : 'order_name_differs';
  }
}

/** What a certifier calls the faults of an order; other faults of a record keep the names that `check` gives them. */
const CODES_OF_ORDERS: Readonly<Record<string, string>> = {
  order_number_missing: 'order_missing',
  order_number_placeholder: 'order_missing',
  order_date_missing: 'order_missing',
  order_too_recent: 'order_too_young',
};
