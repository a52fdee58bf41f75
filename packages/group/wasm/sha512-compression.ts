import {
  addressOf,
  offsetBy,
  placeAt,
  staticPlace,
  type Assembler,
  type Local,
  type Routine,
} from './assembler.ts';
import { i32, i64, type I64, type Place } from './instructions.ts';

// The hash computation of SHA-512 (FIPS 180-4, section 6.4). No branch and no address depends on a message.

const ROUNDS = 80;
export const BLOCK_BYTES = 128;
const BLOCK_WORDS = 16;
export const WORD_BYTES = 8;
export const STATE_WORDS = 8;
export const DIGEST_BYTES: number = STATE_WORDS * WORD_BYTES;

/** The first 64 bits after the point of the square or cube root of each of the first primes. */
function rootsOfPrimes(count: number, degree: 2 | 3): bigint[] {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < count; candidate++) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  }
  return primes.map((prime) => {
    const scaled = BigInt(prime) << BigInt(64 * degree);
    let root = 0n;
    for (let bit = 1n << 72n; bit !== 0n; bit >>= 1n) {
      if ((root + bit) ** BigInt(degree) <= scaled) root += bit;
    }
    return BigInt.asUintN(64, root);
  });
}

/** Places words in the module's memory. */
function placeWords(assembler: Assembler, words: readonly bigint[]): Place {
  const view = new DataView(new ArrayBuffer(words.length * WORD_BYTES));
  words.forEach((word, i) => {
    view.setBigUint64(i * WORD_BYTES, word, true);
  });
  return staticPlace(assembler.place(new Uint8Array(view.buffer)));
}

function sum(first: I64, ...others: readonly I64[]): I64 {
  return others.reduce((total, term) => i64.add(total, term), first);
}

function exclusiveOr(first: I64, ...others: readonly I64[]): I64 {
  return others.reduce((total, term) => i64.xor(total, term), first);
}

function rotateRight(x: I64, bits: number): I64 {
  return i64.rotr(x, i64.const(BigInt(bits)));
}

function shiftRight(x: I64, bits: number): I64 {
  return i64.shrU(x, i64.const(BigInt(bits)));
}

// The functions of section 4.1.3.

function choose(x: I64, y: I64, z: I64): I64 {
  // The bits of y where x is set, of z where it is not: as in the standard, with one operation less.
  return i64.xor(z, i64.and(x, i64.xor(y, z)));
}

function majority(x: I64, y: I64, z: I64): I64 {
  return i64.or(i64.and(x, y), i64.and(z, i64.or(x, y)));
}

function upperSigma0(x: I64): I64 {
  return exclusiveOr(rotateRight(x, 28), rotateRight(x, 34), rotateRight(x, 39));
}

function upperSigma1(x: I64): I64 {
  return exclusiveOr(rotateRight(x, 14), rotateRight(x, 18), rotateRight(x, 41));
}

function lowerSigma0(x: I64): I64 {
  return exclusiveOr(rotateRight(x, 1), rotateRight(x, 8), shiftRight(x, 7));
}

function lowerSigma1(x: I64): I64 {
  return exclusiveOr(rotateRight(x, 19), rotateRight(x, 61), shiftRight(x, 6));
}

/** A list that is read in a circle, as the state and the message schedule are. */
function circle<Item>(items: readonly Item[]): (index: number) => Item {
  return (index) => {
    const item = items[((index % items.length) + items.length) % items.length];
    if (item === undefined) throw new Error('a circle needs an item');
    return item;
  };
}

/** Reverses the bytes of a word: SHA-512's words are big-endian (section 3.1), those of memory little-endian. */
export function reverseBytes(assembler: Assembler, word: I64): I64 {
  const evenBytes = i64.const(0x00ff00ff00ff00ffn);
  const odd = i64.and(shiftRight(word, 8), evenBytes);
  const even = i64.shl(i64.and(word, evenBytes), i64.const(8n));
  const pairs = assembler.keep(i64.or(odd, even));
  return i64.or(
    i64.and(rotateRight(pairs, 16), i64.const(0xffff0000ffff0000n)),
    i64.and(rotateRight(pairs, 48), i64.const(0x0000ffff0000ffffn)),
  );
}

/**
 * Step 3 of section 6.4.2 for round t. Where the standard moves the eight working variables on by one, here
 * they stay and take the next name: in round t, `a` is variable −t. After 16 rounds the names are the old ones.
 */
function round(variable: (index: number) => Local<'i64'>, t: number, constant: I64, word: I64): void {
  const value = (name: number): I64 => variable(name - t).value;
  const [a, b, c, d, e, f, g, h] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
  const t1 = sum(value(h), constant, word, choose(value(e), value(f), value(g)), upperSigma1(value(e)));
  variable(h - t).set(t1);
  variable(d - t).set(i64.add(value(d), value(h)));
  variable(h - t).set(sum(value(h), majority(value(a), value(b), value(c)), upperSigma0(value(a))));
}

/** The hash value before the first block (section 5.3.5), in the module's memory. */
export function placeInitialHash(assembler: Assembler): Place {
  return placeWords(assembler, rootsOfPrimes(STATE_WORDS, 2));
}

/**
 * Adds `compress(to, start, from, blocks)`: the hash value after some blocks, one at least, from the one before
 * them (section 6.4.2). Its words are in the order of the module's memory.
 */
export function addCompress(assembler: Assembler): Routine {
  const constants = placeWords(assembler, rootsOfPrimes(ROUNDS, 3));
  return assembler.routine(undefined, 4, (to, start, from, blocks) => {
    const hash = Array.from({ length: STATE_WORDS }, () => assembler.local('i64'));
    const variables = hash.map(() => assembler.local('i64'));
    const words = Array.from({ length: BLOCK_WORDS }, () => assembler.local('i64'));
    const [variable, word] = [circle(variables), circle(words)];
    const block = assembler.local('i32');
    const constant = assembler.local('i32');

    hash.forEach((local, i) => {
      local.set(i64.load(offsetBy(placeAt(start), i * WORD_BYTES)));
    });
    block.set(from);
    assembler.repeat(blocks, () => {
      words.forEach((local, i) => {
        const stored = i64.load(offsetBy(placeAt(block.value), i * WORD_BYTES));
        local.set(reverseBytes(assembler, stored));
      });
      variables.forEach((local, i) => {
        local.set(circle(hash)(i).value);
      });
      constant.set(addressOf(constants));
      const roundOf = (t: number): void => {
        const k = i64.load(offsetBy(placeAt(constant.value), t * WORD_BYTES));
        round(variable, t, k, word(t).value);
      };
      for (let t = 0; t < BLOCK_WORDS; t++) roundOf(t);
      // Sixteen rounds at a time are faster than all eighty written out.
      assembler.repeat(i32.const(ROUNDS / BLOCK_WORDS - 1), () => {
        constant.set(i32.add(constant.value, i32.const(BLOCK_WORDS * WORD_BYTES)));
        for (let t = 0; t < BLOCK_WORDS; t++) {
          const [w16, w15, w7, w2] = [word(t), word(t - 15), word(t - 7), word(t - 2)];
          w16.set(sum(w16.value, lowerSigma0(w15.value), w7.value, lowerSigma1(w2.value)));
          roundOf(t);
        }
      });
      hash.forEach((local, i) => {
        local.set(i64.add(local.value, variable(i).value));
      });
      block.set(i32.add(block.value, i32.const(BLOCK_BYTES)));
    });
    hash.forEach((local, i) => {
      assembler.emit(i64.store(offsetBy(placeAt(to), i * WORD_BYTES), local.value));
    });
  });
}
