/** How many columns of a terminal a line takes at most, where its pieces let it. */
const WIDTH = 100;

/**
 * Sets pieces one after another in as few lines as hold them; a piece is never broken.
 *
 * @param first how the first line begins; further ones are indented as far
 * @param gap what stands between two pieces of a line
 */
export function setInLines(first: string, pieces: readonly string[], gap = ' '): string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const piece of pieces) {
    if (!empty && line.length + gap.length + piece.length > WIDTH) {
      lines.push(line);
      line = ' '.repeat(first.length);
      empty = true;
    }
    line += empty ? piece : gap + piece;
    empty = false;
  }
  lines.push(line);
  return lines;
}

/** How many columns a terminal has at least, less two: a line that is no longer is not broken by the terminal itself. */
const NARROW = 78;

/**
 * Sets text that isn't ours in a column behind a label, breaking also words that are longer than the column: no part of it
 * begins a line of its own, so it can't look like another label. Characters beyond the alphabets count for two columns, which some of them take.
 *
 * @param label how the first line begins; further ones are indented as far
 */
export function setInColumn(label: string, text: string): string[] {
  const room = NARROW - label.length;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((each) => brokenInto(each, room))) {
    if (line !== '' && columnsOf(line) + 1 + columnsOf(word) > room) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  return [...lines, line].map((each, at) => (at === 0 ? label : ' '.repeat(label.length)) + each);
}

/** A word in pieces of at most so many columns. */
function brokenInto(word: string, columns: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const character of word) {
    if (columnsOf(piece + character) > columns) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...pieces, piece];
}

function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += (character.codePointAt(0) ?? 0) < 0x1100 ? 1 : 2;
  return columns;
}
