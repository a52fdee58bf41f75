import { spellings } from '../word-table.ts';
import { houseLine } from './house.ts';
import { houseNumber } from './house-number.ts';
import { SPANISH_STREET_WORDS } from './name-words.ts';
import { beginsWithDigit, hasDigit, isLetter, isNumberSign, pastSigns, withoutZeros } from './numbers.ts';
import type { StreetLine } from './street-line.ts';
import { canonicalUnit, isUnitWord } from './unit.ts';
import { UNIT_LEVELS } from './units.ts';
import { NEIGHBOURHOODS, RESIDENCES } from './neighbourhoods.ts';

const spanishOf = spellings(SPANISH_STREET_WORDS);
const neighbourhoodOf = spellings(NEIGHBOURHOODS);
const residenceOf = spellings(RESIDENCES);

const BLOCKS: ReadonlySet<string> = new Set(['BLK', ...(UNIT_LEVELS['BLK'] ?? [])]);

type Found = StreetLine | 'street_placeholder' | undefined;

/**
 * The lines without the urbanization, barrio or sector, and its canonical name: a part of the address that is often left
 * out. It stands before the house number or behind the street.
 */
export function takeNeighbourhood(words: readonly string[]): {
  readonly rest: readonly string[];
  readonly neighbourhood: string;
} {
  const start = words.findIndex((word, index) => neighbourhoodOf.has(word) && isNeighbourhood(words, index));
  if (start < 0) return { rest: words, neighbourhood: '' };
  let end = start + 1;
  while (end < words.length && !endsNeighbourhood(words, end)) end++;
  const name = words.slice(start + 1, end);
  if (name.length === 0) return { rest: words, neighbourhood: '' };
  return {
    rest: [...words.slice(0, start), ...words.slice(end)],
    neighbourhood: `${neighbourhoodOf.get(words[start] ?? '') ?? ''} ${name.join(' ')}`,
  };
}

/** The urbanization begins the line, or follows what holds a number; "12 BO DIDDLEY ST" has none. */
function isNeighbourhood(words: readonly string[], index: number): boolean {
  if (index === 0) return true;
  return (
    words[index] === 'URB' ||
    words[index] === 'URBANIZACION' ||
    (index > 2 && spanishOf.has(words[1] ?? '')) ||
    spanishOf.has(words[0] ?? '')
  );
}

function endsNeighbourhood(words: readonly string[], index: number): boolean {
  const word = words[index] ?? '';
  return (
    hasDigit(word) ||
    isNumberSign(word) ||
    word === 'KM' ||
    neighbourhoodOf.has(word) ||
    isUnitWord(word) ||
    (spanishOf.has(word) && spanishOf.get(word) !== 'VIA')
  );
}

/**
 * A Spanish line, where the house number follows the name: "CALLE 5 #12" and "CALLE LUNA 204 APT 3" are 12 CALLE 5 and 204
 * CALLE LUNA; "CARR 167 KM 5.2" is KM 5-2 of the road. A number in front that begins with a letter ("D5 CALLE 3") is Puerto Rico's.
 */
export function spanishLine(main: readonly string[], more: readonly string[]): Found {
  const [first = '', second = ''] = main;
  if (/^[A-Z]{1,2}\d+$/.test(first) && spanishOf.has(second))
    return houseLine(first, main.slice(1), more, []);
  if (/^[A-Z]$/.test(first) && beginsWithDigit(second) && spanishOf.has(main[2] ?? '')) {
    return houseLine(first + second, main.slice(2), more, []);
  }
  if (!spanishOf.has(first)) return undefined;
  // "CALLE 3 BLOQUE 5 #12": the block is kept with the unit.
  const block = main.findIndex(
    (word, index) => index > 1 && BLOCKS.has(word) && hasDigit(main[index + 1] ?? ''),
  );
  if (block > 0) {
    return spanishLine(
      [...main.slice(0, block), ...main.slice(block + 2)],
      [...main.slice(block, block + 2), ...more],
    );
  }
  const at = numberAt(main);
  if (at === undefined) return undefined;
  const isMeasured = main[at.start] === 'KM';
  const number = isMeasured
    ? `KM ${withoutZeros(main[at.number] ?? '')}`
    : withoutZeros(main[at.number] ?? '');
  return houseLine(number, main.slice(0, at.start), [...main.slice(at.number + 1), ...more], []);
}

/** Where the house number stands behind a Spanish name: after a number sign or KM, or the first number behind the name's own. */
function numberAt(words: readonly string[]): { readonly start: number; readonly number: number } | undefined {
  // One word at least is the name: 5 of CALLE 5.
  for (let index = 2; index < words.length; index++) {
    const word = words[index] ?? '';
    if (isNumberSign(word) || word === 'KM' || word === 'CASA') {
      const number = pastSigns(words, index + 1);
      return hasDigit(words[number] ?? '') ? { start: index, number } : undefined;
    }
    if (isUnitWord(word)) return undefined;
    if (hasDigit(word) && /[1-9]/.test(word)) return { start: index, number: index };
  }
  return undefined;
}

/**
 * A condominium, public housing or a parcel, which has no street: its name with the unit, "COND ASHFORD PALACE APT 5B".
 */
export function residence(main: readonly string[], more: readonly string[]): Found {
  const kind = residenceOf.get(main[0] ?? '');
  if (kind === undefined) return undefined;
  let end = 1;
  while (end < main.length && !hasDigit(main[end] ?? '') && !isUnitWord(main[end])) end++;
  if (end === 1) return undefined;
  const rest = main.slice(end);
  // What follows may be a street address of its own: "COND ASHFORD 1450 AVE ASHFORD APT 5".
  const found = houseNumber(rest, 0);
  if (
    found !== undefined &&
    rest.length > found.end &&
    !isUnitWord(rest[0]) &&
    !isUnitWord(rest[found.end])
  ) {
    return houseLine(found.number, rest.slice(found.end), more, []);
  }
  const unit = canonicalUnit([...rest, ...more]);
  const number = unit.split(' ').find((word) => hasDigit(word) || isLetter(word));
  if (number === undefined) return undefined;
  const name = main.slice(1, end);
  return {
    kind: 'house',
    number,
    street: `${kind} ${name.join(' ')} ${number}`,
    core: `${number} ${name.join('')}`,
    unit,
  };
}

/** Whether the word means a street in Spanish, as CALLE. */
export function isSpanishStreetWord(word: string | undefined): boolean {
  return word !== undefined && spanishOf.has(word);
}
