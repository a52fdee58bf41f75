import { isEqual, isNegative, isZero } from './canonical.ts';
import type { Field } from './field.ts';
import { P } from './field.ts';
import type { Place } from './instructions.ts';
import { add, negateIf, select, type FieldElement, type Linear, type Mask } from './linear.ts';

/** b^e mod p, for constants. */
export function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = ((base % P) + P) % P; exponent > 0n; exponent >>= 1n, square = (square * square) % P) {
    if (exponent & 1n) result = (result * square) % P;
  }
  return result;
}

/** SQRT_M1 of RFC 9496, section 4.1: 2^((p − 1)/4), the even one of the two roots of −1. */
export const SQRT_M1: bigint = (() => {
  const root = power(2n, (P - 1n) / 4n);
  return root % 2n === 0n ? root : P - root;
})();

/** What exponentiation adds to a field; each works on whole batches, with the same operations for every value. */
export interface FieldPowers {
  /** 1/a; zero for zero. */
  readonly invert: (a: FieldElement, to?: Place) => FieldElement;
  /**
   * SQRT_RATIO_M1(u, v) of RFC 9496, section 4.2: the non-negative square root of u/v, or of SQRT_M1·u/v, and
   * the lanes where u/v is a square.
   */
  readonly sqrtRatio: (u: FieldElement, v: FieldElement) => { wasSquare: Mask; root: Linear };
}

export function addFieldPowers(field: Field): FieldPowers {
  const { assembler } = field;
  const [one, sqrtM1] = [field.constant(1n), field.constant(SQRT_M1)];

  /*
   * a^(2^250 − 1), which both exponents begin with, and a^11. Each line doubles the run of ones: x5 is
   * a^(2^5 − 1), and so on.
   */
  const in250 = field.element(field.scratch(), field.productBound);
  const [out250, out11] = [field.scratch(), field.scratch()];
  const runs = assembler.routine(undefined, 0, () => {
    const a = in250;
    const a2 = field.square(a);
    const a9 = field.multiply(field.squareTimes(a2, 2), a);
    const a11 = field.multiply(a9, a2, out11);
    const x5 = field.multiply(field.square(a11), a9);
    const x10 = field.multiply(field.squareTimes(x5, 5), x5);
    const x20 = field.multiply(field.squareTimes(x10, 10), x10);
    const x40 = field.multiply(field.squareTimes(x20, 20), x20);
    const x50 = field.multiply(field.squareTimes(x40, 10), x10);
    const x100 = field.multiply(field.squareTimes(x50, 50), x50);
    const x200 = field.multiply(field.squareTimes(x100, 100), x100);
    field.multiply(field.squareTimes(x200, 50), x50, out250);
  });
  const runsOf = (a: FieldElement): { x250: FieldElement; a11: FieldElement } => {
    field.store([a], [in250.place]);
    assembler.call(runs);
    return {
      x250: field.element(out250, field.productBound),
      a11: field.element(out11, field.productBound),
    };
  };

  return {
    // p − 2 = 2^255 − 21 = (2^250 − 1)·2^5 + 11.
    invert: (a, to) => {
      const { x250, a11 } = runsOf(a);
      return field.multiply(field.squareTimes(x250, 5), a11, to);
    },

    sqrtRatio: (u, v) => {
      const isOne = u === one;
      const v3 = field.multiply(field.square(v), v);
      const uv3 = isOne ? v3 : field.multiply(v3, u);
      const v7 = field.multiply(field.square(v3), v);
      const uv7 = isOne ? v7 : field.multiply(v7, u);
      // (p − 5)/8 = 2^252 − 3 = (2^250 − 1)·2^2 + 1.
      const raised = field.multiply(field.squareTimes(runsOf(uv7).x250, 2), uv7);
      const r = field.multiply(raised, uv3);
      const check = field.multiply(field.square(r), v);
      const correctSign = isEqual(field, check, u);
      const flippedSign = isZero(field, add(check, u));
      const flippedSignI = isZero(field, add(check, field.multiply(u, sqrtM1)));
      const rPrime = field.multiply(r, sqrtM1);
      const [chosen] = field.store([select(field.or(flippedSign, flippedSignI), rPrime, r)]);
      return {
        wasSquare: field.or(correctSign, flippedSign),
        root: negateIf(isNegative(field, chosen), chosen),
      };
    },
  };
}
