import { foldText } from '../fold.ts';
import { phrasesOf } from '../phrases.ts';
import { foldWords } from '../fold.ts';
import { NO_PLACE_PHRASES, POSTCODE_PLACEHOLDERS } from './placeholder-tables.ts';

const none = phrasesOf(NO_PLACE_PHRASES);
const placeholders: ReadonlySet<string> = new Set(POSTCODE_PLACEHOLDERS);

/**
 * Five digits of a ZIP code written as five, nine, or five and four digits, with leading zeros that a spreadsheet
 * has eaten put back; '' where there is none; undefined where it is no ZIP code.
 */
export function canonicalPostcode(postcode: string): string | undefined {
  if (isFiveDigits(postcode)) return inUse(postcode);
  const text = foldText(postcode).trim();
  if (text === '' || none.isWhole(foldWords(text.replaceAll('/', ' ')))) return '';
  const match = /^(\d{3,5})(?:\.0)?(?:[- ]+(?:\d{1,4})?)?$/.exec(text) ?? /^(\d{4,5})\d{4}$/.exec(text);
  const zip = match?.[1]?.padStart(5, '0');
  return zip === undefined ? undefined : inUse(zip);
}

/** 00501 and 99950 are the lowest and the highest ZIP code in use. */
function inUse(zip: string): string | undefined {
  return zip >= '00501' && zip <= '99950' && !placeholders.has(zip) ? zip : undefined;
}

function isFiveDigits(text: string): boolean {
  if (text.length !== 5) return false;
  for (let index = 0; index < 5; index++) {
    const code = text.charCodeAt(index);
    if (code < 48 || code > 57) return false;
  }
  return true;
}
