import { ADDRESS_PLACEHOLDER_PHRASES, ADDRESS_PLACEHOLDERS } from './placeholders.ts';

const whole = new Set(ADDRESS_PLACEHOLDERS);
const phrases = ADDRESS_PLACEHOLDER_PHRASES.map((phrase) => ` ${phrase} `);

/**
 * Whether the folded words of a street line or city stand for nothing: a word or phrase of the tables, or one
 * letter or digit three times or more and nothing else.
 */
export function isAddressPlaceholder(words: readonly string[]): boolean {
  if (words.length === 0) return false;
  const text = words.filter((word) => /[A-Z0-9]/.test(word)).join(' ');
  if (whole.has(text) || /^(?:XX+|([A-Z0-9])\1{2,})$/.test(words.join(''))) return true;
  return phrases.some((phrase) => ` ${text} `.includes(phrase));
}
