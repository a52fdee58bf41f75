import { offsetBy, placeAt, staticPlace, type Assembler, type Local, type Routine } from './assembler.ts';
import { i32, i64, type I32, type I64, type Place } from './instructions.ts';

// SHA-512 (FIPS 180-4) of many strings that share what comes before and after them. No branch and no address
// depends on a byte of a message, only on lengths.

const ROUNDS = 80;
const BLOCK_BYTES = 128;
const BLOCK_WORDS = 16;
const WORD_BYTES = 8;
const STATE_WORDS = 8;
const DIGEST_BYTES = STATE_WORDS * WORD_BYTES;

/** Strings of one call. */
const STRINGS = 256;
/** The strings of one call together: room for the longest private input of RFC 9497, 65,535 bytes. */
const STRING_BYTES = 65_536;
const SUFFIX_BYTES = 1024;
/** What padding adds at most (section 5.1.2): the byte 80, zeros up to a block less one, 16 bytes of length. */
const PADDING_BYTES = BLOCK_BYTES + 16;

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
function reverseBytes(assembler: Assembler, word: I64): I64 {
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

/** `compress(to, start, from, blocks)`: the hash value after some blocks (section 6.4.2), from one before. */
function addCompress(assembler: Assembler): Routine {
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
      constant.set(constants.base);
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

/**
 * Copies whole words, up to eight bytes more than asked for: a call to copy memory costs more than a short
 * string.
 */
function copy(assembler: Assembler, to: I32, from: I32, bytes: I32): void {
  const [source, target] = [assembler.local('i32'), assembler.local('i32')];
  source.set(from);
  target.set(to);
  assembler.repeat(i32.add(i32.shrU(bytes, i32.const(3)), i32.const(1)), () => {
    assembler.emit(i64.store(placeAt(target.value), i64.load(placeAt(source.value))));
    source.set(i32.add(source.value, i32.const(WORD_BYTES)));
    target.set(i32.add(target.value, i32.const(WORD_BYTES)));
  });
}

/**
 * Adds SHA-512 of prefix ‖ string ‖ suffix for many strings. The host
 * 1. calls `sha512Begin`;
 * 2. puts the whole blocks of the prefix into the string area and calls `sha512Absorb(blocks)`, as often as it
 *    takes;
 * 3. puts the rest of the prefix, less than a block, at the start of the message area, the suffix into its area,
 *    the strings one after the other into the string area, and where each begins there and the last one ends,
 *    32 bits each, into the offset area;
 * 4. calls `sha512Each(strings, restBytes, suffixBytes)`, which leaves the digests in their area. It may repeat
 *    3 and 4.
 *
 * Blocks and strings are one at least. The areas and their sizes are exported numbers. The host owns what is in
 * them, and wipes it; what `sha512State` says is wiped too, `sha512StateBytes` of it.
 */
export function addSha512(assembler: Assembler): void {
  const initial = placeWords(assembler, rootsOfPrimes(STATE_WORDS, 2));
  const compress = addCompress(assembler);

  // The hash value after the absorbed blocks, and their bytes.
  const state = assembler.reserve(DIGEST_BYTES + WORD_BYTES);
  const absorbed = staticPlace(state + DIGEST_BYTES);
  const suffix = assembler.reserve(SUFFIX_BYTES + WORD_BYTES);
  const offsets = assembler.reserve(4 * (STRINGS + 1));
  const digests = assembler.reserve(DIGEST_BYTES * STRINGS);
  const strings = assembler.reserve(STRING_BYTES + WORD_BYTES);
  const message = assembler.reserve(BLOCK_BYTES + STRING_BYTES + SUFFIX_BYTES + PADDING_BYTES + WORD_BYTES);
  const numbers = {
    sha512State: state,
    sha512StateBytes: DIGEST_BYTES + WORD_BYTES,
    sha512Suffix: suffix,
    sha512SuffixBytes: SUFFIX_BYTES,
    sha512Offsets: offsets,
    sha512StringCount: STRINGS,
    sha512Digests: digests,
    sha512Strings: strings,
    sha512StringBytes: STRING_BYTES,
    sha512Message: message,
    sha512OverrunBytes: PADDING_BYTES + WORD_BYTES,
  };
  for (const [name, value] of Object.entries(numbers)) assembler.exportNumber(name, value);

  assembler.routine('sha512Begin', 0, () => {
    for (let i = 0; i < STATE_WORDS; i++) {
      const from = offsetBy(initial, i * WORD_BYTES);
      assembler.emit(i64.store(staticPlace(state + i * WORD_BYTES), i64.load(from)));
    }
    assembler.emit(i64.store(absorbed, i64.const(0n)));
  });

  assembler.routine('sha512Absorb', 1, (blocks) => {
    assembler.call(compress, i32.const(state), i32.const(state), i32.const(strings), blocks);
    const bytes = i64.extendU(i32.mul(blocks, i32.const(BLOCK_BYTES)));
    assembler.emit(i64.store(absorbed, i64.add(i64.load(absorbed), bytes)));
  });

  assembler.routine('sha512Each', 3, (count, restBytes, suffixBytes) => {
    const offset = assembler.local('i32');
    const digest = assembler.local('i32');
    const end = assembler.local('i32');
    offset.set(i32.const(offsets));
    digest.set(i32.const(digests));
    assembler.repeat(count, () => {
      const start = assembler.keep(i32.load(placeAt(offset.value)));
      offset.set(i32.add(offset.value, i32.const(4)));
      const bytes = assembler.keep(i32.sub(i32.load(placeAt(offset.value)), start));
      end.set(i32.add(i32.const(message), restBytes));
      copy(assembler, end.value, i32.add(i32.const(strings), start), bytes);
      end.set(i32.add(end.value, bytes));
      copy(assembler, end.value, i32.const(suffix), suffixBytes);
      end.set(i32.add(end.value, suffixBytes));

      // Section 5.1.2. The zeros go on to where any padding ends, over what the copies left and earlier strings.
      for (let i = 0; i < PADDING_BYTES; i += WORD_BYTES) {
        assembler.emit(i64.store(offsetBy(placeAt(end.value), i), i64.const(i === 0 ? 0x80n : 0n)));
      }
      const messageBytes = assembler.keep(i32.sub(end.value, i32.const(message)));
      const blocks = assembler.keep(
        i32.shrU(i32.add(messageBytes, i32.const(16 + BLOCK_BYTES)), i32.const(Math.log2(BLOCK_BYTES))),
      );
      const bits = i64.shl(i64.add(i64.load(absorbed), i64.extendU(messageBytes)), i64.const(3n));
      const messageEnd = i32.add(i32.const(message), i32.mul(blocks, i32.const(BLOCK_BYTES)));
      const length = placeAt(i32.sub(messageEnd, i32.const(WORD_BYTES)));
      assembler.emit(i64.store(length, reverseBytes(assembler, bits)));

      assembler.call(compress, digest.value, i32.const(state), i32.const(message), blocks);
      for (let i = 0; i < STATE_WORDS; i++) {
        const word = offsetBy(placeAt(digest.value), i * WORD_BYTES);
        assembler.emit(i64.store(word, reverseBytes(assembler, i64.load(word))));
      }
      digest.set(i32.add(digest.value, i32.const(DIGEST_BYTES)));
    });
  });
}
