import type { RejectionCode } from '../rejection.ts';
import {
  isAddressPlaceholder,
  isSecondLinePlaceholder,
  isStreetNamePlaceholder,
  saysNoUnit,
} from './address-placeholder.ts';
import { withoutCareOf } from './care-of.ts';
import { foldAddressWords, foldText } from './fold.ts';
import { isNumberSign, withoutZeros } from './numbers.ts';
import { NUMBER_WORDS } from './ordinals.ts';
import { BOX_PHRASES, BOX_ROUTES } from './routes.ts';
import { canonicalStreetName, endsInSuffix, streetNameCore } from './street-name.ts';
import { canonicalUnit, isStrongUnitWord, unitStart } from './unit.ts';
import type { WordTable } from './word-table.ts';
import { spellings } from './word-table.ts';

/** The longest canonical street with its unit, in characters. */
export const MAX_STREET_LENGTH = 200;

/** The canonical street: house number and street name, or box, or route and box; and the unit, '' where none. */
export interface CanonicalStreet {
  readonly street: string;
  readonly unit: string;
}

const boxPhrases = phrases(BOX_PHRASES);
const routePhrases = phrases(BOX_ROUTES);

/** The canonical street of both address lines, or the code of what is wrong with it. */
export function canonicalStreet(street: string, street2: string): CanonicalStreet | RejectionCode {
  const line1 = addressWords(street);
  const line2 = addressWords(street2);
  // A second line is left out only where it says that there is nothing: whatever may be a unit counts.
  const second = saysNoUnit(line2) ? [] : line2;
  if (isAddressPlaceholder(line1) || isSecondLinePlaceholder(second)) return 'street_placeholder';
  const [main, more] = line1.length > 0 ? [line1, second] : [second, []];
  if (main.length === 0) return 'street_missing';
  if (line1.length === 0 && isAddressPlaceholder(main)) return 'street_placeholder';

  const found = boxOf(main, more) ?? routeOf(main, more) ?? houseOf(main, more);
  if (found === undefined) return 'street_incomplete';
  if (typeof found === 'string') return found;
  if (found.street.length + found.unit.length > MAX_STREET_LENGTH) return 'street_too_long';
  return found;
}

function addressWords(line: string): string[] {
  const words = foldAddressWords(withoutCareOf(foldText(line)));
  return words.some((word) => word !== '#') ? words : [];
}

function boxOf(main: readonly string[], more: readonly string[]): CanonicalStreet | undefined {
  const words = withPhrase(main, boxPhrases, 0) ?? [...main];
  if (words[0] !== 'POBOX' && words[0] !== 'BOX') return undefined;
  const number = afterNumberSigns(words.slice(1));
  const [first, ...rest] = number;
  if (first === undefined || !/[1-9]/.test(first)) return undefined;
  return { street: `POBOX ${withoutZeros(first)}`, unit: canonicalUnit([...rest, ...more]) };
}

function routeOf(main: readonly string[], more: readonly string[]): CanonicalStreet | undefined {
  const [head = '', ...tail] = main;
  const joined = /^(RR|HC|PSC|CMR)(\d+)$/.exec(head);
  const apart = joined === null ? main : [joined[1] ?? '', joined[2] ?? '', ...tail];
  const words = withPhrase(apart, routePhrases, 0);
  const [route, ...rest] = words ?? [];
  const [number, ...boxed] = afterNumberSigns([...rest, ...more]);
  if (route === undefined || number === undefined || !/[1-9]/.test(number)) return undefined;
  const [box, ...numbered] = withPhrase(boxed, boxPhrases, 0) ?? boxed;
  const [boxNumber, ...unit] = afterNumberSigns(numbered);
  if ((box !== 'BOX' && box !== 'POBOX') || boxNumber === undefined || !/[1-9]/.test(boxNumber))
    return undefined;
  return {
    street: `${route} ${withoutZeros(number)} BOX ${withoutZeros(boxNumber)}`,
    unit: canonicalUnit(unit),
  };
}

function houseOf(
  main: readonly string[],
  more: readonly string[],
): CanonicalStreet | 'street_placeholder' | undefined {
  const { number, rest } = houseNumber(afterNumberSigns(main));
  if (number === undefined) return undefined;
  const words = withAnyPhrase(rest);
  const start = unitStart(words, (end) => endsInSuffix(words.slice(0, end)));
  const name = words.slice(0, start);
  const [first] = name;
  if (first === undefined || isStrongUnitWord(first) || first === 'POBOX') return undefined;
  if (isStreetNamePlaceholder(name, streetNameCore(name))) return 'street_placeholder';
  return {
    street: `${number} ${canonicalStreetName(name)}`,
    unit: canonicalUnit([...words.slice(start), ...withAnyPhrase(more)]),
  };
}

/**
 * The house number at the beginning, with a fraction if there is one. Digits come first, or one letter of the
 * compass as in the grids of Wisconsin and Illinois, whose parts are joined ("W220N 7246" is W220N7246).
 */
function houseNumber(words: readonly string[]): {
  readonly number: string | undefined;
  readonly rest: string[];
} {
  const [first = '', second = '', third] = words;
  const none = { number: undefined, rest: [] };
  const word = NUMBER_WORDS[first] ?? first;
  let number = word;
  let used = 1;
  const isGridHead = /^[NSEW](?:\d+[NSEW])?$/.test(word);
  if (isGridHead && /^\d+$/.test(second) && third !== undefined) {
    number = word + second;
    used = 2;
  }
  if (!/^(?:[NSEW]\d|\d)/.test(number) || !/[1-9]/.test(number)) return none;
  const fraction = words[used];
  if (fraction !== undefined && /^[1-9]\/[1-9]$/.test(fraction)) {
    return { number: `${withoutZeros(number)} ${fraction}`, rest: words.slice(used + 1) };
  }
  return { number: withoutZeros(number), rest: words.slice(used) };
}

function afterNumberSigns(words: readonly string[]): string[] {
  let start = 0;
  while (isNumberSign(words[start]) && start + 1 < words.length) start++;
  return words.slice(start);
}

type Phrases = readonly (readonly [words: readonly string[], canonical: string])[];

/** The phrases of a table as words, the longest first. */
function phrases(table: WordTable): Phrases {
  return [...spellings(table)]
    .map(([phrase, canonical]) => [phrase.split(' '), canonical] as const)
    .sort((a, b) => b[0].length - a[0].length);
}

/** The words with the phrase at `start` in its canonical form; undefined where no phrase of the table stands there. */
function withPhrase(words: readonly string[], table: Phrases, start: number): string[] | undefined {
  for (const [phrase, canonical] of table) {
    if (phrase.every((word, index) => words[start + index] === word)) {
      return [...words.slice(0, start), canonical, ...words.slice(start + phrase.length)];
    }
  }
  return undefined;
}

/** The words with a box phrase, wherever it stands, in its canonical form. */
function withAnyPhrase(words: readonly string[]): string[] {
  for (let start = 0; start < words.length; start++) {
    const replaced = withPhrase(words, boxPhrases, start);
    if (replaced !== undefined) return replaced;
  }
  return [...words];
}
