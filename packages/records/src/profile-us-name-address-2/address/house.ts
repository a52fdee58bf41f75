import { findBox } from './box.ts';
import { houseNumber } from './house-number.ts';
import { findNumberedRoad } from './numbered-road.ts';
import { hasDigit, isLetter, pastSigns } from './numbers.ts';
import { ROAD_QUALIFIERS } from './roads.ts';
import { SPANISH_STREET_WORDS } from './name-words.ts';
import { isOrdinal } from './number-words.ts';
import { isStreetNamePlaceholder } from './placeholder.ts';
import type { StreetLine } from './street-line.ts';
import { canonicalStreetName, endsInSuffix, isDirectional, isSuffix, streetNameCore } from './street-name.ts';
import {
  beginsUnit,
  canonicalUnit,
  isLevelWord,
  isStrongUnitWord,
  isUnitNumber,
  isUnitWord,
} from './unit.ts';
import { spellings } from '../word-table.ts';

/** Words whose number or letter is part of the name although they are no numbered roads here: "CALLE 5", "PASEO B". */
const qualifiers: ReadonlySet<string> = new Set(ROAD_QUALIFIERS);
const leading: ReadonlySet<string> = new Set([...spellings(SPANISH_STREET_WORDS).keys(), ...ROAD_QUALIFIERS]);

/** A house on a street: number, name and unit. The name is a placeholder, or the parts, or undefined where one is missing. */
export function house(
  main: readonly string[],
  more: readonly string[],
): StreetLine | 'street_placeholder' | undefined {
  const found = houseNumber(main, 0);
  if (found === undefined) return undefined;
  // "6910 # G MARY CAROLINE CIRCLE"; a NO there is the north.
  const at = isStrongUnitWord(main[found.end]) ? pastSigns(main, found.end + 1) : found.end;
  if (at > found.end && isUnitNumber(main[at]) && at + 1 < main.length && !isUnitNumber(main[at + 1])) {
    return houseLine(found.number, main.slice(at + 1), more, main.slice(found.end, at + 1));
  }
  return houseLine(found.number, main.slice(found.end), more, []);
}

/** "APT 4 12 MAIN ST": a unit, and then a house on a street. */
export function unitBeforeHouse(
  main: readonly string[],
  more: readonly string[],
): StreetLine | 'street_placeholder' | undefined {
  // "41ST FLOOR 1221 AVENUE OF THE AMERICAS"
  let end = isOrdinal(main[0]) && main[1] !== undefined && isLevelWord(main[1]) ? 2 : 0;
  while (isUnitWord(main[end])) {
    const at = pastDesignators(main, end);
    if (!isUnitNumber(main[at])) return undefined;
    end = at + 1;
    // "APT 4 C 12 MAIN ST"
    if (isLetter(main[end]) && !isDirectional(main[end]) && hasDigit(main[end + 1] ?? '')) end++;
  }
  const found = end === 0 ? undefined : houseNumber(main, end);
  if (found === undefined) return undefined;
  return houseLine(found.number, main.slice(found.end), more, main.slice(0, end));
}

function pastDesignators(words: readonly string[], start: number): number {
  let index = start;
  while (isUnitWord(words[index])) index++;
  return index;
}

/** What stands behind the house number, with the units that were read before it. */
export function houseLine(
  number: string,
  words: readonly string[],
  more: readonly string[],
  leadingUnit: readonly string[],
): StreetLine | 'street_placeholder' | undefined {
  const start = unitStart(words);
  const { name, unit } = withTailOfName(words, start);
  const [first] = name;
  if (first === undefined || (isStrongUnitWord(first) && first !== 'STE')) return undefined;
  if (isStreetNamePlaceholder(name, streetNameCore(name))) return 'street_placeholder';
  const { whole, core } = canonicalStreetName(name);
  return {
    kind: 'house',
    number,
    street: `${number} ${whole}`,
    core: `${number} ${core}`,
    unit: canonicalUnit(
      leadingUnit.length + unit.length + more.length === 0
        ? []
        : [...leadingUnit, ...withBox(unit), ...withBox(more)],
    ),
  };
}

/** Where the unit begins among the words after the house number; `words.length` where there is none. Never at the first word. */
function unitStart(words: readonly string[]): number {
  const road = findNumberedRoad(words, 0);
  const from = Math.max(1, road?.end ?? 0);
  const box = findBox(words, from)?.start ?? words.length;
  for (let index = from; index < box; index++) {
    const word = words[index] ?? '';
    const isComplete =
      (road !== undefined && index >= road.end) ||
      isOrdinal(words[index - 1]) ||
      endsInSuffix(words, 0, index);
    if (beginsUnit(words, index, isComplete) && !isName(words, index, isComplete)) return index;
    if (isComplete && isShortCode(words, index)) return index;
    if (isUnitNumber(word) && isBareUnit(words, index, isComplete, road !== undefined)) return index;
  }
  return box;
}

/**
 * A designator that is of the name: only directionals stand before it, and no number behind ("E STE MARIE ST"); or the street
 * is complete only behind it ("TRUCK AND TRAILER WAY"); or it numbers an old road ("OLD NUMBER 6 HIGHWAY").
 */
function isName(words: readonly string[], index: number, isComplete: boolean): boolean {
  if (words[index] === '#' || words.length === index + 1) return false;
  const before = words.slice(0, index);
  if (isUnitNumber(words[pastSigns(words, index + 1)])) {
    return before.every((word) => qualifiers.has(word)) && isSuffix(words[index + 2]);
  }
  if (before.every(isDirectional)) return true;
  return !isComplete && !isUnitWord(words[index + 1]) && endsInSuffix(words, index, words.length);
}

/** "WEBSTER AVE LH", "15TH ST AF 1025": one or two letters behind a complete street that are no directional. */
function isShortCode(words: readonly string[], index: number): boolean {
  const word = words[index] ?? '';
  if (word.length !== 2 || hasDigit(word) || isDirectional(word) || isSuffix(word)) return false;
  return words.slice(index + 1).every(isUnitNumber) && hasNameBeforeSuffix(words, index);
}

/**
 * Whether a number or letter that nothing announces is the unit: behind a complete street ("MAIN ST 4B"), and at the end of
 * one whose suffix is left out ("GREENVIEW 4"), but not where it is the name ("CALLE 5", "N 500 W").
 */
function isBareUnit(
  words: readonly string[],
  index: number,
  isComplete: boolean,
  isNumberedRoad: boolean,
): boolean {
  const word = words[index] ?? '';
  if (isDirectional(word)) return false;
  if (isComplete) {
    if (isNumberedRoad) return hasDigit(word) || !isSuffix(words[index + 1]);
    if (isSuffix(words[index + 1]) || isOrdinalName(words, index)) return false;
    return hasNameBeforeSuffix(words, index);
  }
  const before = words[index - 1] ?? '';
  if (
    before.length < 3 ||
    hasDigit(before) ||
    isDirectional(before) ||
    leading.has(before) ||
    isSuffix(before)
  )
    return false;
  return words.slice(index + 1).every((next) => isUnitNumber(next) && !isSuffix(next));
}

/** "MAIN ST 5TH AVE" is no unit. */
function isOrdinalName(words: readonly string[], index: number): boolean {
  return /^\d+(?:ST|ND|RD|TH)$/.test(words[index] ?? '') && words.length > index + 1;
}

/** Whether a word stands before the suffix that is no directional: "W AVE 352" is an avenue with a number. */
function hasNameBeforeSuffix(words: readonly string[], end: number): boolean {
  let last = end - 1;
  while (last > 0 && !isSuffix(words[last])) last--;
  const suffix = words[last] ?? '';
  if (!leading.has(suffix)) return last > 0;
  return words.slice(0, last).some((word) => !isDirectional(word));
}

/**
 * A suffix behind a unit belongs to a name that has none: "SCARLET OAK # 130 CIRCLE" is Scarlet Oak Circle. A directional may
 * stand behind it.
 */
function withTailOfName(
  words: readonly string[],
  start: number,
): { name: readonly string[]; unit: readonly string[] } {
  const name = words.slice(0, start);
  const unit = words.slice(start);
  if (unit.length < 2 || endsInSuffix(words, 0, start)) return { name, unit };
  let tail = unit.length;
  if (isDirectional(unit[tail - 1]) && isSuffix(unit[tail - 2])) tail--;
  if (!isSuffix(unit[tail - 1]) || isUnitWord(unit[tail - 1])) return { name, unit };
  tail--;
  const numbered = unit.slice(0, tail);
  if (!numbered.some(isUnitNumber)) return { name, unit };
  return { name: [...name, ...unit.slice(tail)], unit: numbered };
}

/** A second line that is a box: "PO BOX 5" behind a street is told from unit 5. */
function withBox(words: readonly string[]): readonly string[] {
  const box = findBox(words, 0);
  return box === undefined
    ? words
    : [...words.slice(0, box.start), 'BOX', box.number, ...words.slice(box.end)];
}
