/**
 * Control and format characters, the separators of lines and paragraphs, and what shows nothing (fillers, variation selectors, the
 * empty pattern of Braille): what can move the cursor, hide text or look like none.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/**
 * Writes each control, format or invisible character of a text as `\uXXXX`, one for each UTF-16 unit, so that text of a file or
 * of the other side can neither steer a terminal nor look like another text. It is also the escaping of JSON, so a
 * line of JSON stays the same to whoever parses it.
 */
export function escapeUnprintable(text: string): string {
  return text.replace(UNPRINTABLE, escaped);
}

/** The same, for text that consists of several lines and is meant to. */
export function escapeWithinLines(text: string): string {
  return text.replace(UNPRINTABLE, (character) => (character === '\n' ? character : escaped(character)));
}

function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
