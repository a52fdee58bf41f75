import { forEachBlock } from './batches.ts';
import { addressOf, offsetBy, placeAt, staticPlace } from './assembler.ts';
import { absolute, fromBytes, isCanonical, isNegative, isZero, toBytes } from './canonical.ts';
import { SQRT_M1, power, type FieldPowers } from './field-powers.ts';
import { P } from './field.ts';
import {
  add,
  negate,
  negateIf,
  select,
  subtract,
  twice,
  type FieldElement,
  type Linear,
  type Mask,
} from './linear.ts';
import { D, type PointArithmetic } from './points.ts';
import { i32, type Place } from './instructions.ts';

const ELEMENT_BYTES = 32;
const UNIFORM_BYTES = 64;

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
const SQRT_AD_MINUS_ONE = rootOfParity(-D - 1n, 1n);
const INVSQRT_A_MINUS_D = rootOfParity(power(-1n - D, P - 2n), 0n);
const ONE_MINUS_D_SQ = 1n - D * D;
const D_MINUS_ONE_SQ = (D - 1n) * (D - 1n);

/** Adds `decode`, `derive`, `encode` and `encodeDouble`: ristretto255 on batches, RFC 9496, section 4.3. */
export function addRistretto(points: PointArithmetic, powers: FieldPowers): void {
  addDecode(points, powers);
  addDerive(points, powers);
  addEncode(points, powers);
  addEncodeDouble(points, powers);
}

/**
 * decode(to, from, flags, blocks): section 4.3.1. A lane's flag becomes all ones when its 32 bytes are a
 * canonical encoding other than the identity's, and zero otherwise; its point then means nothing.
 */
function addDecode(points: PointArithmetic, powers: FieldPowers): void {
  const { field } = points;
  const { assembler } = field;
  const [one, d] = [field.constant(1n), field.constant(D)];
  const decodeBlock = assembler.routine(undefined, 3, (to, from, flags) => {
    const result = points.extended(placeAt(to));
    const s = fromBytes(field, placeAt(from), ELEMENT_BYTES);
    const isCanonicalForm = isCanonical(field, s, placeAt(from));
    const isAcceptable = field.not(field.or(isNegative(field, s), isZero(field, s)));
    const ss = field.square(s);
    const [u1, u2] = field.store([field.carry(subtract(one, ss)), field.carry(add(one, ss))]);
    const u2Squared = field.square(u2);
    const du1Squared = field.multiply(field.square(u1), d);
    const [v] = field.store([field.carry(negate(add(du1Squared, u2Squared)))]);
    const { wasSquare, root } = powers.sqrtRatio(one, field.multiply(v, u2Squared));
    const [inverseRoot] = field.store([root]);
    const denX = field.multiply(inverseRoot, u2);
    const denY = field.multiply(field.multiply(inverseRoot, denX), v);
    const x = absolute(field, field.multiply(twice(s), denX));
    points.storeCoordinates([result.x, result.z], [x, one]);
    const y = field.multiply(u1, denY, result.y.place);
    const t = field.multiply(result.x, y, result.t.place);
    const isOnGroup = field.and(wasSquare, field.not(field.or(isNegative(field, t), isZero(field, y))));
    field.storeMask(placeAt(flags), field.and(field.and(isCanonicalForm, isAcceptable), isOnGroup));
  });
  assembler.routine('decode', 4, (to, from, flags, blocks) => {
    const walks = [
      { from: to, step: points.bytes },
      { from, step: ELEMENT_BYTES * field.lanes },
      { from: flags, step: 8 * field.lanes },
    ];
    forEachBlock(assembler, blocks, walks, (...places) => {
      assembler.call(decodeBlock, ...places.map(addressOf));
    });
  });
}

/** derive(to, from, blocks): the element derivation function of section 4.3.4, from 64 bytes a lane. */
function addDerive(points: PointArithmetic, powers: FieldPowers): void {
  const { field } = points;
  const { assembler } = field;
  const [one, d, sqrtM1] = [field.constant(1n), field.constant(D), field.constant(SQRT_M1)];
  const oneMinusDSquared = field.constant(ONE_MINUS_D_SQ);
  const dMinusOneSquared = field.constant(D_MINUS_ONE_SQ);
  const sqrtAdMinusOne = field.constant(SQRT_AD_MINUS_ONE);

  /** MAP: 32 bytes of each lane, 64 apart, to a point. */
  const map = assembler.routine(undefined, 2, (to, from) => {
    const result = points.extended(placeAt(to));
    const t = fromBytes(field, placeAt(from), UNIFORM_BYTES);
    const r = field.multiply(field.square(t), sqrtM1);
    const u = field.multiply(add(r, one), oneMinusDSquared);
    const [minusOneMinusRd] = field.store([field.carry(negate(add(one, field.multiply(r, d))))]);
    const v = field.multiply(minusOneMinusRd, add(r, d));
    const { wasSquare, root } = powers.sqrtRatio(u, v);
    const [ratio] = field.store([root]);
    const sPrime = negate(absolute(field, field.multiply(ratio, t)));
    const [s, c] = field.store([select(wasSquare, ratio, sPrime), select(wasSquare, negate(one), r)]);
    const [cTimes] = field.store([field.multiply(c, subtract(r, one))]);
    const n = field.carry(subtract(field.multiply(cTimes, dMinusOneSquared), v));
    const w0 = field.multiply(twice(s), v);
    const w1 = field.multiply(n, sqrtAdMinusOne);
    const ss = field.square(s);
    const [w2, w3] = field.store([field.carry(subtract(one, ss)), field.carry(add(one, ss))]);
    field.multiply(w0, w3, result.x.place);
    field.multiply(w2, w1, result.y.place);
    field.multiply(w1, w3, result.z.place);
    field.multiply(w0, w2, result.t.place);
  });

  const second = points.extended(scratchPoint(points));
  const cachedSecond = points.cached(scratchPoint(points));
  assembler.routine('derive', 3, (to, from, blocks) => {
    const walks = [
      { from: to, step: points.bytes },
      { from, step: UNIFORM_BYTES * field.lanes },
    ];
    forEachBlock(assembler, blocks, walks, (...[result, uniform]) => {
      if (result === undefined || uniform === undefined) throw new RangeError('two pointers walk');
      const first = points.extended(result);
      assembler.call(map, addressOf(result), addressOf(uniform));
      assembler.call(map, addressOf(second.place), addressOf(offsetBy(uniform, UNIFORM_BYTES / 2)));
      points.cache(cachedSecond, second);
      points.add(first, first, cachedSecond);
    });
  });
}

/** encode(to, from, blocks): section 4.3.2, with an inverse square root for each. */
function addEncode(points: PointArithmetic, powers: FieldPowers): void {
  const { field } = points;
  const { assembler } = field;
  const [one, sqrtM1] = [field.constant(1n), field.constant(SQRT_M1)];
  const inverseRootOfAMinusD = field.constant(INVSQRT_A_MINUS_D);
  const encodeBlock = assembler.routine(undefined, 2, (to, from) => {
    const { x: x0, y: y0, z: z0, t: t0 } = points.extended(placeAt(from));
    const [zMinusY] = field.store([field.carry(subtract(z0, y0))]);
    const u1 = field.multiply(zMinusY, add(z0, y0));
    const u2 = field.multiply(x0, y0);
    const { root } = powers.sqrtRatio(one, field.multiply(u1, field.square(u2)));
    const [inverseRoot] = field.store([root]);
    const den1 = field.multiply(inverseRoot, u1);
    const den2 = field.multiply(inverseRoot, u2);
    const zInverse = field.multiply(field.multiply(den1, den2), t0);
    const isRotated = isNegative(field, field.multiply(t0, zInverse));
    const [x, yUnsigned, denInverse] = field.store([
      select(isRotated, field.multiply(y0, sqrtM1), x0),
      select(isRotated, field.multiply(x0, sqrtM1), y0),
      select(isRotated, field.multiply(den1, inverseRootOfAMinusD), den2),
    ]);
    const y = negateIf(isNegative(field, field.multiply(x, zInverse)), yUnsigned);
    toBytes(field, placeAt(to), absolute(field, field.multiply(subtract(z0, y), denInverse)));
  });
  assembler.routine('encode', 3, (to, from, blocks) => {
    const walks = [
      { from: to, step: ELEMENT_BYTES * field.lanes },
      { from, step: points.bytes },
    ];
    forEachBlock(assembler, blocks, walks, (...places) => {
      assembler.call(encodeBlock, ...places.map(addressOf));
    });
  });
}

/**
 * encodeDouble(to, from, state, blocks): the encoding of twice each point, with one inversion for each lane of
 * the whole batch instead of an inverse square root for each point. The square root of the encoding is known
 * beforehand for a point that is a double: 2P is P mapped to the Jacobi quartic and back, and the encoding is the
 * coordinate half way. (M. Hamburg, "Decaf", CRYPTO 2015, has the isogeny; curve25519-dalek's
 * `double_and_compress_batch` the formulas.) Inversions are shared by Montgomery's trick, a chain of products
 * through all blocks.
 */
function addEncodeDouble(points: PointArithmetic, powers: FieldPowers): void {
  const { field } = points;
  const { assembler } = field;
  const [zero, one] = [field.constant(0n), field.constant(1n)];
  const [d, sqrtM1] = [field.constant(D), field.constant(SQRT_M1)];
  const inverseRootOfAMinusD = field.constant(INVSQRT_A_MINUS_D);

  /** What the first pass leaves for the second: e, f, g, h, e·g, f·h, and the product of all blocks before. */
  const state = (place: Place) => {
    const part = (index: number, bound = field.productBound): FieldElement =>
      field.element(offsetBy(place, index * field.bytes), bound);
    const sumBound = points.sumBound;
    const [e, f, g, h] = [part(0), part(1, sumBound), part(2, sumBound), part(3, sumBound)];
    const [eg, fh, before] = [part(4), part(5), part(6)];
    return { e, f, g, h, eg, fh, before };
  };
  const stateBytes = 7 * field.bytes;
  assembler.exportNumber('encodeDoubleStateBytes', stateBytes);

  /** The product so far on the way up, its inverse on the way down. */
  const product = field.element(field.scratch(), field.productBound);

  /**
   * e·f·g·h, with 1 in the lanes where it is zero. There 2P has a zero coordinate and is a representative of the
   * identity, so that its encoding is zero.
   */
  const denominator = (eg: FieldElement, fh: FieldElement): { isIdentity: Mask; product: Linear } => {
    const all = field.multiply(eg, fh);
    const isIdentity = isZero(field, all);
    return { isIdentity, product: select(isIdentity, one, all) };
  };

  const up = assembler.routine(undefined, 2, (statePlace, from) => {
    const { x, y, z, t } = points.extended(placeAt(from));
    const { e, f, g, h, eg, fh, before } = state(placeAt(statePlace));
    const [zz, dtt] = [field.square(z), field.multiply(field.square(t), d)];
    field.multiply(x, twice(y), e.place);
    points.storeCoordinates(
      [f, g, h],
      [
        field.carry(add(zz, dtt)),
        field.carry(add(field.square(x), field.square(y))),
        field.carry(subtract(zz, dtt)),
      ],
    );
    field.multiply(e, g, eg.place);
    field.multiply(f, h, fh.place);
    field.store([product], [before.place]);
    field.multiply(product, denominator(eg, fh).product, product.place);
  });

  const down = assembler.routine(undefined, 2, (to, statePlace) => {
    const { e, f, g, h, eg, fh, before } = state(placeAt(statePlace));
    const own = denominator(eg, fh);
    const [inverse] = field.store([select(own.isIdentity, zero, field.multiply(product, before))]);
    field.multiply(product, own.product, product.place);
    const zInverse = field.multiply(eg, inverse);
    const tInverse = field.multiply(fh, inverse);
    const isRotated = isNegative(field, field.multiply(eg, zInverse));
    const [e1, g1, h1, magic] = field.store([
      select(isRotated, g, e),
      select(isRotated, negate(e), g),
      select(isRotated, field.multiply(f, sqrtM1), h),
      select(isRotated, sqrtM1, inverseRootOfAMinusD),
    ]);
    const isNegated = isNegative(field, field.multiply(field.multiply(h1, e1), zInverse));
    const [g2] = field.store([negateIf(isNegated, g1)]);
    const scale = field.multiply(field.multiply(magic, g2), tInverse);
    toBytes(field, placeAt(to), absolute(field, field.multiply(subtract(h1, g2), scale)));
  });

  assembler.routine('encodeDouble', 4, (to, from, states, blocks) => {
    const [toStep, fromStep] = [ELEMENT_BYTES * field.lanes, points.bytes];
    field.store([one], [product.place]);
    const walks = [
      { from: states, step: stateBytes },
      { from, step: fromStep },
    ];
    forEachBlock(assembler, blocks, walks, (...places) => {
      assembler.call(up, ...places.map(addressOf));
    });
    powers.invert(product, product.place);
    const last = (start: typeof to, step: number) =>
      i32.add(start, i32.mul(i32.sub(blocks, i32.const(1)), i32.const(step)));
    const back = [
      { from: last(to, toStep), step: -toStep },
      { from: last(states, stateBytes), step: -stateBytes },
    ];
    forEachBlock(assembler, blocks, back, (...places) => {
      assembler.call(down, ...places.map(addressOf));
    });
  });
}

function scratchPoint(points: PointArithmetic): Place {
  return staticPlace(points.field.assembler.reserve(points.bytes));
}
