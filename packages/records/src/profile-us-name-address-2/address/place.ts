import type { RejectionCode } from '../../rejection.ts';
import { foldWords } from '../fold.ts';
import { phrasesOf } from '../phrases.ts';
import { spellings } from '../word-table.ts';
import { canonicalCity } from './city.ts';
import { isAddressPlaceholder } from './placeholder.ts';
import { NO_PLACE_PHRASES } from './placeholder-tables.ts';
import { canonicalPostcode } from './postcode.ts';
import { STATES } from './states.ts';

/** The longest canonical city, in characters. */
export const MAX_CITY_LENGTH = 100;

/** The canonical place. Each is '' where the record has none; either the postcode or city and state are there. */
export interface CanonicalPlace {
  /** Without spaces: "Saint Paul" is STPAUL. */
  readonly city: string;
  /** The two-letter USPS code. */
  readonly state: string;
  /** Five digits. */
  readonly postcode: string;
}

const none = phrasesOf(NO_PLACE_PHRASES);
const stateOf = new Map(
  [...spellings(STATES)].map(([name, code]) => [name.replaceAll(' ', ''), code] as const),
);

/** The canonical place, or the code of what is wrong with it. */
export function canonicalPlace(
  city: string,
  state: string,
  postcode: string,
): CanonicalPlace | RejectionCode {
  const zip = canonicalPostcode(postcode);
  if (zip === undefined) return 'postcode_invalid';
  const cityWords = foldWords(city);
  const code = canonicalState(state);
  if (code === undefined) return 'state_unknown';
  if (isAddressPlaceholder(cityWords)) return 'city_placeholder';
  const place = canonicalCity(cityWords, code);
  if (place.city.length > MAX_CITY_LENGTH) return 'city_too_long';
  if (zip === '' && (place.city === '' || place.state === '')) return 'place_missing';
  return { ...place, postcode: zip };
}

/** The code of a state; '' where there is none, undefined where it is no state. */
function canonicalState(state: string): string | undefined {
  const known = stateOf.get(state);
  if (known !== undefined) return known;
  const words = foldWords(state);
  if (words.length === 0 || none.isWhole(words)) return '';
  return stateOf.get(words.join(''));
}
