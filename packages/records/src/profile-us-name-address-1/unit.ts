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
export function isUnitNumber(word: string | undefined): boolean {
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
 * The canonical unit: designators dropped, building and floor kept and put first, a letter and a number
 * joined ("4 C" is 4C), leading zeros and ordinal endings gone. '' where nothing is left.
 */
export function canonicalUnit(words: readonly string[]): string {
  const kept = words
    .filter((word) => !strong.has(word) && !weak.has(word))
    .map((word) => levelOf.get(word) ?? standaloneOf.get(word) ?? word);
  const levels: string[] = [];
  const numbers: string[] = [];
  for (let index = 0; index < kept.length; index++) {
    const word = kept[index] ?? '';
    const next = kept[index + 1];
    if (isOrdinal(word) && next === 'FL') {
      levels.push(`FL ${withoutOrdinal(word)}`);
      index++;
    } else if (levelOf.has(word) && isUnitNumber(next) && next !== undefined) {
      levels.push(`${word} ${plainNumber(next)}`);
      index++;
    } else {
      numbers.push(plainNumber(word));
    }
  }
  return [...levels.sort(), ...joinLettersAndNumbers(numbers)].join(' ');
}

function isOrdinal(word: string | undefined): boolean {
  return word !== undefined && withoutOrdinal(word) !== word;
}

function plainNumber(word: string): string {
  return withoutOrdinal(word).replace(/^0+(?=[0-9A-Z])/, '');
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
