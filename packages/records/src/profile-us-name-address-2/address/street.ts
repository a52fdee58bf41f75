import type { RejectionCode } from '../../rejection.ts';
import { foldText } from '../fold.ts';
import { addressWords } from './address-words.ts';
import { postOfficeBox, postOfficeBoxWithin, routeWithBox, ship } from './box.ts';
import { withoutCareOf } from './care-of.ts';
import { house, houseLine, unitBeforeHouse } from './house.ts';
import { houseNumber } from './house-number.ts';
import { hasDigit } from './numbers.ts';
import { isAddressPlaceholder, isSecondLinePlaceholder, saysNoUnit } from './placeholder.ts';
import { isSpanishStreetWord, residence, spanishLine, takeNeighbourhood } from './puerto-rico.ts';
import type { StreetLine } from './street-line.ts';
import { endsInSuffix } from './street-name.ts';
import { beginsUnit, isUnitNumber, isUnitWord } from './unit.ts';

/** The longest canonical street with its unit, in characters. */
export const MAX_STREET_LENGTH = 200;

/** More words than this are no address: what is read has a bound. */
const MAX_WORDS = 60;

type Found = StreetLine | 'street_placeholder' | undefined;

/** The canonical street of both address lines, or the code of what is wrong with it. */
export function canonicalStreet(street: string, street2: string): StreetLine | RejectionCode {
  const line1 = wordsOf(street);
  const line2 = wordsOf(street2);
  if (line1.length + line2.length > MAX_WORDS) return 'street_too_long';
  // A second line is left out only where it says that there is nothing: whatever may be a unit counts.
  const second = saysNoUnit(line2) ? [] : line2;
  if (isAddressPlaceholder(line1) || isSecondLinePlaceholder(second)) return 'street_placeholder';
  const [main, more] = line1.length > 0 ? [line1, second] : [second, []];
  if (main.length === 0) return 'street_missing';
  if (line1.length === 0 && isAddressPlaceholder(main)) return 'street_placeholder';

  const found = lineOf(main, more);
  if (found === undefined) return 'street_incomplete';
  if (typeof found === 'string') return found;
  if (found.street.length + found.unit.length > MAX_STREET_LENGTH) return 'street_too_long';
  return found;
}

function wordsOf(line: string): readonly string[] {
  if (line === '') return [];
  const words = addressWords(withoutCareOf(foldText(line)));
  return words.some((word) => word !== '#') ? words : [];
}

function lineOf(main: readonly string[], more: readonly string[]): Found {
  const plain = wholeLine(main, more);
  if (plain !== undefined) return withNeighbourhood(main, more) ?? plain;
  return (
    withNeighbourhood(main, more) ??
    swapped(main, more) ??
    (more.length > 0 ? wholeLine([...main, ...more], []) : undefined) ??
    postOfficeBoxWithin(main, more) ??
    houseBehindName(main, more)
  );
}

/** A line that is an address from its first word on. */
function wholeLine(main: readonly string[], more: readonly string[]): Found {
  return (
    postOfficeBox(main, more) ??
    routeWithBox(main, more) ??
    house(main, more) ??
    spanishLine(main, more) ??
    unitBeforeHouse(main, more) ??
    residence(main, more) ??
    ship(main, more)
  );
}

/** An address with an urbanization or barrio in one of the lines: it is shown behind the street, and counts for no core. */
function withNeighbourhood(main: readonly string[], more: readonly string[]): Found {
  const first = takeNeighbourhood(main);
  const second = takeNeighbourhood(more);
  const neighbourhood = first.neighbourhood === '' ? second.neighbourhood : first.neighbourhood;
  if (neighbourhood === '') return undefined;
  const [line, rest] = first.rest.length === 0 ? [second.rest, []] : [first.rest, second.rest];
  const found = wholeLine(line, rest);
  if (found === undefined || typeof found === 'string') return found;
  return { ...found, street: `${found.street} ${neighbourhood}`, neighbourhood };
}

/**
 * The address in the second line, and in the first a unit or the name of a building, a firm or a person. A name says nothing
 * that the address doesn't.
 */
function swapped(main: readonly string[], more: readonly string[]): Found {
  if (more.length === 0) return undefined;
  const isUnit =
    main.some(hasDigit) || main.some((_, index) => beginsUnit(main, index, true)) || isUnitNumber(main[0]);
  return wholeLine(more, isUnit ? main : []);
}

/**
 * A house behind the name of a building or a firm: "THE BILTMORE, 817 W PEACHTREE ST". The name holds no digit, and the
 * street ends in its suffix, so that a road with its number ("HIGHWAY 231 SOUTH") is not taken for one.
 */
function houseBehindName(main: readonly string[], more: readonly string[]): Found {
  const start = main.findIndex(hasDigit);
  if (start < 1 || isUnitWord(main[0]) || endsInSuffix(main, 0, start)) return undefined;
  const found = houseNumber(main, start);
  if (found === undefined) return undefined;
  const words = main.slice(found.end);
  const endsWell =
    isSpanishStreetWord(words[0]) || words.some((_, index) => endsInSuffix(words, 0, index + 1));
  return endsWell ? houseLine(found.number, words, more, []) : undefined;
}
