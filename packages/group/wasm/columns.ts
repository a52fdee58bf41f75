import type { FieldElement } from './linear.ts';

/*
 * How a product of field elements is split into columns, in the field over doubles: radix 2^51, five limbs, each a
 * whole number in a double.
 *
 * The product of two limbs has 102 bits and a double holds 53: it is split by fused multiply-add, which
 * rounds a·b + c once. With C1 = 3·2^102, whose unit in the last place is 2^51,
 *     high = fma(a, b, C1)                is C1 + 2^51·round(a·b / 2^51), as long as |a·b| ≤ 2^102;
 *     low  = fma(a, b, (C1 + C2) − high)  is C2 + (a·b − 2^51·round(a·b / 2^51)), exactly; C2 = 3·2^51.
 * The bit pattern of a double between 2^103 and 2^104 is that of C1 plus its distance from C1 in units of 2^51,
 * and likewise for low in units of 1. So columns are summed as 64-bit integers, bit patterns and all, and what
 * the constants contribute, known beforehand, is taken off by the value that each column starts from.
 * (N. Emmart, F. Zheng, C. Weems, "Faster Modular Exponentiation Using Double Precision Floating Point Arithmetic
 * on the GPU", ARITH 2018, has the split.)
 *
 * Where |a·b + c·d| ≤ 2^102, the second product can be split from where the first left off,
 *     both = fma(c, d, high)              is high + 2^51·round(…): one column entry for two products;
 *     fma(c, d, high − both)              is what rounding left, exactly; both low parts fit under C2 together.
 */
export const LIMBS = 5;
export const LIMB_BITS = 51;
export const HALF = 1n << 50n;
export const C1 = 3 * 2 ** 102;
export const C2 = 3 * 2 ** 51;
/** A limb product may not exceed this, or `high` leaves the range where its unit is 2^51. */
const PRODUCT_MAX = 1n << 102n;
/** In a square, terms that occur twice are split together with such as occur once. */
const SQUARE_WEIGHT = 3;
/** Added to every column in units of 2^51, so that its carry is positive. */
export const BIAS = 1024n;

/** The bits of a double, as an integer. */
export function bitsOf(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigInt64(0);
}

/** A product of limb i of a and limb j of b, counted once, or twice where a square has it twice. */
export interface Term {
  readonly i: number;
  readonly j: number;
  readonly weight: 1 | 2;
}

/** Terms of one column that are split together: their sum may not exceed what a single product may. */
export type Group = readonly [Term] | readonly [Term, Term];

const ALL_TERMS = Array.from({ length: LIMBS * LIMBS }, (_, n): Term => {
  return { i: Math.floor(n / LIMBS), j: n % LIMBS, weight: 1 };
});
/** The terms of a square, each once. */
const SQUARE_TERMS = ALL_TERMS.filter(({ i, j }) => i <= j).map((term): Term =>
  term.i === term.j ? term : { ...term, weight: 2 },
);

/**
 * The terms by columns, in groups of two where the weights of both allow it.
 * @param weights how many times the largest product of two limbs, of weight 1, a group may amount to
 */
function groupTerms(terms: readonly Term[], weights: number): Group[] {
  const groups: Group[] = [];
  for (let k = 0; k < 2 * LIMBS; k++) {
    const left = terms.filter(({ i, j }) => i + j === k);
    for (let first = left.shift(); first !== undefined; first = left.shift()) {
      const room = weights - first.weight;
      const at = left.findIndex(({ weight }) => weight <= room);
      const [second] = at < 0 ? [] : left.splice(at, 1);
      groups.push(second === undefined ? [first] : [first, second]);
    }
  }
  return groups;
}

export const SINGLY = groupTerms(ALL_TERMS, 1);
export const IN_PAIRS = groupTerms(ALL_TERMS, 2);
export const SQUARE = groupTerms(SQUARE_TERMS, SQUARE_WEIGHT);

/** How the products of factors with these bounds are split. */
export function productGroups(a: bigint, b: bigint): readonly Group[] {
  if (a * b > PRODUCT_MAX) throw new RangeError('a product may exceed what it can be split into');
  return 2n * a * b <= PRODUCT_MAX ? IN_PAIRS : SINGLY;
}

export function squareGroups(a: bigint): readonly Group[] {
  if (BigInt(SQUARE_WEIGHT) * a * a > PRODUCT_MAX) {
    throw new RangeError('a square may exceed what it can be split into');
  }
  return SQUARE;
}

export function groupsFor(a: FieldElement, b: FieldElement): readonly Group[] {
  return a === b ? squareGroups(a.bound) : productGroups(a.bound, b.bound);
}

/**
 * For groups of terms, how many values each of the ten columns sums up, and the value from which columns 0 to 4
 * start: it takes off what C1 and C2 leave in the bit patterns (those of column k + 5 count 19 times), adds half
 * a unit for rounding and a bias that keeps carries positive.
 */
export function columnPlan(groups: readonly Group[], biases: 0 | 1): { starts: bigint[]; counts: number[] } {
  const lows = Array<number>(2 * LIMBS).fill(0);
  const highs = Array<number>(2 * LIMBS).fill(0);
  for (const [{ i, j }] of groups) {
    lows[i + j] = (lows[i + j] ?? 0) + 1;
    highs[i + j + 1] = (highs[i + j + 1] ?? 0) + 1;
  }
  const left = (k: number): bigint => BigInt(lows[k] ?? 0) * bitsOf(C2) + BigInt(highs[k] ?? 0) * bitsOf(C1);
  const starts = Array.from({ length: LIMBS }, (_, k) => {
    // The bias comes back out of the digit above as BIAS, and out of digit 0 as 19·BIAS.
    const bias = biases === 0 ? 0n : (BIAS << 51n) + HALF - (k === 0 ? 0n : BIAS);
    return BigInt.asIntN(64, bias - left(k) - 19n * left(k + LIMBS));
  });
  return { starts, counts: lows.map((low, k) => low + (highs[k] ?? 0)) };
}

/**
 * The largest carry out of a folded column, or of a sum of `weight` of them, in units of 2^51: a low part is at most
 * 2^50, a high part at most 2^51 units of the column above. Column k has k + 1 low and k high parts, column k + 5
 * has 4 − k and 5 − k.
 */
export function largestCarry(weight = 1n): bigint {
  let largest = 0n;
  for (let k = 0n; k < 5n; k++) {
    const low = (k + 1n) * HALF + k * (HALF << 1n);
    const high = (4n - k) * HALF + (5n - k) * (HALF << 1n);
    const carry = ((weight * (low + 19n * high)) >> 51n) + 2n;
    if (carry > largest) largest = carry;
  }
  if (largest >= BIAS) throw new RangeError('the bias does not cover the largest carry');
  return largest;
}
