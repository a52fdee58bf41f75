import { BlockDecoder } from './block-decoder.ts';
import { BLOCK_TOKENS } from './block-size.ts';
import type { TokenSetHeader } from './header.ts';
import { highLimb, lowLimb, middleLimb } from './token-limbs.ts';
import type { TokenQuery } from './token-query.ts';
import { TokenSetError } from './token-set-error.ts';
import { TokenSetStream } from './token-set-stream.ts';
import type { VerifiedBlock } from './token-set-stream.ts';
import { TOKEN_BYTES } from './token.ts';

/** Against which file, and what. */
export interface IntersectOptions {
  /** The digest of the file, 32 bytes, from the signed epoch descriptor. */
  readonly digest: Uint8Array;
  readonly query: TokenQuery;
}

/**
 * Looks every token of the query up in a file, in one pass. `source` gives the file's bytes in any pieces. The answer
 * has one byte an element, 1 when its token is in the set and 0 when not, in element order; equal tokens get equal
 * answers. There is no answer unless the whole file is verified.
 *
 * @throws TokenSetError what TokenSetStream throws; `block_corrupt` for a block that is not the encoding of its tokens;
 *   `query_too_large` if the query has more elements than the file's bound on false positives allows
 */
export async function intersect(
  source: AsyncIterable<Uint8Array>,
  options: IntersectOptions,
): Promise<Uint8Array> {
  const stream = new TokenSetStream(options.digest);
  let pass: IntersectionPass | undefined;
  for await (const bytes of source) {
    const blocks = stream.push(bytes);
    if (pass === undefined && stream.header !== undefined)
      pass = new IntersectionPass(options.query, stream.header);
    for (const block of blocks) pass?.take(block);
  }
  stream.end();
  if (pass === undefined) throw new Error('a whole token set has a header');
  return pass.flags;
}

/** The walk through two ascending lists: the blocks of a file as they come, and the sorted query. */
class IntersectionPass {
  readonly flags: Uint8Array;
  readonly #query: TokenQuery;
  readonly #bits: number;
  readonly #decoder: BlockDecoder;
  /** Place in the sorted query: everything before it is answered. */
  #at = 0;

  constructor(query: TokenQuery, header: TokenSetHeader) {
    if (query.count > header.maxElements) {
      throw new TokenSetError(
        'query_too_large',
        `The token set is made for requests of at most ${header.maxElements} elements; split the request.`,
      );
    }
    this.flags = new Uint8Array(query.count);
    this.#query = query;
    this.#bits = header.bits;
    this.#decoder = new BlockDecoder(header, Math.min(BLOCK_TOKENS, header.tokens));
  }

  take(block: VerifiedBlock): void {
    // Decoded even when the query is used up: a file is answered from only if all of it is right.
    this.#decoder.decode(block.bytes, block.count);
    const { high, middle, low } = this.#decoder.tokens;
    const { sorted, order, count } = this.#query;
    const bits = this.#bits;
    let i = 0;
    while (this.#at < count) {
      const offset = this.#at * TOKEN_BYTES;
      const wantedHigh = highLimb(sorted, offset, bits);
      const wantedMiddle = middleLimb(sorted, offset, bits);
      const wantedLow = lowLimb(sorted, offset, bits);
      while (
        i < block.count &&
        isBelow(high[i] ?? 0, middle[i] ?? 0, low[i] ?? 0, wantedHigh, wantedMiddle, wantedLow)
      ) {
        i++;
      }
      if (i === block.count) return;
      if (high[i] === wantedHigh && middle[i] === wantedMiddle && low[i] === wantedLow) {
        this.flags[order[this.#at] ?? 0] = 1;
      }
      this.#at++;
    }
  }
}

function isBelow(h: number, m: number, l: number, otherH: number, otherM: number, otherL: number): boolean {
  if (h !== otherH) return h < otherH;
  return m !== otherM ? m < otherM : l < otherL;
}
