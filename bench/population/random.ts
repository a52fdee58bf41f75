import { createHash } from 'node:crypto';

/** A deterministic source of choices: the same seed gives the same sequence on every machine. */
export interface Random {
  /** A number from 0 up to, but without, 1, in steps of 2^-32. */
  unit(): number;
  /** An integer from 0 to `bound` − 1; `bound` at most 2^32. */
  below(bound: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** One of the values, which must not be empty. */
  pick<T>(values: readonly T[]): T;
}

/** The random sequence of the seed and the purpose. */
export function seededRandom(seed: string | number, purpose = ''): Random {
  return randomStreams(seed, purpose)(0);
}

/**
 * Independent sequences of one seed and purpose, one for each index (an integer from 0 to 2^53 − 1), so that what is drawn for one
 * thing doesn't shift what is drawn for the next.
 */
export function randomStreams(seed: string | number, purpose: string): (index: number) => Random {
  const digest = createHash('sha256')
    .update(JSON.stringify([String(seed), purpose]))
    .digest();
  const words = [0, 4, 8, 12].map((offset) => digest.readUInt32LE(offset));
  return (index) => {
    const low = index >>> 0;
    const high = Math.floor(index / 2 ** 32);
    const [a = 0, b = 0, c = 0, d = 0] = words.map((word, place) =>
      scramble(scramble(scramble(word ^ low) + high) + place),
    );
    return xoshiro(a, b, c, d | 1);
  };
}

/** A 32-bit hash of a 32-bit integer: the finaliser of MurmurHash3 (Appleby, public domain). */
export function scramble(word: number): number {
  let h = word >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** xoshiro128** (Blackman and Vigna); the state must not be all zero. Not for secrets. */
function xoshiro(a: number, b: number, c: number, d: number): Random {
  function next(): number {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotate(d, 11);
    return result;
  }
  const unit = (): number => next() / 2 ** 32;
  const below = (bound: number): number => Math.floor(unit() * bound);
  return {
    unit,
    below,
    chance: (probability) => unit() < probability,
    pick: (values) => {
      const value = values[below(values.length)];
      if (value === undefined) throw new RangeError('There is nothing to pick from.');
      return value;
    },
  };
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
