import type { DescriptionValue } from '../profile-hash.ts';
import * as boxes from './address/boxes.ts';
import * as directionals from './address/directionals.ts';
import * as streetWords from './address/name-words.ts';
import * as neighbourhoods from './address/neighbourhoods.ts';
import * as numberSigns from './address/numbers.ts';
import * as numberWords from './address/number-words.ts';
import { MAX_CITY_LENGTH } from './address/place.ts';
import * as addressPlaceholders from './address/placeholder-tables.ts';
import * as roads from './address/roads.ts';
import * as states from './address/states.ts';
import * as streetSuffixes from './address/street-suffixes.ts';
import { MAX_STREET_LENGTH } from './address/street.ts';
import * as units from './address/units.ts';
import { MAX_AGE } from './date-of-birth.ts';
import * as datePlaceholders from './date-placeholders.ts';
import { KEYS, PROFILE_ID, RULES_REVISION } from './definition.ts';
import { LONGEST_SYLLABLE } from './given-name.ts';
import { SHORTEST_SOUND } from './key-parts.ts';
import * as monthNames from './month-names.ts';
import * as namePlaceholders from './name-placeholders.ts';
import * as nameWords from './name-words.ts';
import { MAX_NAME_LENGTH } from './name.ts';
import * as englishNicknames from './nicknames-english.ts';
import * as spanishNicknames from './nicknames-spanish.ts';
import { FIRST_ORDER_YEAR } from './order-date.ts';
import * as orderNumberPlaceholders from './order-number-placeholders.ts';
import { STEM_LETTERS } from './street-stem.ts';

/** The version of any-ascii that decides the transliteration. */
export const ANY_ASCII_VERSION = '0.3.3';

/** The modules that hold tables. Everything that one exports as data belongs to the description, by its own name. */
const TABLE_MODULES: readonly object[] = [
  addressPlaceholders,
  boxes,
  datePlaceholders,
  directionals,
  englishNicknames,
  monthNames,
  namePlaceholders,
  nameWords,
  neighbourhoods,
  numberSigns,
  numberWords,
  orderNumberPlaceholders,
  roads,
  spanishNicknames,
  states,
  streetSuffixes,
  streetWords,
  units,
];

/** Everything that decides a key under this profile, as the data that its hash is taken over. */
export const DESCRIPTION: { readonly [name: string]: DescriptionValue } = {
  id: PROFILE_ID,
  rules: RULES_REVISION,
  keys: KEYS.map(({ name, tier, parts }) => ({ name, tier, parts })),
  libraries: { 'any-ascii': ANY_ASCII_VERSION },
  limits: {
    age: MAX_AGE,
    city: MAX_CITY_LENGTH,
    first_order_year: FIRST_ORDER_YEAR,
    name: MAX_NAME_LENGTH,
    sound: SHORTEST_SOUND,
    stem_letters: STEM_LETTERS,
    street: MAX_STREET_LENGTH,
    syllable: LONGEST_SYLLABLE,
  },
  tables: Object.fromEntries(
    TABLE_MODULES.flatMap((module) => Object.entries(module))
      .filter((entry): entry is [string, DescriptionValue] => typeof entry[1] !== 'function')
      .map(([name, table]) => [name.toLowerCase(), table]),
  ),
};
