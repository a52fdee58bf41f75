import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ByteStrings } from '../src/engine.ts';
import { sha512EachIn, type HashingExports } from '../src/wasm-hashing.ts';
import { addSha512 } from '../wasm/sha512.ts';
import { moduleWith } from './wasm-module.ts';

const { exports, memory } = moduleWith(addSha512);
const hashing = exports as HashingExports;
const unused = memory.slice();

/** Bytes that differ from place to place. */
function pattern(length: number, seed = 1): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 167 + (i >> 8) * 31 + seed * 59) & 0xff);
}

function listOf(strings: readonly Uint8Array[]): ByteStrings {
  const offsets = new Uint32Array(strings.length + 1);
  strings.forEach((string, i) => (offsets[i + 1] = offsets[i]! + string.length));
  return { bytes: new Uint8Array(Buffer.concat(strings)), offsets };
}

function digests(prefix: Uint8Array, strings: readonly Uint8Array[], suffix: Uint8Array): string[] {
  const all = Buffer.from(sha512EachIn(hashing, memory, prefix, listOf(strings), suffix));
  expect(all).toHaveLength(64 * strings.length);
  return strings.map((_, i) => all.toString('hex', 64 * i, 64 * i + 64));
}

/** The same from Node, one after the other. */
function expected(prefix: Uint8Array, strings: readonly Uint8Array[], suffix: Uint8Array): string[] {
  return strings.map((string) =>
    createHash('sha512').update(prefix).update(string).update(suffix).digest('hex'),
  );
}

const NOTHING = new Uint8Array();

describe('SHA-512 in the module', () => {
  it('hashes the one-block and two-block messages of the standard’s examples', () => {
    const messages = [
      'abc',
      'abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu',
    ];
    expect(
      digests(
        NOTHING,
        messages.map((message) => Buffer.from(message)),
        NOTHING,
      ),
    ).toEqual([
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
      '8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909',
    ]);
  });

  it.each([0, 1, 127, 128, 129, 200, 256])(
    'agrees with Node for strings of 0 to 400 bytes after a prefix of %d',
    (prefixBytes) => {
      const prefix = pattern(prefixBytes, 7);
      // Longest first, so that each shorter message lies over the remains of a longer one.
      const strings = Array.from({ length: 401 }, (_, i) => pattern(400 - i, i));
      for (const suffix of [NOTHING, pattern(1, 3), pattern(45, 4), pattern(128, 5)]) {
        expect(digests(prefix, strings, suffix)).toEqual(expected(prefix, strings, suffix));
      }
    },
  );

  it('agrees with Node for any list of strings between any prefix and suffix', () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(bytes, fc.array(bytes, { maxLength: 20 }), bytes, (prefix, strings, suffix) => {
        expect(digests(prefix, strings, suffix)).toEqual(expected(prefix, strings, suffix));
      }),
      { numRuns: 200 },
    );
  });

  it.each([255, 256, 257, 513])('hashes a list of %d strings', (count) => {
    const strings = Array.from({ length: count }, (_, i) => pattern(i % 50, i));
    const prefix = pattern(130);
    expect(digests(prefix, strings, NOTHING)).toEqual(expected(prefix, strings, NOTHING));
  });

  it('hashes strings that fill its area to the last byte, and longer ones', () => {
    const lengths = [3, 65_535, 65_536, 1, 65_537, 0, 32_768, 32_767, 2, 200_000, 4];
    const strings = lengths.map((length, i) => pattern(length, i));
    const [prefix, suffix] = [pattern(127, 8), pattern(1024, 9)];
    expect(digests(prefix, strings, suffix)).toEqual(expected(prefix, strings, suffix));
  });

  it.each([1025, 70_000])('takes a suffix of %d bytes', (suffixBytes) => {
    const strings = [pattern(5), NOTHING];
    const suffix = pattern(suffixBytes, 9);
    expect(digests(pattern(3), strings, suffix)).toEqual(expected(pattern(3), strings, suffix));
  });

  it.each([65_536, 65_663, 200_000])('takes a prefix of %d bytes', (prefixBytes) => {
    const prefix = pattern(prefixBytes, 9);
    const strings = [pattern(5), NOTHING];
    expect(digests(prefix, strings, pattern(6))).toEqual(expected(prefix, strings, pattern(6)));
  });

  it('gives nothing for no strings', () => {
    expect(digests(pattern(3), [], pattern(4))).toEqual([]);
  });

  it.each([
    ['short strings', pattern(130), [100, 7, 0, 64], pattern(45)],
    ['a string that fills its area', pattern(127), [65_536], pattern(1000)],
    ['a string that is too long', pattern(70_001), [200_000], pattern(2000)],
  ])('leaves nothing in memory of %s', (_, prefix, lengths, suffix) => {
    const strings = lengths.map((length, i) => pattern(length, i));
    digests(prefix, strings, suffix);
    expect(Buffer.compare(memory, unused)).toBe(0);
  });

  it.each([
    ['no offset', []],
    ['a first offset that is not zero', [1, 4]],
    ['an offset that falls', [0, 3, 2, 4]],
    ['an end before the bytes end', [0, 3]],
    ['an end after the bytes end', [0, 5]],
  ])('refuses %s', (_, offsets) => {
    const strings = { bytes: pattern(4), offsets: Uint32Array.from(offsets) };
    const refusal = expect.objectContaining({ code: 'batch_length' }) as Error;
    expect(() => sha512EachIn(hashing, memory, NOTHING, strings, NOTHING)).toThrow(refusal);
  });
});
