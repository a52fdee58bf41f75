import { NOT_APPLICABLE } from './placeholder-tables.ts';
import { GLUED_WORDS } from './units.ts';

const glued: ReadonlySet<string> = new Set(GLUED_WORDS);
const LONGEST_GLUED = Math.max(...GLUED_WORDS.map(({ length }) => length));

const HASH = 35;
const AMPERSAND = 38;
const APOSTROPHE = 39;
const BACKTICK = 96;
const HYPHEN = 45;
const DOT = 46;
const SLASH = 47;

/**
 * The words of a folded address line (see `foldText`), of A–Z, 0–9, and '-' and '/' between digits. '#' is a word of its own;
 * '&' is AND; apostrophes vanish; the dots of "N.W." vanish, but one between digits is '-', so that 36.1 Road is not 361 Road; '-'
 * vanishes between a number and a single letter ("184-C" is 184C); "N/A" is NOT APPLICABLE and "C/" is CALLE. A number
 * run together with what it numbers is parted ("APT4" is APT 4). Everything else divides words.
 */
export function addressWords(folded: string): string[] {
  const words: string[] = [];
  let word = '';
  const end = (): void => {
    if (word !== '') pushWord(words, word);
    word = '';
  };
  for (let index = 0; index < folded.length; index++) {
    const code = folded.charCodeAt(index);
    if (isLetter(code) || isDigit(code)) {
      word += folded.charAt(index);
      continue;
    }
    const before = index === 0 ? 0 : folded.charCodeAt(index - 1);
    const after = folded.charCodeAt(index + 1);
    if (isDigit(before) && isDigit(after)) {
      if (code === HYPHEN || code === SLASH) word += folded.charAt(index);
      else if (code === DOT) word += '-';
      else end();
    } else if (code === APOSTROPHE || code === BACKTICK) {
      continue;
    } else if (
      code === DOT &&
      isLetter(before) &&
      isLoneLetter(folded, index + 1) &&
      !isWordBefore(folded, index - 1)
    ) {
      continue;
    } else if (code === HYPHEN && joinsLetterAndNumber(folded, index)) {
      continue;
    } else if (code === SLASH && isLetter(before) && !isAlphanumeric(folded.charCodeAt(index - 2))) {
      const next = nextVisible(folded, index + 1);
      if (word === 'N' && folded.charCodeAt(next) === 65 && !isAlphanumeric(folded.charCodeAt(next + 1))) {
        word = '';
        words.push(...NOT_APPLICABLE);
        index = next;
      } else {
        if (word === 'C') word = 'CALLE';
        end();
      }
    } else {
      end();
      if (code === HASH) words.push('#');
      else if (code === AMPERSAND) words.push('AND');
    }
  }
  end();
  return words;
}

/** Appends a word, parted where a fraction or a number is run together with what is before it. */
function pushWord(words: string[], word: string): void {
  const slash = word.indexOf('/');
  if (slash > 0) {
    const hyphen = word.lastIndexOf('-', slash);
    if (hyphen > 0) {
      // "12-1/2"
      words.push(word.slice(0, hyphen), word.slice(hyphen + 1));
      return;
    }
  }
  const letters = lettersAtStart(word);
  if (
    letters >= 2 &&
    letters < word.length &&
    letters <= LONGEST_GLUED &&
    glued.has(word.slice(0, letters))
  ) {
    words.push(word.slice(0, letters), word.slice(letters));
  } else {
    words.push(word);
  }
}

function lettersAtStart(word: string): number {
  let length = 0;
  while (length < word.length && isLetter(word.charCodeAt(length))) length++;
  return length;
}

/** "B-12", "12-B", but not "B-SIDE" or "12-14". */
function joinsLetterAndNumber(text: string, hyphen: number): boolean {
  const before = text.charCodeAt(hyphen - 1);
  const after = text.charCodeAt(hyphen + 1);
  if (isDigit(before)) return isLetter(after) && !isAlphanumeric(text.charCodeAt(hyphen + 2));
  return isLetter(before) && isDigit(after) && !isAlphanumeric(text.charCodeAt(hyphen - 2));
}

/** Whether one letter, and no more, stands at the index. */
function isLoneLetter(text: string, index: number): boolean {
  return isLetter(text.charCodeAt(index)) && !isAlphanumeric(text.charCodeAt(index + 1));
}

/** Whether the letter at the index is the end of a word of two or more. */
function isWordBefore(text: string, index: number): boolean {
  return isAlphanumeric(text.charCodeAt(index - 1));
}

function nextVisible(text: string, index: number): number {
  return text.charAt(index) === ' ' ? index + 1 : index;
}

function isLetter(code: number): boolean {
  return code >= 65 && code <= 90;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isAlphanumeric(code: number): boolean {
  return isLetter(code) || isDigit(code);
}
