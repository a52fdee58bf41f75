import { describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine.ts';
import { concat, firstDifference, items } from '../byte-batches.ts';
import { elementsOf, GENERATOR, IDENTITY, knownElements, pointsOf } from '../known-elements.ts';
import { rfc9496 } from '../published-vectors.ts';
import { refusal } from '../refusal.ts';
import { EDGE_SCALARS, modOrder, ORDER, scalars } from '../scalar-arithmetic.ts';

const IN_HALF = (ORDER + 1n) / 2n;

export function describeMultiplications(engine: Engine): void {
  describe(`engine ${engine.name}: one secret scalar times many points`, () => {
    it('gives half of the product, the identity for the identity', () => {
      const logs = [1n, 2n, 0n, ORDER - 1n, ...knownElements(3).logs];
      for (const scalar of [0n, 1n, 2n, 3n, ORDER - 1n, ORDER - 2n, ORDER / 9n]) {
        const half = engine.multiplyHalf(pointsOf(engine, ...logs), scalars(scalar));
        const expected = elementsOf(...logs.map((log) => log * scalar * IN_HALF));
        expect(items(engine.encode(half))).toEqual(items(expected));
      }
    });

    it.each(EDGE_SCALARS)('gives the product encoded doubled, for %i', (scalar) => {
      const { logs, elements } = knownElements(3);
      const half = engine.multiplyHalf(engine.decode(elements), scalars(scalar));
      const expected = elementsOf(...logs.map((log) => log * scalar));
      expect(items(engine.encodeDouble(half))).toEqual(items(expected));
    });

    it('multiplies what it has multiplied', () => {
      let points = engine.decode(knownElements(5).elements);
      for (const factor of [3n, ORDER - 1n, 5n]) points = engine.multiplyHalf(points, scalars(factor));
      const eighth = -15n * IN_HALF ** 3n;
      const expected = elementsOf(...knownElements(5).logs.map((log) => log * eighth));
      expect(items(engine.encode(points))).toEqual(items(expected));
    });
  });

  describe(`engine ${engine.name}: many scalars times one element`, () => {
    const [first, second] = knownElements(2).logs as [bigint, bigint];

    it.each([
      ['the generator', 1n],
      ['another element', first],
    ])('multiplies %s by every kind of scalar', (_, log) => {
      const products = engine.multiplyFixed(elementsOf(log), scalars(...EDGE_SCALARS));
      expect(products.count).toBe(EDGE_SCALARS.length);
      const expected = elementsOf(...EDGE_SCALARS.map((scalar) => log * scalar));
      expect(firstDifference(engine.encode(products), expected)).toBeUndefined();
    });

    it('goes back and forth between more bases than it keeps tables of', () => {
      const bases = [1n, second, ...Array.from({ length: 9 }, (_, i) => BigInt(i + 2))];
      const factors = [5n, ORDER - 7n];
      const there = bases.flatMap((base) => [base, 1n, base]);
      for (const base of [...there, ...bases.toReversed()]) {
        const products = engine.multiplyFixed(elementsOf(base), scalars(...factors));
        const expected = elementsOf(...factors.map((factor) => base * factor));
        expect(items(engine.encode(products))).toEqual(items(expected));
      }
    });

    it('goes by what the base is now, not by the array that it came in', () => {
      const base = elementsOf(first);
      engine.multiplyFixed(base, scalars(3));
      base.set(elementsOf(second));
      expect(items(engine.encode(engine.multiplyFixed(base, scalars(3))))).toEqual(
        items(elementsOf(3n * second)),
      );
    });

    it.each([
      { encoding: IDENTITY, comment: 'the identity' },
      { encoding: 'ed' + 'ff'.repeat(30) + '7f', comment: 'the field prime' },
      ...rfc9496.invalid,
    ])('refuses the base $encoding ($comment), and goes on', ({ encoding }) => {
      const base = new Uint8Array(Buffer.from(encoding, 'hex'));
      expect(refusal(() => engine.multiplyFixed(base, scalars(1, 2)))?.code).toBe('element_invalid');
      expect(items(engine.encode(engine.multiplyFixed(GENERATOR, scalars(2))))).toEqual(items(elementsOf(2)));
    });
  });
}

/** Sizes on both sides of where an engine changes its window or its way to work. */
export function describeSums(engine: Engine, sizes: readonly number[]): void {
  const kinds: readonly (readonly [string, (index: number) => bigint])[] = [
    ['zero scalars', () => 0n],
    ['128-bit scalars', (i) => modOrder(BigInt(i + 1) * (ORDER / 11n)) >> 125n],
    ['full scalars', (i) => modOrder(BigInt(i + 1) * (ORDER / 13n))],
    ['a single long scalar', (i) => (i === 0 ? ORDER - 1n : BigInt(i % 3))],
    ['scalars at the edges', (i) => EDGE_SCALARS[i % EDGE_SCALARS.length]!],
  ];

  describe(`engine ${engine.name}: the sum of scalars times points`, () => {
    const sum = (elements: Uint8Array, factors: readonly bigint[]): string[] => {
      const point = engine.multiScalarMultiply(engine.decode(elements), scalars(...factors));
      expect(point.count).toBe(1);
      return items(engine.encode(point));
    };

    it.each(sizes.flatMap((size) => kinds.map(([kind, scalar]) => ({ size, kind, scalar }))))(
      'adds up $size points with $kind as their logarithms add up',
      ({ size, scalar }) => {
        const { logs, elements } = knownElements(size);
        const factors = logs.map((_, i) => scalar(i));
        const expected = logs.reduce((total, log, i) => total + log * factors[i]!, 0n);
        expect(sum(elements, factors)).toEqual(items(elementsOf(expected)));
      },
    );

    const [first] = knownElements(1).logs as [bigint];
    const copies = (log: bigint, count: number): Uint8Array =>
      concat(...Array<Uint8Array>(count).fill(elementsOf(log)));

    it.each(sizes.filter((size) => size > 0))('adds up %i times the same point', (size) => {
      const small = Array.from({ length: size }, (_, i) => BigInt(i));
      const same = Array<bigint>(size).fill(ORDER - 5n);
      const total = BigInt((size * (size - 1)) / 2);
      expect(sum(copies(first, size), small)).toEqual(items(elementsOf(first * total)));
      expect(sum(copies(first, size), same)).toEqual(items(elementsOf(first * -5n * BigInt(size))));
    });

    it.each(sizes.filter((size) => size > 0))('gives the identity where %i pairs cancel out', (size) => {
      const { logs, elements } = knownElements(size);
      const negatives = elementsOf(...logs.map((log) => -log));
      const opposite = logs.map((_, i) => kinds[2]![1](i));
      // P and −P with one scalar meet in one bucket; P twice with opposite scalars meet in the last sum.
      expect(sum(concat(elements, negatives), [...opposite, ...opposite])).toEqual([IDENTITY]);
      const back = opposite.map((scalar) => modOrder(-scalar));
      expect(sum(concat(elements, elements), [...opposite, ...back])).toEqual([IDENTITY]);
    });

    it('takes the identity among its points', () => {
      const points = pointsOf(engine, 0, 3, 0, 5, 0);
      const point = engine.multiScalarMultiply(points, scalars(7, 11, ORDER - 1n, 13, 0));
      expect(items(engine.encode(point))).toEqual(items(elementsOf(98)));
    });
  });
}
