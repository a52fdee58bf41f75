import { forEachBlock } from './batches.ts';
import { addressOf, offsetBy, placeAt, staticPlace } from './assembler.ts';
import { absolute, fromBytes } from './canonical.ts';
import { SQRT_M1, type FieldPowers } from './field-powers.ts';
import { add, negate, select, subtract, twice } from './linear.ts';
import { D, type PointArithmetic } from './points.ts';
import { D_MINUS_ONE_SQ, ONE_MINUS_D_SQ, SQRT_AD_MINUS_ONE, UNIFORM_BYTES } from './ristretto-constants.ts';

/** Adds derive(to, from, blocks): the element derivation function of section 4.3.4, from 64 bytes a lane. */
export function addDerive(points: PointArithmetic, powers: FieldPowers): void {
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

  const scratch = staticPlace(assembler.reserve(points.bytes));
  const second = points.extended(scratch);
  const cachedSecond = points.cached(scratch);
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
