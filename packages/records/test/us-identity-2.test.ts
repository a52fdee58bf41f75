import { describe, expect, it } from 'vitest';
import { usNameAddress2 } from '../src/profile-us-name-address-2/profile.ts';
import type { PersonRecord } from '../src/record.ts';
import { TIERS } from '../src/tier.ts';
import { understandPerson } from '../src/understand.ts';
import { personWith } from './records.ts';

type Changes = Partial<PersonRecord>;

/** Whether two rows of the holder's file are taken for one person. */
function areOne(one: Changes, other: Changes): boolean {
  const rules = { profile: usNameAddress2, tiers: TIERS, today: { year: 2026, month: 11, day: 22 } };
  const [a, b] = [one, other].map((changes) => understandPerson(personWith(changes), rules));
  if (a?.kind !== 'keys' || b?.kind !== 'keys') throw new Error('A record is rejected.');
  return a.identity === b.identity;
}

const born: Changes = { dateOfBirth: '1980-05-17' };

describe('two rows on file are one person', () => {
  it.each<[string, Changes, Changes]>([
    ['that are equal', born, born],
    ['of a former address', born, { ...born, street: '77 Oak Ave' }],
    ['of a former surname', born, { ...born, surname: 'Garcia' }],
    ['of a nickname', { ...born, givenName: 'William' }, { ...born, givenName: 'Bill' }],
    [
      'of a second given name in one only',
      { ...born, givenName: 'Peter Paul' },
      { ...born, givenName: 'Peter' },
    ],
    ['of a doubled letter', { ...born, givenName: 'Ana' }, { ...born, givenName: 'Anna' }],
    ['of transposed letters', { ...born, givenName: 'Elizabeth' }, { ...born, givenName: 'Elizabteh' }],
    ['of a date of birth in two forms', born, { dateOfBirth: '5/17/1980' }],
    ['that are equal without a date of birth', {}, {}],
    ['of an address in two forms', {}, { street: '12 MAIN STREET' }],
    ['of a wrong ZIP code', {}, { postcode: '62740' }],
  ])('%s', (_, one, other) => {
    expect(areOne(one, other)).toBe(true);
  });
});

describe('two rows on file are two people', () => {
  it.each<[string, Changes, Changes]>([
    ['who are twins', born, { ...born, givenName: 'Elena' }],
    [
      'who are twins and share their first given name',
      { ...born, givenName: 'María Teresa' },
      { ...born, givenName: 'María Elena' },
    ],
    [
      'who are twins and share the syllable of their generation',
      { ...born, givenName: 'Min Jun' },
      { ...born, givenName: 'Min Seo' },
    ],
    // The price of it: this may well be one person.
    [
      'whose second given name is known of one only, beside a first that many share',
      { ...born, givenName: 'José Luis' },
      { ...born, givenName: 'José' },
    ],
    ['who are father and son', born, { dateOfBirth: '1950-02-03' }],
    ['whose names have the same letters', { ...born, givenName: 'Ronald' }, { ...born, givenName: 'Roland' }],
    ['of whom one has no date of birth', born, {}],
    ['without a date of birth, of other surnames', {}, { surname: 'Lopez Ruiz' }],
    ['without a date of birth, Sr. and Jr.', { surname: 'Lopez Sr' }, { surname: 'Lopez Jr' }],
    ['without a date of birth, in other units', { street2: 'Apt 4' }, { street2: 'Apt 5' }],
    ['without a date of birth, in other streets', {}, { street: '12 Mainland St' }],
  ])('%s', (_, one, other) => {
    expect(areOne(one, other)).toBe(false);
  });
});
