import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { staticPlace } from '../wasm/assembler.ts';
import type { Field, ProductTerm } from '../wasm/field.ts';
import type { Place } from '../wasm/instructions.ts';
import { FMA, INT, isWithin, modulo, valueOf, type Representation } from './field-module.ts';
import { moduleWith } from './wasm-module.ts';

/** Sums of products as the group law has them. `factors` are the bounds of both factors, in products. */
interface Sums {
  readonly name: string;
  readonly products: readonly { readonly a: number; readonly b: number; readonly bias: 0 | 1 }[];
  readonly operands: readonly bigint[];
  readonly rows: readonly (readonly number[])[];
}

/** Two products of four operands, as an addition has them. */
const TWO_PRODUCTS = [
  { a: 0, b: 1, bias: 0 },
  { a: 2, b: 3, bias: 1 },
] as const;

const SUMS: readonly Sums[] = [
  {
    name: 'the squares of a doubling',
    operands: [1n, 1n, 1n],
    products: [
      { a: 0, b: 0, bias: 0 },
      { a: 1, b: 1, bias: 1 },
      { a: 2, b: 2, bias: 1 },
    ],
    rows: [
      [-1, 1, 0],
      [1, -1, 2],
      [1, 1, 0],
    ],
  },
  {
    name: 'the products of an addition',
    operands: [2n, 1n, 2n, 1n],
    products: TWO_PRODUCTS,
    rows: [
      [-1, 1],
      [1, 1],
    ],
  },
  {
    name: 'products with the largest factors',
    operands: [3n, 1n, 3n, 1n],
    products: TWO_PRODUCTS,
    rows: [
      [-3, 1],
      [3, 1],
    ],
  },
];

/** Computes sums for one element in every lane; gives their limbs, and the bound that the field claims for each. */
function sumsIn(representation: Representation, { products, operands, rows }: Sums) {
  let field: Field | undefined;
  const places: Place[] = [];
  let results: readonly { readonly place: Place; readonly bound: bigint }[] = [];
  const { exports, memory } = moduleWith((assembler) => {
    const made = representation.make(assembler);
    field = made;
    places.push(...operands.map(() => staticPlace(assembler.reserve(made.bytes))));
    assembler.routine('run', 0, () => {
      const elements = operands.map((units, i) => made.element(places[i]!, units * made.productBound));
      const terms = products.map(({ a, b, bias }): ProductTerm => ({
        a: elements[a]!,
        b: elements[b]!,
        bias,
      }));
      results = made.combine(terms, rows);
    });
  });
  const { run } = exports as { readonly run: () => void };
  const { lanes, limbs, productBound } = field!;
  const view = new DataView(memory.buffer);
  const at = ({ offset }: Place, limb: number, lane: number): number => offset + 8 * (lanes * limb + lane);
  return {
    productBound,
    bounds: results.map(({ bound }) => bound),
    compute: (values: readonly (readonly bigint[])[]): bigint[][] => {
      values.forEach((value, i) => {
        for (let lane = 0; lane < lanes; lane++) {
          value.forEach((limb, j) => {
            representation.write(view, at(places[i]!, j, lane), limb);
          });
        }
      });
      run();
      return results.flatMap(({ place }) =>
        Array.from({ length: lanes }, (_, lane) =>
          Array.from({ length: limbs }, (__, limb) => representation.read(view, at(place, limb, lane))),
        ),
      );
    },
  };
}

const cases = [FMA, INT].flatMap((representation) =>
  SUMS.map((sums) => [`${sums.name}, over ${representation.name}`, representation, sums] as const),
);

describe.each(cases)('sums of products: %s', (_, representation, sums) => {
  const { compute, bounds, productBound } = sumsIn(representation, sums);

  function check(values: readonly (readonly bigint[])[]): void {
    const limbs = compute(values);
    const numbers = values.map((value) => valueOf(representation, value));
    const expected = sums.rows.map((row) =>
      modulo(
        row.reduce((total, factor, i) => {
          const { a, b } = sums.products[i]!;
          return total + BigInt(factor) * numbers[a]! * numbers[b]!;
        }, 0n),
      ),
    );
    const lanes = limbs.length / sums.rows.length;
    limbs.forEach((result, i) => {
      const row = Math.floor(i / lanes);
      expect(valueOf(representation, result)).toBe(expected[row]);
      expect(isWithin(representation, bounds[row]!, result)).toBe(true);
    });
  }

  const most = (operand: number, limb: number): bigint =>
    representation.limbBound(sums.operands[operand]! * productBound, limb);

  it('are right with every limb at its bound, whatever the signs', () => {
    const patterns = 2 ** representation.starts.length;
    for (let n = 0; n < patterns; n++) {
      check(
        sums.operands.map((__, operand) =>
          // Another pattern for each operand, so that products of all signs meet in a column.
          representation.starts.map((___, limb) =>
            ((n * (2 * operand + 1)) >> limb) & 1 ? -most(operand, limb) : most(operand, limb),
          ),
        ),
      );
    }
  });

  it('are right anywhere within the bounds', () => {
    const operand = (index: number): fc.Arbitrary<bigint[]> =>
      fc.tuple(
        ...representation.starts.map((__, limb) =>
          fc.oneof(
            fc.bigInt({ min: -most(index, limb), max: most(index, limb) }),
            fc.constantFrom(0n, 1n, -1n, most(index, limb), -most(index, limb)),
          ),
        ),
      );
    fc.assert(fc.property(fc.tuple(...sums.operands.map((__, i) => operand(i))), check), { numRuns: 300 });
  });
});

describe('sums of products over doubles', () => {
  it.each([
    ['not at all', [1, 0]],
    ['twice', [0, 2]],
    ['taken off', [1, -1]],
  ])('are not written when the bias is in one of them %s', (_, row) => {
    expect(() => sumsIn(FMA, { ...SUMS[1]!, rows: [row] })).toThrow(RangeError);
  });

  it('are not written when their carries could exceed the bias', () => {
    expect(() => sumsIn(FMA, { ...SUMS[1]!, rows: [[-20, 1]] })).toThrow(RangeError);
  });
});
