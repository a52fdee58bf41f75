import type { PersonRecord } from '@blindmatch/records';
import { DEFAULT_PROFILE } from '@blindmatch/records';
import { expect, it } from 'vitest';
import { inTurn, madeUpPerson } from './made-up-people.ts';
import { dayOfPopulation, isoDay } from './population-day.ts';

const TODAY = { year: 2026, month: 11, day: 22 };

/** The day of a file on which people have these dates of birth. */
async function dayOf(...people: readonly Partial<PersonRecord>[]): Promise<string> {
  return isoDay(await dayOfPopulation(inTurn(people.map(madeUpPerson)), DEFAULT_PROFILE, TODAY));
}

it.each<[string, string, Partial<PersonRecord>[]]>([
  ['is today where all have been born', '2026-11-22', [{ dateOfBirth: '1980-05-17' }, { dateOfBirth: '' }]],
  ['is today of an empty file', '2026-11-22', []],
  [
    'is the latest birth to come',
    '2030-06-01',
    [{ dateOfBirth: '2030-06-01' }, { dateOfBirth: '2029-12-31' }],
  ],
  ['reads dates as the profile does', '2030-06-01', [{ dateOfBirth: '6/1/2030' }]],
  ['is later in this year as well', '2026-12-24', [{ dateOfBirth: '2026-12-24' }]],
  ['passes over a day that is none', '2026-11-22', [{ dateOfBirth: '2030-02-30' }]],
  ['passes over who gives no key', '2026-11-22', [{ dateOfBirth: '2030-06-01', street: '' }]],
])('the day of a population %s', async (_, day, people) => {
  expect(await dayOf(...people)).toBe(day);
});
