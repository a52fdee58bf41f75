import type { Side } from '../profile.ts';
import type { CanonicalFields } from './canonical-fields.ts';
import type { KeyPart } from './definition.ts';
import { NAMES_OF_ONE_SET_OF_LETTERS } from './name-words.ts';
import { soundex } from './soundex.ts';

const ownLetters = new Set(NAMES_OF_ONE_SET_OF_LETTERS);

/** The values that each part of a key has for one record. */
export function keyParts(fields: CanonicalFields, side: Side): (part: KeyPart) => readonly string[] {
  return (part) => VALUES[part](fields, side);
}

type Values = (fields: CanonicalFields, side: Side) => readonly string[];

const VALUES: Readonly<Record<KeyPart, Values>> = {
  given_letters: givenLetters,
  letters_pair: lettersPair,
  formal_pair: formalPair,
  name_pair_both_surnames: pairsOfBothSurnames,
  whole_name_pair: ({ given_name, surname }) => [pair(given_name, surname)],
  given_name: ({ given_name }) => (given_name.length === 1 ? [] : [given_name]),
  surname_sound: surnameSound,
  generation: ({ generation }) => [generation === '' ? '-' : generation],
  date_of_birth: ({ date_of_birth }) => [date_of_birth],
  birth_year: ({ date_of_birth }) => [date_of_birth.slice(0, 4)],
  // The first of January is written for a date that nobody knows: it tells nobody apart.
  birth_month_day: ({ date_of_birth }) => [date_of_birth.endsWith('-01-01') ? '' : date_of_birth.slice(5)],
  street_beginning: ({ street_beginning }) => [street_beginning],
  street_end: ({ street_end }) => [street_end],
  street_in_urbanization: ({ street_beginning, urbanization }) => [
    `${street_beginning}${urbanization === '' ? '' : ` ${urbanization}`}`,
  ],
  unit: ({ unit }) => [`#${unit}`],
  unit_if_known: unitIfKnown,
  postcode: ({ postcode }) => [postcode],
  city: ({ city }) => [city],
  state: ({ state }) => [state],
};

/**
 * The first given name by its letters, and the second where both sides know one: one office's "Jose", "Luis" is the other's
 * "Jose Luis" and may be the third's "Jose", but never "Jose Carlos". "?" says that no second is on file. An initial is none:
 * beside it no surname is in the key.
 */
function givenLetters(fields: CanonicalFields, side: Side): readonly string[] {
  const { first_name, own_name, second_name } = fields;
  if (first_name.length === 1) return [];
  const first = sortedLetters(first_name);
  if (own_name === first_name && second_name === '') {
    return side === 'holder' ? [first, `${first}?`] : [first];
  }
  const both = own_name === first_name ? lettersOfBoth(first_name, second_name) : sortedLetters(own_name);
  return side === 'requester' ? [both, `${first}?`] : [both, first];
}

/** Of two names as of one, so that "Anna Lee" is "Annalee"; but CHRISTIAN is not CHRISTINA before a second name either. */
function lettersOfBoth(first: string, second: string): string {
  return ownLetters.has(first) ? first + sortedLetters(second) : sortedLetters(first + second);
}

/**
 * The letters of a name in their order in the alphabet, neighbours of one kind once: what a transposed or doubled letter does
 * not change. A name that is another with its letters in another order stays as it is.
 */
export function sortedLetters(name: string): string {
  if (ownLetters.has(name)) return name;
  return Array.from(name.replace(/(.)\1+/g, '$1'))
    .sort()
    .join('');
}

/**
 * The letters of the first given name and of the first surname, in either order: a name whose fields were exchanged is the
 * same name.
 */
function lettersPair({ own_name, first_surname }: CanonicalFields): readonly string[] {
  return [pair(sortedLetters(own_name), sortedLetters(first_surname))];
}

/** The formal first name and the first surname, in either order; not of an initial, which the birth date must tell apart in full. */
function formalPair({ own_name, first_surname }: CanonicalFields): readonly string[] {
  return own_name.length === 1 || first_surname.length === 1 ? [] : [pair(own_name, first_surname)];
}

/** The shortest surname that is compared by its sound: of shorter ones too many sound alike that are not (CHEN and CHAN). */
export const SHORTEST_SOUND = 5;

function surnameSound({ surname, first_surname }: CanonicalFields): readonly string[] {
  if (first_surname.length < SHORTEST_SOUND) return [];
  return [soundex(first_surname) + soundex(surname.slice(first_surname.length))];
}

/**
 * Given name and all surnames in either order; also the first given name with the initial of the second, because one office's
 * "Sarah Victoria" is the other's "Sarah V."; and with a surname that slid into the given name.
 */
function pairsOfBothSurnames(fields: CanonicalFields, side: Side): readonly string[] {
  const { given_name, name_and_initial, surname, first_surname, shorter_given_name, surname_in_given_name } =
    fields;
  const surnames = surnamesIfKnown(surname, first_surname, side);
  const pairs = surnames.map((family) => pair(given_name, family));
  if (name_and_initial !== '') for (const family of surnames) pairs.push(pair(name_and_initial, family));
  if (surname_in_given_name !== '') {
    const shifted = surnamesIfKnown(surname_in_given_name + surname, surname_in_given_name, side);
    for (const family of shifted) pairs.push(pair(shorter_given_name, family));
  }
  return pairs;
}

/**
 * The surnames so that who writes both meets who writes the first, but never who writes another second. "A?" is asked by
 * who knows one, and made of the first of two on file.
 */
function surnamesIfKnown(surname: string, first: string, side: Side): readonly string[] {
  const isOne = surname === first;
  if (side === 'holder') return isOne ? [first] : [surname, `${first}?`];
  return isOne ? [first, `${first}?`] : [surname, first];
}

/** The unit so that who writes it meets who leaves it out, but never who writes another. "#?" is asked by who knows none. */
function unitIfKnown({ unit }: CanonicalFields, side: Side): readonly string[] {
  if (side === 'holder') return unit === '' ? ['#'] : [`#${unit}`, '#?'];
  return unit === '' ? ['#', '#?'] : [`#${unit}`, '#'];
}

function pair(one: string, other: string): string {
  return one < other ? `${one}+${other}` : `${other}+${one}`;
}
