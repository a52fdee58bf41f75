import {
  AFTER_NAMES,
  GENERATIONS,
  GENERATIONS_THAT_ARE_NAMES,
  OTHER_NAME_MARKS,
  TITLES,
} from './name-words.ts';
import { spellings } from './word-table.ts';

const generationOf = spellings(GENERATIONS);
const generationsThatAreNames = new Set(GENERATIONS_THAT_ARE_NAMES);
const titles = new Set(TITLES);
const afterNames = new Set(AFTER_NAMES);
const otherNameMarks = new Set(OTHER_NAME_MARKS);

/** Cuts the titles that begin a name, as long as a word is left, and a second name ("Ann AKA Nan") with its mark. */
export function cutTitles(words: string[]): void {
  while (words.length > 1 && titles.has(words[0] ?? '')) words.shift();
  const mark = words.findIndex((word, index) => index > 0 && otherNameMarks.has(word));
  if (mark > 0 && mark < words.length - 1) words.length = mark;
}

/**
 * Cuts what follows a name: degrees, and initials where a word of two letters or more is left. Takes the generational
 * suffixes out, wherever they stand behind the first word, and gives the last of them; '' where there is none.
 */
export function takeEnd(words: string[]): string {
  let generation = '';
  while (words.length > 1) {
    const last = words.at(-1) ?? '';
    const found = generationOf.get(last);
    if (found !== undefined) generation ||= found;
    else if (!afterNames.has(last) && !isTrailingInitial(words)) break;
    words.pop();
  }
  // "Garcia Jr. Lopez": the second surname was put behind the suffix of the first.
  for (let index = words.length - 2; index > 0; index--) {
    const word = words[index] ?? '';
    const found = generationOf.get(word);
    if (found === undefined || generationsThatAreNames.has(word)) continue;
    generation ||= found;
    words.splice(index, 1);
  }
  return generation;
}

/** Whether the last word is an initial behind a name. The O of "De la O" is a surname. */
function isTrailingInitial(words: readonly string[]): boolean {
  if (!isInitial(words.at(-1) ?? '') || !words.some(isFullWord)) return false;
  const article = words.at(-2) ?? '';
  return article !== 'DELA' && !(words.at(-3) === 'DE' && /^L(?:A|AS|OS)$/.test(article));
}

/** The generational suffix among the words of a middle name, which may hold nothing else; taken out. '' where there is none. */
export function takeGenerationOfMiddle(words: string[]): string {
  const index = words.findIndex(
    (word) => generationOf.has(word) && (words.length > 1 || !generationsThatAreNames.has(word)),
  );
  if (index === -1) return '';
  const [word = ''] = words.splice(index, 1);
  return generationOf.get(word) ?? '';
}

/** Whether a folded word is a single letter. */
export function isInitial(word: string): boolean {
  return word.length === 1;
}

/** Whether a folded word has two letters or more: a name, and no initial. */
export function isFullWord(word: string): boolean {
  return word.length > 1;
}
