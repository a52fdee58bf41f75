import { ENGLISH_NICKNAMES } from './nicknames-english.ts';
import { SPANISH_NICKNAMES } from './nicknames-spanish.ts';
import { spellings } from './word-table.ts';

const formalOf = new Map([...spellings(ENGLISH_NICKNAMES), ...spellings(SPANISH_NICKNAMES)]);

/**
 * The words of a name, each in its formal form: BILL HENRY is WILLIAM HENRY. Word by word, so that it does not matter which of
 * them is written as the middle name. A compound written as one word (BILLYJOE) stays.
 */
export function formalWords(words: readonly string[]): readonly string[] {
  return words.some((word) => formalOf.has(word)) ? words.map((word) => formalOf.get(word) ?? word) : words;
}
