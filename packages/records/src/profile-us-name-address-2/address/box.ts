import { spellings } from '../word-table.ts';
import { BOX_PHRASES, BOX_ROUTES, ROUTES_BEFORE_BOX, SHIP_PREFIXES } from './boxes.ts';
import { beginsWithDigit, hasDigit, isLetter, pastSigns, withoutZeros } from './numbers.ts';
import type { FoundPhrase } from './phrase-table.ts';
import { phraseTable } from './phrase-table.ts';
import type { StreetLine } from './street-line.ts';
import { canonicalUnit, isUnitNumber } from './unit.ts';

const boxAt = phraseTable(BOX_PHRASES);
const routeAt = phraseTable(BOX_ROUTES);
const routeBeforeBoxAt = phraseTable(ROUTES_BEFORE_BOX);
const ships: ReadonlySet<string> = new Set(SHIP_PREFIXES);
const MILITARY: ReadonlySet<string> = new Set(['PSC', 'CMR', 'UNIT']);
const firstBoxWords: ReadonlySet<string> = new Set(
  [...spellings(BOX_PHRASES).keys(), 'BOX'].map((phrase) => phrase.split(' ')[0] ?? ''),
);

/** A number of a box or a route: where it stands, and with the letter that belongs to it ("103 A" is 103A). */
interface FoundBoxNumber {
  readonly number: string;
  readonly end: number;
}

/** Where a post office box stands in a line, with the number that makes it one; undefined where none does. */
export function findBox(
  words: readonly string[],
  from: number,
): { start: number; number: string; end: number } | undefined {
  for (let start = from; start < words.length; start++) {
    if (!firstBoxWords.has(words[start] ?? '')) continue;
    const found = words[start] === 'BOX' ? { canonical: 'BOX', length: 1 } : boxAt(words, start);
    if (found === undefined) continue;
    const numbered = boxNumber(
      words,
      start + found.length,
      words[start] === 'BOX' || words.slice(start, start + found.length).includes('BOX'),
    );
    if (numbered !== undefined) return { start, ...numbered };
  }
  return undefined;
}

/** A post office box that the line begins with; without a number it is none. */
export function postOfficeBox(main: readonly string[], more: readonly string[]): StreetLine | undefined {
  const found = findBox(main, 0);
  if (found === undefined || found.start > 0) return undefined;
  const route = boxBeforeRoute(main, found, more);
  if (route !== undefined) return route;
  return boxLine(found.number, canonicalUnit([...main.slice(found.end), ...more]));
}

/** A post office box behind the name of a firm or a station. What numbers something before it counts as a unit. */
export function postOfficeBoxWithin(
  main: readonly string[],
  more: readonly string[],
): StreetLine | undefined {
  const found = findBox(main, 1);
  if (found === undefined) return undefined;
  const before = main.slice(0, found.start);
  const lead = before.some(hasDigit) ? before : [];
  return boxLine(found.number, canonicalUnit([...lead, ...main.slice(found.end), ...more]));
}

function boxLine(number: string, unit: string): StreetLine {
  const street = `POBOX ${number}`;
  return { kind: 'box', number, street, core: street, unit };
}

/** A rural or highway contract route, or a military one, with its box. */
export function routeWithBox(main: readonly string[], more: readonly string[]): StreetLine | undefined {
  const route = routeAt(main, 0) ?? routeBeforeBoxAt(main, 0);
  if (route === undefined) return undefined;
  const words = more.length === 0 ? main : [...main, ...more];
  return routeLine(words, route);
}

function routeLine(words: readonly string[], route: FoundPhrase): StreetLine | undefined {
  const numbered = boxNumber(words, route.length, false);
  const box = findBox(words, numbered?.end ?? route.length);
  if (box === undefined || box.start !== (numbered?.end ?? route.length)) return undefined;
  return lineOfRoute(route.canonical, numbered?.number, box.number, words.slice(box.end));
}

/** "BOX 30 RR 2" */
function boxBeforeRoute(
  words: readonly string[],
  box: FoundBoxNumber,
  more: readonly string[],
): StreetLine | undefined {
  const route =
    routeAt(words, box.end) ?? (words[0] === 'BOX' ? routeBeforeBoxAt(words, box.end) : undefined);
  if (route === undefined) return undefined;
  const numbered = boxNumber(words, box.end + route.length, false);
  if (numbered === undefined) return undefined;
  return lineOfRoute(route.canonical, numbered.number, box.number, [...words.slice(numbered.end), ...more]);
}

function lineOfRoute(
  route: string,
  routeNumber: string | undefined,
  box: string,
  unit: readonly string[],
): StreetLine {
  const number = routeNumber === undefined ? `BOX ${box}` : `${routeNumber} BOX ${box}`;
  const street = `${route} ${number}`;
  return {
    kind: MILITARY.has(route) ? 'military' : 'route',
    number,
    street,
    core: street,
    unit: canonicalUnit(unit),
  };
}

/** A ship, which has no number: "USS NIMITZ". What numbers it ("CVN-68") is left to the unit. */
export function ship(main: readonly string[], more: readonly string[]): StreetLine | undefined {
  const [prefix = '', ...rest] = main;
  if (!ships.has(prefix)) return undefined;
  const digits = rest.findIndex(hasDigit);
  const name = digits < 0 ? rest : rest.slice(0, digits);
  if (name.length === 0) return undefined;
  const street = `${prefix} ${name.join(' ')}`;
  return {
    kind: 'military',
    number: name.join(''),
    street,
    core: street,
    unit: canonicalUnit([...rest.slice(name.length), ...more]),
  };
}

/**
 * The number of a box or route at `start`: digits with a letter before or after them, or, where `mayBeLetter`, one letter. Zero is
 * no number.
 */
function boxNumber(
  words: readonly string[],
  start: number,
  mayBeLetter: boolean,
): FoundBoxNumber | undefined {
  const at = pastSigns(words, start);
  const word = words[at];
  const next = words[at + 1];
  if (word === undefined || !isUnitNumber(word)) return undefined;
  if (isLetter(word)) {
    if (next !== undefined && beginsWithDigit(next))
      return { number: word + withoutZeros(next), end: at + 2 };
    return mayBeLetter ? { number: word, end: at + 1 } : undefined;
  }
  if (!/[1-9]/.test(word) || !/^[A-Z]?\d/.test(word)) return undefined;
  const number = withoutZeros(word);
  if (next !== undefined && isLetter(next) && /^\d+$/.test(word))
    return { number: number + next, end: at + 2 };
  return { number, end: at + 1 };
}
