import anyAscii from 'any-ascii';

// What nobody sees divides no word: zero-width, bidirectional and other format characters, and fillers.
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

const NOT_ASCII = /\P{ASCII}/gu;

const MARK = /\p{M}/u;

// any-ascii gives nothing for these, which would run together what they divide.
const BREAKS = /[\u0080-\u009f\p{Co}]/gu;

// A fraction, a superscript or a circled number is a word of its own: NFKC turns "12½" into "121⁄2" otherwise.
const OTHER_NUMBER = /\p{No}/gu;

// eslint-disable-next-line no-control-regex -- the range of ASCII is what is asked
const ONLY_ASCII = /^[\u0000-\u007f]*$/;

/**
 * Folds any text to upper-case ASCII: Unicode NFKC, transliteration by any-ascii, A–Z. Uses nothing that depends
 * on a locale. ASCII text takes the short way, which gives the same.
 */
export function foldText(text: string): string {
  return ONLY_ASCII.test(text) ? text.toUpperCase() : foldAnyText(text);
}

/** The long way of `foldText`, right for every text. */
export function foldAnyText(text: string): string {
  const visible = text
    .replace(INVISIBLE, '')
    .replace(BREAKS, ' ')
    .replace(NOT_ASCII, known)
    .replace(OTHER_NUMBER, ' $& ');
  return anyAscii(visible.normalize('NFKC')).toUpperCase();
}

/**
 * The character, or nothing for one that any-ascii does not know: the platform may know it, or not yet, and what it then is
 * (a number, another letter's compatibility form) must not decide a key. A mark may compose with the letter before it.
 */
function known(character: string): string {
  return anyAscii(character) === '' && !MARK.test(character) ? '' : character;
}

/**
 * The words of a name or a city: folded, apostrophes removed, everything but letters and digits a word break.
 */
export function foldWords(text: string): string[] {
  return words(
    foldText(text)
      .replace(/['`]/g, '')
      .replace(/[^A-Z0-9]+/g, ' '),
  );
}

function words(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}
