import { Assembler, placeAt } from '../wasm/assembler.ts';
import {
  fromBytes,
  isCanonicalAndEven,
  isNegative,
  isNegativeOrZero,
  isZero,
  toBytes,
} from '../wasm/canonical.ts';
import { FmaField } from '../wasm/field-fma.ts';
import { IntField } from '../wasm/field-int.ts';
import { P, type Field } from '../wasm/field.ts';
import type { I32 } from '../wasm/instructions.ts';
import { add, type FieldElement } from '../wasm/linear.ts';
import { instantiateBytes } from './wasm-module.ts';

/** One of the two ways in which the modules hold field elements. */
export interface Representation {
  readonly name: string;
  readonly make: (assembler: Assembler) => Field;
  /** The bit that each limb begins at. */
  readonly starts: readonly number[];
  /** What a limb may be when an element's bound is `bound`. */
  readonly limbBound: (bound: bigint, limb: number) => bigint;
  readonly read: (view: DataView, at: number) => bigint;
  readonly write: (view: DataView, at: number, limb: bigint) => void;
}

export const FMA: Representation = {
  name: 'doubles',
  make: (assembler) => new FmaField(assembler),
  starts: [0, 51, 102, 153, 204],
  limbBound: (bound) => bound,
  read: (view, at) => BigInt(view.getFloat64(at, true)),
  write: (view, at, limb) => {
    view.setFloat64(at, Number(limb), true);
  },
};

export const INT: Representation = {
  name: 'integers',
  make: (assembler) => new IntField(assembler),
  starts: [0, 26, 51, 77, 102, 128, 153, 179, 204, 230],
  limbBound: (bound, limb) => (limb % 2 === 0 ? bound : bound / 2n),
  read: (view, at) => view.getBigInt64(at, true),
  write: (view, at, limb) => {
    view.setBigInt64(at, limb, true);
  },
};

export function modulo(value: bigint): bigint {
  return ((value % P) + P) % P;
}

/** The value modulo p of limbs. */
export function valueOf({ starts }: Representation, limbs: readonly bigint[]): bigint {
  return modulo(limbs.reduce((sum, limb, i) => sum + (limb << BigInt(starts[i] ?? 0)), 0n));
}

export function isWithin({ limbBound }: Representation, bound: bigint, limbs: readonly bigint[]): boolean {
  return limbs.every((limb, i) => {
    const most = limbBound(bound, i);
    return limb <= most && limb >= -most;
  });
}

/**
 * The largest bound with which something can be written.
 * @param write what throws a RangeError for a bound that is too large
 */
function largestAccepted(
  { make }: Representation,
  write: (field: Field, element: (bound: bigint) => FieldElement, bound: bigint) => void,
): bigint {
  const assembler = new Assembler();
  const field = make(assembler);
  let [accepted, refused] = [0n, 1n << 62n];
  assembler.routine(undefined, 1, (place) => {
    while (refused - accepted > 1n) {
      const middle = (accepted + refused) / 2n;
      try {
        write(field, (bound) => field.element(placeAt(place), bound), middle);
        accepted = middle;
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        refused = middle;
      }
    }
  });
  return accepted;
}

type Operands = readonly (readonly bigint[])[];

/** A multiplication that is written for certain bounds. */
export interface Product {
  readonly name: string;
  readonly boundA: bigint;
  readonly boundB: bigint;
  readonly multiply: (a: Operands, b: Operands) => bigint[][];
}

/** The largest whole number whose square is not above this. */
function rootOf(square: bigint): bigint {
  let root = 0n;
  for (let bit = (1n << 40n) << 40n; bit > 0n; bit >>= 1n) if ((root + bit) ** 2n <= square) root += bit;
  return root;
}

/** Pairs of bounds that are accepted: the largest of their kind, and those at which another way may begin. */
function factorBounds({ factors, timesProduct }: Limits, product: bigint): Omit<Product, 'multiply'>[] {
  const half = factors ** 2n / 2n;
  const [both, one] = [rootOf(half), half / product];
  return [
    { name: 'two products', boundA: product, boundB: product },
    { name: 'the largest that multiply to half the limit', boundA: both, boundB: both },
    { name: 'one more than those', boundA: both + 1n, boundB: both + 1n },
    { name: 'a product and the largest to half the limit', boundA: product, boundB: one },
    { name: 'one more than that and a product', boundA: one + 1n, boundB: product },
    { name: 'a product and the largest that goes with it', boundA: product, boundB: timesProduct },
    { name: 'the largest and a product', boundA: timesProduct, boundB: product },
    { name: 'the largest with itself', boundA: factors, boundB: factors },
  ];
}

/** Operations of a field on limbs, lane by lane: as many operands as there are lanes, or fewer. */
export interface FieldModule {
  readonly field: Field;
  readonly limits: Limits;
  /** One for each kind of bounds of two factors: a field may multiply small ones in another way. */
  readonly products: readonly Product[];
  square(a: Operands): bigint[][];
  /** Squared so many times, which is written as a loop. */
  squareThrice(a: Operands): bigint[][];
  add(a: Operands, b: Operands): bigint[][];
  carry(a: Operands): bigint[][];
  /** The 32 bytes of each lane, as a number. */
  toBytes(a: Operands): bigint[];
  isNegative(a: Operands): boolean[];
  isZero(a: Operands): boolean[];
  isNegativeOrZero(a: Operands): boolean[];
  /** Of numbers of 256 bits. */
  isCanonicalAndEven(values: readonly bigint[]): boolean[];
  fromBytes(values: readonly bigint[]): bigint[][];
}

/** The largest bounds that are accepted. */
interface Limits {
  /** Of a factor, where the other factor is a product. */
  readonly timesProduct: bigint;
  /** Of both factors. */
  readonly factors: bigint;
  readonly square: bigint;
  readonly sum: bigint;
  readonly carry: bigint;
  readonly canonical: bigint;
}

const LANE_BYTES = 32;
const MASK_BYTES = 8;

function limitsOf(representation: Representation): Limits {
  const largest = (write: Parameters<typeof largestAccepted>[1]): bigint =>
    largestAccepted(representation, write);
  return {
    timesProduct: largest((field, element, bound) =>
      field.multiply(element(bound), element(field.productBound)),
    ),
    factors: largest((field, element, bound) => field.multiply(element(bound), element(bound))),
    square: largest((field, element, bound) => field.square(element(bound))),
    sum: largest((field, element, bound) => field.store([element(bound)])),
    // What is not carried may be as large as a sum.
    carry: largest((field, element, bound) => field.store([field.carry(element(bound))])),
    canonical: largest((field, element, bound) => isZero(field, element(bound))),
  };
}

/** A module with the operations of a field, each with the largest bounds that it accepts. */
export function fieldModule(representation: Representation): FieldModule {
  const limits = limitsOf(representation);
  const assembler = new Assembler();
  const field = representation.make(assembler);
  const [areaA, areaB, areaTo] = [0, 1, 2].map(() => assembler.reserve(field.bytes)) as [
    number,
    number,
    number,
  ];
  const bytes = assembler.reserve(LANE_BYTES * field.lanes);
  const masks = assembler.reserve(MASK_BYTES * field.lanes);
  const element = (place: I32, bound: bigint): FieldElement => field.element(placeAt(place), bound);
  const routine = (name: string, body: (to: I32, a: I32, b: I32) => void): void => {
    assembler.routine(name, 3, body);
  };
  const bounds = factorBounds(limits, field.productBound);
  bounds.forEach(({ boundA, boundB }, index) => {
    routine(`multiply${index}`, (to, a, b) => {
      field.multiply(element(a, boundA), element(b, boundB), placeAt(to));
    });
  });
  routine('square', (to, a) => field.square(element(a, limits.square), placeAt(to)));
  routine('squareThrice', (to, a) => field.squareTimes(element(a, limits.square), 3, placeAt(to)));
  routine('add', (to, a, b) => {
    field.store([add(element(a, limits.sum / 2n), element(b, limits.sum / 2n))], [placeAt(to)]);
  });
  routine('carry', (to, a) => field.store([field.carry(element(a, limits.carry))], [placeAt(to)]));
  routine('toBytes', (to, a) => {
    toBytes(field, placeAt(to), element(a, limits.canonical));
  });
  routine('isNegative', (to, a) => {
    field.storeMask(placeAt(to), isNegative(field, element(a, limits.canonical)));
  });
  routine('isZero', (to, a) => {
    field.storeMask(placeAt(to), isZero(field, element(a, limits.canonical)));
  });
  routine('isNegativeOrZero', (to, a) => {
    field.storeMask(placeAt(to), isNegativeOrZero(field, element(a, limits.canonical)));
  });
  routine('isCanonicalAndEven', (to, from) => {
    field.storeMask(placeAt(to), isCanonicalAndEven(field, placeAt(from)));
  });
  routine('fromBytes', (to, from) => {
    field.store([fromBytes(field, placeAt(from), LANE_BYTES)], [placeAt(to)]);
  });
  const { exports, memory } = instantiateBytes(assembler.assemble());
  const routines = exports as Record<string, (to: number, a: number, b: number) => void>;
  const view = new DataView(memory.buffer);
  const at = (area: number, limb: number, lane: number): number => area + 8 * (field.lanes * limb + lane);
  const put = (area: number, operands: Operands): void => {
    operands.forEach((limbs, lane) => {
      limbs.forEach((limb, i) => {
        representation.write(view, at(area, i, lane), limb);
      });
    });
  };
  const take = (): bigint[][] =>
    Array.from({ length: field.lanes }, (_, lane) =>
      representation.starts.map((_, limb) => representation.read(view, at(areaTo, limb, lane))),
    );
  const run = (name: string, to: number, a: Operands, b: Operands = []): void => {
    put(areaA, a);
    put(areaB, b);
    routines[name]?.(to, areaA, areaB);
  };
  const elements = (name: string, a: Operands, b?: Operands): bigint[][] => {
    run(name, areaTo, a, b);
    return take().slice(0, a.length);
  };
  const putBytes = (values: readonly bigint[]): void => {
    values.forEach((value, lane) => {
      for (let word = 0; word < 4; word++) {
        const part = BigInt.asUintN(64, value >> BigInt(64 * word));
        view.setBigUint64(bytes + LANE_BYTES * lane + 8 * word, part, true);
      }
    });
  };
  const mask = (name: string, a: Operands): boolean[] => {
    run(name, masks, a);
    return takeMask(a.length);
  };
  const takeMask = (count: number): boolean[] => {
    return Array.from({ length: count }, (_, lane) => {
      const value = view.getBigInt64(masks + MASK_BYTES * lane, true);
      if (value !== 0n && value !== -1n) throw new RangeError('a mask is all ones or zero');
      return value !== 0n;
    });
  };
  return {
    field,
    limits,
    products: bounds.map((pair, index) => ({
      ...pair,
      multiply: (a, b) => elements(`multiply${index}`, a, b),
    })),
    square: (a) => elements('square', a),
    squareThrice: (a) => elements('squareThrice', a),
    add: (a, b) => elements('add', a, b),
    carry: (a) => elements('carry', a),
    toBytes: (a) => {
      run('toBytes', bytes, a);
      return a.map((_, lane) =>
        [3, 2, 1, 0].reduce(
          (value, word) => (value << 64n) + view.getBigUint64(bytes + LANE_BYTES * lane + 8 * word, true),
          0n,
        ),
      );
    },
    isNegative: (a) => mask('isNegative', a),
    isZero: (a) => mask('isZero', a),
    isNegativeOrZero: (a) => mask('isNegativeOrZero', a),
    isCanonicalAndEven: (values) => {
      putBytes(values);
      routines['isCanonicalAndEven']?.(masks, bytes, 0);
      return takeMask(values.length);
    },
    fromBytes: (values) => {
      putBytes(values);
      routines['fromBytes']?.(areaTo, bytes, 0);
      return take().slice(0, values.length);
    },
  };
}
