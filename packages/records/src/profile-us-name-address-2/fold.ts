import anyAscii from 'any-ascii';

// What nobody sees divides no word: zero-width, bidirectional and other format characters, and fillers.
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

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
  const visible = text.replace(INVISIBLE, '').replace(BREAKS, ' ').replace(OTHER_NUMBER, ' $& ');
  return anyAscii(visible.normalize('NFKC')).toUpperCase();
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

/**
 * The words of an address line. "N/A" is NOT APPLICABLE; apostrophes are removed, unless between digits; dots between single letters are removed ("N.W." is NW); '#' is a word of
 * its own and '&' is AND; '-' and '/' stay between digits; '-' between a digit and a single letter is removed
 * ("184-C" is 184C); everything else is a word break.
 */
export function foldAddressWords(folded: string): string[] {
  return words(
    folded
      // Before the slash is lost: North A Street is an address.
      .replace(/(?<![A-Z0-9/-])N ?\/ ?A(?![A-Z0-9/-])/g, ' NOT APPLICABLE ')
      .replace(/(?<![0-9])['`]|['`](?![0-9])/g, '')
      .replace(/(?<![A-Z0-9])([A-Z])\.(?=[A-Z](?![A-Z0-9]))/g, '$1')
      .replace(/#/g, ' # ')
      .replace(/&/g, ' AND ')
      .replace(/[^A-Z0-9#/-]+/g, ' ')
      .replace(/(?<=[0-9])-(?=[A-Z](?![A-Z0-9]))|(?<=(?<![A-Z0-9])[A-Z])-(?=[0-9])/g, '')
      .replace(/(?<![0-9])[/-]|[/-](?![0-9])/g, ' '),
  );
}

function words(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}
