import { parseLeaf, type LeafOf, type LogLeaf, type ProblemCode } from '@blindmatch/protocol';
import { KeyedRows } from './keyed-rows.ts';
import { dayOf, isWithin, type Period } from './period.ts';
import { plus } from './sum.ts';

/** Requests and what they asked for in sum. */
export interface Tally {
  readonly requests: number;
  readonly records: number;
  readonly elements: number;
}

/** What one requester was answered under one statute on one day; null stands for those that no policy listed. */
export interface DayOfUse extends Tally {
  readonly requester: string;
  readonly statute: string | null;
  readonly day: string;
  /** Records of the largest of these requests. */
  readonly largest: number;
}

/**
 * What one requester was answered in one epoch under one statute, from the epoch's beginning to the end of the period; of
 * epochs in which the requester was answered in the period.
 */
interface EpochOfUse extends Tally {
  readonly requester: string;
  readonly statute: string | null;
  readonly epochId: string;
}

/** What became of one requester's requests that had to wait for an approval. */
interface Waits {
  readonly requester: string;
  readonly suspended: number;
  readonly approved: number;
  readonly denied: number;
  readonly expired: number;
  /** Still waiting when the period ended. */
  readonly waiting: number;
}

/**
 * Refusals of one code. The requester is null where no allowed official had signed; their records and elements are not
 * summed, since strangers write what they like there.
 */
interface Refusals extends Tally {
  readonly requester: string | null;
  readonly code: ProblemCode;
}

/** What the log says of a period. Everything is of the period unless it says otherwise. */
export interface Facts {
  readonly period: Period;
  /** Entries of the log. */
  readonly entries: number;
  readonly days: readonly DayOfUse[];
  readonly purposes: readonly (Tally & { readonly requester: string; readonly purpose: string | null })[];
  readonly epochsOfUse: readonly EpochOfUse[];
  readonly refusals: readonly Refusals[];
  /** Requests without an allowed official's signature that were refused and only counted. */
  readonly unidentified: number;
  readonly waits: readonly Waits[];
  readonly approvers: readonly {
    readonly approver: string;
    readonly approved: number;
    readonly denied: number;
    /** Accountings. */
    readonly waived: number;
  }[];
  /** Who signed what was accepted, by the key's fingerprint. */
  readonly signers: readonly (Tally & {
    readonly key: string;
    readonly role: 'official' | 'certifier';
    readonly requester: string;
  })[];
  /** Requests that were finished, and whose accounting came or was waived, by requester. */
  readonly completions: readonly {
    readonly requester: string;
    readonly finished: number;
    readonly accounted: number;
    readonly waived: number;
  }[];
  readonly policies: readonly { readonly time: string; readonly policy: string }[];
  /** The last policy that was put in force before the period; undefined where there was none. */
  readonly policyBefore: string | undefined;
  readonly epochs: readonly LeafOf<'epoch'>[];
  /** Numbers of all epochs ever served, by their ids. */
  readonly epochNumbers: ReadonlyMap<string, number>;
}

/** Whose request this is (digest as text); undefined where that is not known. */
export type RequesterOf = (request: string) => Promise<string | undefined>;

/** Stands for a requester that is not known any more. */
export const UNKNOWN_REQUESTER = '(not known)';

/**
 * Reads a log from its first leaf to its last and counts what it says of the period. All of it is read, since what waits
 * or counts against the quota of an epoch may be older than the period. Needs memory for each requester, statute and
 * day with an accepted request, for each key that signed, and for each request that waits; not for each leaf.
 *
 * @throws ProtocolError `log_invalid` for a leaf that is none
 */
export async function gatherFacts(
  leaves: AsyncIterable<{ readonly leaf: Uint8Array }>,
  period: Period,
  requesterOf: RequesterOf,
): Promise<Facts> {
  const gathering = new Gathering(period, requesterOf);
  for await (const { leaf } of leaves) await gathering.add(parseLeaf(leaf));
  return gathering.facts();
}

interface Sums {
  requests: number;
  records: number;
  elements: number;
  largest: number;
}

const noSums = (): Sums => ({ requests: 0, records: 0, elements: 0, largest: 0 });
const noWaits = (): { -readonly [name in keyof Omit<Waits, 'requester'>]: number } => ({
  suspended: 0,
  approved: 0,
  denied: 0,
  expired: 0,
  waiting: 0,
});

class Gathering {
  readonly #period: Period;
  readonly #requesterOf: RequesterOf;
  /** Requests that wait at this point of the log, with their requesters. */
  readonly #waiting = new Map<string, string>();
  readonly #days = new KeyedRows<[requester: string, statute: string | null, day: string], Sums>(noSums);
  readonly #purposes = new KeyedRows<[requester: string, purpose: string | null], Sums>(noSums);
  readonly #epochsOfUse = new KeyedRows<[requester: string, statute: string | null, epochId: string], Sums>(
    noSums,
  );
  readonly #refusals = new KeyedRows<[requester: string | null, code: ProblemCode], Sums>(noSums);
  readonly #signers = new KeyedRows<[requester: string, role: 'official' | 'certifier', key: string], Sums>(
    noSums,
  );
  readonly #waits = new KeyedRows<[requester: string], ReturnType<typeof noWaits>>(noWaits);
  readonly #approvers = new KeyedRows<
    [approver: string],
    { approved: number; denied: number; waived: number }
  >(() => ({ approved: 0, denied: 0, waived: 0 }));
  readonly #completions = new KeyedRows<
    [requester: string],
    { finished: number; accounted: number; waived: number }
  >(() => ({ finished: 0, accounted: 0, waived: 0 }));
  /** Requesters with the epochs in which they were answered in the period. */
  readonly #usedWithin = new Set<string>();
  readonly #policies: { time: string; policy: string }[] = [];
  readonly #epochs: LeafOf<'epoch'>[] = [];
  readonly #epochNumbers = new Map<string, number>();
  #policyBefore: string | undefined;
  #entries = 0;
  #unidentified = 0;

  constructor(period: Period, requesterOf: RequesterOf) {
    this.#period = period;
    this.#requesterOf = requesterOf;
  }

  async add(leaf: LogLeaf): Promise<void> {
    // What comes after the period changes nothing in it.
    if (dayOf(leaf.time) > this.#period.to) return;
    const within = isWithin(this.#period, leaf.time);
    if (within) this.#entries += 1;
    switch (leaf.type) {
      case 'accepted':
        this.#accepted(leaf, within);
        break;
      case 'pending':
        this.#waiting.set(leaf.request, leaf.requester);
        if (within) this.#waits.at(leaf.requester).suspended += 1;
        break;
      case 'approval':
        await this.#decided(leaf, within);
        break;
      case 'refused':
        this.#refused(leaf, within);
        break;
      case 'unidentified':
        if (within) this.#unidentified += leaf.requests;
        break;
      case 'finished':
        if (within) this.#completions.at(await this.#whose(leaf.request)).finished += 1;
        break;
      case 'accounting':
        if (within) this.#completions.at(await this.#whose(leaf.request)).accounted += 1;
        break;
      case 'policy':
        if (within) this.#policies.push({ time: leaf.time, policy: leaf.policy });
        else this.#policyBefore = leaf.policy;
        break;
      case 'epoch':
        this.#epochNumbers.set(leaf.epoch_id, leaf.epoch);
        if (within) this.#epochs.push(leaf);
        break;
    }
  }

  facts(): Facts {
    for (const requester of this.#waiting.values()) this.#waits.at(requester).waiting += 1;
    return {
      period: this.#period,
      entries: this.#entries,
      days: this.#days.rows(([requester, statute, day]) => ({ requester, statute, day })),
      purposes: this.#purposes.rows(([requester, purpose]) => ({ requester, purpose })),
      epochsOfUse: this.#epochsOfUse
        .rows(([requester, statute, epochId]) => ({ requester, statute, epochId }))
        .filter(({ requester, epochId }) => this.#usedWithin.has(JSON.stringify([requester, epochId]))),
      refusals: this.#refusals.rows(([requester, code]) => ({ requester, code })),
      unidentified: this.#unidentified,
      waits: this.#waits.rows(([requester]) => ({ requester })),
      approvers: this.#approvers.rows(([approver]) => ({ approver })),
      signers: this.#signers.rows(([requester, role, key]) => ({ requester, role, key })),
      completions: this.#completions.rows(([requester]) => ({ requester })),
      policies: this.#policies,
      policyBefore: this.#policyBefore,
      epochs: this.#epochs,
      epochNumbers: this.#epochNumbers,
    };
  }

  #accepted(leaf: LeafOf<'accepted'>, within: boolean): void {
    const { requester, statute } = leaf;
    // An approved request waits no more; one that was accepted without an approval after a change of policy neither.
    this.#waiting.delete(leaf.request);
    addTo(this.#epochsOfUse.at(requester, statute, leaf.epoch_id), leaf);
    if (!within) return;
    this.#usedWithin.add(JSON.stringify([requester, leaf.epoch_id]));
    addTo(this.#days.at(requester, statute, dayOf(leaf.time)), leaf);
    addTo(this.#purposes.at(requester, leaf.purpose), leaf);
    for (const key of leaf.officials) addTo(this.#signers.at(requester, 'official', key), leaf);
    for (const key of leaf.certifiers) addTo(this.#signers.at(requester, 'certifier', key), leaf);
  }

  async #decided({ request, approver, decision }: LeafOf<'approval'>, within: boolean): Promise<void> {
    if (decision === 'accounting_waived') {
      if (!within) return;
      this.#completions.at(await this.#whose(request)).waived += 1;
      this.#approvers.at(approver).waived += 1;
      return;
    }
    const requester = this.#waiting.get(request);
    this.#waiting.delete(request);
    if (!within) return;
    this.#waits.at(requester ?? (await this.#whose(request)))[decision] += 1;
    this.#approvers.at(approver)[decision] += 1;
  }

  #refused(leaf: LeafOf<'refused'>, within: boolean): void {
    // The first such refusal ends the waiting; later ones only say it again to whoever asks.
    if (leaf.code === 'approval_expired') {
      const requester = this.#waiting.get(leaf.request);
      this.#waiting.delete(leaf.request);
      if (within && requester !== undefined) this.#waits.at(requester).expired += 1;
    }
    if (!within) return;
    const counts = leaf.requester === null ? { records: 0, elements: 0 } : leaf;
    addTo(this.#refusals.at(leaf.requester, leaf.code), counts);
  }

  async #whose(request: string): Promise<string> {
    return (await this.#requesterOf(request)) ?? UNKNOWN_REQUESTER;
  }
}

function addTo(sums: Sums, { records, elements }: Pick<Tally, 'records' | 'elements'>): void {
  sums.requests += 1;
  sums.records = plus(sums.records, records);
  sums.elements = plus(sums.elements, elements);
  sums.largest = Math.max(sums.largest, records);
}
