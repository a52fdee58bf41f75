import { beginsWithDigit, isLetter, isNumberSign, pastSigns, withoutZeros } from './numbers.ts';
import { numberInWords } from './number-words.ts';
import { STREET_SUFFIXES } from './street-suffixes.ts';
import { spellings } from '../word-table.ts';
import { CONNECTIVES, DIRECTIONALS } from './directionals.ts';
import { phraseTable } from './phrase-table.ts';
import { isUnitWord } from './unit.ts';
import { NUMBERED_ROADS } from './roads.ts';

/** A house number at the beginning of a line, and where the street name begins. */
export interface FoundHouseNumber {
  readonly number: string;
  readonly end: number;
}

const suffixes = spellings(STREET_SUFFIXES);
const directionals = spellings(DIRECTIONALS);
const connectives: ReadonlySet<string> = new Set(CONNECTIVES);
const roadAt = phraseTable(NUMBERED_ROADS);
/** Roads without house numbers are measured: "MILE 12 GLENN HWY", "KM 5.2 CARR 167". */
const MEASURES: ReadonlySet<string> = new Set(['KM', 'MILE', 'MILEPOST', 'MP']);

/**
 * The house number that begins at `start`, with a fraction if there is one; undefined where there is none, or it is zero. It is
 * digits, which hyphens may divide, with a letter or two after them; a number in words; or a grid number, as in Wisconsin and
 * Illinois, whose parts are joined: "W220N 7246" and "W 220 N 7246" are W220N7246, "N 6 135" is N6135.
 */
export function houseNumber(words: readonly string[], start: number): FoundHouseNumber | undefined {
  const first = pastSigns(words, start);
  const word = words[first];
  if (word === undefined) return undefined;
  const found = gridNumber(words, first) ?? measuredNumber(words, first) ?? plainNumber(words, first);
  if (found === undefined) return undefined;
  let { number, end } = found;
  const fraction = words[end];
  if (fraction !== undefined && /^[1-9]\/[1-9]$/.test(fraction)) {
    number = `${number} ${fraction}`;
    end++;
  }
  return isNumberSign(words[end]) && words.length === end + 1 ? undefined : { number, end };
}

function plainNumber(words: readonly string[], start: number): FoundHouseNumber | undefined {
  const word = words[start] ?? '';
  if (beginsWithDigit(word)) {
    if (!/[1-9]/.test(word) || word.includes('/')) return undefined;
    if (/^\d+(?:ST|ND|RD|TH)$/.test(word)) return undefined;
    const number = withoutZeros(word);
    return hasLooseLetter(words, start)
      ? { number: `${number}${words[start + 1] ?? ''}`, end: start + 2 }
      : { number, end: start + 1 };
  }
  const inWords = numberInWords(words, start);
  if (inWords === undefined || inWords.isOrdinal) {
    // "ONE TWENTY THIRD ST" is number 1.
    const head = inWords === undefined ? undefined : numberInWords(words.slice(start, start + 1), 0);
    return head === undefined || head.isOrdinal ? undefined : { number: String(head.value), end: start + 1 };
  }
  return { number: String(inWords.value), end: start + inWords.length };
}

/** "12 A MAIN ST" is 12A, but "12 A ST", "12 N MAIN ST" and "12 C R 420" have a street that begins with the letter. */
function hasLooseLetter(words: readonly string[], start: number): boolean {
  const letter = words[start + 1];
  const next = words[start + 2];
  return (
    isLetter(letter) &&
    next !== undefined &&
    next.length > 1 &&
    !beginsWithDigit(next) &&
    /^\d+$/.test(words[start] ?? '') &&
    !directionals.has(letter ?? '') &&
    !connectives.has(next) &&
    !isUnitWord(next) &&
    !(directionals.has(next) && words.length === start + 3) &&
    !suffixes.has(next) &&
    roadAt(words, start + 1) === undefined
  );
}

function gridNumber(words: readonly string[], start: number): FoundHouseNumber | undefined {
  let index = start;
  let number: string;
  const first = words[index] ?? '';
  if (/^[NSEW]\d+[A-Z]?$/.test(first) || /^[NSEW]\d+[NSEW]\d+[A-Z]?$/.test(first)) {
    number = first;
    index++;
  } else if (isCompass(first) && isDigits(words[index + 1])) {
    number = first + (words[index + 1] ?? '');
    index += 2;
  } else if (/^\d{1,3}[NSEW]\d+$/.test(first)) {
    return { number: withoutZeros(first), end: index + 1 };
  } else {
    return undefined;
  }
  const next = words[index] ?? '';
  if (/^[NSEW]\d+[A-Z]?$/.test(next) && words.length > index + 1) {
    number += next;
    index++;
  } else if (isCompass(next) && isDigits(words[index + 1]) && words.length > index + 2) {
    number += next + (words[index + 1] ?? '');
    index += 2;
  } else if (
    isDigits(next) &&
    words.length > index + 1 &&
    !(suffixes.has(words[index + 1] ?? '') && words.length === index + 2)
  ) {
    number += next;
    index++;
  }
  const street = words[index];
  const isNone = street === undefined || (suffixes.has(street) && words.length === index + 1);
  return isNone ? undefined : { number, end: index };
}

function measuredNumber(words: readonly string[], start: number): FoundHouseNumber | undefined {
  const measure = words[start] ?? '';
  const number = words[start + 1];
  if (!MEASURES.has(measure) || !beginsWithDigit(number) || words.length < start + 3) return undefined;
  return { number: `${measure === 'KM' ? 'KM' : 'MILE'} ${withoutZeros(number ?? '')}`, end: start + 2 };
}

function isCompass(word: string): boolean {
  return word === 'N' || word === 'S' || word === 'E' || word === 'W';
}

function isDigits(word: string | undefined): boolean {
  return word !== undefined && /^\d+$/.test(word);
}
