import type { KeyDefinition, PartDefinition } from '../key-definition.ts';

export const PROFILE_ID = 'us-name-address/2';

/**
 * The revision of the rules of this profile as code. It goes up whenever a change of code changes a key of any record, so that
 * the profile's hash changes with it.
 */
export const RULES_REVISION = 1;

/** The parts of the profile's keys; key-parts.ts makes them. */
export type KeyPart =
  | 'given_letters'
  | 'letters_pair'
  | 'formal_pair'
  | 'name_pair_both_surnames'
  | 'whole_name_pair'
  | 'given_name'
  | 'surname_sound'
  | 'generation'
  | 'date_of_birth'
  | 'birth_year'
  | 'birth_month_day'
  | 'street_beginning'
  | 'street_end'
  | 'street_in_urbanization'
  | 'unit'
  | 'unit_if_known'
  | 'postcode'
  | 'city'
  | 'state';

export const PARTS: Readonly<Record<KeyPart, PartDefinition>> = {
  given_letters: { kind: 'given', mostOnFile: 2, mostInRequest: 2 },
  letters_pair: { kind: 'name', mostOnFile: 1, mostInRequest: 1 },
  formal_pair: { kind: 'name', mostOnFile: 1, mostInRequest: 1 },
  name_pair_both_surnames: { kind: 'name', mostOnFile: 6, mostInRequest: 6 },
  whole_name_pair: { kind: 'name', mostOnFile: 1, mostInRequest: 1 },
  given_name: { kind: 'given', mostOnFile: 1, mostInRequest: 1 },
  surname_sound: { kind: 'surname', mostOnFile: 1, mostInRequest: 1 },
  generation: { kind: 'generation', mostOnFile: 1, mostInRequest: 1 },
  date_of_birth: { kind: 'birth', mostOnFile: 1, mostInRequest: 1 },
  birth_year: { kind: 'birth', mostOnFile: 1, mostInRequest: 1 },
  birth_month_day: { kind: 'birth', mostOnFile: 1, mostInRequest: 1 },
  street_beginning: { kind: 'street', mostOnFile: 1, mostInRequest: 1 },
  street_end: { kind: 'street', mostOnFile: 1, mostInRequest: 1 },
  street_in_urbanization: { kind: 'street', mostOnFile: 1, mostInRequest: 1 },
  unit: { kind: 'unit', mostOnFile: 1, mostInRequest: 1 },
  unit_if_known: { kind: 'unit', mostOnFile: 2, mostInRequest: 2 },
  postcode: { kind: 'place', mostOnFile: 1, mostInRequest: 1 },
  city: { kind: 'place', mostOnFile: 1, mostInRequest: 1 },
  state: { kind: 'place', mostOnFile: 1, mostInRequest: 1 },
};

/**
 * The match keys of the profile. Each costs the holder tokens and the requester elements, and stands for one thing that is
 * often written in two ways; protocol-spec/matching.md has what each adds.
 */
export const KEYS: readonly KeyDefinition<KeyPart>[] = [
  // Whatever the surname is now: it changes with marriage, and one office writes one of two.
  {
    name: 'given_dob_street_zip',
    tier: 'name_address_dob',
    parts: ['given_letters', 'date_of_birth', 'street_beginning', 'unit', 'postcode'],
  },
  // ZIP code or city wrong, the unit left out, the names exchanged, or the beginning of the street name misspelt.
  {
    name: 'name_dob_street_state',
    tier: 'name_address_dob',
    parts: ['letters_pair', 'date_of_birth', 'street_end', 'unit_if_known', 'state'],
  },
  // A wrong month or day of birth, or a first of January that only says the year.
  {
    name: 'name_year_street_zip',
    tier: 'name_address_dob',
    parts: ['formal_pair', 'birth_year', 'street_beginning', 'unit', 'postcode'],
  },
  // A wrong year of birth. Father and son share a birthday once in 365, so the generation is in it.
  {
    name: 'name_birthday_street_zip',
    tier: 'name_address_dob',
    parts: ['formal_pair', 'generation', 'birth_month_day', 'street_beginning', 'unit', 'postcode'],
  },
  {
    name: 'name_street_zip',
    tier: 'name_address',
    parts: ['name_pair_both_surnames', 'generation', 'street_in_urbanization', 'unit', 'postcode'],
  },
  {
    name: 'name_street_city',
    tier: 'name_address',
    parts: ['whole_name_pair', 'generation', 'street_in_urbanization', 'unit', 'city', 'state'],
  },
  // A surname that is misspelt.
  {
    name: 'name_sound_street_zip',
    tier: 'name_address',
    parts: ['given_name', 'surname_sound', 'generation', 'street_in_urbanization', 'unit', 'postcode'],
  },
];
