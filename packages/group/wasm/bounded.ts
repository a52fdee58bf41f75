import { i64, type I64 } from './instructions.ts';

/**
 * A signed 64-bit value of the module between two known bounds. Every operation computes the bounds of its result
 * when the module is generated, and throws if 64 bits could not hold it: what is built cannot overflow.
 */
export interface Bounded {
  readonly value: I64;
  readonly low: bigint;
  readonly high: bigint;
}

/** A value with bounds that the caller vouches for. */
export function bounded(value: I64, low: bigint, high: bigint): Bounded {
  if (low > high || low < -(2n ** 63n) || high >= 2n ** 63n) {
    throw new RangeError(`64 bits do not hold all values from ${String(low)} to ${String(high)}`);
  }
  return { value, low, high };
}

export function constant(value: bigint): Bounded {
  return bounded(i64.const(value), value, value);
}

export function plus(a: Bounded, b: Bounded): Bounded {
  return bounded(i64.add(a.value, b.value), a.low + b.low, a.high + b.high);
}

export function minus(a: Bounded, b: Bounded): Bounded {
  return bounded(i64.sub(a.value, b.value), a.low - b.high, a.high - b.low);
}

export function times(a: Bounded, b: Bounded): Bounded {
  const corners = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high];
  const low = corners.reduce((least, corner) => (corner < least ? corner : least));
  const high = corners.reduce((most, corner) => (corner > most ? corner : most));
  return bounded(i64.mul(a.value, b.value), low, high);
}

/** The value modulo 2^bits, from 0: `a` is this and 2^bits times `shiftedRight`, whatever its sign. */
export function lowBits(a: Bounded, bits: number): Bounded {
  const mask = 2n ** BigInt(bits) - 1n;
  return bounded(i64.and(a.value, i64.const(mask)), 0n, mask);
}

/** The value divided by 2^bits and rounded down. */
export function shiftedRight(a: Bounded, bits: number): Bounded {
  const by = BigInt(bits);
  return bounded(i64.shrS(a.value, i64.const(by)), a.low >> by, a.high >> by);
}

/** The value times 2^bits. */
export function shiftedLeft(a: Bounded, bits: number): Bounded {
  const by = BigInt(bits);
  return bounded(i64.shl(a.value, i64.const(by)), a.low << by, a.high << by);
}
