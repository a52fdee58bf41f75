import { Buffer } from 'node:buffer';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scalarsFromWideIn, subtractProductIn, type ScalarExports } from '../src/wasm-scalars.ts';
import {
  bounded,
  constant,
  lowBits,
  minus,
  plus,
  shiftedLeft,
  shiftedRight,
  times,
} from '../wasm/bounded.ts';
import { i64 } from '../wasm/instructions.ts';
import { addScalars } from '../wasm/scalars.ts';
import { anyScalar, EDGE_SCALARS, littleEndian, modOrder, ORDER, scalars } from './scalar-arithmetic.ts';
import { moduleWith } from './wasm-module.ts';

const { exports, memory } = moduleWith((assembler) => {
  addScalars(assembler);
});
const arithmetic = exports as ScalarExports;
const unused = memory.slice();
const area = arithmetic.scalarArea.value;

const EDGE_WIDES = [
  ...[0n, 1n, ORDER - 1n, ORDER, ORDER + 1n, 2n * ORDER - 1n, 2n * ORDER, 2n * ORDER + 1n],
  ...[2n ** 512n - 1n, 2n ** 512n - 2n ** 252n, 2n ** 511n, ORDER ** 2n, ORDER ** 2n - 1n],
  // Around each power of 2^252, which folding takes apart, and the largest multiples of ℓ below 2^512.
  ...[252n, 253n, 256n, 258n, 385n, 504n].flatMap((bit) => [-1n, 0n, 1n].map((by) => 2n ** bit + by)),
  ...[-1n, 0n, 1n].map((by) => (2n ** 512n / ORDER) * ORDER + by),
  // Limbs of 28 bits that are all ones, or all zeros, below a number above.
  ...Array.from({ length: 18 }, (_, i) => 2n ** 512n - 2n ** (28n * BigInt(i + 1))),
  ...Array.from({ length: 18 }, (_, i) => 2n ** (28n * BigInt(i + 1)) - 1n),
];

const wide = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 512n - 1n }),
  fc.constantFrom(...EDGE_WIDES),
  // Close to a multiple of the order.
  fc
    .tuple(fc.bigInt({ min: 1n, max: 2n ** 259n }), fc.bigInt({ min: -3n, max: 3n }))
    .map(([multiple, by]) => multiple * ORDER + by),
);

function integerOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}

function reduced(values: readonly bigint[]): bigint[] {
  const bytes = Buffer.concat(values.map((value) => littleEndian(value, 64)));
  const results = scalarsFromWideIn(arithmetic, memory, bytes);
  expect(results).toHaveLength(32 * values.length);
  return values.map((_, i) => integerOf(results.subarray(32 * i, 32 * i + 32)));
}

function differenceWithProduct(a: bigint, b: bigint, c: bigint): bigint {
  return integerOf(subtractProductIn(arithmetic, memory, littleEndian(a), littleEndian(b), littleEndian(c)));
}

/** Half of a scalar modulo the order. */
function half(scalar: bigint): bigint {
  return modOrder(scalar * ((ORDER + 1n) / 2n));
}

function digitsOf(scalar: bigint): number[] {
  memory.set(littleEndian(scalar), area);
  arithmetic.prepareDigits(area + 32, area);
  const view = new DataView(memory.buffer, area + 32, 256);
  return Array.from({ length: 64 }, (_, i) => view.getInt32(4 * i, true));
}

describe('scalars in the module', () => {
  it('reduces the integers at which folding and carrying are at their limits', () => {
    expect(reduced(EDGE_WIDES)).toEqual(EDGE_WIDES.map(modOrder));
  });

  it('reduces any 512 bits', () => {
    fc.assert(
      fc.property(fc.array(wide, { minLength: 1, maxLength: 20 }), (values) => {
        expect(reduced(values)).toEqual(values.map(modOrder));
      }),
      { numRuns: 300 },
    );
  });

  it.each([0, 255, 256, 257, 600])('reduces a batch of %d', (count) => {
    const values = Array.from({ length: count }, (_, i) => (2n ** 512n - 1n) / BigInt(i + 1));
    expect(reduced(values)).toEqual(values.map(modOrder));
  });

  it('subtracts a product', () => {
    fc.assert(
      fc.property(anyScalar, anyScalar, anyScalar, (a, b, c) => {
        expect(differenceWithProduct(a, b, c)).toBe(modOrder(a - b * c));
      }),
      { numRuns: 500 },
    );
  });

  it('subtracts a product at the ends of the range', () => {
    const ends = [0n, 1n, 2n, ORDER - 2n, ORDER - 1n];
    for (const a of ends) {
      for (const b of ends) {
        for (const c of ends) expect(differenceWithProduct(a, b, c)).toBe(modOrder(a - b * c));
      }
    }
  });

  it('writes half of a scalar in 64 digits from −8 to 7', () => {
    const check = (scalar: bigint): void => {
      const digits = digitsOf(scalar);
      expect(digits.every((digit) => digit >= -8 && digit <= 7)).toBe(true);
      expect(digits.reduceRight((sum, digit) => sum * 16n + BigInt(digit), 0n)).toBe(half(scalar));
    };
    EDGE_SCALARS.forEach(check);
    // Scalars whose half is at an edge: there the carries run all the way.
    EDGE_SCALARS.map((scalar) => modOrder(2n * scalar)).forEach(check);
    fc.assert(fc.property(anyScalar, check), { numRuns: 500 });
  });

  it('leaves no scalar in memory', () => {
    memory.set(unused);
    reduced(EDGE_WIDES);
    differenceWithProduct(ORDER - 1n, ORDER - 2n, ORDER - 3n);
    expect(Buffer.compare(memory, unused)).toBe(0);
  });

  it('refuses what is not whole', () => {
    const refusal = expect.objectContaining({ code: 'batch_length' }) as Error;
    expect(() => scalarsFromWideIn(arithmetic, memory, new Uint8Array(65))).toThrow(refusal);
    expect(() => subtractProductIn(arithmetic, memory, scalars(1, 2), scalars(1, 2), scalars(1, 2))).toThrow(
      refusal,
    );
  });

  it.each([0, 1, 2])('refuses operand %d of a difference when it is not canonical', (wrong) => {
    const [a, b, c] = [0, 1, 2].map((i) => scalars(i === wrong ? ORDER : 1n));
    const refusal = expect.objectContaining({ code: 'scalar_invalid' }) as Error;
    expect(() => subtractProductIn(arithmetic, memory, a!, b!, c!)).toThrow(refusal);
  });
});

describe('the bounds of the generator', () => {
  const any = (low: bigint, high: bigint): ReturnType<typeof bounded> => bounded(i64.const(0n), low, high);
  const limits = ({ low, high }: { low: bigint; high: bigint }): bigint[] => [low, high];
  const small = fc.bigInt({ min: -50n, max: 50n });
  const interval: fc.Arbitrary<[bigint, bigint]> = fc
    .tuple(small, small)
    .map(([a, b]) => (a < b ? [a, b] : [b, a]));

  it('are just those of all results', () => {
    const integers = ([low, high]: [bigint, bigint]): bigint[] =>
      Array.from({ length: Number(high - low) + 1 }, (_, i) => low + BigInt(i));
    const ends = (values: bigint[]): bigint[] => {
      const sorted = values.sort((a, b) => (a < b ? -1 : 1));
      return [sorted[0]!, sorted.at(-1)!];
    };
    fc.assert(
      fc.property(interval, interval, fc.integer({ min: 0, max: 7 }), (a, b, bits) => {
        const pairs = integers(a).flatMap((x) => integers(b).map((y) => [x, y] as const));
        const [left, right] = [any(...a), any(...b)];
        expect(limits(plus(left, right))).toEqual(ends(pairs.map(([x, y]) => x + y)));
        expect(limits(minus(left, right))).toEqual(ends(pairs.map(([x, y]) => x - y)));
        expect(limits(times(left, right))).toEqual(ends(pairs.map(([x, y]) => x * y)));
        expect(limits(shiftedRight(left, bits))).toEqual(ends(integers(a).map((x) => x >> BigInt(bits))));
        expect(limits(shiftedLeft(left, bits))).toEqual(ends(integers(a).map((x) => x << BigInt(bits))));
        expect(limits(lowBits(left, bits))).toEqual([0n, 2n ** BigInt(bits) - 1n]);
      }),
      { numRuns: 30 },
    );
  });

  it('refuse a result that 64 bits may not hold', () => {
    const [most, least] = [2n ** 63n - 1n, -(2n ** 63n)];
    expect(() => plus(any(0n, most), constant(0n))).not.toThrow();
    expect(() => plus(any(0n, most), constant(1n))).toThrow(RangeError);
    expect(() => minus(any(least, 0n), constant(0n))).not.toThrow();
    expect(() => minus(any(least, 0n), constant(1n))).toThrow(RangeError);
    expect(() => times(any(0n, 2n ** 32n), any(-(2n ** 31n), 0n))).not.toThrow();
    expect(() => times(any(0n, 2n ** 32n), any(0n, 2n ** 31n))).toThrow(RangeError);
    expect(() => shiftedLeft(any(0n, 1n), 62)).not.toThrow();
    expect(() => shiftedLeft(any(0n, 1n), 63)).toThrow(RangeError);
  });
});
