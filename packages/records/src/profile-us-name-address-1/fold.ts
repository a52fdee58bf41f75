import anyAscii from 'any-ascii';

// A fraction is a word of its own: NFKC turns "12½" into "121⁄2" otherwise.
const VULGAR_FRACTION = /[\u00bc-\u00be\u2150-\u215e]/g;

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
  return anyAscii(text.replace(VULGAR_FRACTION, ' $&').normalize('NFKC')).toUpperCase();
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
 * The words of an address line. Apostrophes are removed; dots between single letters are removed ("N.W." is NW); '#' is a word of
 * its own and '&' is AND; '-' and '/' stay between digits; '-' between a digit and a single letter is removed
 * ("184-C" is 184C); everything else is a word break.
 */
export function foldAddressWords(folded: string): string[] {
  return words(
    folded
      .replace(/['`]/g, '')
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
