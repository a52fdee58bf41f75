import type { RejectionCode } from '../rejection.ts';
import { foldWords } from './fold.ts';
import { GENERATIONS, TITLES } from './name-words.ts';
import { isGivenNamePlaceholder, isNamePlaceholder, isWholeNamePlaceholder } from './name-placeholder.ts';
import { spellings } from './word-table.ts';

/** The longest canonical given name or surname, in characters. */
export const MAX_NAME_LENGTH = 100;

/** The canonical name of a person. Spaces inside a name do not count: "DE LA CRUZ" is DELACRUZ. */
export interface CanonicalName {
  readonly givenName: string;
  readonly surname: string;
  /** JR, SR, 2ND, 3RD or 4TH; '' where none is written. */
  readonly generation: string;
}

const generationOf = spellings(GENERATIONS);
const titles = new Set(TITLES);

/** The canonical name, or the code of what is wrong with it. */
export function canonicalName(givenName: string, surname: string): CanonicalName | RejectionCode {
  const given = foldWords(givenName);
  const family = foldWords(surname);
  if (!hasLetter(given)) return 'given_name_missing';
  if (!hasLetter(family)) return 'surname_missing';
  if (isPlaceholder(given, family)) return 'name_placeholder';

  while (given.length > 1 && titles.has(given[0] ?? '')) given.shift();
  const generation = takeGeneration(family) || takeGeneration(given);
  dropTrailingInitials(given);
  // "JOHN JR M": the initial hides the suffix until it is gone.
  const hidden = takeGeneration(given);
  // "MR FNU" and "NONE JR" show what they are only now.
  if (isPlaceholder(given, family)) return 'name_placeholder';

  const name = { givenName: given.join(''), surname: family.join(''), generation: generation || hidden };
  if (name.givenName.length > MAX_NAME_LENGTH || name.surname.length > MAX_NAME_LENGTH)
    return 'name_too_long';
  return name;
}

function hasLetter(words: readonly string[]): boolean {
  return words.some((word) => /[A-Z]/.test(word));
}

function isPlaceholder(given: readonly string[], family: readonly string[]): boolean {
  return (
    isGivenNamePlaceholder(given) ||
    isNamePlaceholder(family) ||
    isWholeNamePlaceholder([...given, ...family])
  );
}

/** Takes a generational suffix off the end of a name of at least two words; '' where there is none. */
function takeGeneration(words: string[]): string {
  const generation = words.length > 1 ? generationOf.get(words.at(-1) ?? '') : undefined;
  if (generation === undefined) return '';
  words.pop();
  return generation;
}

/** A middle initial written after the given name is not part of it: the other side may not know it. */
function dropTrailingInitials(given: string[]): void {
  while (given.length > 1 && /^[A-Z]$/.test(given.at(-1) ?? '') && (given[0] ?? '').length > 1) given.pop();
}
