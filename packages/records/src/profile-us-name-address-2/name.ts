import type { PersonRecord } from '../record.ts';
import type { RejectionCode } from '../rejection.ts';
import { foldText, foldWords } from './fold.ts';
import { fullMiddleNames, givenNamesOf, ownName } from './given-name.ts';
import type { GivenNames } from './given-name.ts';
import { cutTitles, isFullWord, isInitial, takeEnd, takeGenerationOfMiddle } from './name-ends.ts';
import { isGivenNamePlaceholder, isSurnamePlaceholder, isWholeNamePlaceholder } from './name-placeholder.ts';
import { surnamesOf } from './surname.ts';
import type { Surnames } from './surname.ts';

/** The longest canonical given name, middle name or surname, in characters. */
export const MAX_NAME_LENGTH = 100;

/** What can be wrong with a name. */
export type NameRejectionCode = Extract<
  RejectionCode,
  `given_name_${string}` | `surname_${string}` | `name_${string}`
>;

/**
 * The canonical name of a person: A–Z only, no spaces, so that "De la Cruz" and "Delacruz", "Mary Ann" and "Maryann",
 * "Xiao-Ming" and "Xiaoming" are the same.
 *
 * The order of names: which name is the given one is taken from the field, never guessed. Chinese, Vietnamese and
 * Hungarian names come surname first, and clerks swap fields; as titles, suffixes, initials and particles are treated alike
 * in both fields, keys that compare given name and surname as an unordered pair bear it. Arabic names keep their article and
 * their father's names where they stand (ALMASRI is not MASRI, one transliteration is not another). A surname
 * that may have slid into the given name is reported beside it, not moved. What is not done: an English name put before a Chinese one ("David Xiaoming") is not
 * told from a compound; a nickname in the surname's field is not made formal.
 */
export interface CanonicalName extends GivenNames, Surnames {
  /** All given names that stand for the person, joined: JOSELUIS, MARYANN, BILL. Neither initials nor the middle name. */
  readonly given: string;
  /** The first given name as it is written: SARAH of "Sarah Victoria". */
  readonly firstGiven: string;
  /** The initial of the second of given and middle names, which may be known by it only: V. '' where none is known. */
  readonly secondInitial: string;
  /** The first of the given and middle names in its formal form (BILL → WILLIAM), a leading initial left out. */
  readonly firstFormal: string;
  /** `firstFormal` as far as it tells a person from a brother or sister: MARIA T of "Maria Teresa", MINJUN of "Min Jun". */
  readonly ownName: string;
  /** The second of them, whichever field it stands in: LUIS of "Jose", "Luis" and of "Jose Luis", CARMEN of "Maria del Carmen"; '' where only one is known. */
  readonly secondFormal: string;
  /** `given` without its last name, which may be a surname that slid into the field: JOSE of "Jose Ortiz". '' of a single name. */
  readonly shorterGiven: string;
  /** That last name, with its particles: ORTIZ. */
  readonly surnameInGiven: string;
  /** All surnames with their particles, joined: DELACRUZGARCIA. */
  readonly surname: string;
  /** The first surname with its particles: DELACRUZ; equal to `surname` where there is one. */
  readonly firstSurname: string;
  /** JR, SR, 2ND, 3RD or 4TH, from whichever field holds it; '' where none does. */
  readonly generation: string;
}

/**
 * The canonical name, or the code of what is wrong with it. Pure.
 *
 * An initial stands for itself only: where a given name or a surname is one letter (and O, E and U are surnames), that letter
 * is the name, and it meets nobody whose name is written out.
 */
export function canonicalName(
  record: Pick<PersonRecord, 'givenName' | 'middleName' | 'surname'>,
): CanonicalName | NameRejectionCode {
  const given = nameWords(record.givenName);
  const family = nameWords(record.surname);
  if (given.length === 0) return 'given_name_missing';
  if (family.length === 0) return 'surname_missing';
  if (isPlaceholder(given, family)) return 'name_placeholder';

  cutTitles(given);
  cutTitles(family);
  const generationOfFamily = takeEnd(family);
  const initial = initialAmong(given.slice(1));
  const generationOfGiven = takeEnd(given);
  // "Mr. FNU" and "None Jr." show what they are only now.
  if (isPlaceholder(given, family)) return 'name_placeholder';
  if (!isPossible(given, record.givenName) || !isPossible(family, record.surname)) return 'name_impossible';

  const middleWords = record.middleName === '' ? [] : nameWords(record.middleName);
  const generationOfMiddle = takeGenerationOfMiddle(middleWords);
  // N/A is no initial.
  const initialOfMiddle = isGivenNamePlaceholder(middleWords) ? '' : initialAmong(middleWords);
  const middle = namesOfMiddle(middleWords);
  // "J." with the middle name "Robert" is "J. Robert".
  if (!given.some(isFullWord)) given.push(...middle.splice(0));

  if (!given.some(isFullWord) && !family.some(isFullWord)) return 'name_initials';
  const names = givenNamesOf(given, middle);
  const surnames = surnamesOf(family);
  if (isTooLong(names.given) || isTooLong(surnames.surname) || isTooLong(middle.join('')))
    return 'name_too_long';
  const secondInitial = names.secondInitial || initial || initialOfMiddle;
  return {
    ...names,
    ...surnames,
    ownName: ownName(names, secondInitial),
    secondInitial,
    generation: generationOfFamily || generationOfGiven || generationOfMiddle,
  };
}

const ASIDE = /\([^()]*\)|"[^"]*"/g;

/** The folded words of a name; a nickname in brackets or quotation marks is left out where more is written. */
function nameWords(text: string): string[] {
  const words = foldWords(text).map(withoutScannedDigit);
  if (words.length < 2) return words;
  const folded = foldText(text);
  if (!folded.includes('(') && !folded.includes('"')) return words;
  const main = foldWords(folded.replace(ASIDE, ' ')).map(withoutScannedDigit);
  return main.length === 0 ? words : main;
}

/** The first initial among folded words; '' of none. A digit is none. */
function initialAmong(words: readonly string[]): string {
  return words.find((word) => isInitial(word) && !hasDigit(word)) ?? '';
}

function namesOfMiddle(words: string[]): string[] {
  if (words.length === 0 || isGivenNamePlaceholder(words) || words.some(hasDigit)) return [];
  cutTitles(words);
  takeEnd(words);
  return fullMiddleNames(words);
}

/** What a scanner reads for a letter. */
const SCANNED_DIGITS: Readonly<Record<string, string>> = { '0': 'O', '1': 'I', '5': 'S' };

/** A word with one digit among three letters or more, the digit read as the letter that it resembles: D0NNA is DONNA. */
function withoutScannedDigit(word: string): string {
  if (!HAS_DIGIT.test(word) || !/^(?=.{4})[A-Z]*[015][A-Z]*$/.test(word)) return word;
  return word.replace(/[015]/, (digit) => SCANNED_DIGITS[digit] ?? digit);
}

const HAS_DIGIT = /[0-9]/;

function hasDigit(word: string): boolean {
  return HAS_DIGIT.test(word);
}

const TWO_PEOPLE = /&|\+/;

/** Whether the words can be the name of one person: letters only, and nobody added. */
function isPossible(words: readonly string[], text: string): boolean {
  return !words.some(hasDigit) && !TWO_PEOPLE.test(foldText(text)) && !words.includes('AND', 1);
}

function isPlaceholder(given: readonly string[], family: readonly string[]): boolean {
  return (
    isGivenNamePlaceholder(given) || isSurnamePlaceholder(family) || isWholeNamePlaceholder(given, family)
  );
}

function isTooLong(name: string): boolean {
  return name.length > MAX_NAME_LENGTH;
}
