import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_PROFILE } from '../src/profiles.ts';
import { keysBeyondName, type RegisteredName } from '../src/registered-name.ts';
import { understandPerson, understandRequest } from '../src/understand.ts';
import { personWith, requestWith } from './records.ts';

const rules = {
  profile: DEFAULT_PROFILE,
  tiers: ['name_address_dob', 'name_address'] as const,
  minimumOrderAgeDays: 0,
  today: { year: 2026, month: 11, day: 20 },
};

/** `given/middle/surname` */
function nameOf(text: string): RegisteredName {
  const [givenName = '', middleName = '', surname = ''] = text.split('/');
  return { givenName, middleName, surname };
}

const BIRTH = ['', '1990-04-12'];

function beyond(asked: string, registered: string, dateOfBirth: string): readonly string[] {
  const record = requestWith({ ...nameOf(asked), dateOfBirth });
  const understood = understandRequest(record, rules);
  if (understood.kind === 'rejected') throw new Error(understood.code);
  return keysBeyondName(record, understood.keys, nameOf(registered), rules).map(({ value }) => value);
}

/** Whether some person on file with that name, address and date of birth shares one of the keys. */
function finds(keys: readonly string[], name: string, dateOfBirth: string): boolean {
  const person = understandPerson(personWith({ ...nameOf(name), dateOfBirth }), rules);
  return person.kind === 'keys' && person.keys.some(({ value }) => keys.includes(value));
}

describe.each(BIRTH)('a registered name, of a record with the date of birth %j', (born) => {
  it.each([
    ['is written otherwise', 'María//LÓPEZ', 'maria//Lopez'],
    ['is written in one word', 'Maria//Delacruz', 'Maria//de la Cruz'],
    ['has a nickname in place of its formal name', 'Bill//Smith', 'William//Smith'],
    ['has a nickname and the middle name', 'Bill/Ray/Smith', 'William/Ray/Smith'],
    ['lacks the middle name', 'Maria//Lopez', 'Maria/Ines/Lopez'],
    ['has the initial of the middle name', 'John/R./Lopez', 'John/Robert/Lopez'],
    ['has the second given name as the middle one', 'Jose/Luis/Lopez', 'Jose Luis//Lopez'],
    ['lacks the second given name', 'Jose//Lopez', 'Jose Luis//Lopez'],
    ['lacks the second surname', 'Maria//Lopez', 'Maria//Lopez Garcia'],
    ['lacks the generation', 'John//Smith', 'John//Smith Jr'],
    ['knows the generation', 'John//Smith Jr', 'John//Smith'],
  ])('bears out one that %s', (_, asked, registered) => {
    expect(beyond(asked, registered, born)).toEqual([]);
  });

  it.each([
    ['has another given name', 'Maria//Lopez', 'Mario//Lopez'],
    ['has another generation', 'John//Smith Jr', 'John//Smith Sr'],
    ['has a further word in the given name', 'John Jones//Smith', 'John//Smith'],
    ['has a middle name that the registry lacks', 'Maria/Ines/Lopez', 'Maria//Lopez'],
    ['has another name behind an initial', 'J. Peter//Smith', 'John//Smith'],
  ])('does not bear out one that %s', (_, asked, registered) => {
    expect(beyond(asked, registered, born)).not.toEqual([]);
  });

  it('bears out nothing where it is none', () => {
    for (const registered of ['//', 'Unknown//Unknown', '//Lopez', 'Maria//']) {
      expect(beyond('Maria//Lopez', registered, born)).not.toEqual([]);
    }
  });

  it('bears out itself', () => {
    const word = fc.constantFrom(
      'Maria',
      'Jose',
      'John',
      'Bill',
      'Anna',
      'Xiao',
      'Min',
      'de',
      'la',
      'J.',
      'Jr',
    );
    const names = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(names, fc.oneof(names, fc.constant('')), names, (given, middle, surname) => {
        const name = `${given}/${middle}/${surname}`;
        const record = requestWith({ ...nameOf(name), dateOfBirth: born });
        const understood = understandRequest(record, rules);
        if (understood.kind === 'keys') expect(beyond(name, name, born)).toEqual([]);
      }),
    );
  });
});

describe('a second surname and the place of a middle name', () => {
  it.each([
    ['a further surname', 'Maria//Lopez Garcia', 'Maria//Lopez'],
    ['a middle name taken for a surname', 'John Jones//Smith', 'John/Jones/Smith'],
  ])('count where no date of birth stands in the keys: %s', (_, asked, registered) => {
    expect(beyond(asked, registered, '')).not.toEqual([]);
    expect(beyond(asked, registered, '1990-04-12')).toEqual([]);
  });
});

describe('a record under the order of John Smith that slides another surname into the given name', () => {
  it('would find John Jones, and the keys that would are those that the name does not bear out', () => {
    const keys = beyond('John Jones//Smith', 'John//Smith', '');
    expect(finds(keys, 'John//Jones', '')).toBe(true);
  });
});
