import { offsetBy, placeAt, type Assembler, type Routine } from './assembler.ts';
import { Field, type Limb } from './field.ts';
import { i64, type I32, type I64, type Place } from './instructions.ts';
import { asInteger, singleLane, type IntegerLanes } from './integer-lanes.ts';
import type { FieldElement, Linear, Mask } from './linear.ts';

/*
 * Radix 2^25.5: ten limbs of 26 and 25 bits by turns, signed 64-bit integers, one element at a time. For
 * machines without a fused multiply-add; several times slower than the vectors of doubles.
 * (D. J. Bernstein, "Curve25519: new Diffie-Hellman speed records", PKC 2006, section 3, has the radix.)
 */
const LIMBS = 10;
const isEven = (limb: number): boolean => limb % 2 === 0;
const limbBits = (limb: number): bigint => (isEven(limb) ? 26n : 25n);
/** Carries in this order leave every limb reduced: two chains, half the limbs apart, and limb 0 once more. */
const CARRY_ORDER = [0, 4, 1, 5, 2, 6, 3, 7, 4, 8, 9, 0];
const INT64_MAX = (1n << 63n) - 1n;
/** Two bounds may multiply to this. */
const PRODUCT_MAX = 15n << 52n;

/** The factor of the product of limbs i and j: 2 where the half bits of both add up, 19 where it wraps. */
function factor(i: number, j: number): bigint {
  return (!isEven(i) && !isEven(j) ? 2n : 1n) * (i + j >= LIMBS ? 19n : 1n);
}

export class IntField extends Field {
  override readonly lanes = 1;
  override readonly limbs = LIMBS;
  override readonly vectors = 1;
  override readonly integers: IntegerLanes = singleLane;
  override readonly productBound: bigint;
  protected override readonly constantBound = 1n << 26n;
  override readonly convertibleBound = 6n << 26n;
  override readonly digitBound = 1n << 26n;
  readonly #multiplyRoutine: Routine;
  protected override readonly squareRoutine: Routine;
  protected override readonly squareInPlaceRoutine: Routine;

  constructor(assembler: Assembler) {
    super(assembler);
    const carried = boundAfterCarries();
    // Constants and digits from bytes may stand where products stand.
    this.productBound = carried > this.constantBound ? carried : this.constantBound;
    this.#multiplyRoutine = assembler.routine('multiplyElements', 3, (to, a, b) => {
      this.#product(to, a, b);
    });
    this.squareRoutine = assembler.routine('squareElements', 2, (to, a) => {
      this.#product(to, a, a);
    });
    this.squareInPlaceRoutine = assembler.routine(undefined, 2, (place, times) => {
      assembler.repeat(times, () => {
        this.#product(place, place, place);
      });
    });
  }

  #product(to: I32, a: I32, b: I32): void {
    const keep = (value: I64): I64 => this.assembler.keep(value);
    const isSquare = a === b;
    const limb = (from: I32, index: number): I64 => i64.load(offsetBy(placeAt(from), 8 * index));
    const limbsOfA = Array.from({ length: LIMBS }, (_, i) => keep(limb(a, i)));
    const limbsOfB = isSquare ? limbsOfA : Array.from({ length: LIMBS }, (_, i) => keep(limb(b, i)));
    const scaled = new Map<string, I64>();
    const times = (limbs: readonly I64[], index: number, by: bigint, name: string): I64 => {
      const plain = limbs[index];
      if (plain === undefined) throw new RangeError('a limb is missing');
      if (by === 1n) return plain;
      const known = scaled.get(`${name}${index}·${by}`) ?? keep(i64.mul(plain, i64.const(by)));
      scaled.set(`${name}${index}·${by}`, known);
      return known;
    };
    const columns: I64[] = [];
    for (let k = 0; k < LIMBS; k++) {
      const terms: I64[] = [];
      for (let i = 0; i < LIMBS; i++) {
        const j = (k - i + LIMBS) % LIMBS;
        if (isSquare && i > j) continue;
        const wrap = i + j >= LIMBS ? 19n : 1n;
        const doubling = (factor(i, j) / wrap) * (isSquare && i !== j ? 2n : 1n);
        terms.push(i64.mul(times(limbsOfA, i, doubling, 'a'), times(limbsOfB, j, wrap, 'b')));
      }
      columns.push(keep(terms.reduce((sum, term) => i64.add(sum, term))));
    }
    for (const k of CARRY_ORDER) {
      const bits = limbBits(k);
      const next = (k + 1) % LIMBS;
      const [value, above] = [columns[k], columns[next]];
      if (value === undefined || above === undefined) throw new RangeError('a column is missing');
      const carry = keep(i64.shrS(i64.add(value, i64.const(1n << (bits - 1n))), i64.const(bits)));
      columns[next] = keep(i64.add(above, next === 0 ? i64.mul(carry, i64.const(19n)) : carry));
      columns[k] = keep(i64.sub(value, i64.shl(carry, i64.const(bits))));
    }
    columns.forEach((value, k) => {
      this.assembler.emit(i64.store(offsetBy(placeAt(to), 8 * k), value));
    });
  }

  /** There is none, and nothing is stored. */
  override probeFusion(): void {}

  // Bounds. `bound` is the largest absolute value of a 26-bit limb, and twice that of a 25-bit limb.

  protected override checkSum(bound: bigint): void {
    if (bound > 1n << 53n) throw new RangeError('a sum is too large');
  }

  protected override multiplyRoutine(a: bigint, b: bigint): Routine {
    if (a * b > PRODUCT_MAX) throw new RangeError('a column of a product may overflow');
    return this.#multiplyRoutine;
  }

  protected override checkSquare(a: bigint): void {
    if (a * a > PRODUCT_MAX) throw new RangeError('a column of a product may overflow');
  }

  /** Sums of a few products fit into a product: nothing is ever carried outside of one. */
  protected override carriedBound(bound: bigint): bigint {
    return bound;
  }

  // Limbs.

  protected override constantLimbs(value: bigint): bigint[] {
    return Array.from({ length: LIMBS }, (_, i) => {
      const limb = value & ((1n << limbBits(i)) - 1n);
      value >>= limbBits(i);
      return limb;
    });
  }

  protected override loadLimb(place: Place, limb: number): I64 {
    return i64.load(offsetBy(place, 8 * limb));
  }

  protected override storeLimb(place: Place, limb: number, _vector: number, value: Limb): void {
    this.assembler.emit(i64.store(offsetBy(place, 8 * limb), asInteger(value)));
  }

  protected override evaluate(
    node: Exclude<Linear, FieldElement>,
    index: number,
    _vector: number,
    limb: (operand: Linear, index: number) => Limb,
  ): I64 {
    const of = (operand: Linear): I64 => asInteger(limb(operand, index));
    switch (node.kind) {
      case 'add':
        return i64.add(of(node.a), of(node.b));
      case 'subtract':
        return i64.sub(of(node.a), of(node.b));
      case 'negate':
        return i64.sub(i64.const(0n), of(node.a));
      case 'negateIf': {
        // With a mask of ones, inverting all bits and taking off −1 is the negative.
        const mask = maskInteger(node.mask);
        return i64.sub(i64.xor(of(node.a), mask), mask);
      }
      case 'select': {
        const no = of(node.no);
        return i64.xor(no, i64.and(i64.xor(of(node.yes), no), maskInteger(node.mask)));
      }
      case 'carry':
      case 'round':
        throw new TypeError('nothing is carried in this field');
    }
  }

  // Masks: one integer.

  override packMask(lanes: readonly I64[]): Mask {
    return lanes;
  }

  override uniformMask(value: I64): Mask {
    return [this.assembler.keep(value)];
  }

  protected override gatherLimb([from]: readonly I32[], offset: number): I64 {
    if (from === undefined) throw new RangeError('the lane has an address');
    return i64.load({ base: from, offset });
  }

  protected override scatterLimb([to]: readonly I32[], offset: number, _vector: number, value: Limb): void {
    if (to === undefined) throw new RangeError('the lane has an address');
    this.assembler.emit(i64.store({ base: to, offset }, asInteger(value)));
  }

  protected override broadcastLimb(from: Place): I64 {
    return i64.load(from);
  }

  // Digits and words. Two limbs make a digit.

  override digits(limbs: readonly Limb[]): I64[] {
    return Array.from({ length: LIMBS / 2 }, (_, i) => {
      const [low, high] = limbs.slice(2 * i);
      if (low === undefined || high === undefined) throw new RangeError('a limb is missing');
      return i64.add(asInteger(low), i64.shl(asInteger(high), i64.const(26n)));
    });
  }

  override storeDigits(to: Place, vector: number, digits: readonly Limb[]): void {
    digits.forEach((digit, i) => {
      const kept = this.assembler.keep(asInteger(digit));
      this.storeLimb(to, 2 * i, vector, i64.and(kept, i64.const((1n << 26n) - 1n)));
      this.storeLimb(to, 2 * i + 1, vector, i64.shrU(kept, i64.const(26n)));
    });
  }

  override loadWord(from: Place): I64 {
    return i64.load(from);
  }

  override storeWord(to: Place, _stride: number, _vector: number, word: Limb): void {
    this.assembler.emit(i64.store(to, asInteger(word)));
  }
}

function maskInteger(mask: Mask): I64 {
  const [value] = mask;
  if (value === undefined) throw new RangeError('a mask has one lane');
  return asInteger(value);
}

/** Follows the largest values through a product and its carries, and gives the bound of what comes out. */
function boundAfterCarries(): bigint {
  const columns = Array.from({ length: LIMBS }, (_, k) => {
    let largest = 0n;
    for (let i = 0; i < LIMBS; i++) {
      const j = (k - i + LIMBS) % LIMBS;
      const halves = (isEven(i) ? 1n : 2n) * (isEven(j) ? 1n : 2n);
      largest += (PRODUCT_MAX / halves) * factor(i, j);
    }
    return largest;
  });
  for (const k of CARRY_ORDER) {
    const bits = limbBits(k);
    const next = (k + 1) % LIMBS;
    const [value = 0n, above = 0n] = [columns[k], columns[next]];
    const carry = (value >> bits) + 1n;
    columns[next] = above + (next === 0 ? 19n * carry : carry);
    columns[k] = 1n << (bits - 1n);
    if (value + (1n << bits) > INT64_MAX || (columns[next] ?? 0n) > INT64_MAX) {
      throw new RangeError('a column of a product may overflow');
    }
  }
  return columns.reduce((bound, value, k) => {
    const scaled = isEven(k) ? value : 2n * value;
    return scaled > bound ? scaled : bound;
  }, 0n);
}
