import { afterEach, describe, expect, it, vi } from 'vitest';
import { nobleEngine } from '../src/noble-engine.ts';
import { knownAnswer } from '../src/self-test.ts';
import { createWasmEngine } from '../src/wasm-engine.ts';
import { compileModule } from '../src/webassembly.ts';
import { Assembler, placeAt } from '../wasm/assembler.ts';
import { isZero, toBytes } from '../wasm/canonical.ts';
import { FmaField } from '../wasm/field-fma.ts';
import { IntField } from '../wasm/field-int.ts';
import type { Field } from '../wasm/field.ts';
import { add, subtract, twice, type FieldElement, type Linear } from '../wasm/linear.ts';
import { assembleModule } from '../wasm/modules.ts';
import { PointArithmetic } from '../wasm/points.ts';
import { FMA, INT } from './field-module.ts';

// A formula that could overflow is not built: whatever is wrong with a bound throws while the module is written.

afterEach(() => {
  vi.restoreAllMocks();
});

/** Writes a formula over elements that are as large as products. */
function write(
  make: (assembler: Assembler) => Field,
  formula: (field: Field, a: FieldElement, b: FieldElement) => unknown,
): void {
  const assembler = new Assembler();
  const field = make(assembler);
  assembler.routine('formula', 2, (a, b) => {
    formula(
      field,
      field.element(placeAt(a), field.productBound),
      field.element(placeAt(b), field.productBound),
    );
  });
}

/** A sum of so many products. */
function units(a: Linear, count: number): Linear {
  return count === 1 ? a : add(units(a, count - 1), a);
}

type Formula = (field: Field, a: FieldElement, b: FieldElement) => unknown;
const product =
  (left: number, right: number): Formula =>
  (field, a, b) =>
    field.multiply(units(a, left), units(b, right));
const square =
  (count: number): Formula =>
  (field, a) =>
    field.square(units(a, count));
const carried =
  (count: number): Formula =>
  (field, a) =>
    field.multiply(field.carry(units(a, count)), units(a, 3));

const cases: [string, (assembler: Assembler) => Field, [string, Formula][], [string, Formula][]][] = [
  [
    FMA.name,
    FMA.make,
    [
      ['a product of sums of 1 and 3', product(1, 3)],
      ['a product of sums of 3 and 1', product(3, 1)],
      ['a square of 1', square(1)],
      ['a carried sum of 3, times a sum of 3', carried(3)],
      ['a question about a sum of 3', (field, a) => isZero(field, units(a, 3))],
      ['a sum of 7', (field, a) => field.store([units(a, 7)])],
    ],
    [
      ['a product of sums of 1 and 4', product(1, 4)],
      ['a product of sums of 2 and 2', product(2, 2)],
      ['a product of sums of 4 and 1', product(4, 1)],
      ['a product of a sum of 4, to be carried first', carried(4)],
      ['a square of a sum of 2', square(2)],
      ['a question about a sum of 4', (field, a) => isZero(field, units(a, 4))],
      [
        'the bytes of a sum of 4',
        (field, a) => {
          toBytes(field, a.place, units(a, 4));
        },
      ],
      ['a sum of 8', (field, a) => field.store([units(a, 8)])],
      ['a difference of sums of 4', (field, a, b) => field.store([subtract(units(a, 4), units(b, 4))])],
    ],
  ],
  [
    INT.name,
    INT.make,
    [
      ['a product of sums of 3 and 5', product(3, 5)],
      ['a product of sums of 1 and 15', product(1, 15)],
      ['a square of a sum of 3', square(3)],
      ['a question about a sum of 6', (field, a) => isZero(field, units(a, 6))],
    ],
    [
      ['a product of sums of 4 and 4', product(4, 4)],
      ['a product of sums of 1 and 16', product(1, 16)],
      ['a square of a sum of 4', square(4)],
      ['a question about a sum of 7', (field, a) => isZero(field, units(a, 7))],
      [
        'the bytes of a sum of 7',
        (field, a) => {
          toBytes(field, a.place, units(a, 7));
        },
      ],
    ],
  ],
];

describe.each(cases)('field elements as %s', (_, make, accepted, refused) => {
  it.each(accepted)('writes %s', (__, formula) => {
    expect(() => {
      write(make, formula);
    }).not.toThrow();
  });

  it.each(refused)('does not write %s', (__, formula) => {
    expect(() => {
      write(make, formula);
    }).toThrow(RangeError);
  });

  it('does not store a coordinate that is larger than a product', () => {
    const store = (value: (p: ReturnType<PointArithmetic['extended']>) => Linear) => (): void => {
      const assembler = new Assembler();
      const field = make(assembler);
      const points = new PointArithmetic(field);
      assembler.routine('formula', 1, (place) => {
        const point = points.extended(placeAt(place));
        points.storeCoordinates([point.x], [value(point)]);
      });
    };
    expect(store(({ y }) => y)).not.toThrow();
    expect(store(({ y }) => twice(y))).toThrow('a coordinate is larger than its place allows');
  });
});

/** The field's prototype, whose methods a test may replace in the one that inherits them. */
const base = Object.getPrototypeOf(FmaField.prototype) as Field;

/** Every node of expressions. */
function nodesOf(expressions: readonly Linear[]): Linear[] {
  return expressions.flatMap((node) => {
    if (node.kind === 'element') return [node];
    if (node.kind === 'select') return [node, ...nodesOf([node.yes, node.no])];
    if (node.kind === 'add' || node.kind === 'subtract') return [node, ...nodesOf([node.a, node.b])];
    return [node, ...nodesOf([node.a])];
  });
}

/** Builds the module over doubles as if one of its formulas had forgotten to carry. */
function buildWithout(forgotten: number): Uint8Array<ArrayBuffer> {
  let calls = 0;
  vi.spyOn(FmaField.prototype, 'carry').mockImplementation(function (this: Field, a: Linear): Linear {
    return calls++ === forgotten ? a : base.carry.call(this, a);
  });
  return assembleModule('fma');
}

/** Which of the calls of `carry` give something that is stored, and not just a bound. */
function storedCarries(): number[] {
  const given: Linear[] = [];
  const stored = new Set<Linear>();
  vi.spyOn(FmaField.prototype, 'carry').mockImplementation(function (this: Field, a: Linear): Linear {
    const result = base.carry.call(this, a);
    given.push(result);
    return result;
  });
  vi.spyOn(FmaField.prototype, 'store').mockImplementation(function (
    this: Field,
    nodes: readonly Linear[],
    places?: Parameters<Field['store']>[1],
  ): FieldElement[] {
    for (const node of nodesOf(nodes)) stored.add(node);
    return base.store.call(this, nodes, places) as FieldElement[];
  });
  assembleModule('fma');
  vi.restoreAllMocks();
  return given.flatMap((node, call) => (node.kind === 'carry' && stored.has(node) ? [call] : []));
}

describe('the module over doubles', () => {
  it('is not built when one of its formulas forgets to carry, but for those that can do without', () => {
    const needed: number[] = [];
    const expected = knownAnswer(nobleEngine);
    for (const forgotten of storedCarries()) {
      try {
        const module = compileModule('wasm', buildWithout(forgotten));
        expect(knownAnswer(createWasmEngine('wasm', module!))).toBe(expected);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
        needed.push(forgotten);
      }
    }
    expect(needed.length).toBeGreaterThan(20);
  });

  it('is built when none forgets', () => {
    expect(buildWithout(-1)).toEqual(assembleModule('fma'));
  });
});

describe('the bound of a product', () => {
  it.each([
    ['fma', FmaField, 2n],
    ['int', IntField, 3n],
  ] as const)(
    'in the module over %s is needed: %s times as large, nothing is built',
    (variant, field, times) => {
      vi.spyOn(field.prototype, 'element').mockImplementation(function (this: Field, place, bound) {
        return base.element.call(this, place, bound === this.productBound ? times * bound : bound);
      });
      expect(() => assembleModule(variant)).toThrow(RangeError);
    },
  );
});
