import { TOKEN_BYTES, commonBits, tokenBits, viewOf } from './token.ts';

/**
 * Counts how many distinct tokens an ascending sequence of distinct 16-byte tokens has when cut to b bits, for every
 * b at once: cutting makes two neighbours equal exactly when they share their first b bits.
 */
export class DistinctCount {
  /** How many neighbours share exactly i leading bits. */
  readonly #sharing = new Float64Array(129);
  readonly #last = new Uint8Array(TOKEN_BYTES);
  #count = 0;

  /** Length of the sequence so far. */
  get count(): number {
    return this.#count;
  }

  /** Takes the next batch of the sequence. */
  add(batch: Uint8Array): void {
    if (batch.length === 0) return;
    const view = viewOf(batch);
    if (this.#count > 0) this.#note(commonBits(viewOf(this.#last), 0, view, 0));
    for (let at = TOKEN_BYTES; at < batch.length; at += TOKEN_BYTES) {
      this.#note(commonBits(view, at - TOKEN_BYTES, view, at));
    }
    this.#last.set(batch.subarray(batch.length - TOKEN_BYTES));
    this.#count += batch.length / TOKEN_BYTES;
  }

  /**
   * The largest b that is tokenBits(N) for the number N of distinct tokens of b bits, and that N. They are the ones of
   * the uncut tokens, unless cutting makes some equal and takes N down to a power of two. The sequence is not empty.
   */
  choose(maxElements: number): { bits: number; tokens: number } {
    let bits = tokenBits(this.#count, maxElements);
    for (;;) {
      const tokens = this.#distinct(bits);
      const next = tokenBits(tokens, maxElements);
      if (next === bits) return { bits, tokens };
      bits = next;
    }
  }

  #distinct(bits: number): number {
    return this.#sharing.subarray(0, bits).reduce((sum, count) => sum + count, 1);
  }

  #note(shared: number): void {
    this.#sharing[shared] = (this.#sharing[shared] ?? 0) + 1;
  }
}
