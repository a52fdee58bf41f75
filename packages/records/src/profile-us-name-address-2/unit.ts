import { isNumberSign, withoutZeros } from './numbers.ts';
import { withoutOrdinal } from './ordinals.ts';
import { STANDALONE_UNITS, STRONG_UNIT_WORDS, UNIT_LEVELS, WEAK_UNIT_WORDS } from './units.ts';
import { spellings } from './word-table.ts';

const strong = new Set(STRONG_UNIT_WORDS);
const weak = new Set(WEAK_UNIT_WORDS);
const levelOf = spellings(UNIT_LEVELS);
const standaloneOf = spellings(STANDALONE_UNITS);

/** Whether the word names a unit whatever follows it. */
export function isStrongUnitWord(word: string): boolean {
  return strong.has(word);
}

/** Whether the word numbers a unit: it holds a digit or is a single letter. */
function isUnitNumber(word: string | undefined): boolean {
  return word !== undefined && (/[0-9]/.test(word) || /^[A-Z]$/.test(word));
}

/**
 * Where the unit begins among the words after the house number; `words.length` where there is none. It never begins at
 * the first word, which is the street's. `endsStreet` tells whether the words up to an index end in a street suffix.
 */
export function unitStart(words: readonly string[], endsStreet: (end: number) => boolean): number {
  for (let index = 1; index < words.length; index++) {
    const word = words[index] ?? '';
    const next = words[index + 1];
    if (strong.has(word)) return index;
    if (levelOf.has(word) || weak.has(word)) {
      // "2ND FLOOR": the number comes first.
      if (levelOf.get(word) === 'FL' && index > 1 && isOrdinal(words[index - 1])) return index - 1;
      if (isUnitNumber(next) || (next !== undefined && strong.has(next))) return index;
    }
    if (standaloneOf.has(word) && index === words.length - 1 && endsStreet(index)) return index;
  }
  return words.length;
}

/**
 * The canonical unit: designators before a number dropped, building and floor kept and put first, a letter and a
 * number joined ("4 C" is 4C), leading zeros gone. A unit never vanishes: '' only where the words name none.
 */
export function canonicalUnit(words: readonly string[]): string {
  const levels: string[] = [];
  const others: string[] = [];
  const dropped: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = levelOf.get(words[index] ?? '') ?? words[index] ?? '';
    const after = pastSigns(words, index + 1);
    const number = words[after];
    if (isOrdinal(word) && levelOf.get(words[index + 1] ?? '') === 'FL') {
      levels.push(`FL ${withoutOrdinal(word)}`);
      index++;
    } else if (levelOf.has(word) && isUnitNumber(number) && number !== undefined) {
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

/** Where the words go on after number signs: "FLOOR NO 9", "FL # 9". */
function pastSigns(words: readonly string[], start: number): number {
  let index = start;
  while (isNumberSign(words[index])) index++;
  return index;
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

function isOrdinal(word: string | undefined): boolean {
  return word !== undefined && withoutOrdinal(word) !== word;
}

function joinLettersAndNumbers(words: readonly string[]): string[] {
  const joined: string[] = [];
  for (const word of words) {
    const last = joined.at(-1);
    const pair = last === undefined ? '' : `${last} ${word}`;
    if (/^(?:[A-Z] [0-9]+|[0-9]+ [A-Z])$/.test(pair)) joined[joined.length - 1] = pair.replace(' ', '');
    else joined.push(word);
  }
  return joined;
}
