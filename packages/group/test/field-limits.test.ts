import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { P } from '../wasm/field.ts';
import {
  fieldModule,
  FMA,
  INT,
  isWithin,
  modulo,
  valueOf,
  type FieldModule,
  type Product,
  type Representation,
} from './field-module.ts';
import { EDGE_FIELD_VALUES } from './edge-values.ts';
import { moduleWith } from './wasm-module.ts';

type Limbs = readonly bigint[];

const modules: readonly (readonly [string, Representation, FieldModule])[] = [FMA, INT].map(
  (representation) => [representation.name, representation, fieldModule(representation)] as const,
);

/** Every limb at its bound, less `by`, with the signs of the bits of `signs`. */
function atBound({ starts, limbBound }: Representation, bound: bigint, signs: number, by = 0n): bigint[] {
  return starts.map((_, i) => (limbBound(bound, i) - by) * (signs & (1 << i) ? -1n : 1n));
}

/** Patterns of signs: all of them, or so many that every pair of limbs meets with equal and with opposite signs. */
function signPatterns({ starts }: Representation): number[] {
  const all = Array.from({ length: 2 ** starts.length }, (_, signs) => signs);
  return starts.length <= 5 ? all : all.filter((signs) => signs % 31 === 0 || (signs & (signs - 1)) === 0);
}

/** Bits from the beginning of a limb to that of the next. */
function widthOf({ starts }: Representation, limb: number): number {
  return (starts[limb + 1] ?? 255) - (starts[limb] ?? 0);
}

/** The largest number within a bound that lies half way between two carries. */
function largestTie(representation: Representation, bound: bigint, limb: number): bigint {
  const half = 1n << BigInt(widthOf(representation, limb) - 1);
  const units = representation.limbBound(bound, limb) / half;
  return (units - (units % 2n === 0n ? 1n : 0n)) * half;
}

/** Limbs at a bound or a little below it, around what is half carried, zero, or anywhere between. */
function limbsWithin(representation: Representation, bound: bigint): fc.Arbitrary<bigint[]> {
  const { starts, limbBound } = representation;
  const within = (most: bigint, limb: bigint): bigint => (limb > most ? most : limb < -most ? -most : limb);
  const limbs = starts.map((_, i) => {
    const most = limbBound(bound, i);
    return fc.oneof(
      fc.bigInt({ min: most - 3n, max: most }),
      fc.bigInt({ min: -most, max: 3n - most }),
      fc.constantFrom(0n, 1n, -1n),
      fc.constantFrom(-1n, 0n, 1n).map((by) => within(most, largestTie(representation, bound, i) + by)),
      fc.constantFrom(-1n, 0n, 1n).map((by) => within(most, by - largestTie(representation, bound, i))),
      fc.bigInt({ min: -most, max: most }),
    );
  });
  return fc.tuple(...limbs);
}

/** Multiples of p and their neighbours, with limbs that need carrying, as far as the bound allows. */
function nearMultiplesOfP(representation: Representation, bound: bigint): bigint[][] {
  const { starts } = representation;
  const found: bigint[][] = [];
  for (let multiple = -6n; multiple <= 6n; multiple++) {
    for (const by of [-20n, -19n, -2n, -1n, 0n, 1n, 2n, 18n, 19n, 20n]) {
      // Rounded, so that limbs have either sign.
      let rest = multiple * P + by;
      const limbs: bigint[] = [];
      for (let i = starts.length - 1; i >= 0; i--) {
        const unit = 1n << BigInt(starts[i] ?? 0);
        const doubled = 2n * rest + unit;
        const limb = (doubled - (((doubled % (2n * unit)) + 2n * unit) % (2n * unit))) / (2n * unit);
        limbs[i] = limb;
        rest -= limb * unit;
      }
      for (let i = -1; i < starts.length - 1; i++) {
        const width = BigInt(widthOf(representation, i));
        const moved = limbs.map((limb, j) => {
          if (i < 0) return limb;
          return j === i ? limb + (1n << width) : j === i + 1 ? limb - 1n : limb;
        });
        found.push(moved);
      }
    }
  }
  return found.filter((limbs) => isWithin(representation, bound, limbs));
}

function batches<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}

describe.each(modules)('field elements as %s', (_, representation, module) => {
  const { field, limits } = module;
  const value = (limbs: Limbs): bigint => valueOf(representation, limbs);

  function expectProduct(results: readonly Limbs[], expected: readonly bigint[]): void {
    expect(results.map(value)).toEqual(expected.map(modulo));
    expect(results.filter((limbs) => !isWithin(representation, field.productBound, limbs))).toEqual([]);
  }

  it.each(module.products)(
    'multiplies with every limb at its bound: $name',
    ({ boundA, boundB, multiply }) => {
      const patterns = signPatterns(representation);
      for (const by of [0n, 1n]) {
        const pairs = patterns.flatMap((a) =>
          patterns.map(
            (b) => [atBound(representation, boundA, a, by), atBound(representation, boundB, b)] as const,
          ),
        );
        for (const batch of batches(pairs, field.lanes)) {
          const [a, b] = [batch.map(([left]) => left), batch.map(([, right]) => right)];
          expectProduct(
            multiply(a, b),
            batch.map(([left, right]) => value(left) * value(right)),
          );
        }
      }
    },
  );

  it.each(module.products)(
    'multiplies what lies half way between carries: $name',
    ({ boundA, boundB, multiply }) => {
      // 2^50 times an odd number leaves half a unit of 2^51, in every term of every column.
      const isOdd = (limb: bigint): bigint => (limb % 2n === 0n ? limb - 1n : limb);
      for (const signsA of signPatterns(representation)) {
        for (const signsB of [0, 0b10101, signsA, ~signsA]) {
          const signed = (limb: bigint, signs: number, i: number): bigint =>
            signs & (1 << i) ? -limb : limb;
          const ties = representation.starts.map((_, i) =>
            signed(largestTie(representation, boundA, i), signsA, i),
          );
          const odd = representation.starts.map((_, i) =>
            signed(isOdd(representation.limbBound(boundB, i)), signsB, i),
          );
          expectProduct(multiply([ties], [odd]), [value(ties) * value(odd)]);
        }
      }
    },
  );

  it.each(module.products)('multiplies anything within the bounds: $name', ({ boundA, boundB, multiply }) => {
    const operands = (bound: bigint): fc.Arbitrary<bigint[][]> =>
      fc.array(limbsWithin(representation, bound), { minLength: field.lanes, maxLength: field.lanes });
    fc.assert(
      fc.property(operands(boundA), operands(boundB), (a, b) => {
        expectProduct(
          multiply(a, b),
          a.map((limbs, lane) => value(limbs) * value(b[lane]!)),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('squares with every limb at its bound', () => {
    for (const bound of [field.productBound, limits.square]) {
      for (const by of [0n, 1n]) {
        const all = signPatterns(representation).map((signs) => atBound(representation, bound, signs, by));
        for (const batch of batches(all, field.lanes)) {
          expectProduct(
            module.square(batch),
            batch.map((limbs) => value(limbs) ** 2n),
          );
        }
      }
    }
  });

  it('squares anything within its bound', () => {
    fc.assert(
      fc.property(limbsWithin(representation, limits.square), (limbs) => {
        const a = Array<Limbs>(field.lanes).fill(limbs);
        expectProduct(
          module.square(a),
          a.map(() => value(limbs) ** 2n),
        );
      }),
      { numRuns: 400 },
    );
  });

  it('squares again and again, in a loop', () => {
    fc.assert(
      fc.property(limbsWithin(representation, limits.square), (limbs) => {
        expectProduct(module.squareThrice([limbs]), [value(limbs) ** 8n]);
      }),
      { numRuns: 200 },
    );
  });

  it('gives a product that is within its bound, so that products of products stay right', () => {
    const multiply = module.products[0]!.multiply;
    let limbs: Limbs = atBound(representation, field.productBound, 0b1010101010);
    let expected = value(limbs);
    for (let i = 0; i < 500; i++) {
      const [squared] = module.square([limbs]);
      const [product] = multiply([limbs], [squared!]);
      expected = modulo(expected ** 3n);
      expectProduct([product!], [expected]);
      limbs = product!;
    }
  });

  it('adds up to its limit without rounding', () => {
    const half = limits.sum / 2n;
    fc.assert(
      fc.property(limbsWithin(representation, half), limbsWithin(representation, half), (a, b) => {
        expect(module.add([a], [b])[0]).toEqual(a.map((limb, i) => limb + b[i]!));
      }),
      { numRuns: 200 },
    );
  });

  it('carries without changing the value, and within the bound that it claims', () => {
    const bound = field.carry(
      field.element({ base: { type: 'i32', code: [] }, offset: 0 }, limits.carry),
    ).bound;
    const check = (limbs: Limbs): void => {
      const [carried] = module.carry([limbs]);
      expect(value(carried!)).toBe(value(limbs));
      expect(isWithin(representation, bound, carried!)).toBe(true);
    };
    for (const signs of signPatterns(representation)) {
      check(atBound(representation, limits.carry, signs));
      // The most that may stay in a limb, and the most that comes to it from below: limb by limb by turns.
      for (const turn of [0, 1]) {
        const largest = atBound(representation, limits.carry, signs);
        check(
          largest.map((limb, i) => {
            if (i % 2 === turn) return limb;
            const tie = largestTie(representation, limits.carry, i);
            return limb < 0n ? -tie : tie;
          }),
        );
      }
    }
    fc.assert(fc.property(limbsWithin(representation, limits.carry), check), { numRuns: 300 });
  });

  function expectCanonical(limbs: readonly Limbs[]): void {
    for (const batch of batches(limbs, field.lanes)) {
      const values = batch.map(value);
      expect(module.toBytes(batch)).toEqual(values);
      expect(module.isNegative(batch)).toEqual(values.map((v) => v % 2n === 1n));
      expect(module.isZero(batch)).toEqual(values.map((v) => v === 0n));
      expect(module.isNegativeOrZero(batch)).toEqual(values.map((v) => v % 2n === 1n || v === 0n));
    }
  }

  it('tells bytes that are below p and even from others', () => {
    const top = 2n ** 255n;
    const single = Array.from({ length: 256 }, (_, bit) => 1n << BigInt(bit));
    const values = [...EDGE_FIELD_VALUES, ...single, ...single.map((bit) => P - 1n - bit)].flatMap(
      (value) => {
        const low = BigInt.asUintN(255, value);
        return [low, low + top, low ^ 1n];
      },
    );
    for (const batch of batches(values, field.lanes)) {
      expect(module.isCanonicalAndEven(batch)).toEqual(batch.map((v) => v < P && v % 2n === 0n));
    }
  });

  it('gives canonical bytes, sign and whether it is zero, with every limb at its bound', () => {
    for (const by of [0n, 1n]) {
      expectCanonical(
        signPatterns(representation).map((signs) => atBound(representation, limits.canonical, signs, by)),
      );
    }
  });

  it('gives them close to multiples of p', () => {
    const limbs = nearMultiplesOfP(representation, limits.canonical);
    expect(new Set(limbs.map(value)).size).toBe(10);
    expectCanonical(limbs);
  });

  it('gives them anywhere within the bound', () => {
    fc.assert(
      fc.property(fc.array(limbsWithin(representation, limits.canonical), { minLength: 1 }), expectCanonical),
      { numRuns: 200 },
    );
  });

  it('reads bytes without their highest bit, within the bound of what it gives', () => {
    const edges = EDGE_FIELD_VALUES.flatMap((edge) => [edge, edge + 2n ** 255n]);
    for (const batch of batches(edges, field.lanes)) {
      const read = module.fromBytes(batch);
      expect(read.map(value)).toEqual(batch.map((edge) => modulo(edge % 2n ** 255n)));
      for (const limbs of read) expect(isWithin(representation, field.productBound, limbs)).toBe(true);
    }
  });

  it('holds constants within their bound', () => {
    for (const constants of batches(EDGE_FIELD_VALUES, 20)) {
      let places: number[] = [];
      const { memory } = moduleWith((assembler) => {
        const other = representation.make(assembler);
        const elements = constants.map((constant) => other.constant(constant));
        expect(elements.filter(({ bound }) => bound > other.productBound)).toEqual([]);
        places = elements.map(({ place }) => place.offset);
      });
      const view = new DataView(memory.buffer);
      const limbs = places.map((place) =>
        representation.starts.map((_, i) => representation.read(view, place + 8 * field.lanes * i)),
      );
      expect(limbs.map(value)).toEqual(constants.map(modulo));
      expect(limbs.filter((one) => !isWithin(representation, field.productBound, one))).toEqual([]);
    }
  });
});

/*
 * Beyond the limits: they are where they are because right beyond them results are wrong.
 */
describe('beyond the limits of doubles', () => {
  const module = fieldModule(FMA);
  const { limits } = module;
  const value = (limbs: Limbs): bigint => valueOf(FMA, limbs);
  const single = (limb: bigint): bigint[] => [limb, 0n, 0n, 0n, 0n];
  const all = (limb: bigint): bigint[] => [limb, limb, limb, limb, limb];
  /** By how much one of the limbs of a factor may exceed its bound before the product is wrong. */
  const BEYOND = [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n];
  const product = (name: string): Product => module.products.find((one) => one.name === name)!;

  function wrongBeyond({ boundA, boundB, multiply }: Product, limbs: (limb: bigint) => bigint[]): bigint[] {
    return BEYOND.filter((by) => {
      const [a, b] = [limbs(boundA), limbs(boundB + by)];
      return value(multiply([a], [b])[0]!) !== modulo(value(a) * value(b));
    });
  }

  it('a product is wrong as soon as a product of limbs exceeds 2^102 by what its split can tell', () => {
    expect(limits.factors).toBe(1n << 51n);
    expect(wrongBeyond(product('the largest with itself'), single)).toContain(2n);
    expect(wrongBeyond(product('a product and the largest that goes with it'), single)).not.toEqual([]);
    expect(wrongBeyond(product('the largest and a product'), single)).not.toEqual([]);
  });

  it('so it is where two products of limbs are split together, and their sum exceeds it', () => {
    expect(wrongBeyond(product('the largest that multiply to half the limit'), all)).not.toEqual([]);
    expect(wrongBeyond(product('a product and the largest to half the limit'), all)).not.toEqual([]);
  });

  it('one more than half the limit, and they are not split together any more', () => {
    expect(wrongBeyond(product('one more than those'), all)).toEqual([]);
    expect(wrongBeyond(product('one more than that and a product'), all)).toEqual([]);
  });

  it('a square is wrong where three products of limbs are split together', () => {
    const wrong = BEYOND.filter((by) => {
      const a = all(limits.square + by);
      return value(module.square([a])[0]!) !== modulo(value(a) ** 2n);
    });
    expect(wrong).not.toEqual([]);
  });

  it('a sum is rounded', () => {
    expect(module.add([single(limits.sum)], [single(1n)])[0]).not.toEqual(single(limits.sum + 1n));
  });
});

describe('beyond the limits of integers', () => {
  const module = fieldModule(INT);
  const { field } = module;

  it('a column overflows from 17 units on: the limit of 15 leaves a little room', () => {
    const units = (count: bigint): bigint[] => atBound(INT, count << 26n, 0);
    const isRight = (count: bigint): boolean => {
      const [product] = module.products[0]!.multiply([units(count)], [units(1n)]);
      return valueOf(INT, product!) === modulo(valueOf(INT, units(count)) * valueOf(INT, units(1n)));
    };
    expect([15n, 16n, 17n].map(isRight)).toEqual([true, true, false]);
    expect(field.productBound).toBe(1n << 26n);
  });
});
