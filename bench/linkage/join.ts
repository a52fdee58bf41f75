import type { PersonRecord, RequestRecord, Tier } from '@blindmatch/records';
import { understandRequest } from '@blindmatch/records';
import { UsageError } from '../core/usage.ts';
import { houseOf, isSameHouse } from './house.ts';
import { originOf, type SurnameOrigins } from './origin.ts';
import { placeOfKey, type PeopleOnFile } from './people-on-file.ts';
import { Tally, type Hit, type Outcome } from './tally.ts';
import type { Truth } from './truth.ts';

/** How many record ids are named of each fault. */
const NAMED = 20;

/** What must not happen to a record, however it was written. The first record ids of each. */
export interface Faults {
  readonly rejectedSame: readonly string[];
  readonly acceptedIncomplete: readonly string[];
  readonly confirmedMoved: readonly string[];
  readonly confirmedAbsent: readonly string[];
  /** `same`, confirmed by another person's row only. */
  readonly confirmedByOthers: readonly string[];
}

/** The tallies of one tier: all requests, with and without a date of birth, and by the origin of the name. */
type Groups = ReadonlyMap<string, Tally>;

export interface Join {
  readonly tiers: ReadonlyMap<Tier, Groups>;
  readonly faults: Faults;
  /** All tiers together. */
  readonly total: Tally;
}

/**
 * Ask about each request as the programs do, with the keys in plain text, and compare with the truth.
 * @throws RecordsError; UsageError for a request that the truth doesn't know, or a row that the file has not
 */
export async function joinRequests(
  requests: AsyncIterable<RequestRecord>,
  truths: ReadonlyMap<string, Truth>,
  people: PeopleOnFile,
  origins: SurnameOrigins,
): Promise<Join> {
  const { profile, tiers } = people.rules;
  const newTally = (): Tally => new Tally(profile.keys.length);
  const groupsOfTier = new Map<Tier, Map<string, Tally>>(tiers.map((tier) => [tier, new Map()]));
  const faults = {
    rejectedSame: [],
    acceptedIncomplete: [],
    confirmedMoved: [],
    confirmedAbsent: [],
    confirmedByOthers: [],
  };
  const total = newTally();
  for await (const request of requests) {
    const truth = truthOf(truths, request.recordId, people.rows);
    const { tier, outcome } = ask(request, truth, people);
    noteFaults(faults, request.recordId, outcome);
    total.add(outcome);
    const groups = groupsOfTier.get(tier);
    if (groups === undefined) continue;
    const origin = truth.origin ?? originOf(request.surname, request.givenName, origins);
    const date = hasDateOfBirth(request) ? 'with date of birth' : 'without date of birth';
    for (const name of ['all', date, `origin ${origin}`]) {
      const tally = groups.get(name) ?? newTally();
      groups.set(name, tally);
      tally.add(outcome);
    }
  }
  return {
    tiers: new Map([...groupsOfTier].map(([tier, groups]) => [tier, ordered(groups)])),
    faults,
    total,
  };
}

function truthOf(truths: ReadonlyMap<string, Truth>, id: string, rows: number): Truth {
  const truth = truths.get(id);
  if (truth === undefined)
    throw new UsageError(
      `--truth says nothing of record "${id}"; name the file that belongs to the requests.`,
    );
  if (truth.row > rows) {
    throw new UsageError(
      `--truth has row ${truth.row} for "${id}", but the holder's file has ${rows}; name the files of one population.`,
    );
  }
  return truth;
}

function hasDateOfBirth({ dateOfBirth }: PersonRecord): boolean {
  return /\d/.test(dateOfBirth);
}

function ask(
  request: RequestRecord,
  truth: Truth,
  people: PeopleOnFile,
): { readonly tier: Tier; readonly outcome: Outcome } {
  const { rules } = people;
  const understood = understandRequest(request, { ...rules, minimumOrderAgeDays: 0 });
  if (understood.kind === 'rejected') {
    return {
      tier: tierWanted(request, people),
      outcome: { requestClass: truth.requestClass, rejection: understood.code, elements: [], hits: [] },
    };
  }
  const house = houseOf(understood.fields);
  const elements: number[] = [];
  const hits: Hit[] = [];
  for (const { name, tier, value } of understood.keys) {
    elements.push(placeOfKey(rules, name, tier));
    for (const { key, row } of people.confirmedBy(value)) {
      const isOwn = truth.requestClass === 'same' && row === truth.row;
      hits.push({ key, isOwn, isSameHouse: isSameHouse(house, people.house(row)) });
    }
  }
  return {
    tier: understood.tier,
    outcome: { requestClass: truth.requestClass, rejection: undefined, elements, hits },
  };
}

/** The tier in which a rejected request would have been asked. */
function tierWanted(request: PersonRecord, { rules }: PeopleOnFile): Tier {
  const isStrong = rules.profile.keys.some(({ tier }) => tier === 'name_address_dob');
  return isStrong && hasDateOfBirth(request) ? 'name_address_dob' : 'name_address';
}

function noteFaults(
  faults: Record<keyof Faults, string[]>,
  id: string,
  { requestClass, rejection, hits }: Outcome,
): void {
  const note = (kind: keyof Faults, isFault: boolean): void => {
    if (isFault && faults[kind].length < NAMED) faults[kind].push(id);
  };
  note('rejectedSame', requestClass === 'same' && rejection !== undefined);
  note('acceptedIncomplete', requestClass === 'incomplete' && rejection === undefined);
  note('confirmedMoved', requestClass === 'moved' && hits.length > 0);
  note('confirmedAbsent', requestClass === 'absent' && hits.length > 0);
  note('confirmedByOthers', requestClass === 'same' && hits.length > 0 && !hits.some(({ isOwn }) => isOwn));
}

/** All first, then by date of birth, then the origins by their names. */
function ordered(groups: ReadonlyMap<string, Tally>): Groups {
  const rank = (name: string): number => (name === 'all' ? 0 : name.startsWith('origin ') ? 2 : 1);
  return new Map([...groups].sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1)));
}
