import type { DescriptionValue } from '../profile-hash.ts';
import { DIRECTIONALS } from './directionals.ts';
import { KEYS, PROFILE_ID, RULES_REVISION } from './definition.ts';
import { GENERATIONS, TITLES } from './name-words.ts';
import { MAX_NAME_LENGTH } from './name.ts';
import { NUMBER_WORDS, ORDINAL_WORDS } from './ordinals.ts';
import { MAX_CITY_LENGTH } from './place.ts';
import {
  ADDRESS_PLACEHOLDER_PHRASES,
  ADDRESS_PLACEHOLDERS,
  GIVEN_NAME_PLACEHOLDERS,
  NAME_PLACEHOLDER_PHRASES,
  NAME_PLACEHOLDERS,
  NO_UNIT_PHRASES,
  STREET_NAME_PLACEHOLDERS,
} from './placeholders.ts';
import { BOX_PHRASES, BOX_ROUTES, NUMBERED_ROADS, SHORTENED_WORDS } from './routes.ts';
import { STATES } from './states.ts';
import { STREET_SUFFIXES } from './street-suffixes.ts';
import { MAX_STREET_LENGTH } from './street.ts';
import { STANDALONE_UNITS, STRONG_UNIT_WORDS, UNIT_LEVELS, WEAK_UNIT_WORDS } from './units.ts';

/** The version of any-ascii that decides the transliteration. */
export const ANY_ASCII_VERSION = '0.3.3';

/** Everything that decides a key under this profile, as the data that its hash is taken over. */
export const DESCRIPTION: { readonly [name: string]: DescriptionValue } = {
  id: PROFILE_ID,
  rules: RULES_REVISION,
  keys: KEYS.map(({ name, parts }) => ({ name, parts })),
  libraries: { 'any-ascii': ANY_ASCII_VERSION },
  limits: { name: MAX_NAME_LENGTH, street: MAX_STREET_LENGTH, city: MAX_CITY_LENGTH },
  tables: {
    address_placeholder_phrases: ADDRESS_PLACEHOLDER_PHRASES,
    address_placeholders: ADDRESS_PLACEHOLDERS,
    box_phrases: BOX_PHRASES,
    box_routes: BOX_ROUTES,
    directionals: DIRECTIONALS,
    generations: GENERATIONS,
    given_name_placeholders: GIVEN_NAME_PLACEHOLDERS,
    name_placeholder_phrases: NAME_PLACEHOLDER_PHRASES,
    name_placeholders: NAME_PLACEHOLDERS,
    no_unit_phrases: NO_UNIT_PHRASES,
    number_words: NUMBER_WORDS,
    numbered_roads: NUMBERED_ROADS,
    ordinal_words: ORDINAL_WORDS,
    shortened_words: SHORTENED_WORDS,
    standalone_units: STANDALONE_UNITS,
    states: STATES,
    street_name_placeholders: STREET_NAME_PLACEHOLDERS,
    street_suffixes: STREET_SUFFIXES,
    strong_unit_words: STRONG_UNIT_WORDS,
    titles: TITLES,
    unit_levels: UNIT_LEVELS,
    weak_unit_words: WEAK_UNIT_WORDS,
  },
};
