import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../src/engine.ts';
import { GroupError } from '../src/errors.ts';
import { fromHex, rfc9496, toHex } from './published-vectors.ts';
import { ORDER, scalars, secretScalar } from './scalar-arithmetic.ts';

const IDENTITY = '00'.repeat(32);
const GENERATOR = fromHex(rfc9496.multiples.encodings[1]!);
const FEW = { numRuns: 8 };

function refusal(work: () => unknown): { code: string; index: number | undefined } | undefined {
  try {
    work();
  } catch (error) {
    if (!(error instanceof GroupError)) throw error;
    return { code: error.code, index: error.index };
  }
  return undefined;
}

function encodings(batch: Uint8Array): string[] {
  return Array.from({ length: batch.length / 32 }, (_, i) => toHex(batch.subarray(32 * i, 32 * i + 32)));
}

/** What every engine does, whatever is inside. */
export function describeEngine(engine: Engine): void {
  const multiplesOf = (...values: readonly (bigint | number)[]): Uint8Array =>
    engine.multiplyBase(scalars(...values));

  describe(`engine ${engine.name}: RFC 9496, appendix A`, () => {
    it('multiplies the generator (A.1)', () => {
      const [, ...expected] = rfc9496.multiples.encodings;
      expect(encodings(multiplesOf(...expected.map((_, i) => i + 1)))).toEqual(expected);
    });

    it('passes every multiple through the gate, and refuses the identity', () => {
      const [identity, ...multiples] = rfc9496.multiples.encodings;
      expect(
        refusal(() => {
          engine.checkElements(fromHex(...multiples));
        }),
      ).toBeUndefined();
      expect(identity).toBe(IDENTITY);
      expect(
        refusal(() => {
          engine.checkElements(fromHex(...multiples, IDENTITY));
        }),
      ).toEqual({
        code: 'element_invalid',
        index: multiples.length,
      });
    });

    it.each(rfc9496.invalid)('refuses $encoding ($comment)', ({ encoding }) => {
      const [, first, second] = rfc9496.multiples.encodings;
      const batch = fromHex(first!, second!, encoding, encoding);
      expect(
        refusal(() => {
          engine.checkElements(batch);
        }),
      ).toEqual({ code: 'element_invalid', index: 2 });
    });

    it('derives elements from uniform bytes (A.3)', () => {
      const batch = fromHex(...rfc9496.uniform.map(({ uniform }) => uniform));
      expect(encodings(engine.hashToGroup(batch))).toEqual(rfc9496.uniform.map(({ encoding }) => encoding));
    });
  });

  describe(`engine ${engine.name}: operations`, () => {
    it('multiplies every element by one scalar as it multiplies each by a copy of it', () => {
      fc.assert(
        fc.property(fc.array(secretScalar, { minLength: 1, maxLength: 4 }), secretScalar, (logs, scalar) => {
          const elements = multiplesOf(...logs);
          const each = engine.multiplyEach(elements, scalars(...logs.map(() => scalar)));
          expect(encodings(engine.multiply(elements, scalars(scalar)))).toEqual(encodings(each));
        }),
        FEW,
      );
    });

    it('agrees with multiplication of logarithms', () => {
      fc.assert(
        fc.property(
          fc.array(fc.tuple(secretScalar, secretScalar), { minLength: 1, maxLength: 4 }),
          (pairs) => {
            const elements = multiplesOf(...pairs.map(([log]) => log));
            const product = engine.multiplyEach(elements, scalars(...pairs.map(([, scalar]) => scalar)));
            expect(encodings(product)).toEqual(
              encodings(multiplesOf(...pairs.map(([log, scalar]) => (log * scalar) % ORDER))),
            );
          },
        ),
        FEW,
      );
    });

    it('adds up a multi-scalar multiplication as logarithms add up, zero scalars included', () => {
      const scalar = fc.oneof(secretScalar, fc.constant(0n), fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }));
      fc.assert(
        fc.property(fc.array(fc.tuple(secretScalar, scalar), { minLength: 1, maxLength: 12 }), (pairs) => {
          const log = pairs.reduce((sum, [a, b]) => (sum + a * b) % ORDER, 0n);
          const sum = engine.multiScalarMultiply(
            multiplesOf(...pairs.map(([a]) => a)),
            scalars(...pairs.map(([, b]) => b)),
          );
          expect(toHex(sum)).toBe(log === 0n ? IDENTITY : toHex(multiplesOf(log)));
        }),
        FEW,
      );
    });

    it('gives the identity where a multi-scalar multiplication cancels out', () => {
      expect(toHex(engine.multiScalarMultiply(multiplesOf(3, 5), scalars(5, ORDER - 3n)))).toBe(IDENTITY);
    });

    it('leaves its arguments as they were', () => {
      const [elements, factors] = [multiplesOf(2, 3), scalars(7, 11)];
      const before = [toHex(elements), toHex(factors)];
      engine.multiplyEach(elements, factors);
      engine.multiply(elements, factors.subarray(0, 32));
      engine.multiScalarMultiply(elements, factors);
      engine.multiplyBase(factors);
      engine.checkElements(elements);
      expect([toHex(elements), toHex(factors)]).toEqual(before);
    });

    it('works on a view into a larger buffer', () => {
      const larger = fromHex('ff', toHex(GENERATOR), 'ff');
      expect(toHex(engine.multiply(larger.subarray(1, 33), scalars(2)))).toBe(toHex(multiplesOf(2)));
    });

    it('gives an empty batch for an empty batch', () => {
      const none = new Uint8Array();
      expect(engine.hashToGroup(none)).toHaveLength(0);
      expect(engine.multiply(none, scalars(1))).toHaveLength(0);
      expect(engine.multiplyEach(none, none)).toHaveLength(0);
      expect(engine.multiplyBase(none)).toHaveLength(0);
      expect(toHex(engine.multiScalarMultiply(none, none))).toBe(IDENTITY);
    });
  });

  describe(`engine ${engine.name}: refusals`, () => {
    const bad = fromHex(toHex(GENERATOR), rfc9496.invalid[0]!.encoding);

    it.each([
      ['multiply', () => engine.multiply(bad, scalars(2))],
      ['multiplyEach', () => engine.multiplyEach(bad, scalars(2, 3))],
      ['multiScalarMultiply', () => engine.multiScalarMultiply(bad, scalars(2, 3))],
    ])('%s takes every element through the gate', (_, work) => {
      expect(refusal(work)).toEqual({ code: 'element_invalid', index: 1 });
    });

    it.each([
      ['zero', 0n],
      ['the order', ORDER],
      ['the order plus one', ORDER + 1n],
      ['all ones', 2n ** 256n - 1n],
    ])('refuses a secret scalar that is %s, with its index', (_, wrong) => {
      const elements = multiplesOf(1, 1, 1);
      const factors = scalars(1, 2, wrong);
      expect(refusal(() => engine.multiplyEach(elements, factors))).toEqual({
        code: 'scalar_invalid',
        index: 2,
      });
      expect(refusal(() => engine.multiplyBase(factors))).toEqual({ code: 'scalar_invalid', index: 2 });
      expect(refusal(() => engine.multiply(elements, scalars(wrong)))).toEqual({
        code: 'scalar_invalid',
        index: 0,
      });
    });

    it('refuses a public scalar that is not canonical', () => {
      const work = (): unknown => engine.multiScalarMultiply(multiplesOf(1, 2), scalars(1, ORDER));
      expect(refusal(work)).toEqual({ code: 'scalar_invalid', index: 1 });
    });

    it.each([
      ['hashToGroup', () => engine.hashToGroup(new Uint8Array(63))],
      [
        'checkElements',
        () => {
          engine.checkElements(new Uint8Array(33));
        },
      ],
      ['multiply', () => engine.multiply(GENERATOR.subarray(1), scalars(1))],
      ['multiply with two scalars', () => engine.multiply(GENERATOR, scalars(1, 1))],
      ['multiplyEach', () => engine.multiplyEach(GENERATOR, scalars(1, 1))],
      ['multiplyBase', () => engine.multiplyBase(new Uint8Array(31))],
      ['multiScalarMultiply', () => engine.multiScalarMultiply(GENERATOR, new Uint8Array())],
    ])('%s refuses a batch of the wrong length', (_, work) => {
      expect(refusal(work)).toEqual({ code: 'batch_length', index: undefined });
    });
  });
}
