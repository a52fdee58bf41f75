import { spellings } from '../word-table.ts';
import { BOX_PHRASES } from './boxes.ts';
import { numberInWords, withoutOrdinal } from './number-words.ts';
import { STANDALONE_UNITS, STRONG_UNIT_WORDS, UNIT_LEVELS, WEAK_UNIT_WORDS } from './units.ts';

/** A care-of mark and what follows it, up to a comma, semicolon or line end, where the person's name ends. */
const CARE_OF =
  /(?:(?<![A-Z0-9])(?:C ?\/ ?O|(?:IN )?CARE OF|ATTN|ATTENTION|AL CUIDADO DE|A CARGO DE|ATENCION(?: A)?)(?![A-Z0-9])|%)([^,;\r\n]*)/g;

/** What any care-of mark holds: a line without it is not searched. */
const MAY_BE_CARE_OF = /[%/]|CARE |ATT|ATENCION|AL CUIDADO|A CARGO/;

const addressWords: ReadonlySet<string> = new Set([
  ...STRONG_UNIT_WORDS,
  ...WEAK_UNIT_WORDS,
  ...spellings(UNIT_LEVELS).keys(),
  ...spellings(STANDALONE_UNITS).keys(),
  ...[...spellings(BOX_PHRASES).keys()].map((phrase) => phrase.split(' ')[0] ?? phrase),
]);

/**
 * A folded address line without the persons after "C/O": whose care it is says nothing about the place. A unit behind
 * the name stays, so that it never vanishes with it; a part of a name that looks like one stays too.
 */
export function withoutCareOf(folded: string): string {
  if (!MAY_BE_CARE_OF.test(folded)) return folded;
  return folded.replace(CARE_OF, (_, after: string) => ` ${addressPart(after)}`);
}

/** What is not of the name: from the first word that an address may hold, or a single letter at the end. */
function addressPart(after: string): string {
  const words = after.split(/\s+/).filter((word) => /[A-Z0-9#]/.test(word));
  const first = words.findIndex(
    (word, index) => isOfAddress(word) || (index === words.length - 1 && isSingleLetter(word)),
  );
  if (first < 0) return '';
  // "BOB D 13": the letter belongs to the number.
  const start = first > 0 && isSingleLetter(words[first - 1] ?? '') ? first - 1 : first;
  return words.slice(start).join(' ');
}

function isOfAddress(word: string): boolean {
  return (
    /[0-9#]/.test(word) || word.split(/[^A-Z0-9]+/).some((part) => addressWords.has(part) || isNumber(part))
  );
}

function isNumber(word: string): boolean {
  return numberInWords([word], 0) !== undefined || withoutOrdinal(word) !== word;
}

function isSingleLetter(word: string): boolean {
  return /^[^A-Z0-9]*[A-Z][^A-Z0-9]*$/.test(word);
}
