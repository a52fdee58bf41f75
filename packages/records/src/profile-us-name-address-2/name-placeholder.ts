import {
  GIVEN_NAME_PLACEHOLDERS,
  NAME_PLACEHOLDER_PHRASES,
  NAME_PLACEHOLDERS,
  SURNAME_PLACEHOLDERS,
  WHOLE_NAME_PLACEHOLDERS,
} from './name-placeholders.ts';
import { phrasesOf } from './phrases.ts';

const inSurname = phrasesOf([...NAME_PLACEHOLDERS, ...SURNAME_PLACEHOLDERS]);
const inGivenName = phrasesOf([...NAME_PLACEHOLDERS, ...GIVEN_NAME_PLACEHOLDERS]);
const within = phrasesOf(NAME_PLACEHOLDER_PHRASES);
const nameAcrossFields = new Set([
  ...WHOLE_NAME_PLACEHOLDERS,
  ...NAME_PLACEHOLDERS,
  ...NAME_PLACEHOLDER_PHRASES,
]);

/** Whether the folded words of a surname stand for nothing. */
export function isSurnamePlaceholder(words: readonly string[]): boolean {
  return standsForNothing(words, inSurname.isWhole);
}

/** Whether the folded words of a given name stand for nothing. Twins are told apart: "Baby Girl B". */
export function isGivenNamePlaceholder(words: readonly string[]): boolean {
  return (
    standsForNothing(words, inGivenName.isWhole) ||
    (words.length > 1 && words.at(-1)?.length === 1 && inGivenName.isWhole(words.slice(0, -1)))
  );
}

/** Whether given name and surname together are a phrase that stands for nobody: "DID NOT" and "PROVIDE", "JOHN" and "DOE". */
export function isWholeNamePlaceholder(given: readonly string[], family: readonly string[]): boolean {
  const whole = withoutDigits([...given, ...family]).join(' ');
  return nameAcrossFields.has(whole) || nameAcrossFields.has(withoutDigits([...family, ...given]).join(' '));
}

function standsForNothing(words: readonly string[], isWhole: (words: readonly string[]) => boolean): boolean {
  const letters = withoutDigits(words);
  if (letters.length === 0) return false;
  if (/^(?:X+|([A-Z])\1{2,})$/.test(letters.join(''))) return true;
  return isWhole(letters) || letters.every((word) => isWhole([word])) || within.isWithin(letters);
}

const DIGITS = /[0-9]+/g;
const A_DIGIT = /[0-9]/;

function withoutDigits(words: readonly string[]): readonly string[] {
  if (!words.some((word) => A_DIGIT.test(word))) return words;
  return words.map((word) => word.replace(DIGITS, '')).filter((word) => word !== '');
}
