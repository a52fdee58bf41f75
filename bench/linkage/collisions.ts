import type { PersonRecord } from '@blindmatch/records';
import { understandPerson } from '@blindmatch/records';
import { fingerprint } from './fingerprint.ts';
import { isSameHouse } from './house.ts';
import { poissonUpper } from './interval.ts';
import { KeyIndex, type Entry } from './key-index.ts';
import { placeOfKey, type PeopleOnFile } from './people-on-file.ts';

/** How many pairs of people of different houses share a value of one key, among how many pairs. */
interface SharedPairs {
  readonly pairs: number;
  readonly trials: number;
}

/** How likely two people who have nothing to do with each other share one key; README.md has the estimators. */
export interface KeyCollisions {
  /** On the file as it is. */
  readonly onFile: SharedPairs;
  /** With everybody at one address: the name's (and date's) part of it. */
  readonly names: SharedPairs;
  /** With everybody of one name and date of birth: the address's part of it. */
  readonly addresses: SharedPairs;
}

/** Expected wrong confirmations of an absent request by strangers, with an upper bound of 95 %. */
export interface Extrapolated {
  readonly direct: number;
  readonly directUpper: number;
  readonly factored: number;
  readonly factoredUpper: number;
}

const ADDRESS = {
  street: '4821 Linden Avenue',
  street2: '',
  city: 'Springfield',
  state: 'IL',
  postcode: '62704',
};

const NAME = { givenName: 'Margaret', middleName: '', surname: 'Quigley', dateOfBirth: '1970-05-17' };

/**
 * The pairs of people who share a value of each key, in the order of the profile, the pairs of a house left out. A pair with
 * two values in common counts twice, which errs on the safe side.
 */
function sharedPairs(
  groups: Iterable<readonly Entry[]>,
  keys: number,
  isHouse: (row: number, other: number) => boolean,
): number[] {
  const pairs = Array.from({ length: keys }, () => 0);
  for (const entries of groups) {
    entries.forEach(({ row, key }, index) => {
      for (const { row: other } of entries.slice(index + 1)) {
        if (row !== other && !isHouse(row, other)) pairs[key] = (pairs[key] ?? 0) + 1;
      }
    });
  }
  return pairs;
}

/**
 * The three counts for each key of the profile.
 * @param reread gives the records of the holder's file again
 * @param most so many rows of the file are taken for the parts; the whole file for the direct count
 * @param addresses other addresses than those on file, each of a place of its own; undefined for those on file
 * @throws RecordsError
 */
export async function countCollisions(
  people: PeopleOnFile,
  reread: () => AsyncIterable<PersonRecord>,
  most: number,
  addresses?: readonly PersonRecord[],
): Promise<KeyCollisions[]> {
  const isHouse = (row: number, other: number): boolean =>
    isSameHouse(people.house(row), people.house(other));
  const count = people.rules.profile.keys.length;
  const onFile = trialsOf(people.figures.people, sharedPairs(people.shared(), count, isHouse));
  const names = await rewritten(people, reread(), most, isHouse, (record) => ({ ...record, ...ADDRESS }));
  const ofOneName = (record: PersonRecord): PersonRecord => ({ ...record, ...NAME });
  const places =
    addresses === undefined
      ? await rewritten(people, reread(), most, isHouse, ofOneName)
      : amongAddresses(people, addresses.map(ofOneName));
  return onFile.map((shared, key) => {
    const [ofNames, ofPlaces] = [names[key], places[key]];
    if (ofNames === undefined || ofPlaces === undefined) throw new RangeError('Every key was counted.');
    return { onFile: shared, names: ofNames, addresses: ofPlaces };
  });
}

/** The keys of the file with each record changed, for the rows that are accepted as they are. */
async function rewritten(
  people: PeopleOnFile,
  records: AsyncIterable<PersonRecord>,
  most: number,
  isHouse: (row: number, other: number) => boolean,
  change: (record: PersonRecord) => PersonRecord,
): Promise<SharedPairs[]> {
  const index = new KeyIndex();
  let [row, taken] = [0, 0];
  for await (const record of records) {
    row++;
    if (!people.isAccepted(row)) continue;
    addKeys(index, people, change(record), row);
    taken++;
    if (taken === most) break;
  }
  return countedIn(index, people, taken, isHouse);
}

function amongAddresses(people: PeopleOnFile, records: readonly PersonRecord[]): SharedPairs[] {
  const index = new KeyIndex();
  records.forEach((record, row) => {
    addKeys(index, people, record, row);
  });
  return countedIn(index, people, records.length, () => false);
}

function addKeys(index: KeyIndex, { rules }: PeopleOnFile, record: PersonRecord, row: number): void {
  const understood = understandPerson(record, rules);
  if (understood.kind === 'rejected') return;
  for (const { name, tier, value } of understood.keys) {
    index.add({ value: fingerprint(value), row, key: placeOfKey(rules, name, tier) });
  }
}

function countedIn(
  index: KeyIndex,
  people: PeopleOnFile,
  taken: number,
  isHouse: (row: number, other: number) => boolean,
): SharedPairs[] {
  index.seal();
  return trialsOf(taken, sharedPairs(index.shared(), people.rules.profile.keys.length, isHouse));
}

function trialsOf(people: number, pairs: readonly number[]): SharedPairs[] {
  return pairs.map((count) => ({ pairs: count, trials: (people * (people - 1)) / 2 }));
}

/** What the counts of one key come to for so many people on file. */
export function extrapolate({ onFile, names, addresses }: KeyCollisions, people: number): Extrapolated {
  return {
    direct: people * rate(onFile),
    directUpper: people * upper(onFile, 0.95),
    factored: people * rate(names) * rate(addresses),
    // Both bounds hold together with 95 %, each with 97.5 %.
    factoredUpper: people * upper(names, 0.975) * upper(addresses, 0.975),
  };
}

function rate({ pairs, trials }: SharedPairs): number {
  return trials === 0 ? 0 : Math.min(1, pairs / trials);
}

function upper({ pairs, trials }: SharedPairs, confidence: number): number {
  return trials === 0 ? 1 : Math.min(1, poissonUpper(pairs, confidence) / trials);
}
