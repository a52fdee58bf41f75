import { describe, expect, it } from 'vitest';
import type { Engine, Points } from '../../src/engine.ts';
import { bytesFromSeed, firstDifference, items } from '../byte-batches.ts';
import { elementsOf, IDENTITY, knownElements, pointsOf } from '../known-elements.ts';
import { ORDER, scalars } from '../scalar-arithmetic.ts';

const SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 13, 31, 67];

export function describePointOperations(engine: Engine): void {
  const identities = (count: number): Points => {
    const points = engine.decode(knownElements(count).elements);
    return engine.subtract(points, points);
  };

  describe(`engine ${engine.name}: points`, () => {
    it('gives back each element that it decoded, whatever the size of the batch', () => {
      for (const size of SIZES) {
        const { elements } = knownElements(size);
        const points = engine.decode(elements);
        expect([points.engine, points.count]).toEqual([engine.name, size]);
        expect(firstDifference(engine.encode(points), elements)).toBeUndefined();
      }
    });

    it('adds as logarithms add, the same, opposite and no points included', () => {
      const left = [0, 0, 5, 5, 5, 3, 1n, ORDER - 1n, 0, 7, 11];
      const right = [0, 4, 0, 5, ORDER - 5n, 8, ORDER - 1n, 1n, ORDER - 2n, 7, 13];
      const sums = left.map((log, i) => BigInt(log) + BigInt(right[i]!));
      const sum = engine.add(pointsOf(engine, ...left), pointsOf(engine, ...right));
      expect(items(engine.encode(sum))).toEqual(items(elementsOf(...sums)));
    });

    it('subtracts as it adds the negative', () => {
      for (const size of SIZES) {
        const a = engine.derive(bytesFromSeed(`minuend ${size}`, 64 * size));
        const b = engine.decode(knownElements(size).elements);
        const negative = pointsOf(engine, ...knownElements(size).logs.map((log) => ORDER - log));
        expect(items(engine.encode(engine.subtract(a, b)))).toEqual(
          items(engine.encode(engine.add(a, negative))),
        );
      }
    });

    it('doubles where it encodes doubled', () => {
      for (const size of SIZES) {
        const points = engine.derive(bytesFromSeed(`double ${size}`, 64 * size));
        expect(items(engine.encodeDouble(points))).toEqual(items(engine.encode(engine.add(points, points))));
      }
    });

    it('encodes the identity as zeros', () => {
      expect(items(engine.encode(identities(5)))).toEqual(Array(5).fill(IDENTITY));
      expect(items(engine.encodeDouble(identities(5)))).toEqual(Array(5).fill(IDENTITY));
    });

    it('encodes the identity beside other points, which share its inversion, in any place', () => {
      const logs = [3, 1, 4, 15, 9, 2, 6, 5, 35];
      for (const lane of logs.keys()) {
        for (const other of [lane, (lane + 4) % logs.length]) {
          const some = logs.with(lane, 0).with(other, 0);
          const points = pointsOf(engine, ...some);
          expect(items(engine.encode(points))).toEqual(items(elementsOf(...some)));
          expect(items(engine.encodeDouble(points))).toEqual(
            items(elementsOf(...some.map((log) => 2 * log))),
          );
        }
      }
    });

    // An element stands for a coset of four points of the curve. Multiplying a representative of order 2ℓ or 4ℓ by
    // two scalars that add up to ℓ, and adding, ends in another representative of the identity than (0, 1).
    it('knows the identity by every representative of it', () => {
      const count = 24;
      const points = engine.derive(bytesFromSeed('cosets', 64 * count));
      for (const scalar of [1n, 2n, (ORDER - 1n) / 2n, ORDER / 5n]) {
        const some = engine.multiplyHalf(points, scalars(scalar));
        const rest = engine.multiplyHalf(points, scalars(ORDER - scalar));
        const identity = engine.add(some, rest);
        const expected = Array(count).fill(IDENTITY);
        expect(items(engine.encode(identity))).toEqual(expected);
        expect(items(engine.encodeDouble(identity))).toEqual(expected);
        expect(items(engine.encode(engine.multiplyHalf(identity, scalars(3))))).toEqual(expected);
        expect(items(engine.encode(engine.add(points, identity)))).toEqual(items(engine.encode(points)));
        expect(items(engine.encode(engine.subtract(points, identity)))).toEqual(items(engine.encode(points)));
      }
    });
  });
}
