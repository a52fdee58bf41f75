import { forEachBlock } from './batches.ts';
import { addressOf, placeAt } from './assembler.ts';
import { absolute, isNegative, toBytes } from './canonical.ts';
import { SQRT_M1, type FieldPowers } from './field-powers.ts';
import type { I32 } from './instructions.ts';
import { add, negateIf, select, subtract } from './linear.ts';
import type { PointArithmetic } from './points.ts';
import { ELEMENT_BYTES, INVSQRT_A_MINUS_D, ONE_QUARTER } from './ristretto-constants.ts';

/**
 * Adds encode(to, from, blocks): RFC 9496, section 4.3.2, with an inverse square root for each; and
 * encodeWithRoots(to, from, roots, blocks), which leaves beside each encoding s the root that `decodeWithRoots`
 * reads, 32 bytes canonical.
 *
 * Decoding finds x = ±2·s·I·u2 and y = u1/u2 with u1 = 1 − s² and u2 = 1 + s², so that 1 + y = 2/u2 and
 * I = ±x·(1 + y)/(4·s). Of the two the root is the non-negative one: it then follows from s alone, where the sign of
 * what is computed follows from the representative, and that from a blind or the holder's key. For the identity,
 * where zInverse is zero, it is zero.
 */
export function addEncode(points: PointArithmetic, powers: FieldPowers): void {
  const { field } = points;
  const { assembler } = field;
  const [one, sqrtM1] = [field.constant(1n), field.constant(SQRT_M1)];
  const [inverseRootOfAMinusD, quarter] = [field.constant(INVSQRT_A_MINUS_D), field.constant(ONE_QUARTER)];

  const writeEncode = (to: I32, from: I32, roots?: I32): void => {
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
    const xAffine = field.multiply(x, zInverse);
    const y = negateIf(isNegative(field, xAffine), yUnsigned);
    toBytes(field, placeAt(to), absolute(field, field.multiply(subtract(z0, y), denInverse)));
    if (roots === undefined) return;
    // s = (Z − Y)·denInverse, up to its sign, and denInverse² = 1/(Z² − Y²): (Z + Y)·denInverse is 1/s.
    const [sum] = field.store([field.carry(add(z0, y))]);
    const sInverse = field.multiply(sum, denInverse);
    const onePlusY = field.multiply(sum, zInverse);
    const fourfold = field.multiply(field.multiply(xAffine, onePlusY), sInverse);
    toBytes(field, placeAt(roots), absolute(field, field.multiply(fourfold, quarter)));
  };

  const bytesWalk = (from: I32) => ({ from, step: ELEMENT_BYTES * field.lanes });
  const pointsWalk = (from: I32) => ({ from, step: points.bytes });

  const encodeBlock = assembler.routine(undefined, 2, (to, from) => {
    writeEncode(to, from);
  });
  assembler.routine('encode', 3, (to, from, blocks) => {
    forEachBlock(assembler, blocks, [bytesWalk(to), pointsWalk(from)], (...places) => {
      assembler.call(encodeBlock, ...places.map(addressOf));
    });
  });

  const encodeBlockWithRoots = assembler.routine(undefined, 3, (to, from, roots) => {
    writeEncode(to, from, roots);
  });
  assembler.routine('encodeWithRoots', 4, (to, from, roots, blocks) => {
    const walks = [bytesWalk(to), pointsWalk(from), bytesWalk(roots)];
    forEachBlock(assembler, blocks, walks, (...places) => {
      assembler.call(encodeBlockWithRoots, ...places.map(addressOf));
    });
  });
}
