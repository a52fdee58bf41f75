import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ByteStrings, Engine } from '../../src/engine.ts';
import { bytesFromSeed, concat, firstDifference } from '../byte-batches.ts';

// SHA-512 works in blocks of 128 bytes, of which the padding takes at least 17.
const AFFIX_LENGTHS = [0, 1, 63, 64, 110, 111, 112, 127, 128, 129, 239, 240, 255, 256];
const LENGTHS = Array.from({ length: 301 }, (_, length) => length);

function byteStrings(strings: readonly Uint8Array[]): ByteStrings {
  const offsets = new Uint32Array(strings.length + 1);
  for (const [i, string] of strings.entries()) offsets[i + 1] = offsets[i]! + string.length;
  return { bytes: concat(...strings), offsets };
}

function obviousDigests(prefix: Uint8Array, strings: readonly Uint8Array[], suffix: Uint8Array): Uint8Array {
  return concat(
    ...strings.map((string) => createHash('sha512').update(prefix).update(string).update(suffix).digest()),
  );
}

export function describeHashing(engine: Engine): void {
  const noBytes = new Uint8Array();
  const difference = (prefix: Uint8Array, strings: readonly Uint8Array[], suffix: Uint8Array): unknown =>
    firstDifference(
      engine.sha512Each(prefix, byteStrings(strings), suffix),
      obviousDigests(prefix, strings, suffix),
      64,
    );

  describe(`engine ${engine.name}: SHA-512`, () => {
    it.each(AFFIX_LENGTHS)('hashes strings of 0 to 300 bytes after %i bytes and before any', (length) => {
      const prefix = bytesFromSeed('prefix', length);
      const strings = LENGTHS.map((each) => bytesFromSeed(`string ${each}`, each));
      for (const after of AFFIX_LENGTHS) {
        expect(difference(prefix, strings, bytesFromSeed('suffix', after))).toBeUndefined();
      }
    });

    it('hashes equal strings equally, in whatever place of any number of them', () => {
      const string = bytesFromSeed('one', 100);
      for (const count of [1, 2, 3, 4, 5, 8, 9, 33]) {
        expect(difference(noBytes, Array<Uint8Array>(count).fill(string), noBytes)).toBeUndefined();
      }
    });

    it('hashes strings of all-zero and all-one bits', () => {
      const strings = LENGTHS.flatMap((length) => [
        new Uint8Array(length),
        new Uint8Array(length).fill(0xff),
      ]);
      expect(difference(new Uint8Array(128), strings, new Uint8Array(7).fill(0xff))).toBeUndefined();
    });

    it('hashes long strings and none among short ones', () => {
      const lengths = [3, 100_000, 0, 127, 65_536, 0, 0, 1, 1_000_003, 2];
      const strings = lengths.map((length) => bytesFromSeed(`long ${length}`, length));
      const [prefix, suffix] = [bytesFromSeed('prefix', 5000), bytesFromSeed('suffix', 4097)];
      expect(difference(prefix, strings, suffix)).toBeUndefined();
    });

    it('hashes the affixes alone for a string of no bytes', () => {
      const [prefix, suffix] = [bytesFromSeed('prefix', 12), bytesFromSeed('suffix', 34)];
      expect(difference(prefix, [noBytes], suffix)).toBeUndefined();
      expect(difference(noBytes, [noBytes], noBytes)).toBeUndefined();
    });
  });
}
