import { SQRT_M1, power } from './field-powers.ts';
import { P } from './field.ts';
import { D } from './points.ts';

/** Bytes of an encoded element (RFC 9496, section 4.3). */
export const ELEMENT_BYTES = 32;
/** Bytes that derive one element (section 4.3.4). */
export const UNIFORM_BYTES = 64;

/** A root of a number that has one; which of the two is up to the caller. */
function squareRoot(a: bigint): bigint {
  const value = ((a % P) + P) % P;
  const candidate = power(value, (P + 3n) / 8n);
  for (const root of [candidate, (candidate * SQRT_M1) % P]) if ((root * root) % P === value) return root;
  throw new RangeError('this number is no square');
}

/** The root that RFC 9496, section 4.1, lists; its parity is not the same for all of its constants. */
function rootOfParity(a: bigint, parity: bigint): bigint {
  const root = squareRoot(a);
  return root % 2n === parity ? root : P - root;
}

// The constants of RFC 9496, section 4.1, from their definitions, with a = −1.
export const SQRT_AD_MINUS_ONE: bigint = rootOfParity(-D - 1n, 1n);
export const INVSQRT_A_MINUS_D: bigint = rootOfParity(power(-1n - D, P - 2n), 0n);
export const ONE_MINUS_D_SQ: bigint = 1n - D * D;
export const D_MINUS_ONE_SQ: bigint = (D - 1n) * (D - 1n);
/** 1/4. */
export const ONE_QUARTER: bigint = power(4n, P - 2n);
