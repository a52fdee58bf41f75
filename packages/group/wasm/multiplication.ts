import { forEachBlock } from './batches.ts';
import { addressOf, offsetBy, placeAt, staticPlace } from './assembler.ts';
import { i32, i64, type Place } from './instructions.ts';
import { negateIf, select } from './linear.ts';
import type { PointArithmetic } from './points.ts';

/** Digits of a scalar: radix 16, from −8 to 8. */
export const DIGITS = 64;
const DIGIT_BITS = 4;
const LARGEST_DIGIT = 8;
const DIGIT_BYTES = 4;

/**
 * Adds multiply(to, from, digits, blocks): every point times the one scalar that has these 64 signed digits, the
 * least significant first.
 *
 * The scalar may be the holder's key. Every scalar takes the same steps: four doublings and one addition a
 * digit, zero digits included. An addition's operand is read by a scan of the whole table, under masks; no
 * address and no branch comes from a digit.
 */
export function addMultiplication(points: PointArithmetic): void {
  const { field } = points;
  const { assembler } = field;
  const reservePoint = (): Place => staticPlace(assembler.reserve(points.bytes));
  const accumulator = points.extended(reservePoint());
  const multiples = Array.from({ length: LARGEST_DIGIT }, () => points.extended(reservePoint()));
  const table = Array.from({ length: LARGEST_DIGIT }, () => points.cached(reservePoint()));
  const selected = points.cached(reservePoint());

  /** The cached form of the identity: 1, 1, 2, 0. */
  const cachedIdentity = points.cached(reservePoint());

  /** 1 to 8 times the point at `from`, in `table`. */
  const fillTable = assembler.routine(undefined, 1, (from) => {
    const [first] = multiples;
    const [cachedFirst] = table;
    if (first === undefined || cachedFirst === undefined) throw new RangeError('a table is not empty');
    points.copy(first, points.extended(placeAt(from)));
    points.cache(cachedFirst, first);
    for (let n = 2; n <= LARGEST_DIGIT; n++) {
      const [to, half, below, cached] = [
        multiples[n - 1],
        multiples[n / 2 - 1],
        multiples[n - 2],
        table[n - 1],
      ];
      if (to === undefined || below === undefined || cached === undefined) throw new RangeError();
      if (half !== undefined) points.double(to, half, 'with T');
      else points.add(to, below, cachedFirst, 'with T');
      points.cache(cached, to);
    }
  });

  /** The multiple for the digit at an address, in `selected`. */
  const selectMultiple = assembler.routine(undefined, 1, (digitAddress) => {
    const digit = assembler.keep(i32.load(placeAt(digitAddress)));
    const sign = assembler.keep(i32.shrS(digit, i32.const(31)));
    const magnitude = assembler.keep(i32.sub(i32.xor(digit, sign), sign));
    const entries = [cachedIdentity, ...table].map(({ place }, n) => ({
      place,
      mask: field.uniformMask(i64.sub(i64.const(0n), i64.extendU(i32.eq(magnitude, i32.const(n))))),
    }));
    field.scan(selected.place, entries, 4);
    const isNegative = field.uniformMask(i64.extendS(sign));
    const { yMinusX, yPlusX, td2 } = selected;
    field.store(
      [select(isNegative, yPlusX, yMinusX), select(isNegative, yMinusX, yPlusX), negateIf(isNegative, td2)],
      [yMinusX.place, yPlusX.place, td2.place],
    );
  });

  assembler.routine('multiply', 4, (to, from, digits, blocks) => {
    points.storeCachedIdentity(cachedIdentity);
    const digit = assembler.local('i32');
    const nextDigit = (): void => {
      assembler.call(selectMultiple, digit.value);
      digit.set(i32.sub(digit.value, i32.const(DIGIT_BYTES)));
    };
    const fourDoublings = (): void => {
      for (let n = 1; n < DIGIT_BITS; n++) points.double(accumulator, accumulator, 'without T');
      points.double(accumulator, accumulator, 'with T');
    };
    const walks = [
      { from: to, step: points.bytes },
      { from, step: points.bytes },
    ];
    forEachBlock(assembler, blocks, walks, (...[result, point]) => {
      if (result === undefined || point === undefined) throw new RangeError('two pointers walk');
      assembler.call(fillTable, addressOf(point));
      digit.set(addressOf(offsetBy(placeAt(digits), DIGIT_BYTES * (DIGITS - 1))));
      points.storeIdentity(accumulator);
      nextDigit();
      points.add(accumulator, accumulator, selected, 'without T');
      assembler.repeat(i32.const(DIGITS - 2), () => {
        fourDoublings();
        nextDigit();
        points.add(accumulator, accumulator, selected, 'without T');
      });
      fourDoublings();
      nextDigit();
      points.add(points.extended(result), accumulator, selected, 'with T');
    });
  });
}
