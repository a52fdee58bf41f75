import type { TokenCode } from './block-size.ts';
import { maxBlockBytes } from './block-size.ts';
import { LIMB_BASE } from './token-limbs.ts';
import type { TokenLimbs } from './token-limbs.ts';
import { TokenSetError } from './token-set-error.ts';

/**
 * Golomb–Rice codes one block: the first token in b bits, then each distance to the token before, less one, as a
 * quotient in unary (ones, closed by a zero) and k bits of remainder. Most significant bit first, zero padded.
 *
 * The first `count` tokens must ascend strictly and fit in b bits; the bytes are the caller's own.
 *
 * @throws TokenSetError `tokens_not_uniform` if the block would pass maxBlockBytes, which OPRF outputs never do
 */
export function encodeBlock(tokens: TokenLimbs, count: number, code: TokenCode): Uint8Array {
  const { high, middle, low } = tokens;
  const bits = new BitWriter(maxBlockBytes(count, code));
  const k = code.riceBits;
  let previousHigh = high[0] ?? 0;
  let previousMiddle = middle[0] ?? 0;
  let previousLow = low[0] ?? 0;
  bits.writeLimbs(previousHigh, previousMiddle, previousLow, code.bits);
  for (let i = 1; i < count; i++) {
    const nextHigh = high[i] ?? 0;
    const nextMiddle = middle[i] ?? 0;
    const nextLow = low[i] ?? 0;
    let distanceHigh = nextHigh - previousHigh;
    let distanceMiddle = nextMiddle - previousMiddle;
    let distanceLow = nextLow - previousLow - 1;
    if (distanceLow < 0) {
      distanceLow += LIMB_BASE;
      distanceMiddle--;
    }
    if (distanceMiddle < 0) {
      distanceMiddle += LIMB_BASE;
      distanceHigh--;
    }
    // 40 ≤ k ≤ 72. A quotient that is not exact here is far above what fits in a block, and is refused as such.
    if (k >= 64) {
      const quotient = Math.floor(distanceHigh / 2 ** (k - 64));
      bits.writeUnary(quotient);
      distanceHigh -= quotient * 2 ** (k - 64);
    } else {
      const unit = 2 ** (k - 32);
      const part = Math.floor(distanceMiddle / unit);
      bits.writeUnary(distanceHigh * 2 ** (64 - k) + part);
      distanceMiddle -= part * unit;
      distanceHigh = 0;
    }
    bits.writeLimbs(distanceHigh, distanceMiddle, distanceLow, k);
    previousHigh = nextHigh;
    previousMiddle = nextMiddle;
    previousLow = nextLow;
  }
  return bits.finish();
}

/** Writes bits into bytes, most significant first, up to a fixed number of bytes. */
class BitWriter {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position = 0;
  /** Bits not yet written out, `#held` of them (fewer than 32), right aligned. */
  #word = 0;
  #held = 0;

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity + 4);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** The low `width` bits (0 to 32) of `value`, which must be below 2^width. */
  write(value: number, width: number): void {
    const total = this.#held + width;
    if (total < 32) {
      this.#word = (this.#word << width) | value;
      this.#held = total;
      return;
    }
    const rest = total - 32;
    const head = width - rest;
    const top = rest === 32 ? 0 : value >>> rest;
    if (this.#position + 4 > this.#bytes.length) throw notUniform();
    this.#view.setUint32(this.#position, ((head === 32 ? 0 : this.#word << head) | top) >>> 0);
    this.#position += 4;
    this.#word = rest === 0 ? 0 : value & (0xffffffff >>> (32 - rest));
    this.#held = rest;
  }

  writeUnary(quotient: number): void {
    if (quotient > this.#bytes.length * 8) throw notUniform();
    let left = quotient;
    for (; left >= 31; left -= 31) this.write(0x7fffffff, 31);
    this.write(2 ** (left + 1) - 2, left + 1);
  }

  /** The low `width` bits (40 to 110) of a number in limbs. */
  writeLimbs(high: number, middle: number, low: number, width: number): void {
    if (width > 96) {
      this.write(Math.floor(high / LIMB_BASE), width - 96);
      this.write(high % LIMB_BASE, 32);
    } else if (width > 64) {
      this.write(high, width - 64);
    }
    this.write(middle, Math.min(width - 32, 32));
    this.write(low, 32);
  }

  finish(): Uint8Array {
    const length = this.#position + Math.ceil(this.#held / 8);
    if (length > this.#bytes.length - 4) throw notUniform();
    if (this.#held > 0) this.#view.setUint32(this.#position, (this.#word << (32 - this.#held)) >>> 0);
    return this.#bytes.slice(0, length);
  }
}

function notUniform(): TokenSetError {
  return new TokenSetError(
    'tokens_not_uniform',
    'The tokens lie too far apart to be OPRF outputs; build the set from the outputs of the OPRF only.',
  );
}
