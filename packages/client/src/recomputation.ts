import { ProtocolError } from '@blindmatch/protocol';
import {
  profileById,
  understandRequest,
  type MatchKey,
  type Profile,
  type RequestRecord,
  type RequestRules,
} from '@blindmatch/records';
import { OrderDates } from './order-dates.ts';
import { requestRules } from './request-rules.ts';
import type { StoredRequest } from './stored-request.ts';

/** What of the manifest is not what the evidence gives: the number of records or of elements, the days of the orders. */
export type ManifestMismatch = 'records' | 'elements' | 'orders';

/** How many records fail for one reason. */
export interface CountOfFailures {
  readonly code: string;
  readonly records: number;
}

/** A record of the evidence as it is read again. */
export interface RecomputedRecord {
  /** The match keys that it gives, also where the rules would not have it submitted but for its order or its tier. */
  readonly keys: readonly MatchKey[];
  /** Why it should not have been submitted; undefined where nothing speaks against it. */
  readonly fault: string | undefined;
}

/**
 * The rules by which the requester had to understand its records.
 *
 * @throws ProtocolError `profile_unknown`, `profile_mismatch`
 */
export function rulesOf({ epoch, request }: StoredRequest): RequestRules {
  return requestRules(epoch.descriptor, profileOf(epoch.descriptor.profile), request.manifest.created);
}

function profileOf({ id, hash }: { readonly id: string; readonly hash: string }): Profile {
  const profile = profileById(id);
  if (profile === undefined) throw new ProtocolError('profile_unknown');
  if (profile.hash !== hash) throw new ProtocolError('profile_mismatch');
  return profile;
}

/**
 * Reads a submitted record again. A record that the rules reject still gives its keys where it can: what was blinded can
 * then be told from what should have been.
 */
export function recompute(record: RequestRecord, rules: RequestRules): RecomputedRecord {
  const understood = understandRequest(record, rules);
  if (understood.kind === 'keys') return { keys: understood.keys, fault: undefined };
  const canonical = rules.profile.canonicalise(record, 'requester', rules.today);
  const keys = canonical.kind === 'rejected' ? [] : rules.profile.requestKeys(canonical);
  return { keys, fault: understood.code };
}

/** What the records of a request come to when they are read again, in counts: it names nobody. */
export class Recount {
  readonly #orders = new OrderDates();
  readonly #failures = new Map<string, number>();
  #records = 0;
  #keys = 0;

  /** Counts one record. */
  add(record: RequestRecord, keys: number, failure: string | undefined): void {
    this.#records++;
    this.#keys += keys;
    this.#orders.add(record);
    if (failure !== undefined) this.#failures.set(failure, (this.#failures.get(failure) ?? 0) + 1);
  }

  get records(): number {
    return this.#records;
  }

  get keys(): number {
    return this.#keys;
  }

  /** By code, the most frequent first; equally frequent ones by their codes. */
  get failures(): readonly CountOfFailures[] {
    return [...this.#failures]
      .map(([code, records]) => ({ code, records }))
      .sort((a, b) => b.records - a.records || (a.code < b.code ? -1 : 1));
  }

  /** Whether the manifest counts these records, and says the days of their orders. */
  mismatches({ request }: StoredRequest): ManifestMismatch[] {
    const { manifest } = request;
    return [
      ...(this.#records === manifest.records ? [] : ['records' as const]),
      ...(this.#orders.fit(manifest.orders) ? [] : ['orders' as const]),
    ];
  }
}
