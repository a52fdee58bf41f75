import { spellings } from '../word-table.ts';
import { hasDigit, isLetter, isNumberSign, pastSigns, withoutZeros } from './numbers.ts';
import { isOrdinal, withoutOrdinal } from './number-words.ts';
import { STANDALONE_UNITS, STRONG_UNIT_WORDS, UNIT_LEVELS, WEAK_UNIT_WORDS } from './units.ts';

const strong: ReadonlySet<string> = new Set(STRONG_UNIT_WORDS);
const weak: ReadonlySet<string> = new Set(WEAK_UNIT_WORDS);
const levelOf = spellings(UNIT_LEVELS);
const standaloneOf = spellings(STANDALONE_UNITS);

/** Whether the word names a unit whatever follows it. */
export function isStrongUnitWord(word: string | undefined): boolean {
  return word !== undefined && strong.has(word);
}

/** Whether the word is one of a unit, with or without a number. */
export function isUnitWord(word: string | undefined): boolean {
  return (
    word !== undefined && (strong.has(word) || weak.has(word) || levelOf.has(word) || standaloneOf.has(word))
  );
}

/** Whether the word is of a part of a building that is counted, as a floor. */
export function isLevelWord(word: string): boolean {
  return levelOf.has(word);
}

/** Whether the word numbers a unit: it holds a digit or is a single letter. */
export function isUnitNumber(word: string | undefined): boolean {
  return word !== undefined && (isLetter(word) || hasDigit(word));
}

/**
 * Whether a unit begins at the index because a word says so: a designator, a level, or, after a complete street, a
 * word as REAR.
 */
export function beginsUnit(words: readonly string[], index: number, isStreetComplete: boolean): boolean {
  const word = words[index] ?? '';
  const next = words[index + 1];
  if (strong.has(word)) return true;
  if (levelOf.has(word) || weak.has(word)) {
    if (isUnitNumber(next) || isStrongUnitWord(next)) return true;
    if (next !== undefined && weak.has(next) && isUnitNumber(words[index + 2])) return true;
  }
  if (isNumberOfFloor(words, index)) return true;
  if (!isStreetComplete) return false;
  return (
    standaloneOf.has(word) ||
    (next === undefined && (weak.has(word) || levelOf.has(word)) && !isNumberSign(word))
  );
}

/**
 * The canonical unit: designators before a number dropped, building, block and floor kept and put first, a letter and a
 * number joined ("4 C" is 4C), leading zeros gone. A unit never vanishes: '' only where the words name none.
 */
export function canonicalUnit(words: readonly string[]): string {
  if (words.length === 0) return '';
  const levels: string[] = [];
  const others: string[] = [];
  const dropped: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = levelOf.get(words[index] ?? '') ?? words[index] ?? '';
    const after = pastSigns(words, index + 1);
    const number = words[after];
    if (isNumberOfFloor(words, index)) {
      levels.push(`FL ${withoutZeros(withoutOrdinal(word))}`);
      index++;
    } else if (levelOf.has(word) && number !== undefined && isUnitNumber(number)) {
      levels.push(`${word} ${withoutZeros(withoutOrdinal(number))}`);
      index = after;
    } else if (strong.has(word)) {
      dropped.push(word);
    } else if (!weak.has(word) || !leadsToNumber(words, index + 1)) {
      others.push(unitWord(word));
    }
  }
  const named = [...levels.sort(), ...joinLettersAndNumbers(others)];
  // "APT" and no number is a unit too, only not one that is known.
  return (named.length > 0 ? named : dropped.filter((word) => word !== '#')).join(' ');
}

/** "2ND FLOOR", and "27 FL" where no number follows, which would be the floor's. */
function isNumberOfFloor(words: readonly string[], index: number): boolean {
  const word = words[index] ?? '';
  if (levelOf.get(words[index + 1] ?? '') !== 'FL') return false;
  return isOrdinal(word) || (/^\d+$/.test(word) && !isUnitNumber(words[pastSigns(words, index + 2)]));
}

/** Whether designators, or none, and then a number stand at `start`. */
function leadsToNumber(words: readonly string[], start: number): boolean {
  let index = start;
  while (strong.has(words[index] ?? '') || weak.has(words[index] ?? '')) index++;
  return isUnitNumber(words[index]);
}

/** "2ND" alone may be the second floor, so it is not unit 2. */
function unitWord(word: string): string {
  if (isOrdinal(word)) return `${withoutOrdinal(word)}TH`;
  return standaloneOf.get(word) ?? withoutZeros(word);
}

function joinLettersAndNumbers(words: readonly string[]): string[] {
  if (words.length < 2) return [...words];
  const joined: string[] = [];
  for (const word of words) {
    const last = joined.at(-1);
    const pair = last === undefined ? '' : `${last} ${word}`;
    if (/^(?:[A-Z] [0-9]+|[0-9]+ [A-Z])$/.test(pair)) joined[joined.length - 1] = pair.replace(' ', '');
    else joined.push(word);
  }
  return joined;
}
