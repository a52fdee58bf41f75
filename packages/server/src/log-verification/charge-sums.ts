import type { Charge, Ledger, Limit, LimitScope } from '@blindmatch/ledger';

/** One sum of charges: what it is about, as a charge that adds to it alone, and how much it is. */
interface ChargeSum {
  readonly scope: LimitScope;
  readonly charge: Charge;
  readonly records: number;
}

/** A limit that the sums exceed. */
export interface Excess {
  readonly limit: Limit;
  readonly records: number;
}

/** A sum that the ledger has otherwise. */
export interface ChargeDifference {
  readonly scope: LimitScope;
  readonly requester: string;
  readonly counted: number;
  readonly charged: number;
}

const SCOPES: readonly LimitScope[] = ['day', 'epoch', 'statute_day', 'statute_epoch', 'investigator_epoch'];

/**
 * What requesters are charged, added up from the log alone: the slow twin of the ledger's sums. It grows with requesters,
 * days, epochs, statutes and investigators, not with requests.
 */
export class ChargeSums {
  readonly #sums = new Map<string, ChargeSum>();

  /** Adds an accepted request's charge. Gives the limits that it exceeds. */
  add(charge: Charge, limits: readonly Limit[]): readonly Excess[] {
    const reached = new Map<LimitScope, number>();
    for (const scope of SCOPES) {
      for (const part of partsOf(charge, scope)) {
        const key = keyOf(part, scope);
        const records = (this.#sums.get(key)?.records ?? 0) + addedBy(part, scope);
        this.#sums.set(key, { scope, charge: part, records });
        reached.set(scope, Math.max(records, reached.get(scope) ?? 0));
      }
    }
    return limits.flatMap((limit): Excess[] => {
      const records = reached.get(limit.scope) ?? 0;
      return records > limit.records ? [{ limit, records }] : [];
    });
  }

  /** Compares every sum with the ledger's. */
  async *differences(ledger: Ledger): AsyncGenerator<ChargeDifference> {
    for (const { scope, charge, records } of this.#sums.values()) {
      const charged = await ledger.charged(charge, scope);
      const { requester } = charge;
      if (charged !== records) yield { scope, requester, counted: records, charged };
    }
  }
}

/** A charge as charges of one sum each: one for each investigator where the scope is theirs. */
function partsOf(charge: Charge, scope: LimitScope): readonly Charge[] {
  if (scope !== 'investigator_epoch') return [charge];
  return [...charge.investigators].map((share) => ({ ...charge, investigators: new Map([share]) }));
}

function addedBy({ records, investigators }: Charge, scope: LimitScope): number {
  return scope === 'investigator_epoch' ? ([...investigators.values()][0] ?? 0) : records;
}

function keyOf({ requester, epoch, day, statute, investigators }: Charge, scope: LimitScope): string {
  const period = scope.endsWith('day') ? day : epoch;
  const subject = scope.startsWith('statute')
    ? statute
    : scope === 'investigator_epoch'
      ? [...investigators.keys()][0]
      : null;
  return JSON.stringify([requester, scope, period, subject]);
}
