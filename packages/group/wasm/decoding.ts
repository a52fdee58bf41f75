import { forEachBlock } from './batches.ts';
import { addressOf, placeAt } from './assembler.ts';
import { absolute, fromBytes, isCanonicalAndEven, isEqual, isNegativeOrZero } from './canonical.ts';
import type { FieldPowers } from './field-powers.ts';
import type { I32 } from './instructions.ts';
import { add, negate, subtract, twice, type FieldElement } from './linear.ts';
import { D, type PointArithmetic } from './points.ts';
import { ELEMENT_BYTES } from './ristretto-constants.ts';

/**
 * Adds two ways of decoding (RFC 9496, section 4.3.1), which differ in where the inverse square root of v·u2² comes
 * from:
 *
 * - decode(to, from, flags, blocks) computes it. A lane's flag becomes all ones when its 32 bytes are a canonical
 *   encoding other than the identity's, and zero otherwise; its point then means nothing.
 * - decodeWithRoots(to, from, roots, flags, blocks) reads it, 32 bytes a lane whose top bit is ignored. A root of
 *   either sign serves. A lane with anything else there gets the flag zero, whatever its element is: that flag says
 *   no more than that the lane is to be decoded without a root.
 */
export function addDecode(points: PointArithmetic, powers: FieldPowers): void {
  const { field } = points;
  const { assembler } = field;
  const [one, d] = [field.constant(1n), field.constant(D)];

  /** `findRoot` is given v·u2² when it asks for it. What it gives is checked here, and trusted by nobody. */
  const writeDecode = (
    [to, from, flags]: readonly [I32, I32, I32],
    findRoot: (vu2Squared: () => FieldElement) => FieldElement,
  ): void => {
    const result = points.extended(placeAt(to));
    const isAcceptable = isCanonicalAndEven(field, placeAt(from));
    const s = fromBytes(field, placeAt(from), ELEMENT_BYTES);
    const ss = field.square(s);
    const [u1, u2] = field.store([field.carry(subtract(one, ss)), field.carry(add(one, ss))]);
    const u2Squared = field.square(u2);
    const du1Squared = field.multiply(field.square(u1), d);
    const [v] = field.store([field.carry(negate(add(du1Squared, u2Squared)))]);
    const root = findRoot(() => field.multiply(v, u2Squared));
    const denX = field.multiply(root, u2);
    const denY = field.multiply(field.multiply(root, denX), v);
    // I²·v·u2². There is such an I just when v·u2² is a square other than zero.
    const isRoot = isEqual(field, field.multiply(denY, u2), one);
    const x = absolute(field, field.multiply(twice(s), denX));
    points.storeCoordinates([result.x, result.z], [x, one]);
    const y = field.multiply(u1, denY, result.y.place);
    const t = field.multiply(result.x, y, result.t.place);
    // x = 2·s·I·u2 is zero for s = 0 only, and so t = x·y for the identity, and for y = 0, which is refused as well.
    const isOnGroup = field.and(isRoot, field.not(isNegativeOrZero(field, t)));
    field.storeMask(placeAt(flags), field.and(isAcceptable, isOnGroup));
  };

  const toWalk = (from: I32) => ({ from, step: points.bytes });
  const bytesWalk = (from: I32) => ({ from, step: ELEMENT_BYTES * field.lanes });
  const flagsWalk = (from: I32) => ({ from, step: 8 * field.lanes });

  const decodeBlock = assembler.routine(undefined, 3, (to, from, flags) => {
    writeDecode([to, from, flags], (vu2Squared) => {
      const { root } = powers.sqrtRatio(one, vu2Squared());
      return field.store([root])[0];
    });
  });
  assembler.routine('decode', 4, (to, from, flags, blocks) => {
    const walks = [toWalk(to), bytesWalk(from), flagsWalk(flags)];
    forEachBlock(assembler, blocks, walks, (...places) => {
      assembler.call(decodeBlock, ...places.map(addressOf));
    });
  });

  const decodeBlockWithRoots = assembler.routine(undefined, 4, (to, from, roots, flags) => {
    writeDecode([to, from, flags], () => fromBytes(field, placeAt(roots), ELEMENT_BYTES));
  });
  assembler.routine('decodeWithRoots', 5, (to, from, roots, flags, blocks) => {
    const walks = [toWalk(to), bytesWalk(from), bytesWalk(roots), flagsWalk(flags)];
    forEachBlock(assembler, blocks, walks, (...places) => {
      assembler.call(decodeBlockWithRoots, ...places.map(addressOf));
    });
  });
}
