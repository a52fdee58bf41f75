import { phrasesOf } from '../phrases.ts';
import {
  ADDRESS_PLACEHOLDER_PHRASES,
  ADDRESS_PLACEHOLDERS,
  NO_UNIT_PHRASES,
  STREET_NAME_PLACEHOLDERS,
} from './placeholder-tables.ts';

const whole = phrasesOf(ADDRESS_PLACEHOLDERS);
const within = phrasesOf(ADDRESS_PLACEHOLDER_PHRASES);
const noUnit = phrasesOf(NO_UNIT_PHRASES);
const streetName = phrasesOf(STREET_NAME_PLACEHOLDERS);

/**
 * Whether the folded words of a first line or a city stand for nothing: a word or phrase of the tables, or one
 * letter or digit three times or more and nothing else.
 */
export function isAddressPlaceholder(words: readonly string[]): boolean {
  return isPhrase(words) || /^([A-Z0-9])\1{2,}$/.test(words.join(''));
}

/** Whether the folded words of a second line stand for nothing. "111" and "AAA" do not: they may number a unit. */
export function isSecondLinePlaceholder(words: readonly string[]): boolean {
  return isPhrase(words);
}

/** Whether the second line says that there is no unit. */
export function saysNoUnit(words: readonly string[]): boolean {
  return noUnit.isWhole(words);
}

/**
 * Whether a street name behind a house number stands for nothing. `core` is the name without directionals and suffix; fewer
 * words count there, because Nowhere Road and Street Road are streets.
 */
export function isStreetNamePlaceholder(name: readonly string[], core: readonly string[]): boolean {
  if (name.length === 1 && whole.isWhole(name)) return true;
  return core.every((word) => streetName.isWhole([word])) || isOnlyX(core);
}

function isPhrase(words: readonly string[]): boolean {
  const known = words.filter((word) => /[A-Z0-9]/.test(word));
  return whole.isWhole(known) || within.isWithin(known) || isOnlyX(words);
}

function isOnlyX(words: readonly string[]): boolean {
  return /^XX+$/.test(words.join(''));
}
