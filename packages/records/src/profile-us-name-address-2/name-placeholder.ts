import { phrasesOf } from './phrases.ts';
import { GIVEN_NAME_PLACEHOLDERS, NAME_PLACEHOLDER_PHRASES, NAME_PLACEHOLDERS } from './placeholders.ts';

const inAnyName = phrasesOf(NAME_PLACEHOLDERS);
const inGivenName = phrasesOf([...NAME_PLACEHOLDERS, ...GIVEN_NAME_PLACEHOLDERS]);
const within = phrasesOf(NAME_PLACEHOLDER_PHRASES);
const nameAcrossFields = new Set([...NAME_PLACEHOLDERS, ...NAME_PLACEHOLDER_PHRASES]);

/** Whether the folded words of a surname stand for nothing. */
export function isNamePlaceholder(words: readonly string[]): boolean {
  return standsForNothing(words, inAnyName.isWhole);
}

/** Whether the folded words of a given name stand for nothing. */
export function isGivenNamePlaceholder(words: readonly string[]): boolean {
  return standsForNothing(words, inGivenName.isWhole);
}

/** Whether given name and surname together are a phrase that stands for nothing: "DID NOT" and "PROVIDE". */
export function isWholeNamePlaceholder(words: readonly string[]): boolean {
  return nameAcrossFields.has(withoutDigits(words).join(' '));
}

function standsForNothing(words: readonly string[], isWhole: (words: readonly string[]) => boolean): boolean {
  const letters = withoutDigits(words);
  if (/^(?:X+|([A-Z])\1{2,})$/.test(letters.join(''))) return true;
  return isWhole(letters) || letters.every((word) => isWhole([word])) || within.isWithin(letters);
}

function withoutDigits(words: readonly string[]): string[] {
  return words.map((word) => word.replace(/[0-9]+/g, '')).filter((word) => word !== '');
}
