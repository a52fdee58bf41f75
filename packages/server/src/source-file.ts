import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';

/** A source of people on file, identified by its content. */
export interface SourceFile {
  readonly path: string;
  /** SHA-256 of the whole file, hex. */
  readonly digest: string;
  /** About how many rows it has, for a progress bar: its lines without the header. */
  readonly rows: number;
}

const LINE_FEED = 0x0a;

/**
 * Reads a source once to identify it. A path that is no file gets the digest of nothing: the reader of records,
 * which comes next, says what is wrong with it.
 */
export async function identifySource(path: string): Promise<SourceFile> {
  const digest = createHash('sha256');
  let lines = 0;
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) {
    for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) {
      digest.update(piece);
      for (let at = piece.indexOf(LINE_FEED); at >= 0; at = piece.indexOf(LINE_FEED, at + 1)) lines++;
    }
  }
  return { path, digest: digest.digest('hex'), rows: Math.max(1, lines - 1) };
}
