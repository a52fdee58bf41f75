import { offsetBy, placeAt, type Assembler } from './assembler.ts';
import { bounded, constant, lowBits, minus, shiftedRight, type Bounded } from './bounded.ts';
import { i32, i64, type I32, type I64, type Place } from './instructions.ts';
import {
  addIntegers,
  carry,
  constantInteger,
  halve,
  keep,
  LIMB_BITS,
  ORDER,
  reduce,
  subtractProductOf,
  type Integer,
} from './modulo-order.ts';

// Scalars in the module's memory. Every value takes the same steps: no branch and no address depends on one.

const SCALAR_BYTES = 32;
const WIDE_BYTES = 64;
/** Integers of one call of `reduceWide` for which there is room in the area. */
const WIDE_COUNT = 256;

const DIGITS = 64;
/** Seven digits are a limb. */
const DIGIT_BITS = 4;
const DIGIT_BYTES = 4;
const HALF_RADIX = 8n;

/** Loads little-endian bytes: each limb out of the four bytes that it lies in. */
function load(
  assembler: Assembler,
  from: Place,
  bytes: number,
  high = 2n ** BigInt(8 * bytes) - 1n,
): Integer {
  const count = Math.ceil((8 * bytes) / LIMB_BITS);
  const limbs = Array.from({ length: count }, (_, i): Bounded => {
    const start = i * LIMB_BITS;
    const first = Math.min(Math.floor(start / 8), bytes - 4);
    const word = bounded(i64.load32U(offsetBy(from, first)), 0n, 2n ** 32n - 1n);
    return keep(assembler, lowBits(shiftedRight(word, start - 8 * first), LIMB_BITS));
  });
  return { limbs, low: 0n, high };
}

/** Loads a scalar that the host has found canonical. */
function loadScalar(assembler: Assembler, from: I32): Integer {
  return load(assembler, placeAt(from), SCALAR_BYTES, ORDER - 1n);
}

/** Stores a canonical scalar as 32 bytes, little-endian. */
function storeScalar(assembler: Assembler, to: I32, { limbs, low, high }: Integer): void {
  if (low < 0n || high >= ORDER) throw new RangeError('only a canonical scalar can be stored');
  for (let bit = 0; bit < 8 * SCALAR_BYTES; bit += 64) {
    const parts = limbs.flatMap(({ value }, i): I64[] => {
      const shift = i * LIMB_BITS - bit;
      if (shift <= -LIMB_BITS || shift >= 64) return [];
      const by = i64.const(BigInt(Math.abs(shift)));
      return [shift < 0 ? i64.shrU(value, by) : i64.shl(value, by)];
    });
    const word = parts.reduce((all, part) => i64.or(all, part));
    assembler.emit(i64.store(offsetBy(placeAt(to), bit / 8), word));
  }
}

/**
 * Stores the signed digits of a scalar in radix 16, the least significant first, 32 bits each: with 8 added at
 * every place at once, each digit and 8 is an unsigned one, so that no digit waits for the one before.
 */
function storeDigits(assembler: Assembler, to: I32, scalar: Integer): void {
  let everywhere = 0n;
  for (let i = 0; i < DIGITS; i++) everywhere = (everywhere << BigInt(DIGIT_BITS)) + HALF_RADIX;
  const { limbs, low, high } = carry(assembler, addIntegers(scalar, constantInteger(everywhere)));
  if (low < 0n || high >= 2n ** BigInt(DIGITS * DIGIT_BITS))
    throw new RangeError('a scalar has too many digits');
  for (let i = 0; i < DIGITS; i++) {
    const bit = i * DIGIT_BITS;
    const limb = limbs[Math.floor(bit / LIMB_BITS)];
    if (limb === undefined) throw new RangeError('a scalar has too few limbs');
    const unsigned = lowBits(shiftedRight(limb, bit % LIMB_BITS), DIGIT_BITS);
    const digit = minus(unsigned, constant(HALF_RADIX));
    assembler.emit(i32.store(offsetBy(placeAt(to), i * DIGIT_BYTES), i32.wrap(digit.value)));
  }
}

/**
 * Adds arithmetic modulo ℓ. Scalars are 32 bytes, little-endian.
 * - `reduceWide(to, from, count)`: integers of 64 bytes, little-endian, to canonical scalars; one at least. `to`
 *   may be `from`.
 * - `subtractProduct(to, a, b, c)`: a − b·c, canonical, of any integers of 32 bytes.
 * - `prepareDigits(to, scalar)`: the 64 digits of half of a canonical scalar modulo ℓ in radix 16, from −8 to 7,
 *   least significant first, each a signed 32-bit integer.
 *
 * The exported numbers `scalarArea` and `scalarAreaBytes` tell the host where it may put integers.
 */
export function addScalars(assembler: Assembler): void {
  assembler.exportNumber('scalarArea', assembler.reserve(WIDE_BYTES * WIDE_COUNT));
  assembler.exportNumber('scalarAreaBytes', WIDE_BYTES * WIDE_COUNT);

  assembler.routine('reduceWide', 3, (to, from, count) => {
    const [source, target] = [assembler.local('i32'), assembler.local('i32')];
    source.set(from);
    target.set(to);
    assembler.repeat(count, () => {
      const wide = load(assembler, placeAt(source.value), WIDE_BYTES);
      storeScalar(assembler, target.value, reduce(assembler, wide));
      source.set(i32.add(source.value, i32.const(WIDE_BYTES)));
      target.set(i32.add(target.value, i32.const(SCALAR_BYTES)));
    });
  });

  assembler.routine('subtractProduct', 4, (to, ...operands) => {
    const [a, b, c] = operands.map((from) => load(assembler, placeAt(from), SCALAR_BYTES));
    if (a === undefined || b === undefined || c === undefined)
      throw new RangeError('three operands are needed');
    storeScalar(assembler, to, reduce(assembler, subtractProductOf(a, b, c)));
  });

  assembler.routine('prepareDigits', 2, (to, from) => {
    storeDigits(assembler, to, halve(assembler, loadScalar(assembler, from)));
  });
}
