import { forEachBlock } from './batches.ts';
import { addressOf, placeAt, staticPlace, type Routine } from './assembler.ts';
import { i32, i64, type I32, type Place } from './instructions.ts';
import { negateIf } from './linear.ts';
import type { PointArithmetic } from './points.ts';

/** A scalar's bytes become 32 digits from −128 to 127; ℓ is below 2^253, so the last needs no carry. */
const WINDOWS = 32;
const DIGIT_BITS = 8;
const LARGEST_DIGIT = 128;

/**
 * Adds fixed-base multiplication, for blinds:
 * - fillFixedTable(table, base, work): `fixedTableBytes` of multiples of the base, which stands in all lanes:
 *   j·256^w·base for every window w and 0 ≤ j ≤ 128, affine, one after the other; `work` is `fixedWorkBytes` of working memory;
 * - multiplyFixed(to, scalars, table, blocks): base times each scalar, 32 bytes each.
 *
 * No branch depends on a scalar, but a table entry is read directly at its digit. A blind is used once, and lives
 * in the process that holds the very record that it hides: who can watch this process's memory accesses gains
 * nothing by them. A long-lived secret takes `multiply`.
 */
export function addFixedBase(points: PointArithmetic, normalize: Routine): void {
  const { field } = points;
  const { assembler } = field;
  const entryBytes = 3 * field.laneBytes;
  const windowBytes = (LARGEST_DIGIT + 1) * entryBytes;
  assembler.exportNumber('fixedTableBytes', WINDOWS * windowBytes);
  const reservePoint = (): Place => staticPlace(assembler.reserve(points.bytes));
  const affine = points.affine(reservePoint());

  const power = points.extended(reservePoint());
  const base = points.extended(reservePoint());
  const cachedBase = points.cached(reservePoint());
  const entries = LARGEST_DIGIT + 1;
  assembler.exportNumber('fixedWorkBytes', entries * (points.bytes + field.bytes));

  /** `power` doubled eight times: from one window to the next. */
  const nextWindow = assembler.routine(undefined, 0, () => {
    for (let n = 1; n < DIGIT_BITS; n++) points.double(power, power, 'without T');
    points.double(power, power, 'with T');
  });

  assembler.routine('fillFixedTable', 3, (table, basePoint, work) => {
    const multiples = work;
    const products = assembler.keep(i32.add(work, i32.const(entries * points.bytes)));
    points.copy(power, points.extended(placeAt(basePoint)));
    const to = assembler.local('i32');
    to.set(table);
    assembler.repeat(i32.const(WINDOWS / field.lanes), () => {
      // Each lane takes a window: lane l of `base` is 256^l times what lane 0 is.
      for (let l = 0; l < field.lanes; l++) {
        field.copyLane(base.place, power.place, l, 4);
        assembler.call(nextWindow);
      }
      points.cache(cachedBase, base);
      points.storeIdentity(points.extended(placeAt(multiples)));
      const below = { from: multiples, step: points.bytes };
      forEachBlock(assembler, i32.const(LARGEST_DIGIT), [below], (...[place]) => {
        if (place === undefined) throw new RangeError('one pointer walks');
        const next = placeAt(i32.add(addressOf(place), i32.const(points.bytes)));
        points.add(points.extended(next), points.extended(place), cachedBase);
      });
      assembler.call(normalize, multiples, products, i32.const(entries));
      const walks = [
        { from: multiples, step: points.bytes },
        { from: to.value, step: entryBytes },
      ];
      forEachBlock(assembler, i32.const(entries), walks, (...[place, entry]) => {
        if (place === undefined || entry === undefined) throw new RangeError('two pointers walk');
        points.storeAffine(affine, points.extended(place));
        const lanes = Array.from({ length: field.lanes }, (_, l) =>
          assembler.keep(i32.add(addressOf(entry), i32.const(l * windowBytes))),
        );
        field.scatter(lanes, affine.place, 3);
      });
      to.set(i32.add(to.value, i32.const(field.lanes * windowBytes)));
    });
  });

  assembler.routine('multiplyFixed', 4, (to, scalars, table, blocks) => {
    const carries = Array.from({ length: field.lanes }, () => assembler.local('i32'));
    const scalarByte = assembler.local('i32');
    const window = assembler.local('i32');
    const walks = [
      { from: to, step: points.bytes },
      { from: scalars, step: 32 * field.lanes },
    ];
    forEachBlock(assembler, blocks, walks, (...[result, scalarPlace]) => {
      if (result === undefined || scalarPlace === undefined) throw new RangeError('two pointers walk');
      const accumulator = points.extended(result);
      points.storeIdentity(accumulator);
      for (const carry of carries) carry.set(i32.const(0));
      scalarByte.set(addressOf(scalarPlace));
      window.set(table);
      assembler.repeat(i32.const(WINDOWS), () => {
        const signs: I32[] = [];
        const minus: I32[] = [];
        const plus: I32[] = [];
        const product: I32[] = [];
        carries.forEach((carry, l) => {
          const byte = i32.load8U({ base: scalarByte.value, offset: 32 * l });
          const sum = assembler.keep(i32.add(byte, carry.value));
          carry.set(i32.shrU(i32.add(sum, i32.const(LARGEST_DIGIT)), i32.const(DIGIT_BITS)));
          const digit = assembler.keep(i32.sub(sum, i32.shl(carry.value, i32.const(DIGIT_BITS))));
          const sign = assembler.keep(i32.shrS(digit, i32.const(31)));
          const magnitude = i32.sub(i32.xor(digit, sign), sign);
          const entry = assembler.keep(i32.add(window.value, i32.mul(magnitude, i32.const(entryBytes))));
          // −(x, y) exchanges y − x with y + x: where the sign is set, each is read where the other stands.
          const exchange = assembler.keep(i32.and(sign, i32.const(field.laneBytes)));
          signs.push(sign);
          minus.push(assembler.keep(i32.add(entry, exchange)));
          plus.push(assembler.keep(i32.sub(i32.add(entry, i32.const(field.laneBytes)), exchange)));
          product.push(assembler.keep(i32.add(entry, i32.const(2 * field.laneBytes))));
        });
        field.gather(affine.yMinusX.place, minus, 1);
        field.gather(affine.yPlusX.place, plus, 1);
        field.gather(affine.xyd2.place, product, 1);
        const isNegative = field.packMask(signs.map((sign) => i64.extendS(sign)));
        field.store([negateIf(isNegative, affine.xyd2)], [affine.xyd2.place]);
        points.addAffine(accumulator, accumulator, affine, 'with T');
        scalarByte.set(i32.add(scalarByte.value, i32.const(1)));
        window.set(i32.add(window.value, i32.const(windowBytes)));
      });
    });
  });
}
