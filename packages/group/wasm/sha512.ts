import { offsetBy, placeAt, staticPlace, type Assembler } from './assembler.ts';
import { i32, i64, type I32 } from './instructions.ts';
import {
  addCompress,
  BLOCK_BYTES,
  DIGEST_BYTES,
  placeInitialHash,
  reverseBytes,
  STATE_WORDS,
  WORD_BYTES,
} from './sha512-compression.ts';

// SHA-512 (FIPS 180-4) of many strings that share what comes before and after them. No branch and no address
// depends on a byte of a message, only on lengths.

/** Strings of one call. */
const STRINGS = 256;
/** The strings of one call together: room for the longest private input of RFC 9497, 65,535 bytes. */
const STRING_BYTES = 65_536;
const SUFFIX_BYTES = 1024;
/** What padding adds at most (section 5.1.2): the byte 80, zeros up to a block less one, 16 bytes of length. */
const PADDING_BYTES = BLOCK_BYTES + 16;

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
  const initial = placeInitialHash(assembler);
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
