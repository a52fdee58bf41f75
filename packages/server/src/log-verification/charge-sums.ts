import type { Charge, ChargedSum, Ledger, Limit, LimitScope } from '@blindmatch/ledger';

/** A limit that the sums exceed. */
export interface Excess {
  readonly limit: Limit;
  readonly records: number;
}

/** A sum that the ledger has otherwise. */
export interface ChargeDifference {
  readonly scope: string;
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
  readonly #sums = new Map<string, ChargedSum>();

  /** Adds an accepted request's charge. Gives the limits that it exceeds. */
  add(charge: Charge, limits: readonly Limit[]): readonly Excess[] {
    const reached = new Map<LimitScope, number>();
    for (const scope of SCOPES) {
      for (const part of partsOf(charge, scope)) {
        const sum = sumOf(part, scope);
        const key = keyOf(sum);
        const records = (this.#sums.get(key)?.records ?? 0) + sum.records;
        this.#sums.set(key, { ...sum, records });
        reached.set(scope, Math.max(records, reached.get(scope) ?? 0));
      }
    }
    return limits.flatMap((limit): Excess[] => {
      const records = reached.get(limit.scope) ?? 0;
      return records > limit.records ? [{ limit, records }] : [];
    });
  }

  /** Compares all sums with all of the ledger's: one that nothing adds up to uses up a quota. */
  async *differences(ledger: Pick<Ledger, 'kept'>): AsyncGenerator<ChargeDifference> {
    const missing = new Map(this.#sums);
    for await (const sum of ledger.kept.sums()) {
      const key = keyOf(sum);
      missing.delete(key);
      const { scope, requester, records: charged } = sum;
      const counted = this.#sums.get(key)?.records ?? 0;
      if (charged !== counted) yield { scope, requester, counted, charged };
    }
    for (const { scope, requester, records: counted } of missing.values())
      yield { scope, requester, counted, charged: 0 };
  }
}

/** What an accepted request is charged, as one text. */
export function chargeText(requestId: string, charge: Charge): string {
  const { requester, epoch, day, statute, records, investigators } = charge;
  const shares = [...investigators].sort(([left], [right]) => (left < right ? -1 : 1));
  return JSON.stringify([requestId, requester, epoch, day, statute, records, shares]);
}

/** A charge as charges of one sum each: one for each investigator where the scope is theirs. */
function partsOf(charge: Charge, scope: LimitScope): readonly Charge[] {
  if (scope !== 'investigator_epoch') return [charge];
  return [...charge.investigators].map((share) => ({ ...charge, investigators: new Map([share]) }));
}

/** The sum that a part of a charge adds to, with what it adds. */
function sumOf(
  { requester, epoch, day, statute, records, investigators }: Charge,
  scope: LimitScope,
): ChargedSum {
  const period = scope.endsWith('day') ? day : String(epoch);
  if (scope === 'investigator_epoch') {
    const [subject, share] = [...investigators][0] ?? ['', 0];
    return { requester, scope, period, subject, records: share };
  }
  return { requester, scope, period, subject: scope.startsWith('statute') ? statute : '', records };
}

function keyOf({ requester, scope, period, subject }: ChargedSum): string {
  return JSON.stringify([requester, scope, period, subject]);
}
