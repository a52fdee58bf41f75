import type { Caps, Requester } from '../policy/policy.ts';
import type { Facts } from './facts.ts';
import { daysOf, lengthOf, monthOf, monthsOf } from './period.ts';

/** How much of one cap was used at most. */
export interface CapUse {
  readonly requester: string;
  /** What is capped, in words. */
  readonly cap: string;
  readonly limit: number;
  /** The most that was charged. */
  readonly most: number;
  /** When or where that was; undefined where nothing was charged. */
  readonly when: string | undefined;
}

/** Charges over time beside the cap that they are held to. */
export interface UseOverTime {
  readonly cap: string;
  readonly limit: number;
  readonly categoriesAre: string;
  readonly categories: readonly string[];
  readonly records: readonly number[];
}

/** More days than this are shown as months. */
export const MOST_DAYS_DRAWN = 45;

/** The use of every cap that the log can tell the use of; the caps are those of the policy in force now. */
export function capUse(facts: Facts, { name, caps }: Requester): CapUse[] {
  const use = (cap: string, limit: number | undefined, charges: ReadonlyMap<string, number>): CapUse[] => {
    if (limit === undefined) return [];
    const most = largest(charges);
    return [{ requester: name, cap, limit, most: most?.[1] ?? 0, when: most?.[0] }];
  };
  return [
    ...use('records a request', caps.recordsPerRequest, largestRequests(facts, name)),
    ...use('records a day', caps.recordsPerDay, chargedByDay(facts, name)),
    ...use('records an epoch', caps.recordsPerEpoch, chargedByEpoch(facts, name)),
    ...caps.statutes.flatMap(({ statute, recordsPerDay, recordsPerEpoch }) => [
      ...use(`records a day under ${statute}`, recordsPerDay, chargedByDay(facts, name, statute)),
      ...use(`records an epoch under ${statute}`, recordsPerEpoch, chargedByEpoch(facts, name, statute)),
    ]),
  ];
}

/** The use of a requester's caps of a day and of an epoch, as far as it has such caps. */
export function useOverTime(
  facts: Facts,
  { name, caps }: { readonly name: string; readonly caps: Caps },
): UseOverTime[] {
  const uses: UseOverTime[] = [];
  if (caps.recordsPerDay !== undefined) uses.push(dailyUse(facts, name, caps.recordsPerDay));
  const epochs = chargedByEpoch(facts, name);
  if (caps.recordsPerEpoch !== undefined && epochs.size > 0) {
    uses.push({
      cap: 'cap of an epoch',
      limit: caps.recordsPerEpoch,
      categoriesAre: 'epoch',
      categories: [...epochs.keys()],
      records: [...epochs.values()],
    });
  }
  return uses;
}

function dailyUse(facts: Facts, requester: string, limit: number): UseOverTime {
  const charged = chargedByDay(facts, requester);
  const cap = 'cap of a day';
  if (lengthOf(facts.period) <= MOST_DAYS_DRAWN) {
    const categories = daysOf(facts.period);
    const records = categories.map((day) => charged.get(day) ?? 0);
    return { cap, limit, categoriesAre: 'day (UTC)', categories, records };
  }
  const categories = monthsOf(facts.period);
  const highest = new Map<string, number>();
  for (const [day, records] of charged) {
    highest.set(monthOf(day), Math.max(highest.get(monthOf(day)) ?? 0, records));
  }
  const records = categories.map((month) => highest.get(month) ?? 0);
  return { cap, limit, categoriesAre: 'month; each bar is the month’s highest day', categories, records };
}

function largestRequests({ days }: Facts, name: string): Map<string, number> {
  const largestOf = new Map<string, number>();
  for (const { requester, day, largest: records } of days) {
    if (requester === name) largestOf.set(day, Math.max(largestOf.get(day) ?? 0, records));
  }
  return largestOf;
}

function chargedByDay({ days }: Facts, name: string, under?: string): Map<string, number> {
  const charged = new Map<string, number>();
  for (const { requester, statute, day, records } of days) {
    if (requester !== name || (under !== undefined && statute !== under)) continue;
    charged.set(day, (charged.get(day) ?? 0) + records);
  }
  return charged;
}

/** Of the epochs in which something was charged in the period, all that was charged up to its end. */
function chargedByEpoch(
  { epochsOfUse, epochNumbers }: Facts,
  name: string,
  under?: string,
): Map<string, number> {
  const charged = new Map<number, number>();
  for (const { requester, statute, epochId, records } of epochsOfUse) {
    if (requester !== name || (under !== undefined && statute !== under)) continue;
    const epoch = epochNumbers.get(epochId) ?? 0;
    charged.set(epoch, (charged.get(epoch) ?? 0) + records);
  }
  return new Map(
    [...charged]
      .sort(([left], [right]) => left - right)
      .map(([epoch, records]) => [`epoch ${epoch}`, records]),
  );
}

function largest(charges: ReadonlyMap<string, number>): readonly [string, number] | undefined {
  let most: readonly [string, number] | undefined;
  for (const charge of charges) if (most === undefined || charge[1] > most[1]) most = charge;
  return most;
}
