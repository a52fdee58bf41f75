import { describe, expect, it } from 'vitest';
import { PRESENT_YEAR } from './ages.ts';
import { makeHousehold } from './households.ts';
import type { Culture, Person } from './person.ts';
import { randomStreams } from './random.ts';
import { sharesOf } from './shares.ts';

const CULTURES: readonly [Culture, number][] = [
  ['european', 3],
  ['african_american', 1],
  ['hispanic', 3],
  ['chinese', 1],
  ['vietnamese', 1],
  ['korean', 1],
  ['filipino', 1],
  ['japanese', 1],
  ['south_asian', 1],
  ['arabic', 1],
  ['african', 1],
];
const streams = randomStreams('households', 'test');
const households = Array.from({ length: 6_000 }, (_, index) =>
  makeHousehold(streams(index), {
    cultures: sharesOf(CULTURES),
    namesakeSons: 0.1,
    twins: 0.02,
    withoutNamesakes: false,
  }),
);
const people = households.flat();
const birthName = ({ formerSurname, surname }: Person): string => formerSurname || surname;
const pairs = households.flatMap((household) =>
  household.flatMap((one, place) =>
    household.slice(place + 1).map((other): [Person, Person] => [one, other]),
  ),
);

describe('a household', () => {
  it('has from one to a dozen people, two and a half on average', () => {
    expect(Math.min(...households.map(({ length }) => length))).toBe(1);
    expect(Math.max(...households.map(({ length }) => length))).toBeLessThanOrEqual(16);
    expect(people.length / households.length).toBeGreaterThan(2);
    expect(people.length / households.length).toBeLessThan(3.2);
  });

  it('has people with names, born on days that exist in the last hundred and some years', () => {
    for (const { given, surname, born } of people) {
      expect(given).toMatch(/^\p{L}/u);
      expect(surname).toMatch(/\p{L}/u);
      const date = new Date(Date.UTC(born.year, born.month - 1, born.day));
      expect([date.getUTCMonth() + 1, date.getUTCDate()]).toEqual([born.month, born.day]);
      expect(born.year).toBeGreaterThan(PRESENT_YEAR - 110);
      expect(born.year).toBeLessThanOrEqual(PRESENT_YEAR);
    }
  });

  it('has sons named after their fathers, with and without a suffix, a generation younger', () => {
    const namesakes = pairs.filter(
      ([one, other]) =>
        one.given === other.given &&
        one.surname === other.surname &&
        one.sex === 'male' &&
        other.sex === 'male',
    );
    expect(namesakes.filter(([, son]) => son.generation === 'Jr').length).toBeGreaterThan(20);
    expect(namesakes.filter(([, son]) => son.generation === '').length).toBeGreaterThan(20);
    for (const [father, son] of namesakes)
      expect(Math.abs(son.born.year - father.born.year)).toBeGreaterThan(15);
    expect(
      pairs.filter(([father, son]) => father.generation === 'Sr' && son.generation === 'Jr').length,
    ).toBeGreaterThan(10);
  });

  it('has no child with a parent’s name where that is not done', () => {
    const bearers = pairs.filter(
      ([one, other]) => one.given === other.given && one.surname === other.surname && one.sex === other.sex,
    );
    const east = ['chinese', 'korean', 'vietnamese'];
    const ofParent = bearers.filter(
      ([one, other]) =>
        // Those who married in may have it by chance.
        east.includes(other.culture) && other.formerSurname === '' && one.born.year + 15 < other.born.year,
    );
    expect(bearers.length).toBeGreaterThan(50);
    expect(ofParent).toEqual([]);
  });

  it('has twins, of one surname and birthday and two given names', () => {
    const twins = pairs.filter(([one, other]) => one.born === other.born);
    expect(twins.length).toBeGreaterThan(30);
    for (const [one, other] of twins) {
      expect(birthName(one)).toBe(birthName(other));
      expect(one.given).not.toBe(other.given);
    }
  });

  it('has people with two surnames, compound given names and surnames changed by marriage', () => {
    const share = (test: (person: Person) => boolean): number => people.filter(test).length / people.length;
    expect(share(({ secondSurname }) => secondSurname !== '')).toBeGreaterThan(0.05);
    expect(share(({ given }) => given.includes(' '))).toBeGreaterThan(0.03);
    expect(share(({ formerSurname }) => formerSurname !== '')).toBeGreaterThan(0.03);
  });

  it('has surnames of about the entropy that they have in the country', () => {
    const counts = new Map<string, number>();
    const general = people.filter(({ culture }) => culture === 'european');
    for (const { surname } of general) counts.set(surname, (counts.get(surname) ?? 0) + 1);
    const commonest = Math.max(...counts.values()) / general.length;
    expect(commonest).toBeGreaterThan(0.004);
    expect(commonest).toBeLessThan(0.02);
    // Most surnames of a few thousand people are borne by a single household.
    expect(counts.size).toBeGreaterThan(general.length / 4);
  });
});
