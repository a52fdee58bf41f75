import type { Assembler } from './assembler.ts';
import {
  bounded,
  constant,
  lowBits,
  minus,
  plus,
  shiftedLeft,
  shiftedRight,
  times,
  type Bounded,
} from './bounded.ts';

// Integers modulo ℓ, the order of the group (RFC 9496, section 4), in limbs. Every value takes the same steps: no
// branch depends on one.

/** ℓ = 2^252 + c. */
const ORDER_BITS = 252;
const EXCESS = 27742317777372353535851937790883648493n;
export const ORDER: bigint = 2n ** 252n + EXCESS;

/** Nine limbs are 252 bits, so that what lies above them can be folded limb by limb. */
export const LIMB_BITS = 28;
const LIMB = 2n ** 28n;
const ORDER_LIMBS = ORDER_BITS / LIMB_BITS;

/** Any 512 bits are canonical after so many folds. */
const MOST_FOLDS = 4;

/** The sum of limb i times 2^(28·i), which lies between two bounds; a limb may be negative or longer than 28 bits. */
export interface Integer {
  readonly limbs: readonly Bounded[];
  readonly low: bigint;
  readonly high: bigint;
}

function limbsOf(value: bigint): bigint[] {
  const limbs: bigint[] = [];
  for (; value !== 0n; value >>= BigInt(LIMB_BITS)) limbs.push(value % LIMB);
  return limbs;
}

export function constantInteger(value: bigint): Integer {
  return { limbs: limbsOf(value).map(constant), low: value, high: value };
}

/** Sums what belongs to the same power of 2^28; a place that nothing belongs to holds zero. */
function columnsOf(terms: readonly { readonly index: number; readonly term: Bounded }[]): Bounded[] {
  const columns = Array<Bounded>(Math.max(...terms.map(({ index }) => index)) + 1).fill(constant(0n));
  for (const { index, term } of terms) columns[index] = plus(columns[index] ?? constant(0n), term);
  return columns;
}

export function addIntegers(a: Integer, b: Integer): Integer {
  const terms = [a, b].flatMap(({ limbs }) => limbs.map((term, index) => ({ index, term })));
  return { limbs: columnsOf(terms), low: a.low + b.low, high: a.high + b.high };
}

/** a − b·c for integers that are not negative; the columns are not carried. */
export function subtractProductOf(a: Integer, b: Integer, c: Integer): Integer {
  const products = b.limbs.flatMap((left, i) =>
    c.limbs.map((right, j) => ({ index: i + j, term: minus(constant(0n), times(left, right)) })),
  );
  const terms = [...a.limbs.map((term, index) => ({ index, term })), ...products];
  return { limbs: columnsOf(terms), low: a.low - b.high * c.high, high: a.high - b.low * c.low };
}

export function keep(assembler: Assembler, { value, low, high }: Bounded): Bounded {
  return bounded(assembler.keep(value), low, high);
}

/**
 * The same integer with limbs from 0 to 2^28 − 1, but for the last one, which has the sign of the whole and is
 * as small as the bounds of the whole allow. It has a limb above the nine, zero or not.
 */
export function carry(assembler: Assembler, { limbs, low, high }: Integer): Integer {
  const carried: Bounded[] = [];
  let over = constant(0n);
  for (let i = 0; ; i++) {
    const limb = keep(assembler, plus(limbs[i] ?? constant(0n), over));
    const bits = BigInt(i * LIMB_BITS);
    const [least, most] = [low >> bits, high >> bits];
    if (i + 1 >= limbs.length && i >= ORDER_LIMBS && least >= -LIMB && most < LIMB) {
      // All limbs below are in range, so that this one is the whole divided by its power, rounded down.
      return { limbs: [...carried, bounded(limb.value, least, most)], low, high };
    }
    carried.push(keep(assembler, lowBits(limb, LIMB_BITS)));
    over = shiftedRight(limb, LIMB_BITS);
  }
}

/** Something congruent modulo ℓ, from a carried integer: 2^252 is −c, so h·2^252 + r becomes r − h·c. */
function fold({ limbs, low, high }: Integer): Integer {
  const excess = limbsOf(EXCESS).map(constant);
  const remainder = limbs.slice(0, ORDER_LIMBS).map((term, index) => {
    if (term.low < 0n || term.high >= LIMB) throw new RangeError('only a carried integer can be folded');
    return { index, term };
  });
  const products = limbs
    .slice(ORDER_LIMBS)
    .flatMap((limb, i) =>
      excess.map((factor, j) => ({ index: i + j, term: minus(constant(0n), times(limb, factor)) })),
    );
  const [leastAbove, mostAbove] = [low >> BigInt(ORDER_BITS), high >> BigInt(ORDER_BITS)];
  return {
    limbs: columnsOf([...remainder, ...products]),
    low: -mostAbove * EXCESS,
    high: 2n ** BigInt(ORDER_BITS) - 1n - leastAbove * EXCESS,
  };
}

/**
 * The canonical representative. A multiple of ℓ first makes the integer positive. After that there is nothing to
 * compare: folding brings it between −c and 2^252 − 1, once more between 0 and ℓ − 1, and the bounds show when.
 */
export function reduce(assembler: Assembler, integer: Integer): Integer {
  const multiple = integer.low < 0n ? (-integer.low / ORDER + 1n) * ORDER : 0n;
  let reduced = carry(assembler, addIntegers(integer, constantInteger(multiple)));
  for (let folds = 0; reduced.low < 0n || reduced.high >= ORDER; folds++) {
    if (folds === MOST_FOLDS) throw new RangeError('folding does not end');
    reduced = carry(assembler, fold(reduced));
  }
  return reduced;
}

/** Half of a canonical scalar modulo ℓ, canonical: (k + (ℓ if k is odd)) / 2. */
export function halve(assembler: Assembler, scalar: Integer): Integer {
  const isOdd = keep(assembler, lowBits(scalar.limbs[0] ?? constant(0n), 1));
  const orderIfOdd = {
    limbs: limbsOf(ORDER).map((limb) => times(isOdd, constant(limb))),
    low: 0n,
    high: ORDER,
  };
  const { limbs, low, high } = carry(assembler, addIntegers(scalar, orderIfOdd));
  const halves = limbs.map((limb, i) => {
    const half = shiftedRight(limb, 1);
    const next = limbs[i + 1];
    const whole = next === undefined ? half : plus(half, shiftedLeft(lowBits(next, 1), LIMB_BITS - 1));
    return keep(assembler, whole);
  });
  return { limbs: halves, low: low >> 1n, high: high >> 1n };
}
