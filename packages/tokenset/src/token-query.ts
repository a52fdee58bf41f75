import { TOKEN_BYTES, viewOf } from './token.ts';
import { tokenOrder } from './token-order.ts';
import { TokenSetError } from './token-set-error.ts';

/**
 * The requester's own tokens, ordered once, for looking up in any number of files. Memory: 20 bytes an element, and
 * 4 more while it is made.
 */
export class TokenQuery {
  /** n, the number of elements. */
  readonly count: number;
  /** The tokens in ascending order, 16·n bytes. */
  readonly sorted: DataView;
  /** For each place in that order, the element's own number. */
  readonly order: Uint32Array;

  /**
   * `tokens`: the first 16 bytes of each OPRF output, one after the other in element order. They are copied.
   *
   * @throws TokenSetError `argument_invalid` if the length is not a multiple of 16
   */
  constructor(tokens: Uint8Array) {
    if (tokens.length % TOKEN_BYTES !== 0) {
      throw new TokenSetError('argument_invalid', 'A query is made of tokens of 16 bytes each.');
    }
    this.count = tokens.length / TOKEN_BYTES;
    this.order = tokenOrder(tokens);
    this.sorted = viewOf(gatherTokens(tokens, this.order));
  }

  /** Overwrites the tokens with zeros; the query can't be used any more. */
  wipe(): void {
    new Uint8Array(this.sorted.buffer).fill(0);
  }
}

/** The 16-byte tokens of `tokens` in the order `order`, copied. */
function gatherTokens(tokens: Uint8Array, order: Uint32Array): Uint8Array {
  const sorted = new Uint8Array(order.length * TOKEN_BYTES);
  const from = viewOf(tokens);
  const to = viewOf(sorted);
  let at = 0;
  for (const index of order) {
    const start = index * TOKEN_BYTES;
    to.setUint32(at, from.getUint32(start));
    to.setUint32(at + 4, from.getUint32(start + 4));
    to.setUint32(at + 8, from.getUint32(start + 8));
    to.setUint32(at + 12, from.getUint32(start + 12));
    at += TOKEN_BYTES;
  }
  return sorted;
}
