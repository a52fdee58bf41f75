import { describe, expect, it } from 'vitest';
import { usNameAddress2 } from '../src/profile-us-name-address-2/profile.ts';
import type { PersonRecord } from '../src/record.ts';
import { TIERS } from '../src/tier.ts';
import { understandPerson, understandRequest } from '../src/understand.ts';
import { personWith, requestWith } from './records.ts';

const RULES = { profile: usNameAddress2, tiers: TIERS, today: { year: 2026, month: 11, day: 22 } };

const [GIVEN, STATE, YEAR, BIRTHDAY] = [
  'given_dob_street_zip',
  'name_dob_street_state',
  'name_year_street_zip',
  'name_birthday_street_zip',
] as const;
const [ZIP, CITY, SOUND] = ['name_street_zip', 'name_street_city', 'name_sound_street_zip'] as const;
const ALL_WITH_BIRTH = [GIVEN, STATE, YEAR, BIRTHDAY] as const;
const ALL_WITHOUT = [ZIP, CITY, SOUND] as const;

type Changes = Partial<PersonRecord>;

/** Whom the pairs are about, but for the changes of a pair. */
const MARIA: Changes = { street: '1204 Walnut St', dateOfBirth: '1980-05-17' };

/** The names of the keys on which a person on file and a record of a request meet, in the order of the profile. */
function meeting(onFile: Changes, asked: Changes): string[] {
  const person = understandPerson(personWith({ ...MARIA, ...onFile }), RULES);
  const request = understandRequest(requestWith({ ...MARIA, ...asked }), {
    ...RULES,
    minimumOrderAgeDays: 0,
  });
  if (person.kind === 'rejected' || request.kind === 'rejected') throw new Error('A record is rejected.');
  const values = new Set(person.keys.map(({ value }) => value));
  const met = new Set(request.keys.filter(({ value }) => values.has(value)).map(({ name }) => name));
  return usNameAddress2.keys.map(({ name }) => name).filter((name) => met.has(name));
}

/** What is written, on file and in the request; the keys that meet where the request has the date of birth; and where not. */
type Pair = [
  what: string,
  onFile: Changes,
  asked: Changes,
  withBirth: readonly string[],
  without: readonly string[],
];

/** Both records as they are, and with the date of birth left out of the request. */
function itMeets(pairs: readonly Pair[]): void {
  it.each(pairs)('%s, with a date of birth', (_, onFile, asked, withBirth) => {
    expect(meeting(onFile, asked)).toEqual(withBirth);
  });

  it.each(pairs)('%s, without', (_, onFile, asked, _withBirth, without) => {
    expect(meeting(onFile, { ...asked, dateOfBirth: '' })).toEqual(without);
  });
}

/** Two people, who must not meet on any key. */
function itNeverMeets(pairs: readonly [what: string, onFile: Changes, asked: Changes][]): void {
  itMeets(pairs.map(([what, onFile, asked]) => [what, onFile, asked, [], []]));
}

describe('one person meets, whose name is written in two ways:', () => {
  itMeets([
    ['the same', {}, {}, ALL_WITH_BIRTH, ALL_WITHOUT],
    ['a surname that changed', {}, { surname: 'Garcia' }, [GIVEN], []],
    ['a misspelt surname', {}, { surname: 'Lopes' }, [GIVEN], [SOUND]],
    ['transposed letters of the surname', {}, { surname: 'Loepz' }, [GIVEN, STATE], [SOUND]],
    [
      'transposed letters of the given name',
      { givenName: 'Elizabeth' },
      { givenName: 'Elizabteh' },
      [GIVEN, STATE],
      [],
    ],
    [
      'a doubled letter of the given name',
      { givenName: 'Ramona' },
      { givenName: 'Ramonna' },
      [GIVEN, STATE],
      [],
    ],
    ['a misspelt surname that is short', { surname: 'Ross' }, { surname: 'Rosse' }, [GIVEN], []],
    ['a second surname in the request only', {}, { surname: 'Lopez Ruiz' }, ALL_WITH_BIRTH, [ZIP]],
    ['a second surname on file only', { surname: 'Lopez Ruiz' }, {}, ALL_WITH_BIRTH, [ZIP]],
    [
      'two surnames on both sides',
      { surname: 'Lopez Ruiz' },
      { surname: 'Lopez-Ruiz' },
      ALL_WITH_BIRTH,
      ALL_WITHOUT,
    ],
    ['exchanged fields', {}, { givenName: 'Lopez', surname: 'Maria' }, [STATE, YEAR, BIRTHDAY], [ZIP, CITY]],
    [
      'a first surname in the field of the given name',
      { surname: 'Lopez Ruiz' },
      { givenName: 'Maria Lopez', surname: 'Ruiz' },
      [GIVEN],
      [ZIP],
    ],
    ['a nickname', { givenName: 'William' }, { givenName: 'Bill' }, ALL_WITH_BIRTH, []],
    ['a scanned digit', {}, { surname: 'L0pez' }, ALL_WITH_BIRTH, ALL_WITHOUT],
  ]);
});

describe('one person meets, of whose given names one is left out:', () => {
  const both = { givenName: 'Peter Paul' };
  const beside = { givenName: 'Peter', middleName: 'Paul' };
  const first = { givenName: 'Peter' };
  itMeets([
    ['the second, in the request', both, first, ALL_WITH_BIRTH, []],
    ['the second, on file', first, both, ALL_WITH_BIRTH, []],
    ['neither, the second in its own field', both, beside, ALL_WITH_BIRTH, [ZIP]],
    ['the middle name, in the request', beside, first, ALL_WITH_BIRTH, ALL_WITHOUT],
    ['the second but for its initial', both, { givenName: 'Peter P.' }, ALL_WITH_BIRTH, [ZIP]],
    // Brothers who share their second name would meet as well.
    ['but not the first, in the request', both, { givenName: 'Paul' }, [], []],
    ['nor the first, on file', { givenName: 'Paul' }, both, [], []],
  ]);
});

describe('one person meets, whose first given name is one that brothers and sisters share:', () => {
  const both = { givenName: 'José Luis' };
  const first = { givenName: 'José' };
  itMeets([
    ['the second left out in the request', both, first, [GIVEN], []],
    ['the second left out on file', first, both, [GIVEN], []],
    ['the second in its own field', both, { ...first, middleName: 'Luis' }, ALL_WITH_BIRTH, [ZIP]],
    ['the second but for its initial', both, { givenName: 'José L.' }, ALL_WITH_BIRTH, [ZIP]],
    [
      'the initial of its particle',
      { givenName: 'María', middleName: 'del Carmen' },
      { givenName: 'María', middleName: 'D.' },
      [GIVEN],
      ALL_WITHOUT,
    ],
    ['a surname that changed', both, { ...both, surname: 'Garcia' }, [GIVEN], []],
    [
      'longer syllables written as one',
      { givenName: 'Young-Hee' },
      { givenName: 'Younghee' },
      ALL_WITH_BIRTH,
      ALL_WITHOUT,
    ],
    [
      'syllables written as one',
      { givenName: 'Min-Jun' },
      { givenName: 'Minjun' },
      ALL_WITH_BIRTH,
      ALL_WITHOUT,
    ],
  ]);
});

describe('one person meets, whose address is written in two ways:', () => {
  itMeets([
    ['a unit that is missing in the request', { street2: 'Apt 4' }, {}, [STATE], []],
    ['a unit that is missing on file', {}, { street2: 'Apt 4' }, [STATE], []],
    ['a wrong ZIP code', {}, { postcode: '62740' }, [STATE], [CITY]],
    ['no ZIP code', {}, { postcode: '' }, [STATE], [CITY]],
    ['a wrong city', {}, { city: 'Chatham' }, ALL_WITH_BIRTH, [ZIP, SOUND]],
    ['a wrong city and ZIP code', {}, { city: 'Chatham', postcode: '62740' }, [STATE], []],
    ['a misspelt beginning of the street', {}, { street: '1204 Wlanut St' }, [STATE], []],
    ['a misspelt end of the street', {}, { street: '1204 Walnit St' }, [GIVEN, YEAR, BIRTHDAY], ALL_WITHOUT],
    [
      'a grid in two forms',
      { street: '100 N 500 W' },
      { street: '100 North 500 West' },
      ALL_WITH_BIRTH,
      ALL_WITHOUT,
    ],
    ['a box', { street: 'PO Box 12' }, { street: 'P.O. Box 12' }, ALL_WITH_BIRTH, ALL_WITHOUT],
    [
      'a box without ZIP code',
      { street: 'PO Box 12' },
      { street: 'PO Box 12', postcode: '' },
      [STATE],
      [CITY],
    ],
    [
      'but no box without a city and ZIP code on one side',
      { street: 'PO Box 12', postcode: '' },
      { street: 'PO Box 12', city: '' },
      [],
      [],
    ],
    [
      'an urbanization that is left out, where there is a date of birth',
      { street: 'URB Las Lomas 12 Calle 3' },
      { street: '12 Calle 3' },
      ALL_WITH_BIRTH,
      [],
    ],
    ['another suffix and a directional', {}, { street: '1204 N Walnut Ave' }, ALL_WITH_BIRTH, ALL_WITHOUT],
  ]);
});

describe('one person meets, whose date of birth is wrong:', () => {
  it.each<[string, string, readonly string[]]>([
    ['in its month', '1980-06-17', [YEAR]],
    ['in its day', '1980-05-18', [YEAR]],
    ['in its year', '1981-05-17', [BIRTHDAY]],
    ['in all three', '1981-06-18', []],
    ['as a first of January of the same year', '1980-01-01', [YEAR]],
  ])('%s', (_, dateOfBirth, keys) => {
    expect(meeting({}, { dateOfBirth })).toEqual(keys);
  });

  it('or not on file: only where the request leaves it out', () => {
    expect(meeting({ dateOfBirth: '' }, {})).toEqual([]);
    expect(meeting({ dateOfBirth: '' }, { dateOfBirth: '' })).toEqual(ALL_WITHOUT);
  });
});

describe('two people of one household never meet:', () => {
  itNeverMeets([
    ['twins', {}, { givenName: 'Elena' }],
    ['twins who share their first given name', { givenName: 'José Luis' }, { givenName: 'José Carlos' }],
    ['twins who share the syllable of their generation', { givenName: 'Min Jun' }, { givenName: 'Min Seo' }],
    ['twins of one longer syllable', { givenName: 'Young Jin' }, { givenName: 'Young Hee' }],
    ['twins who share a Muslim first name', { givenName: 'Noor Fatima' }, { givenName: 'Noor Aisha' }],
    ['brothers, both Miguel', { givenName: 'Miguel Angel' }, { givenName: 'Miguel Tomas' }],
    ['brothers who share their second name', { givenName: 'Peter Paul' }, { givenName: 'John Paul' }],
    ['someone called by the second name of another', { givenName: 'Peter Paul' }, { givenName: 'Paul' }],
    ['twins whose names have the same letters', { givenName: 'Christian' }, { givenName: 'Christina' }],
    [
      'twins whose names have the same letters, before one second name',
      { givenName: 'Christian Lee' },
      { givenName: 'Christina Lee' },
    ],
    ['brothers whose names have the same letters', { givenName: 'Ronald' }, { givenName: 'Roland' }],
    ['sisters whose names have the same letters', { givenName: 'Amy' }, { givenName: 'Mya' }],
    ['a sibling', { dateOfBirth: '1983-01-30' }, { givenName: 'Elena' }],
    ['husband and wife', { dateOfBirth: '1978-11-02', givenName: 'Mario' }, {}],
    [
      'brothers who share their first name',
      { givenName: 'José Luis', dateOfBirth: '1983-01-30' },
      { givenName: 'José Carlos' },
    ],
    [
      'father Sr. and son Jr.',
      { givenName: 'Juan', surname: 'Lopez Sr', dateOfBirth: '1950-02-03' },
      { givenName: 'Juan', surname: 'Lopez Jr' },
    ],
    [
      'a father without a suffix and a son Jr.',
      { givenName: 'Juan', dateOfBirth: '1950-02-03' },
      { givenName: 'Juan', surname: 'Lopez Jr' },
    ],
    [
      'a son Jr. who shares his birthday with his father',
      { givenName: 'Juan', dateOfBirth: '1950-05-17' },
      { givenName: 'Juan', surname: 'Lopez Jr' },
    ],
  ]);

  it('father and son of one name, with their dates of birth', () => {
    expect(meeting({ dateOfBirth: '1950-02-03' }, {})).toEqual([]);
  });

  it('father and son of one name, whose dates of birth are both a first of January', () => {
    expect(meeting({ dateOfBirth: '1950-01-01' }, { dateOfBirth: '1980-01-01' })).toEqual([]);
  });

  it.each<[string, Changes, Changes]>([
    [
      'whose given names are one but for transposed letters',
      { givenName: 'Daniela' },
      { givenName: 'Adelina' },
    ],
    ['of whom one is known by an initial', { givenName: 'M.' }, { givenName: 'M.' }],
    ['of whose surname only an initial is known', { surname: 'L.' }, { surname: 'L.' }],
  ])('two %s, by a part of the date of birth', (_, onFile, asked) => {
    for (const dateOfBirth of ['1980-06-18', '1950-05-17']) {
      expect(meeting(onFile, { ...asked, dateOfBirth })).toEqual([]);
    }
  });
});

describe('two people of two addresses never meet:', () => {
  itNeverMeets([
    ['neighbours', {}, { givenName: 'Elena', surname: 'Diaz', street: '1206 Walnut St' }],
    ['of one name, next door', {}, { street: '1206 Walnut St' }],
    ['of one name, in another unit', { street2: 'Apt 4' }, { street2: 'Apt 5' }],
    ['of one name, in another street', {}, { street: '1204 Oak St' }],
    ['of one name, in another box', { street: 'PO Box 12' }, { street: 'PO Box 21' }],
    [
      'of one name, in box 12 of two towns',
      { street: 'PO Box 12' },
      { street: 'PO Box 12', city: 'Chatham', postcode: '62629' },
    ],
    [
      'of one name, on route 2 of two towns',
      { street: 'RR 2 Box 30' },
      { street: 'RR 2 Box 30', city: 'Chatham', postcode: '62629' },
    ],
    ['of one name, in another quarter of a grid', { street: '100 N 500 W' }, { street: '100 S 500 W' }],
    ['of one name, on another side of a grid', { street: '100 N 500 W' }, { street: '100 N 500 E' }],
    ['of one name, in streets of one number and two letters', { street: '12 500 N' }, { street: '12 500 E' }],
    [
      'of surnames that are short and sound alike',
      { surname: 'Chen', givenName: 'Wei Li', dateOfBirth: '1950-02-03' },
      { surname: 'Chan', givenName: 'Wei Li' },
    ],
    ['of one name, in another state', {}, { state: 'MO', postcode: '' }],
  ]);
});

describe('an initial never meets a name that is written out:', () => {
  itNeverMeets([
    ['a given name in the request', {}, { givenName: 'M.' }],
    ['a given name on file', { givenName: 'M.' }, {}],
    ['another initial', { givenName: 'M.' }, { givenName: 'J.' }],
  ]);

  itMeets([
    ['but the same initial', { givenName: 'M.' }, { givenName: 'M' }, [STATE], [ZIP, CITY]],
    ['nor is a surname one, of which a key asks nothing', {}, { surname: 'L.' }, [GIVEN], []],
  ]);
});

describe('two people can not be told apart, which is a limit of the profile:', () => {
  itMeets([
    [
      'father and son of one name who write no suffix: without a date of birth',
      { givenName: 'Juan', dateOfBirth: '1950-02-03' },
      { givenName: 'Juan' },
      [],
      ALL_WITHOUT,
    ],
    [
      'father and son of one name and one birthday who write no suffix',
      { givenName: 'Juan', dateOfBirth: '1950-05-17' },
      { givenName: 'Juan' },
      [BIRTHDAY],
      ALL_WITHOUT,
    ],
    [
      'twins who share a first given name that is none of those that siblings share',
      { givenName: 'Peter Paul' },
      { givenName: 'Peter John' },
      [STATE, YEAR, BIRTHDAY],
      [],
    ],
    [
      'twins whose second given names begin alike, beside a first that siblings share',
      { givenName: 'María Teresa' },
      { givenName: 'María Tomasa' },
      ALL_WITH_BIRTH,
      [ZIP],
    ],
    [
      'people of one birth date whose second surnames differ',
      { surname: 'Lopez Ruiz' },
      { surname: 'Lopez Diaz' },
      ALL_WITH_BIRTH,
      [],
    ],
    [
      'twins whose names have the same letters and are not in the table of such names',
      { givenName: 'Daniela' },
      { givenName: 'Adelina' },
      [GIVEN, STATE],
      [],
    ],
    [
      'people of one name and one birth date in two streets of a ZIP code that begin alike',
      {},
      { street: '1204 Walters St' },
      [GIVEN, YEAR, BIRTHDAY],
      ALL_WITHOUT,
    ],
    [
      'people of one name and one birth date in two urbanizations of a ZIP code',
      { street: 'URB Las Lomas 12 Calle 3' },
      { street: 'URB Valle Verde 12 Calle 3' },
      ALL_WITH_BIRTH,
      [],
    ],
  ]);
});
