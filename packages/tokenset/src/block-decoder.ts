import { maxBlockBytes } from './block-size.ts';
import type { TokenCode } from './block-size.ts';
import { LIMB_BASE, allocateLimbs, fitsIn, wordAt } from './token-limbs.ts';
import type { TokenLimbs } from './token-limbs.ts';
import { TokenSetError } from './token-set-error.ts';

/**
 * Decodes the blocks of one file in order into a table that it owns and reuses. It accepts exactly what the
 * encoder writes: tokens strictly ascending within and across blocks, each below 2^b, zero padding, nothing after.
 */
export class BlockDecoder {
  /** The tokens of the last decoded block; overwritten by the next call. */
  readonly tokens: TokenLimbs;
  readonly #code: TokenCode;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #bit = 0;
  #end = 0;
  #last: { high: number; middle: number; low: number } | undefined;

  /** For blocks of up to `maxCount` tokens. */
  constructor(code: TokenCode, maxCount: number) {
    this.tokens = allocateLimbs(maxCount);
    this.#code = code;
    // Zeros after the block: a word that starts inside it can be read whole.
    this.#bytes = new Uint8Array(maxBlockBytes(maxCount, code) + 32);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /**
   * Decodes the next block, of `count` tokens, into `tokens`.
   *
   * @throws TokenSetError `block_corrupt` unless the block is the one encoding of `count` tokens after the last
   */
  decode(block: Uint8Array, count: number): void {
    if (block.length > maxBlockBytes(count, this.#code)) throw corrupt('longer than its tokens can be');
    this.#bytes.fill(0);
    this.#bytes.set(block);
    this.#bit = 0;
    this.#end = block.length * 8;
    this.#readTokens(count);
    if (Math.ceil(this.#bit / 8) !== block.length) throw corrupt('longer than its tokens');
    const padding = this.#end - this.#bit;
    if (((block.at(-1) ?? 0) & ((1 << padding) - 1)) !== 0) throw corrupt('not padded with zeros');
  }

  #readTokens(count: number): void {
    const { bits, riceBits: k } = this.#code;
    const { high, middle, low } = this.tokens;
    // The head of a block stands on its own; only its order against the block before ties them.
    let tokenHigh = bits > 64 ? this.#readHigh(bits - 64) : 0;
    let tokenMiddle = bits >= 64 ? this.#readBits(32) : this.#readBits(bits - 32);
    let tokenLow = this.#readBits(32);
    this.#checkAfterLast(tokenHigh, tokenMiddle, tokenLow);
    high[0] = tokenHigh;
    middle[0] = tokenMiddle;
    low[0] = tokenLow;
    const unit = k >= 64 ? 2 ** (k - 64) : 2 ** (k - 32);
    for (let i = 1; i < count; i++) {
      const quotient = this.#readUnary();
      if (k >= 64) {
        tokenHigh += quotient * unit + (k > 64 ? this.#readBits(k - 64) : 0);
        tokenMiddle += this.#readBits(32);
      } else {
        tokenMiddle += quotient * unit + this.#readBits(k - 32);
      }
      tokenLow += this.#readBits(32) + 1;
      if (tokenLow >= LIMB_BASE) {
        tokenLow -= LIMB_BASE;
        tokenMiddle++;
      }
      if (tokenMiddle >= LIMB_BASE) {
        const carry = Math.floor(tokenMiddle / LIMB_BASE);
        tokenMiddle -= carry * LIMB_BASE;
        tokenHigh += carry;
      }
      if (this.#bit > this.#end) throw corrupt('shorter than its tokens');
      if (!fitsIn(bits, tokenHigh, tokenMiddle))
        throw corrupt('holding a token of more bits than the header says');
      high[i] = tokenHigh;
      middle[i] = tokenMiddle;
      low[i] = tokenLow;
    }
    if (this.#bit > this.#end) throw corrupt('shorter than its tokens');
    this.#last = { high: tokenHigh, middle: tokenMiddle, low: tokenLow };
  }

  #checkAfterLast(high: number, middle: number, low: number): void {
    const last = this.#last;
    if (last === undefined) return;
    const step = high - last.high || middle - last.middle || low - last.low;
    if (step <= 0) throw corrupt('not ascending from the block before');
  }

  /** 1 to 32 bits. */
  #readBits(width: number): number {
    const word = wordAt(this.#view, 0, this.#bit);
    this.#bit += width;
    return width === 32 ? word : word >>> (32 - width);
  }

  /** 1 to 46 bits. */
  #readHigh(width: number): number {
    return width > 32 ? this.#readBits(width - 32) * LIMB_BASE + this.#readBits(32) : this.#readBits(width);
  }

  #readUnary(): number {
    let quotient = 0;
    for (;;) {
      const ones = Math.clz32(~wordAt(this.#view, 0, this.#bit));
      quotient += ones;
      this.#bit += ones;
      if (ones < 32) break;
    }
    this.#bit++;
    // Past the block there are only zeros, so a run of ones ends there at the latest.
    if (this.#bit > this.#end) throw corrupt('shorter than its tokens');
    return quotient;
  }
}

function corrupt(what: string): TokenSetError {
  return new TokenSetError(
    'block_corrupt',
    `A block of the token set is ${what}; ask the holder for a file that is built correctly.`,
  );
}
