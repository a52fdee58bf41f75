import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine.ts';
import { concat, items } from '../byte-batches.ts';
import { anyScalar, EDGE_SCALARS, littleEndian, modOrder, ORDER, scalars } from '../scalar-arithmetic.ts';

const TOP = 2n ** 512n - 1n;
const EXTREMES = [
  ...[0n, 1n, ORDER - 1n, ORDER, ORDER + 1n, 2n * ORDER - 1n, 2n * ORDER, 2n * ORDER + 1n],
  ...[2n ** 252n, 2n ** 253n - 1n, 2n ** 255n, 2n ** 256n - 1n, 2n ** 256n, 2n ** 511n, TOP],
  ...[ORDER * ORDER, ORDER * (ORDER - 1n), ORDER * 2n ** 256n - 1n, ORDER * 2n ** 259n],
  // The largest multiple of ℓ, and its neighbours.
  ...[-1n, 0n, 1n].map((offset) => TOP - (TOP % ORDER) + offset),
];

export function describeScalarOperations(engine: Engine): void {
  describe(`engine ${engine.name}: scalars`, () => {
    const reduce = (values: readonly bigint[]): string[] =>
      items(engine.scalarsFromWide(concat(...values.map((value) => littleEndian(value, 64)))));

    it('reduces 64 bytes, little-endian, modulo the order', () => {
      const wide = fc.oneof(
        fc.bigInt({ min: 0n, max: TOP }),
        fc.bigInt({ min: 0n, max: TOP / ORDER }).map((factor) => factor * ORDER),
        fc.constantFrom(...EXTREMES),
      );
      fc.assert(
        fc.property(fc.array(wide, { maxLength: 13 }), (values) => {
          expect(reduce(values)).toEqual(items(scalars(...values.map(modOrder))));
        }),
      );
    });

    it('reduces the extremes', () => {
      expect(reduce(EXTREMES)).toEqual(items(scalars(...EXTREMES.map(modOrder))));
    });

    it('reduces a large batch', () => {
      const values = Array.from({ length: 1031 }, (_, i) => (BigInt(i) * TOP) / 1030n);
      expect(reduce(values)).toEqual(items(scalars(...values.map(modOrder))));
    });

    it('subtracts a product modulo the order', () => {
      fc.assert(
        fc.property(anyScalar, anyScalar, anyScalar, (a, b, c) => {
          expect(items(engine.subtractProduct(scalars(a), scalars(b), scalars(c)))).toEqual(
            items(scalars(modOrder(a - b * c))),
          );
        }),
      );
    });

    it('subtracts a product of edges from an edge', () => {
      for (const [i, b] of EDGE_SCALARS.entries()) {
        for (const [j, c] of EDGE_SCALARS.entries()) {
          const a = EDGE_SCALARS[(i + j) % EDGE_SCALARS.length]!;
          expect(items(engine.subtractProduct(scalars(a), scalars(b), scalars(c)))).toEqual(
            items(scalars(modOrder(a - b * c))),
          );
        }
      }
    });
  });
}
