import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeCanaries } from '../src/canary-placement.ts';

const seedOf = (text: string): Uint8Array => new Uint8Array(createHash('sha256').update(text).digest());
const COUNTS = { present: 64, absent: 64 };
const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('the canaries of a chunk', () => {
  it('stand at two places of the chunk and are canaries of the epoch', () => {
    fc.assert(
      fc.property(
        ...[seeds, fc.nat(0xffff_ffff), fc.integer({ min: 2, max: 4096 })],
        fc.record({
          present: fc.integer({ min: 1, max: 10_000 }),
          absent: fc.integer({ min: 1, max: 10_000 }),
        }),
        (seed, chunk, elements, counts) => {
          const placed = placeCanaries(seed, chunk, elements, counts);
          const below = (value: number, bound: number): boolean =>
            Number.isInteger(value) && value >= 0 && value < bound;
          expect(below(placed.presentAt, elements) && below(placed.absentAt, elements)).toBe(true);
          expect(placed.presentAt).not.toBe(placed.absentAt);
          expect(below(placed.presentIndex, counts.present)).toBe(true);
          expect(below(placed.absentIndex, counts.absent)).toBe(true);
        },
      ),
    );
  });

  it('are found again from the seed', () => {
    fc.assert(
      fc.property(seeds, fc.nat(0xffff_ffff), (seed, chunk) => {
        expect(placeCanaries(seed, chunk, 4096, COUNTS)).toEqual(
          placeCanaries(Uint8Array.from(seed), chunk, 4096, COUNTS),
        );
      }),
    );
  });

  it('stand elsewhere in another chunk and under another seed', () => {
    const placed = [
      placeCanaries(seedOf('one'), 0, 4096, COUNTS),
      placeCanaries(seedOf('one'), 1, 4096, COUNTS),
      placeCanaries(seedOf('two'), 0, 4096, COUNTS),
    ];
    expect(new Set(placed.map(({ presentAt, absentAt }) => `${presentAt} ${absentAt}`)).size).toBe(3);
  });
});

/** Pearson's statistic of `values` against a uniform distribution over 0 to bins − 1. */
function chiSquare(values: readonly number[], bins: number): number {
  const observed = new Array<number>(bins).fill(0);
  for (const value of values) observed[value]! += 1;
  const mean = values.length / bins;
  return observed.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0);
}

describe('the places of canaries', () => {
  const ELEMENTS = 64;
  /** The statistic's mean is the number of bins less one; five standard deviations above it. */
  const limit = (bins: number): number => bins - 1 + 5 * Math.sqrt(2 * (bins - 1));
  const seed = seedOf('uniformity');
  const placed = Array.from({ length: 200 * ELEMENTS }, (_, chunk) =>
    placeCanaries(seed, chunk, ELEMENTS, COUNTS),
  );

  it.each([
    ['the present one', ELEMENTS, placed.map(({ presentAt }) => presentAt)],
    ['the absent one', ELEMENTS, placed.map(({ absentAt }) => absentAt)],
    [
      'the distance between them',
      ELEMENTS - 1,
      placed.map(({ presentAt, absentAt }) => ((absentAt - presentAt + ELEMENTS) % ELEMENTS) - 1),
    ],
    ['which present one', COUNTS.present, placed.map(({ presentIndex }) => presentIndex)],
    ['which absent one', COUNTS.absent, placed.map(({ absentIndex }) => absentIndex)],
  ])('are uniform: %s', (_, bins, values) => {
    expect(chiSquare(values, bins)).toBeLessThan(limit(bins));
  });

  it('would be caught if one place in 64 were left out', () => {
    const skewed = placed.map(({ presentAt }) => (presentAt === 0 ? 1 : presentAt));
    expect(chiSquare(skewed, ELEMENTS)).toBeGreaterThan(limit(ELEMENTS));
  });

  it('would be caught if a byte were reduced modulo 50', () => {
    const skewed = placed.map((_, at) => createHash('sha256').update(String(at)).digest().readUInt8(0) % 50);
    expect(chiSquare(skewed, 50)).toBeGreaterThan(limit(50));
  });
});
