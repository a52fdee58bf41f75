import { SCALAR_BYTES, type Engine, type Points } from '@blindmatch/group';

/** ℓ, the order of the group (RFC 9496, section 4). */
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** A multiplication whose time is tested for what it tells of the scalar. */
export interface Subject {
  readonly name: string;
  readonly run: (scalar: Uint8Array) => void;
}

/** A scalar that the first class of a test always has. */
export interface FixedScalar {
  readonly name: string;
  readonly scalar: Uint8Array;
}

/**
 * The scalar whose half modulo ℓ is `half`, which is below ℓ: the engines in WebAssembly take digits of the half, in
 * radix 16 and from −8 to 7.
 */
function scalarOfHalf(half: bigint): Uint8Array {
  let rest = (2n * half) % ORDER;
  const scalar = new Uint8Array(SCALAR_BYTES);
  for (let i = 0; i < SCALAR_BYTES; i++, rest >>= 8n) scalar[i] = Number(rest & 0xffn);
  return scalar;
}

/** 63 digits that are all 1. The 64th, the highest, is 1 at most in a half below ℓ, and stays 0 here. */
const ONES = (16n ** 63n - 1n) / 15n;

/** The lowest digit is 1 and all others are zero: what skips zeros is faster. */
export const SPARSE: FixedScalar = { name: 'half is 1', scalar: scalarOfHalf(1n) };

/** All digits but the highest, which is zero, are 7: the same entry of the table again and again, never negated. */
export const ALL_SEVEN: FixedScalar = { name: 'half is 7 in each 4 bits', scalar: scalarOfHalf(7n * ONES) };

/**
 * One more than all sevens. A carry runs from the lowest digit to the highest, and leaves 1 there and −8 everywhere
 * else: again one entry, the last of the table, and always negated.
 */
export const ALL_CARRY: FixedScalar = {
  name: 'half is 7 in each 4 bits, + 1',
  scalar: scalarOfHalf(7n * ONES + 1n),
};

/** Scalars of which something that depends on digits would show. */
export const FIXED_SCALARS: readonly FixedScalar[] = [SPARSE, ALL_SEVEN, ALL_CARRY];

/** What is under test: the multiplication by the holder's key. */
export function secretMultiplication(engine: Engine, points: Points): Subject {
  return {
    name: 'multiplyHalf',
    run: (scalar) => {
      engine.multiplyHalf(points, scalar);
    },
  };
}

/** The same multiplication by always the same scalar: a sign of leakage here is a fault of the test. */
export function constantMultiplication(engine: Engine, points: Points, constant: Uint8Array): Subject {
  return {
    name: 'control: always the same scalar',
    run: () => {
      engine.multiplyHalf(points, constant);
    },
  };
}

/** Multiplications that are not constant time, strong and faint: a test that misses one of them tells nothing. */
export function leakingMultiplications(engine: Engine, points: Points): Subject[] {
  const scalars = new Uint8Array(points.count * SCALAR_BYTES);
  return [
    {
      name: 'control: the sum for public scalars',
      run: (scalar) => {
        for (let i = 0; i < points.count; i++) scalars.set(scalar, i * SCALAR_BYTES);
        engine.multiScalarMultiply(points, scalars);
      },
    },
    {
      name: 'control: one more addition when the scalar is odd',
      run: (scalar) => {
        engine.multiplyHalf(points, scalar);
        if (((scalar[0] ?? 0) & 1) === 1) engine.add(points, points);
      },
    },
  ];
}
