import {
  GIVEN_NAME_BEGINNINGS,
  LEADING_LETTERS,
  MARKERS_OF_SEX,
  PARTICLES,
  GENERATION_SYLLABLES,
  SHARED_FIRST_NAMES,
} from './name-words.ts';
import { isFullWord, isInitial } from './name-ends.ts';
import { formalWords } from './nicknames.ts';
import { spellings } from './word-table.ts';

const beginnings = spellings(GIVEN_NAME_BEGINNINGS);
const leadingLetters = new Set(LEADING_LETTERS);
const particles = new Set(PARTICLES);
const markersOfSex = new Set(MARKERS_OF_SEX);
const sharedFirstNames = new Set(SHARED_FIRST_NAMES);
const generationSyllables = new Set(GENERATION_SYLLABLES);

/** Of DE and DEL. */
const INITIAL_OF_PARTICLES = 'D';

/** The longest first given name that may be a syllable: MIN of "Min Jun", whose twin may be "Min Seo". */
export const LONGEST_SYLLABLE = 3;

/** The given names of a person, without spaces. Each is '' where the record holds none. */
export interface GivenNames {
  readonly given: string;
  readonly firstGiven: string;
  readonly secondInitial: string;
  readonly firstFormal: string;
  readonly secondFormal: string;
  readonly shorterGiven: string;
  readonly surnameInGiven: string;
}

/**
 * Joins the folded words of a given name and the full words of a middle name.
 *
 * An initial that begins a given name stays in `given`, since "J Robert" and "Robert" may be two people of one
 * house, and is left out of the formal name, beside which a date of birth stands; initials behind a name are in neither.
 */
export function givenNamesOf(words: readonly string[], middle: readonly string[]): GivenNames {
  if (!words.some(isFullWord)) return initialsOnly(words);
  const named = spelledOut(words);
  const full = named.filter(isFullWord);
  const initials = named.slice(0, named.length - full.length).join('');
  const formal = formalWords(full);
  const others = endsWith(full, middle) ? [] : middle;
  const [firstFormal = '', ...further] = [...formal, ...formalWords(others)];
  const last = lastNameOf(full);
  return {
    given: initials + full.join(''),
    firstGiven: full[0] ?? '',
    secondInitial: initialOf(full.slice(1)) || initialOf(others),
    firstFormal,
    secondFormal: further.find((word) => !particles.has(word)) ?? further[0] ?? '',
    shorterGiven: last === 0 ? '' : initials + full.slice(0, last).join(''),
    surnameInGiven: last === 0 ? '' : full.slice(last).join(''),
  };
}

/**
 * The first given name as far as it tells a person from a brother or sister: with the initial of the second where it is one that
 * they share, with the second name where it may be the syllable of a generation. The initial D may be a particle's, as of "Maria
 * del Carmen", and says nothing of the second name.
 */
export function ownName(
  { firstFormal, secondFormal, surnameInGiven }: GivenNames,
  secondInitial: string,
): string {
  const isKnown = secondFormal !== '' || secondInitial !== INITIAL_OF_PARTICLES;
  if (sharedFirstNames.has(firstFormal) && secondInitial !== '' && isKnown) {
    return `${firstFormal} ${secondInitial}`;
  }
  const isSyllable =
    surnameInGiven !== '' && (firstFormal.length <= LONGEST_SYLLABLE || generationSyllables.has(firstFormal));
  return isSyllable ? firstFormal + secondFormal : firstFormal;
}

/** A given name of which only initials are known: they stand for themselves. */
function initialsOnly(words: readonly string[]): GivenNames {
  const given = words.join('');
  return {
    given,
    firstGiven: given,
    secondInitial: '',
    firstFormal: given,
    secondFormal: '',
    shorterGiven: '',
    surnameInGiven: '',
  };
}

/** The first letter of the first word that is no particle: C of DEL CARMEN. '' of no words. */
function initialOf(words: readonly string[]): string {
  return words.find((word) => !particles.has(word))?.charAt(0) ?? '';
}

/** Where the last name among the words begins, its particles included: 1 of MARIA DE LA CRUZ. 0 of a single name. */
function lastNameOf(words: readonly string[]): number {
  let index = words.length - 1;
  while (index > 0 && particles.has(words[index - 1] ?? '')) index--;
  return index;
}

/** The full words of a middle name that are names. */
export function fullMiddleNames(words: readonly string[]): string[] {
  return words.filter((word) => isFullWord(word) && !markersOfSex.has(word));
}

/** The words with the initials that lead first, then the full words; abbreviations written out, other initials gone. */
function spelledOut(words: readonly string[]): readonly string[] {
  if (words.length === 1) return words;
  const start = words.findIndex(isFullWord);
  const rest = words.slice(start).filter((word) => !isInitial(word));
  const telling = rest.filter((word) => !markersOfSex.has(word));
  const names = telling.length === 0 ? rest : telling;
  if (names.length > 1) names[0] = beginnings.get(names[0] ?? '') ?? names[0] ?? '';
  // "D Andre", "O Shea": the apostrophe is lost, the letter is no initial.
  if (start === 1 && leadingLetters.has(words[0] ?? '')) names[0] = `${words[0] ?? ''}${names[0] ?? ''}`;
  else return [...words.slice(0, start), ...names];
  return names;
}

/** Whether the middle name is written in the given name as well, behind the first word. */
function endsWith(words: readonly string[], end: readonly string[]): boolean {
  const offset = words.length - end.length;
  return offset > 0 && end.every((word, index) => words[offset + index] === word);
}
