import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DistinctCount } from '../src/distinct-count.ts';
import { tokenOrder } from '../src/token-order.ts';
import { ceilLog2, tokenBits } from '../src/token.ts';
import { numbersOf, obviousBits, obviousCeilLog2, obviousSet } from './rig/obvious.ts';
import { codeOf } from './rig/tokens.ts';

/** Tokens that often share beginnings of every length, and are often equal. */
const clashingTokens = fc
  .array(
    fc.tuple(
      fc.constantFrom(0x00, 0x55, 0xff),
      fc.integer({ min: 0, max: 16 }),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
    ),
    { minLength: 1, maxLength: 80 },
  )
  .map((parts) =>
    Uint8Array.from(
      parts.flatMap(([fill, shared, bytes]) => [...bytes.map((b, i) => (i < shared ? fill : b))]),
    ),
  );

describe('the number of bits', () => {
  test.each([
    [1, 1, 40],
    [1, 1_000_000, 60],
    [2, 1, 41],
    [65_536, 1_000_000, 76],
    [65_537, 1_000_000, 77],
    [300_000_000, 1_280_000, 90],
    [2 ** 38, 2 ** 32 - 1, 110],
  ])('of %d tokens and requests of %d elements is %d', (tokens, maxElements, bits) => {
    expect(tokenBits(tokens, maxElements)).toBe(bits);
  });

  test('keeps the probability of a false positive in a request at 2^-40 or less', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 38 }),
        fc.integer({ min: 1, max: 2 ** 32 - 1 }),
        (tokens, maxElements) => {
          const bits = tokenBits(tokens, maxElements);
          expect(bits).toBe(obviousBits(tokens, maxElements));
          expect(BigInt(tokens) * BigInt(maxElements) <= 1n << BigInt(bits - 40)).toBe(true);
        },
      ),
    );
  });

  test.each([
    [0, 1],
    [1.5, 1],
    [2 ** 38 + 1, 1],
    [1, 0],
    [1, 2 ** 32],
    [Number.NaN, 1],
  ])('is refused for %d tokens and requests of %d elements', async (tokens, maxElements) => {
    expect(await codeOf(() => tokenBits(tokens, maxElements))).toBe('argument_invalid');
  });

  test('rounds the logarithm up exactly at powers of two', () => {
    for (let power = 1; power <= 52; power++) {
      for (const n of [2 ** power - 1, 2 ** power, 2 ** power + 1])
        expect(ceilLog2(n)).toBe(obviousCeilLog2(n));
    }
  });
});

test('the order of tokens is that of their numbers', () => {
  fc.assert(
    fc.property(clashingTokens, (tokens) => {
      const numbers = numbersOf(tokens);
      const order = [...tokenOrder(tokens)];
      expect([...order].sort((a, b) => a - b)).toEqual(numbers.map((_, i) => i));
      expect(order.map((i) => numbers[i])).toEqual(numbers.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
    }),
  );
});

test('b and N are those of the distinct tokens after cutting', () => {
  fc.assert(
    fc.property(
      clashingTokens,
      fc.integer({ min: 1, max: 5000 }),
      fc.integer({ min: 1, max: 9 }),
      (tokens, maxElements, batch) => {
        const distinct = [...new Set(numbersOf(tokens))].sort((a, b) => (a < b ? -1 : 1));
        const sorted = Buffer.from(distinct.map((n) => n.toString(16).padStart(32, '0')).join(''), 'hex');
        const count = new DistinctCount();
        for (let at = 0; at < sorted.length; at += 16 * batch)
          count.add(sorted.subarray(at, at + 16 * batch));
        const expected = obviousSet(tokens, maxElements);
        expect(count.choose(maxElements)).toEqual({ bits: expected.bits, tokens: expected.values.length });
      },
    ),
  );
});
