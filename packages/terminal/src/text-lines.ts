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
