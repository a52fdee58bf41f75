import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KEYS } from '../src/profile-us-name-address-2/definition.ts';
import { usNameAddress2 } from '../src/profile-us-name-address-2/profile.ts';
import type { MatchKey } from '../src/profile.ts';
import type { PersonRecord } from '../src/record.ts';
import { TIERS } from '../src/tier.ts';
import { understandPerson, understandRequest } from '../src/understand.ts';
import { personWith, requestWith } from './records.ts';

const RULES = { profile: usNameAddress2, tiers: TIERS, today: { year: 2026, month: 11, day: 22 } };

function keysOnFile(record: Partial<PersonRecord>): readonly MatchKey[] {
  const person = understandPerson(personWith(record), RULES);
  return person.kind === 'keys' ? person.keys : [];
}

function keysAsked(record: Partial<PersonRecord>): readonly MatchKey[] {
  const request = understandRequest(requestWith(record), { ...RULES, minimumOrderAgeDays: 0 });
  return request.kind === 'keys' ? request.keys : [];
}

const names = [
  'Maria',
  'José Luis',
  'J.',
  'Bill',
  'María del Carmen',
  'Thi Lan',
  'Mary Ann Sue',
  "De'Andre",
  '王',
];
const surnames = [
  'Lopez',
  'Lopez Ruiz',
  'de la Cruz García',
  "O'Brien",
  'Ng',
  'De la O',
  'Smith Jr.',
  'Al-Masri',
  'Lopez R.',
];
const streets = [
  '1204 Walnut St',
  '350 W 42nd St Apt 4',
  'PO Box 12',
  'RR 2 Box 30',
  '12 1/2 E St',
  'Calle Luna 12',
];

/** Records that are accepted, of every form that a key knows. */
const real: fc.Arbitrary<Partial<PersonRecord>> = fc.record({
  givenName: fc.constantFrom(...names),
  middleName: fc.constantFrom('', '', 'Luis', 'V.', 'NMN', 'del Carmen'),
  surname: fc.constantFrom(...surnames),
  dateOfBirth: fc.constantFrom('', '1980-05-17', '5/7/1950'),
  street: fc.constantFrom(...streets),
  street2: fc.constantFrom('', '', '# 5', 'Bldg B Apt 2'),
  postcode: fc.constantFrom('', '62704', '00907-1234'),
});

/** Any text at all, beside what is real. */
const anything: fc.Arbitrary<Partial<PersonRecord>> = fc
  .tuple(
    real,
    fc.dictionary(
      fc.constantFrom('givenName', 'middleName', 'surname', 'street', 'street2', 'city'),
      fc.string({ unit: 'binary', maxLength: 20 }),
      { maxKeys: 3 },
    ),
  )
  .map(([record, changes]) => ({ ...record, ...changes }));

const partsOf = new Map(KEYS.map(({ name, parts }) => [name, parts.length]));

describe('for any record', () => {
  it('what is asked meets what is on file on every key that is asked', () => {
    fc.assert(
      fc.property(real, (record) => {
        const asked = keysAsked(record);
        const onFile = new Set(keysOnFile(record).map(({ value }) => value));
        const met = asked.filter(({ value }) => onFile.has(value)).map(({ name }) => name);
        expect(asked.length).toBeGreaterThan(0);
        expect(new Set(met)).toEqual(new Set(asked.map(({ name }) => name)));
      }),
    );
  });

  it('a record is accepted on both sides or on none where its date of birth can be read', () => {
    fc.assert(
      fc.property(anything, (record) => {
        expect(keysAsked(record).length === 0).toBe(keysOnFile(record).length === 0);
      }),
    );
  });

  it('there are at most as many keys as the profile says, and none twice', () => {
    fc.assert(
      fc.property(anything, (record) => {
        const sides = [
          [keysOnFile(record), usNameAddress2.maxKeysPerPerson],
          [keysAsked(record), usNameAddress2.maxKeysPerRequest],
        ] as const;
        for (const [keys, most] of sides) {
          expect(keys.length).toBeLessThanOrEqual(most);
          expect(new Set(keys.map(({ value }) => value)).size).toBe(keys.length);
        }
      }),
    );
  });

  it('a key holds its id, its name and its parts, each of them in ASCII and not empty', () => {
    fc.assert(
      fc.property(anything, (record) => {
        for (const { name, value } of [...keysOnFile(record), ...keysAsked(record)]) {
          const [id, keyName, ...parts] = value.split('\u001f');
          expect([id, keyName, parts.length]).toEqual(['us-name-address/2', name, partsOf.get(name)]);
          for (const part of parts) expect(part).toMatch(/^[A-Z0-9 #+/?-]+$/);
        }
      }),
    );
  });

  it('a request asks in one tier, that of its date of birth', () => {
    fc.assert(
      fc.property(real, (record) => {
        const tiers = new Set(keysAsked(record).map(({ tier }) => tier));
        expect([...tiers]).toEqual([record.dateOfBirth === '' ? 'name_address' : 'name_address_dob']);
      }),
    );
  });

  it('a person on file whose date of birth is known is found in both tiers', () => {
    fc.assert(
      fc.property(real, (record) => {
        const tiers = new Set(keysOnFile(record).map(({ tier }) => tier));
        expect([...tiers]).toEqual(record.dateOfBirth === '' ? ['name_address'] : TIERS);
      }),
    );
  });
});
