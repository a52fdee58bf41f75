import { expect, it } from 'vitest';
import { tellingFields } from '../src/telling-fields.ts';
import { DEFAULT_PROFILE } from '../src/profiles.ts';
import { personWith } from './records.ts';

it.each<[string, Record<string, string>, string[]]>([
  ['has a value', { surname: 'LOPEZ', unit: '' }, ['surname']],
  ['is not the whole of which it is a part', { surname: 'LOPEZ', first_surname: 'LOPEZ' }, ['surname']],
  [
    'differs from it',
    { surname: 'LOPEZRUIZ', first_surname: 'LOPEZ', given_name: 'BILL', first_name: 'WILLIAM' },
    ['surname', 'first_surname', 'given_name', 'first_name'],
  ],
  [
    'is no end of a box, which is all of it',
    { street: 'POBOX 12', street_beginning: 'POBOX 12', street_end: 'POBOX 12' },
    ['street'],
  ],
  [
    'has the value of a field that it is no part of',
    { city: 'MARIA', given_name: 'MARIA' },
    ['city', 'given_name'],
  ],
])('a field tells a reader something that %s', (_, fields, names) => {
  expect(tellingFields(fields).map(([name]) => name)).toEqual(names);
});

it('knows the fields of the default profile', () => {
  const canonical = DEFAULT_PROFILE.canonicalise(personWith(), 'holder', { year: 2026, month: 11, day: 22 });
  if (canonical.kind === 'rejected') throw new Error(canonical.reason);
  expect(tellingFields(canonical.fields).map(([name]) => name)).toEqual([
    'given_name',
    'surname',
    'street',
    'street_beginning',
    'street_end',
    'city',
    'state',
    'postcode',
  ]);
});
