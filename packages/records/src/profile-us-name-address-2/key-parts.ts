import type { Side } from '../profile.ts';
import type { CanonicalFields } from './canonical-fields.ts';
import type { KeyPart } from './definition.ts';
import { soundex } from './soundex.ts';

/** The values that each part of a key has for one record. */
export function keyParts(fields: CanonicalFields, side: Side): (part: KeyPart) => readonly string[] {
  return (part) => VALUES[part](fields, side);
}

type Values = (fields: CanonicalFields, side: Side) => readonly string[];

const VALUES: Readonly<Record<KeyPart, Values>> = {
  given_letters: givenLetters,
  letters_pair: letterPairs,
  name_pair_both_surnames: pairsOfBothSurnames,
  whole_name_pair: ({ given_name, surname }) => [pair(given_name, surname)],
  given_name: ({ given_name }) => (given_name.length === 1 ? [] : [given_name]),
  surname_sound: ({ surname, first_surname }) => [
    soundex(first_surname) + soundex(surname.slice(first_surname.length)),
  ],
  generation: ({ generation }) => [generation === '' ? '-' : generation],
  date_of_birth: ({ date_of_birth }) => [date_of_birth],
  birth_year: ({ date_of_birth }) => [date_of_birth.slice(0, 4)],
  birth_month_day: ({ date_of_birth }) => [date_of_birth.slice(5)],
  street_beginning: ({ street_beginning }) => [street_beginning],
  street_end: ({ street_end }) => [street_end],
  unit: ({ unit }) => [`#${unit}`],
  unit_if_known: unitIfKnown,
  postcode: ({ postcode }) => [postcode],
  city: ({ city }) => [city],
  state: ({ state }) => [state],
};

/**
 * The letters of a given name in their order in the alphabet, neighbours of one kind once: what a transposed or doubled letter
 * does not change. With it counts the given name with the middle name (one office's "Jose", "Luis" is the
 * other's "Jose Luis"), and on file the middle name alone, by which some people go. An initial has none: beside it no
 * surname is in the key.
 */
function givenLetters({ formal_given_name, middle_name }: CanonicalFields, side: Side): readonly string[] {
  if (formal_given_name.length === 1) return [];
  const given = letters(formal_given_name);
  if (middle_name === '') return [given];
  const both = letters(formal_given_name + middle_name);
  return side === 'holder' ? [given, both, letters(middle_name)] : [given, both];
}

function letters(name: string): string {
  return [...name.replace(/(.)\1+/g, '$1')].sort().join('');
}

/**
 * The letters of the given name and of the first surname, in either order: a name whose fields were exchanged is the
 * same name.
 */
function letterPairs(fields: CanonicalFields): readonly string[] {
  const { formal_given_name, first_surname, shorter_given_name, surname_in_given_name } = fields;
  const written = pair(letters(formal_given_name), letters(first_surname));
  return surname_in_given_name === ''
    ? [written]
    : [written, pair(letters(shorter_given_name), letters(surname_in_given_name))];
}

function pairsOfBothSurnames(fields: CanonicalFields, side: Side): readonly string[] {
  const { given_name, surname, first_surname, shorter_given_name, surname_in_given_name } = fields;
  const written = surnamesIfKnown(surname, first_surname, side).map((family) => pair(given_name, family));
  if (surname_in_given_name === '') return written;
  const shifted = surnamesIfKnown(surname_in_given_name + surname, surname_in_given_name, side);
  return [...written, ...shifted.map((family) => pair(shorter_given_name, family))];
}

/**
 * The surnames so that one who writes both meets one who writes the first, but never one who writes another second. "A?" says
 * that no second is on file.
 */
function surnamesIfKnown(surname: string, first: string, side: Side): readonly string[] {
  const isOne = surname === first;
  if (side === 'holder') return isOne ? [first, `${first}?`] : [surname, first];
  return isOne ? [first] : [surname, `${first}?`];
}

/** The unit so that one who writes it meets one who leaves it out, but never one who writes another. "#?" is asked by who knows none. */
function unitIfKnown({ unit }: CanonicalFields, side: Side): readonly string[] {
  if (side === 'holder') return unit === '' ? ['#'] : [`#${unit}`, '#?'];
  return unit === '' ? ['#', '#?'] : [`#${unit}`, '#'];
}

function pair(one: string, other: string): string {
  return one < other ? `${one}+${other}` : `${other}+${one}`;
}
