const LINE_FEED = 0x0a;

/**
 * The lines of a stream, each with the line feed that ends it, holding no more than one line and one piece of the stream.
 *
 * @param maxBytes the longest line that is taken
 * @param damaged makes the error for a longer one, and for bytes at the end that no line feed ends
 */
export async function* linesOf(
  pieces: AsyncIterable<Uint8Array>,
  maxBytes: number,
  damaged: () => Error,
): AsyncGenerator<Buffer, void, undefined> {
  let rest: Buffer[] = [];
  let length = 0;
  for await (const bytes of pieces) {
    const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let start = 0;
    for (let end = piece.indexOf(LINE_FEED); end >= 0; end = piece.indexOf(LINE_FEED, start)) {
      yield Buffer.concat([...rest, piece.subarray(start, end + 1)]);
      start = end + 1;
      rest = [];
      length = 0;
    }
    if (start === piece.length) continue;
    rest.push(piece.subarray(start));
    length += piece.length - start;
    if (length > maxBytes) throw damaged();
  }
  if (length > 0) throw damaged();
}
