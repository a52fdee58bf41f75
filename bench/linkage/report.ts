import type { Tier } from '@blindmatch/records';
import type { Machine } from '../core/machine.ts';
import { extrapolate, type Extrapolated, type KeyCollisions } from './collisions.ts';
import { clopperPearson, type Interval } from './interval.ts';
import type { Faults, Join } from './join.ts';
import type { FileFigures, PeopleOnFile } from './people-on-file.ts';
import type { ClassFigures, KeyFigures, Tally } from './tally.ts';
import type { RequestClass } from './truth.ts';

/** A share, with the interval of Clopper and Pearson at 95 %. */
export interface Share {
  readonly count: number;
  readonly of: number;
  /** NaN, and null in JSON, of nothing. */
  readonly share: number;
  readonly interval: Interval;
}

/** What one key did in a group of requests. */
interface KeyReport extends KeyFigures {
  readonly name: string;
  /** Of all `same`, those that this key alone finds. */
  readonly recallAlone: number;
  /** Recall that it adds to the keys before it in the profile. */
  readonly recallAdded: number;
  /** Recall that would be lost without it. */
  readonly recallLost: number;
  readonly elementsPerRecord: number;
}

/** One group of the requests of a tier. */
export interface GroupReport {
  readonly group: string;
  readonly requests: number;
  readonly elementsPerRecord: number;
  readonly classes: Readonly<Record<RequestClass, ClassFigures>>;
  /** `same` confirmed by their own row; those rejected count as not found. */
  readonly recall: Share;
  readonly wrongAbsent: Share;
  readonly wrongMoved: Share;
  /** Right ones among the confirmations, at the stated match rate. */
  readonly precision: number;
  /** The same with the upper bound of wrong confirmations. */
  readonly precisionAtLeast: number;
  readonly keys: readonly KeyReport[];
}

/** What strangers do, in the whole country, to one absent request. */
interface CollisionReport extends KeyCollisions, Extrapolated {
  readonly name: string;
}

export interface TierReport {
  readonly tier: Tier;
  readonly groups: readonly GroupReport[];
  readonly collisions: readonly CollisionReport[];
  /** Sums over the keys: a stranger who shares two of them counts twice. */
  readonly strangers: Extrapolated;
  /** Absent requests that somebody who can be of the house confirms; it doesn't grow with the file. */
  readonly household: Share;
}

export interface LinkageReport extends Machine {
  readonly profile: string;
  readonly profileHash: string;
  readonly today: string;
  readonly matchRate: number;
  readonly peopleExtrapolated: number;
  readonly file: FileFigures & {
    readonly tokensPerPerson: number;
    readonly keys: readonly {
      readonly name: string;
      readonly tier: Tier;
      readonly tokensPerPerson: number;
      readonly ambiguous: number;
    }[];
  };
  readonly requests: {
    readonly all: number;
    readonly elementsPerRecord: number;
    readonly classes: Readonly<Record<RequestClass, ClassFigures>>;
  };
  readonly tiers: readonly TierReport[];
  readonly faults: Faults;
}

export interface Assumptions {
  readonly today: string;
  readonly matchRate: number;
  readonly peopleExtrapolated: number;
}

/** All figures of a run. */
export function reportOf(
  people: PeopleOnFile,
  join: Join,
  collisions: readonly KeyCollisions[],
  assumptions: Assumptions,
  machine: Machine,
): LinkageReport {
  const { profile } = people.rules;
  const { figures } = people;
  const perPerson = (tokens: number): number => quotient(tokens, figures.people);
  return {
    ...machine,
    profile: profile.id,
    profileHash: profile.hash,
    ...assumptions,
    file: {
      ...figures,
      tokensPerPerson: perPerson(figures.tokens.reduce((sum, count) => sum + count, 0)),
      keys: profile.keys.map(({ name, tier }, key) => ({
        name,
        tier,
        tokensPerPerson: perPerson(figures.tokens[key] ?? 0),
        ambiguous: figures.ambiguous[key] ?? 0,
      })),
    },
    requests: {
      all: join.total.requests,
      elementsPerRecord: quotient(join.total.elements, join.total.asked),
      classes: join.total.classes,
    },
    tiers: [...join.tiers].map(([tier, groups]) => {
      const ofTier = people.rules.profile.keys.map((key) => key.tier === tier);
      const named = collisions.map((counts, key) => ({
        name: profile.keys[key]?.name ?? '',
        ...counts,
        ...extrapolate(counts, assumptions.peopleExtrapolated),
      }));
      const ofKeys = named.filter((_, key) => ofTier[key]);
      const absent = groups.get('all')?.classes.absent;
      return {
        tier,
        groups: [...groups].map(([group, tally]) => groupReport(group, tally, people, tier, assumptions)),
        collisions: ofKeys,
        strangers: sumOf(ofKeys),
        household: shareOf(absent?.inTheHouse ?? 0, absent?.requests ?? 0),
      };
    }),
    faults: join.faults,
  };
}

function groupReport(
  group: string,
  tally: Tally,
  people: PeopleOnFile,
  tier: Tier,
  { matchRate }: Assumptions,
): GroupReport {
  const { same, absent, moved } = tally.classes;
  const recall = shareOf(same.confirmedByOwn, same.requests);
  const wrongAbsent = shareOf(absent.confirmed, absent.requests);
  return {
    group,
    requests: tally.requests,
    elementsPerRecord: quotient(tally.elements, tally.asked),
    classes: tally.classes,
    recall,
    wrongAbsent,
    wrongMoved: shareOf(moved.confirmed, moved.requests),
    precision: precisionAt(matchRate, recall.share, wrongAbsent.share),
    precisionAtLeast: precisionAt(matchRate, recall.share, wrongAbsent.interval[1]),
    keys: people.rules.profile.keys.flatMap((key, place) => {
      const figures = tally.keys[place];
      if (key.tier !== tier || figures === undefined) return [];
      return {
        name: key.name,
        ...figures,
        recallAlone: quotient(figures.own, same.requests),
        recallAdded: quotient(figures.added, same.requests),
        recallLost: quotient(figures.onlyOwn, same.requests),
        elementsPerRecord: quotient(figures.elements, tally.asked),
      };
    }),
  };
}

function quotient(part: number, whole: number): number {
  return whole === 0 ? NaN : part / whole;
}

function shareOf(count: number, of: number): Share {
  return { count, of, share: quotient(count, of), interval: clopperPearson(count, of) };
}

function sumOf(keys: readonly Extrapolated[]): Extrapolated {
  const sum = (name: keyof Extrapolated): number => keys.reduce((total, key) => total + key[name], 0);
  return {
    direct: sum('direct'),
    directUpper: sum('directUpper'),
    factored: sum('factored'),
    factoredUpper: sum('factoredUpper'),
  };
}

/**
 * The share of right ones among all confirmations, when a share `matchRate` of the requests is on file at that address and the
 * rest is absent.
 */
export function precisionAt(matchRate: number, recall: number, wrongAbsent: number): number {
  const [right, wrong] = [matchRate * recall, (1 - matchRate) * wrongAbsent];
  return quotient(right, right + wrong);
}
