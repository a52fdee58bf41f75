import { forEachBlock } from './batches.ts';
import { addressOf, offsetBy, placeAt, staticPlace, type Routine } from './assembler.ts';
import type { ScanEntry } from './field.ts';
import { i32, i64, type Place } from './instructions.ts';
import { negateIf, select } from './linear.ts';
import type { PointArithmetic } from './points.ts';

/** Digits of a scalar: radix 16, from −8 to 7. */
export const DIGITS = 64;
const DIGIT_BITS = 4;
/** Points that each block's table is made from: 1 to 8 times its own. */
const MULTIPLES = 8;
const DIGIT_BYTES = 4;

/**
 * Adds multiply(to, from, digits, work, blocks): every point times the one scalar that has these 64 signed
 * digits, the least significant first. `work` is `multiplyWorkBytes` of memory for each block.
 *
 * The scalar may be the holder's key. Every scalar takes the same steps: four doublings and one addition a
 * digit, zero digits included. An addition's operand is read by a scan of the whole table, under masks; no
 * address and no branch comes from a digit. (A window of five bits would save 13 additions, and lose more by
 * scanning twice as much.)
 *
 * The tables are brought to Z = 1, with one inversion for the whole batch: that makes each addition cheaper, and
 * each entry a coordinate shorter to scan.
 */
export function addMultiplication(points: PointArithmetic, normalize: Routine): void {
  const { field } = points;
  const { assembler } = field;
  const multiplesBytes = MULTIPLES * points.bytes;
  const productsBytes = MULTIPLES * field.bytes;
  assembler.exportNumber('multiplyWorkBytes', multiplesBytes + productsBytes);
  const reservePoint = (): Place => staticPlace(assembler.reserve(points.bytes));

  /** The multiple n = 1 to 8 of the point of a block, among those that stand from a place on. */
  const multiple = (from: Place, n: number) => points.extended(offsetBy(from, (n - 1) * points.bytes));

  const cached = points.cached(reservePoint());
  /** 1 to 8 times the point at `from`. */
  const computeMultiples = assembler.routine(undefined, 2, (to, from) => {
    const place = placeAt(to);
    points.copy(multiple(place, 1), points.extended(placeAt(from)));
    points.cache(cached, multiple(place, 1));
    for (let n = 2; n <= MULTIPLES; n++) {
      if (n % 2 === 0) points.double(multiple(place, n), multiple(place, n / 2), 'with T');
      else points.add(multiple(place, n), multiple(place, n - 1), cached);
    }
  });

  const table = Array.from({ length: MULTIPLES }, () => points.affine(reservePoint()));
  /** The multiples of a block, in `table`. */
  const fillTable = assembler.routine(undefined, 1, (multiples) => {
    table.forEach((entry, i) => {
      points.storeAffine(entry, multiple(placeAt(multiples), i + 1));
    });
  });

  const selected = points.affine(reservePoint());
  const one = field.constant(1n);
  /** The multiple for the digit at an address, in `selected`. */
  const selectMultiple = assembler.routine(undefined, 1, (digitAddress) => {
    const digit = assembler.keep(i32.load(placeAt(digitAddress)));
    const sign = assembler.keep(i32.shrS(digit, i32.const(31)));
    const magnitude = assembler.keep(i32.sub(i32.xor(digit, sign), sign));
    const maskOf = (n: number) =>
      field.uniformMask(i64.sub(i64.const(0n), i64.extendU(i32.eq(magnitude, i32.const(n)))));
    // The affine form of the identity is 1, 1, 0: one limb of each of two elements that is not zero.
    const ones = (element: number): ScanEntry => ({
      place: offsetBy(one.place, -element * field.bytes),
      mask: maskOf(0),
      isZero: (other, limb) => other !== element || limb !== 0,
    });
    const multiples = table.map(({ place }, i) => ({ place, mask: maskOf(i + 1) }));
    field.scan(selected.place, [...multiples, ones(0), ones(1)], 3);
    const isNegative = field.uniformMask(i64.extendS(sign));
    const { yMinusX, yPlusX, xyd2 } = selected;
    field.store(
      [select(isNegative, yPlusX, yMinusX), select(isNegative, yMinusX, yPlusX), negateIf(isNegative, xyd2)],
      [yMinusX.place, yPlusX.place, xyd2.place],
    );
  });

  const accumulator = points.extended(reservePoint());
  assembler.routine('multiply', 5, (to, from, digits, work, blocks) => {
    const products = assembler.keep(i32.add(work, i32.mul(blocks, i32.const(multiplesBytes))));
    const tables = [
      { from: work, step: multiplesBytes },
      { from, step: points.bytes },
    ];
    forEachBlock(assembler, blocks, tables, (...places) => {
      assembler.call(computeMultiples, ...places.map(addressOf));
    });
    assembler.call(normalize, work, products, i32.mul(blocks, i32.const(MULTIPLES)));

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
      { from: work, step: multiplesBytes },
    ];
    forEachBlock(assembler, blocks, walks, (...[result, multiples]) => {
      if (result === undefined || multiples === undefined) throw new RangeError('two pointers walk');
      assembler.call(fillTable, addressOf(multiples));
      digit.set(addressOf(offsetBy(placeAt(digits), DIGIT_BYTES * (DIGITS - 1))));
      points.storeIdentity(accumulator);
      nextDigit();
      points.addAffine(accumulator, accumulator, selected, 'without T');
      assembler.repeat(i32.const(DIGITS - 2), () => {
        fourDoublings();
        nextDigit();
        points.addAffine(accumulator, accumulator, selected, 'without T');
      });
      fourDoublings();
      nextDigit();
      points.addAffine(points.extended(result), accumulator, selected, 'with T');
    });
  });
}
