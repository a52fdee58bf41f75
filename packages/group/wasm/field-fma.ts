import { staticPlace, offsetBy, placeAt, type Assembler, type Local, type Routine } from './assembler.ts';
import { Field, signedSum, type Limb, type ProductTerm } from './field.ts';
import { f64x2, i64x2, v128, type I32, type I64, type Place, type V128 } from './instructions.ts';
import { asVector, VectorLanes } from './integer-lanes.ts';
import {
  BIAS,
  bitsOf,
  C1,
  C2,
  columnPlan,
  groupsFor,
  HALF,
  IN_PAIRS,
  largestCarry,
  LIMB_BITS,
  LIMBS,
  productGroups,
  SINGLY,
  SQUARE,
  squareGroups,
  type Group,
  type Term,
} from './columns.ts';
import type { FieldElement, Linear, Mask } from './linear.ts';

const VECTORS = 2;

/**
 * The field over doubles. Radix 2^51: five limbs, each a whole number in a double, digits balanced around zero
 * (|limb| ≤ 2^50 and a little). Four elements side by side, as two vectors of two lanes. `columns.ts` says how
 * products are split.
 */
export class FmaField extends Field {
  override readonly lanes = 4;
  override readonly limbs = LIMBS;
  override readonly vectors = VECTORS;
  override readonly productBound: bigint;
  protected override readonly constantBound = HALF;
  override readonly convertibleBound = 1n << 51n;
  override readonly digitBound = (1n << 51n) - 1n;
  /** For limbs of any size whose products can be split, and for limbs so small that two products can be at once. */
  readonly #multiplyAny: Routine;
  readonly #multiplySmall: Routine;
  protected override readonly squareRoutine: Routine;
  protected override readonly squareInPlaceRoutine: Routine;

  override readonly integers: VectorLanes;
  /** Columns that are complete are parked here: Node 22 would otherwise keep too much in registers, and spill. */
  readonly #columns: Place;

  constructor(assembler: Assembler) {
    super(assembler);
    this.integers = new VectorLanes(assembler);
    this.#columns = staticPlace(assembler.reserve(16 * LIMBS));
    this.productBound = HALF + 19n * largestCarry();
    const multiply = (groups: readonly Group[]) => (to: I32, a: I32, b: I32) => {
      for (let vector = 0; vector < VECTORS; vector++) this.#product(to, a, b, groups, vector);
    };
    this.#multiplyAny = assembler.routine('multiplyElements', 3, multiply(SINGLY));
    this.#multiplySmall = assembler.routine('multiplySmallElements', 3, multiply(IN_PAIRS));
    const square = (to: I32, a: I32): void => {
      multiply(SQUARE)(to, a, a);
    };
    this.squareRoutine = assembler.routine('squareElements', 2, square);
    this.squareInPlaceRoutine = assembler.routine(undefined, 2, (place, times) => {
      assembler.repeat(times, () => {
        square(place, place);
      });
    });
  }

  protected override multiplyRoutine(a: bigint, b: bigint): Routine {
    return productGroups(a, b) === SINGLY ? this.#multiplyAny : this.#multiplySmall;
  }

  #double(value: number): V128 {
    return this.integers.constant(bitsOf(value));
  }

  /** One vector of a·b, or of a² when the groups have the terms i ≤ j only. */
  #product(to: I32, a: I32, b: I32, groups: readonly Group[], vector: number): void {
    this.#carryColumns(placeAt(to), this.#foldedColumns(placeAt(a), placeAt(b), groups, vector, 1), vector);
  }

  /** The five columns of one vector of a·b, before carries, with the bias or without it. */
  #foldedColumns(a: Place, b: Place, groups: readonly Group[], vector: number, bias: 0 | 1): V128[] {
    const keep = (value: V128): V128 => this.assembler.keep(value);
    const c1 = keep(this.#double(C1));
    const c1c2 = keep(this.#double(C1 + C2));
    const load = (from: Place) => {
      const limbs: V128[] = [];
      return (index: number): V128 =>
        (limbs[index] ??= keep(v128.load(offsetBy(from, limbOffset(index, vector)))));
    };
    const limbOfA = load(a);
    const limbOfB = a === b ? limbOfA : load(b);
    const doubled: V128[] = [];
    const factors = ({ i, j, weight }: Term): readonly [V128, V128] =>
      weight === 1
        ? [limbOfA(i), limbOfB(j)]
        : [(doubled[i] ??= keep(f64x2.add(limbOfA(i), limbOfA(i)))), limbOfB(j)];

    const { starts, counts } = columnPlan(groups, bias);
    const columns: (Local<'v128'> | undefined)[] = [];
    const left = [...counts];
    const accumulate = (k: number, value: V128): void => {
      let column = columns[k];
      if (column === undefined) {
        column = this.assembler.local('v128');
        columns[k] = column;
        const start = starts[k];
        column.set(start === undefined ? value : i64x2.add(value, this.integers.constant(start)));
      } else {
        column.set(i64x2.add(column.value, value));
      }
      left[k] = (left[k] ?? 0) - 1;
      if (left[k] === 0 && k < LIMBS)
        this.assembler.emit(v128.store(offsetBy(this.#columns, 16 * k), column.value));
    };
    for (const [first, second] of groups) {
      const k = first.i + first.j;
      const [x, y] = factors(first);
      const high = keep(f64x2.relaxedMadd(x, y, c1));
      const low = f64x2.relaxedMadd(x, y, f64x2.sub(c1c2, high));
      if (second === undefined) {
        accumulate(k, low);
        accumulate(k + 1, high);
      } else {
        // The second product is split from where the first left off; the low parts together still fit under C2.
        const kept = keep(low);
        const [u, v] = factors(second);
        const both = keep(f64x2.relaxedMadd(u, v, high));
        accumulate(k, f64x2.add(kept, f64x2.relaxedMadd(u, v, f64x2.sub(high, both))));
        accumulate(k + 1, both);
      }
    }

    // 2^255 = 19: column k + 5 counts 19 times in column k.
    return Array.from({ length: LIMBS }, (_, k) => {
      const low = v128.load(offsetBy(this.#columns, 16 * k));
      const high = columns[k + LIMBS]?.value;
      if (high === undefined) throw new RangeError('a column is missing');
      const two = keep(i64x2.add(high, high));
      return keep(i64x2.add(i64x2.add(low, high), i64x2.add(two, i64x2.shl(high, 4))));
    });
  }

  /** Adds up columns instead of products: one carry for each sum, and none for the products. */
  override combine<Rows extends readonly (readonly number[])[]>(
    products: readonly ProductTerm[],
    sums: readonly [...Rows],
  ): { [Index in keyof Rows]: FieldElement } {
    const results = sums.map((row) => {
      const bias = products.reduce((total, term, i) => total + term.bias * (row[i] ?? 0), 0);
      if (bias !== 1) throw new RangeError('a sum of products has the bias once');
      const weight = row.reduce((total, factor) => total + Math.abs(factor), 0);
      return this.element(this.scratch(), HALF + 19n * largestCarry(BigInt(weight)));
    });
    const parked = products.map(() => staticPlace(this.assembler.reserve(16 * LIMBS)));
    const column = (place: Place, k: number): Place => offsetBy(place, 16 * k);
    for (let vector = 0; vector < VECTORS; vector++) {
      parked.forEach((place, i) => {
        const { a, b, bias } = products[i] ?? unreachable();
        this.#foldedColumns(a.place, b.place, groupsFor(a, b), vector, bias).forEach((value, k) => {
          this.assembler.emit(v128.store(column(place, k), value));
        });
      });
      sums.forEach((row, i) => {
        const columns = Array.from({ length: LIMBS }, (_, k) => {
          const values = parked.map((place) => v128.load(column(place, k)));
          return this.assembler.keep(signedSum(values, row, i64x2.add, i64x2.sub));
        });
        this.#carryColumns((results[i] ?? unreachable()).place, columns, vector);
      });
    }
    return results as unknown as { [Index in keyof Rows]: FieldElement };
  }

  /** Carries once around and stores the digits as doubles. */
  #carryColumns(to: Place, columns: V128[], vector: number): void {
    const keep = (value: V128): V128 => this.assembler.keep(value);
    const column = (k: number): V128 => {
      const value = columns[k];
      if (value === undefined) throw new RangeError('a column is missing');
      return value;
    };
    for (let k = 0; k < LIMBS - 1; k++) {
      columns[k + 1] = keep(i64x2.add(column(k + 1), i64x2.shrU(column(k), LIMB_BITS)));
    }
    const digitMask = this.integers.constant((1n << 51n) - 1n);
    const store = (limb: number, value: V128): void => {
      this.assembler.emit(v128.store(offsetBy(to, limbOffset(limb, vector)), value));
    };
    const top = keep(i64x2.shrU(column(4), LIMB_BITS));
    const twoTops = keep(i64x2.add(top, top));
    const lowest = i64x2.add(
      i64x2.add(v128.and(column(0), digitMask), top),
      i64x2.add(twoTops, i64x2.shl(twoTops, 3)),
    );
    for (let k = 1; k < LIMBS; k++) store(k, this.#toDouble(v128.and(column(k), digitMask), Number(HALF)));
    store(0, this.#toDouble(lowest, Number(HALF + 19n * BIAS)));
  }

  override probeFusion(to: Place, times: I32): void {
    const [factor, rest] = [this.#double(1 + 2 ** -30), this.#double(-(1 + 2 ** -29))];
    const differences = this.assembler.local('v128');
    differences.set(this.integers.constant(0n));
    this.assembler.repeat(times, () => {
      // The operand depends on what came before, so that no probe can be left out.
      const result = f64x2.relaxedMadd(v128.or(factor, differences.value), factor, rest);
      differences.set(v128.or(differences.value, v128.xor(result, this.#double(2 ** -60))));
    });
    this.assembler.emit(v128.store(to, differences.value));
  }

  // Bounds. `bound` is the largest absolute value of a limb.

  protected override checkSum(bound: bigint): void {
    if (bound > 1n << 53n) throw new RangeError('a sum may not be exact');
  }

  protected override checkSquare(a: bigint): void {
    squareGroups(a);
  }

  protected override carriedBound(bound: bigint): bigint {
    if (bound >= 1n << 52n) throw new RangeError('a sum is too large to be carried');
    return HALF + 19n * ((bound >> 51n) + 1n);
  }

  // Limbs.

  protected override constantLimbs(value: bigint): bigint[] {
    const digits: bigint[] = [];
    for (let i = 0; i < LIMBS; i++) {
      // The top digit keeps all of what is carried into it.
      let digit = i < LIMBS - 1 ? value & ((1n << 51n) - 1n) : value;
      value >>= 51n;
      if (digit >= HALF && i < LIMBS - 1) {
        digit -= 1n << 51n;
        value += 1n;
      }
      digits.push(digit);
    }
    // The top digit stands for 2^204: one that is too large becomes negative and leaves 2^255 = 19 behind.
    if ((digits[4] ?? 0n) > HALF) {
      digits[4] = (digits[4] ?? 0n) - (1n << 51n);
      digits[0] = (digits[0] ?? 0n) + 19n;
    }
    if (digits.some((digit) => digit > HALF || digit < -HALF))
      throw new RangeError('a constant has no digits');
    return digits.map((digit) => bitsOf(Number(digit)));
  }

  protected override loadLimb(place: Place, limb: number, vector: number): V128 {
    return v128.load(offsetBy(place, limbOffset(limb, vector)));
  }

  protected override storeLimb(place: Place, limb: number, vector: number, value: Limb): void {
    this.assembler.emit(v128.store(offsetBy(place, limbOffset(limb, vector)), asVector(value)));
  }

  protected override evaluate(
    node: Exclude<Linear, FieldElement>,
    index: number,
    vector: number,
    limb: (operand: Linear, index: number) => Limb,
  ): V128 {
    const of = (operand: Linear, at = index): V128 => asVector(limb(operand, at));
    const sign = this.integers.constant(-(1n << 63n));
    switch (node.kind) {
      case 'add':
        return f64x2.add(of(node.a), of(node.b));
      case 'subtract':
        return f64x2.sub(of(node.a), of(node.b));
      case 'negate':
        return v128.xor(of(node.a), sign);
      case 'negateIf':
        return v128.xor(of(node.a), v128.and(maskVector(node.mask, vector), sign));
      case 'select':
        return v128.select(maskVector(node.mask, vector), of(node.yes), of(node.no));
      case 'round':
        // Adding and taking off C1 rounds to a multiple of 2^51.
        return f64x2.sub(f64x2.add(of(node.a), this.#double(C1)), this.#double(C1));
      case 'carry': {
        const below = index === 0 ? LIMBS - 1 : index - 1;
        const weight = index === 0 ? 19 * 2 ** -51 : 2 ** -51;
        const rest = f64x2.sub(of(node.a), of(node.rounded));
        return f64x2.relaxedMadd(of(node.rounded, below), this.#double(weight), rest);
      }
    }
  }

  // Masks: two vectors of two lanes.

  override packMask(lanes: readonly I64[]): Mask {
    const [l0, l1, l2, l3] = lanes;
    if (l0 === undefined || l1 === undefined || l2 === undefined || l3 === undefined) throw new RangeError();
    return [i64x2.replaceHigh(i64x2.splat(l0), l1), i64x2.replaceHigh(i64x2.splat(l2), l3)].map((value) =>
      this.assembler.keep(value),
    );
  }

  override uniformMask(value: I64): Mask {
    const both = this.assembler.keep(i64x2.splat(value));
    return [both, both];
  }

  protected override gatherLimb(from: readonly I32[], offset: number, vector: number): V128 {
    const [low, high] = lanesOf(from, vector);
    return v128.loadLane({ base: high, offset }, 1, v128.load64Zero({ base: low, offset }));
  }

  protected override scatterLimb(to: readonly I32[], offset: number, vector: number, value: Limb): void {
    lanesOf(to, vector).forEach((base, lane) => {
      this.assembler.emit(v128.storeLane({ base, offset }, lane === 0 ? 0 : 1, asVector(value)));
    });
  }

  protected override broadcastLimb(from: Place): V128 {
    return v128.load64Splat(from);
  }

  // Digits and words. A limb is a digit.

  override digits(limbs: readonly Limb[]): V128[] {
    // Adding C2 makes the bit pattern that of C2 and the number's distance from it.
    return limbs.map((limb) =>
      i64x2.sub(f64x2.add(asVector(limb), this.#double(C2)), this.integers.constant(bitsOf(C2))),
    );
  }

  override storeDigits(to: Place, vector: number, digits: readonly Limb[]): void {
    digits.forEach((digit, limb) => {
      this.storeLimb(to, limb, vector, this.#toDouble(asVector(digit), 0));
    });
  }

  /** A digit below 2^52, less a whole number, as a double. */
  #toDouble(digit: V128, less: number): V128 {
    // Under the exponent of 2^52 the digit's bits are 2^52 and the digit.
    const shifted = v128.or(digit, this.integers.constant(0x433n << 52n));
    return f64x2.sub(shifted, this.#double(2 ** 52 + less));
  }

  override loadWord(from: Place, stride: number, vector: number): V128 {
    const low = offsetBy(from, 2 * vector * stride);
    return v128.loadLane(offsetBy(low, stride), 1, v128.load64Zero(low));
  }

  override storeWord(to: Place, stride: number, vector: number, word: Limb): void {
    for (const lane of [0, 1] as const) {
      const place = offsetBy(to, (2 * vector + lane) * stride);
      this.assembler.emit(v128.storeLane(place, lane, asVector(word)));
    }
  }
}

/** Limb i of the four lanes stands at 32·i: lanes 0 and 1 in the first vector, 2 and 3 in the second. */
function limbOffset(limb: number, vector: number): number {
  return 32 * limb + 16 * vector;
}

/** The two of four lanes that a vector holds. */
function lanesOf(addresses: readonly I32[], vector: number): readonly [I32, I32] {
  const [low, high] = addresses.slice(2 * vector);
  if (low === undefined || high === undefined) throw new RangeError('each lane has an address');
  return [low, high];
}

function maskVector(mask: Mask, vector: number): V128 {
  const value = mask[vector];
  if (value === undefined) throw new RangeError('a mask has two vectors');
  return asVector(value);
}

function unreachable(): never {
  throw new RangeError('lists that belong together have one length');
}
