import type { WordTable } from '../word-table.ts';
import { spellings } from '../word-table.ts';

/** A phrase found among words: its canonical form and how many words it takes. */
export interface FoundPhrase {
  readonly canonical: string;
  readonly length: number;
}

/** The phrase of a table that begins at a word, the longest one; undefined where none does. */
export type PhraseTable = (words: readonly string[], start: number) => FoundPhrase | undefined;

/** A table whose spellings are phrases of one word or more. */
export function phraseTable(table: WordTable): PhraseTable {
  const byFirstWord = new Map<string, { words: string[]; found: FoundPhrase }[]>();
  for (const [spelling, canonical] of spellings(table)) {
    const words = spelling.split(' ');
    const [first = ''] = words;
    const found = { canonical, length: words.length };
    byFirstWord.set(first, [...(byFirstWord.get(first) ?? []), { words, found }]);
  }
  for (const phrases of byFirstWord.values()) phrases.sort((a, b) => b.found.length - a.found.length);

  return (words, start) =>
    byFirstWord
      .get(words[start] ?? '')
      ?.find((phrase) => phrase.words.every((word, at) => words[start + at] === word))?.found;
}
