import { forEachBlock } from './batches.ts';
import { addressOf, offsetBy, placeAt } from './assembler.ts';
import { absolute, isNegative, isZero, toBytes } from './canonical.ts';
import { SQRT_M1, type FieldPowers } from './field-powers.ts';
import { i32, type I32, type Place } from './instructions.ts';
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
import { ELEMENT_BYTES, INVSQRT_A_MINUS_D, ONE_QUARTER } from './ristretto-constants.ts';

/**
 * Adds encodeDouble(to, from, states, blocks): the encoding of twice each point, with one inversion for each lane of
 * the whole batch instead of an inverse square root for each point. The square root of the encoding is known
 * beforehand for a point that is a double: 2P is P mapped to the Jacobi quartic and back, and the encoding is the
 * coordinate half way. (M. Hamburg, "Decaf", CRYPTO 2015, has the isogeny; curve25519-dalek's
 * `double_and_compress_batch` the formulas.) Inversions are shared by Montgomery's trick, a chain of products
 * through all blocks.
 *
 * And encodeDoubleWithRoots(to, from, states, roots, blocks), which leaves beside each encoding the root that
 * `decodeWithRoots` reads; encoding.ts says what that is, and why its sign is normalized.
 */
export function addEncodeDouble(points: PointArithmetic, powers: FieldPowers): void {
  const { field } = points;
  const { assembler } = field;
  const [zero, one] = [field.constant(0n), field.constant(1n)];
  const [d, sqrtM1] = [field.constant(D), field.constant(SQRT_M1)];
  const [inverseRootOfAMinusD, quarter] = [field.constant(INVSQRT_A_MINUS_D), field.constant(ONE_QUARTER)];

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

  const writeDown = (to: I32, statePlace: I32, roots?: I32): void => {
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
    const eOverZ = field.multiply(e1, zInverse);
    const isNegated = isNegative(field, field.multiply(h1, eOverZ));
    const [g2] = field.store([negateIf(isNegated, g1)]);
    const scale = field.multiply(field.multiply(magic, g2), tInverse);
    toBytes(field, placeAt(to), absolute(field, field.multiply(subtract(h1, g2), scale)));
    if (roots === undefined) return;
    // Of the representative that is encoded, x = e1·h1/Z and y = g2/h1; s = (h1 − g2)·scale, up to its sign, and
    // scale² = 1/(h1² − g2²). So x·(1 + y) = (e1/Z)·(h1 + g2), and (h1 + g2)·scale is 1/s.
    const [sum] = field.store([field.carry(add(h1, g2))]);
    const sInverse = field.multiply(sum, scale);
    const fourfold = field.multiply(field.multiply(eOverZ, sum), sInverse);
    toBytes(field, placeAt(roots), absolute(field, field.multiply(fourfold, quarter)));
  };
  const down = assembler.routine(undefined, 2, (to, statePlace) => {
    writeDown(to, statePlace);
  });
  const downWithRoots = assembler.routine(undefined, 3, (to, statePlace, roots) => {
    writeDown(to, statePlace, roots);
  });

  const writeEncodeDouble = (to: I32, from: I32, states: I32, blocks: I32, roots?: I32): void => {
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
      ...(roots === undefined ? [] : [{ from: last(roots, toStep), step: -toStep }]),
    ];
    forEachBlock(assembler, blocks, back, (...places) => {
      assembler.call(roots === undefined ? down : downWithRoots, ...places.map(addressOf));
    });
  };
  assembler.routine('encodeDouble', 4, (to, from, states, blocks) => {
    writeEncodeDouble(to, from, states, blocks);
  });
  assembler.routine('encodeDoubleWithRoots', 5, (to, from, states, roots, blocks) => {
    writeEncodeDouble(to, from, states, blocks, roots);
  });
}
