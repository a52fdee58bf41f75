import type { RejectionCode } from '../rejection.ts';
import { isAddressPlaceholder } from './address-placeholder.ts';
import { DIRECTIONALS } from './directionals.ts';
import { foldText, foldWords } from './fold.ts';
import { SHORTENED_WORDS } from './routes.ts';
import { STATES } from './states.ts';
import { spellings } from './word-table.ts';

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

const directionalOf = spellings(DIRECTIONALS);
const stateOf = new Map(
  Object.entries(STATES).flatMap(([code, name]) => [
    [code, code],
    [name.replaceAll(' ', ''), code],
  ]),
);

/** The canonical place, or the code of what is wrong with it. */
export function canonicalPlace(
  city: string,
  state: string,
  postcode: string,
): CanonicalPlace | RejectionCode {
  const zip = canonicalPostcode(postcode);
  if (zip === undefined) return 'postcode_invalid';
  const stateWord = foldWords(state).join('');
  const code = stateWord === '' ? '' : stateOf.get(stateWord);
  if (code === undefined) return 'state_unknown';
  const words = foldWords(city);
  if (isAddressPlaceholder(words)) return 'city_placeholder';
  const town = canonicalCity(words);
  if (town.length > MAX_CITY_LENGTH) return 'city_too_long';
  if (zip === '' && (town === '' || code === '')) return 'place_missing';
  return { city: town, state: code, postcode: zip };
}

/**
 * Five digits of a ZIP code written as five, nine, or five and four digits, with leading zeros that a spreadsheet
 * has eaten put back; '' where there is none; undefined where it is no ZIP code.
 */
export function canonicalPostcode(postcode: string): string | undefined {
  const text = foldText(postcode).trim();
  if (text === '') return '';
  const match = /^(\d{3,5})(?:[- ]+(?:\d{4})?)?$/.exec(text) ?? /^(\d{4,5})\d{4}$/.exec(text);
  const zip = match?.[1]?.padStart(5, '0');
  // 00501 and 99950 are the lowest and the highest ZIP code in use.
  return zip !== undefined && zip >= '00501' && zip <= '99950' ? zip : undefined;
}

function canonicalCity(words: readonly string[]): string {
  return words
    .map((word, index) => {
      const last = index === words.length - 1;
      if (last) return word;
      return (index === 0 ? directionalOf.get(word) : undefined) ?? SHORTENED_WORDS[word] ?? word;
    })
    .join('');
}
