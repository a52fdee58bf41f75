import type { Place } from './instructions.ts';
import { offsetBy } from './assembler.ts';
import type { Field } from './field.ts';
import type { Lanes } from './integer-lanes.ts';
import { negateIf, subtract, type FieldElement, type Linear, type Mask } from './linear.ts';

/*
 * Between limbs and canonical values. On the way an element is five digits of 51 bits, integers in lanes. Questions
 * about a value (is it zero, is it negative) are answered with masks, by the same operations for every value.
 */
const DIGITS = 5;
const DIGIT_BITS = 51;
const DIGIT_MASK = (1n << 51n) - 1n;
/** p, digit by digit. */
const MODULUS = [DIGIT_MASK - 18n, DIGIT_MASK, DIGIT_MASK, DIGIT_MASK, DIGIT_MASK];

/** The digits of one vector, carried, of a value below 2·p; and 1 in the lanes where it is p or more. */
interface Digits {
  readonly digits: readonly Lanes[];
  readonly reachesModulus: Lanes;
}

function digitAt(digits: readonly Lanes[], index: number): Lanes {
  const digit = digits[index];
  if (digit === undefined) throw new RangeError('an element has five digits');
  return digit;
}

/** Each digit's upper bits go to the next; the highest keeps its own. */
function carryUp(field: Field, digits: Lanes[]): void {
  const { integers, assembler } = field;
  for (let i = 0; i < DIGITS - 1; i++) {
    const [low, high] = [digitAt(digits, i), digitAt(digits, i + 1)];
    digits[i + 1] = assembler.keep(integers.add(high, integers.shiftRight(low, DIGIT_BITS)));
    digits[i] = assembler.keep(integers.and(low, integers.constant(DIGIT_MASK)));
  }
}

function times19(field: Field, a: Lanes): Lanes {
  const { integers } = field;
  const twice = integers.shiftLeft(a, 1);
  return integers.add(integers.add(a, twice), integers.shiftLeft(a, 4));
}

function reducedDigits(field: Field, a: Linear, vector: number): Digits {
  const { integers, assembler } = field;
  const small = a.bound > field.convertibleBound ? field.carry(a) : a;
  if (small.bound > field.convertibleBound) throw new RangeError('an element is too large to be reduced');
  // 8·p, digit by digit, makes every digit positive without changing the value modulo p.
  const digits = field
    .digits(field.limbsOf(vector, small))
    .map((digit, i) => assembler.keep(integers.add(digit, integers.constant(8n * (MODULUS[i] ?? 0n)))));
  carryUp(field, digits);
  // The highest digit is below 2^55 (7·2^51 and 8·p), so at most 15 times 2^255, which is 19, goes to the lowest:
  // the value is below 2^255 + 304 after that, which is less than 2·p, with a lowest digit below 2^51 + 304.
  const top = assembler.keep(integers.shiftRight(digitAt(digits, 4), DIGIT_BITS));
  digits[0] = assembler.keep(integers.add(digitAt(digits, 0), times19(field, top)));
  digits[4] = assembler.keep(integers.and(digitAt(digits, 4), integers.constant(DIGIT_MASK)));
  // The value reaches p just when the value and 19 reach 2^255.
  let carry = integers.constant(19n);
  for (let i = 0; i < DIGITS; i++) {
    carry = assembler.keep(integers.shiftRight(integers.add(digitAt(digits, i), carry), DIGIT_BITS));
  }
  return { digits, reachesModulus: carry };
}

function eachVector(field: Field, work: (vector: number) => Lanes): Mask {
  return Array.from({ length: field.vectors }, (_, vector) => field.assembler.keep(work(vector)));
}

/** The canonical value of one vector, as four 64-bit words, least significant first. */
function canonicalWords(field: Field, a: Linear, vector: number): Lanes[] {
  const { integers, assembler } = field;
  const { digits: reduced, reachesModulus } = reducedDigits(field, a, vector);
  const digits = [...reduced];
  // Taking off p is adding 19 and dropping 2^255.
  digits[0] = assembler.keep(integers.add(digitAt(digits, 0), times19(field, reachesModulus)));
  carryUp(field, digits);
  digits[4] = assembler.keep(integers.and(digitAt(digits, 4), integers.constant(DIGIT_MASK)));
  return Array.from({ length: 4 }, (_, word) => {
    // Word w begins 13·w bits into digit w.
    const low = integers.shiftRight(digitAt(digits, word), 13 * word);
    const high = integers.shiftLeft(digitAt(digits, word + 1), DIGIT_BITS - 13 * word);
    return assembler.keep(integers.or(low, high));
  });
}

/** The canonical encodings of all lanes, 32 bytes each, least significant first (RFC 9496, section 4.1). */
export function toBytes(field: Field, to: Place, a: Linear): void {
  for (let vector = 0; vector < field.vectors; vector++) {
    canonicalWords(field, a, vector).forEach((word, i) => {
      field.storeWord(offsetBy(to, 8 * i), 32, vector, word);
    });
  }
}

/** Reads 32 bytes of each lane, `stride` bytes apart, without their top bit; the value may exceed p − 1. */
export function fromBytes(field: Field, from: Place, stride: number): FieldElement {
  const { integers, assembler } = field;
  const to = field.scratch();
  const mask = integers.constant(DIGIT_MASK);
  for (let vector = 0; vector < field.vectors; vector++) {
    const words = Array.from({ length: 4 }, (_, i) =>
      assembler.keep(field.loadWord(offsetBy(from, 8 * i), stride, vector)),
    );
    const digits = Array.from({ length: DIGITS }, (_, i) => {
      // Digit i begins at bit 51·i, 64 − 13·i bits into word i − 1.
      if (i === 0) return integers.and(digitAt(words, 0), mask);
      const low = integers.shiftRight(digitAt(words, i - 1), 64 - 13 * i);
      if (i === DIGITS - 1) return integers.and(low, mask);
      return integers.and(integers.or(low, integers.shiftLeft(digitAt(words, i), 13 * i)), mask);
    });
    field.storeDigits(to, vector, digits);
  }
  return field.store([field.carry(field.element(to, field.digitBound))])[0];
}

/**
 * The lanes whose 32 bytes, lanes side by side, are a number below p, and an even one: what an encoding must be before
 * anything is computed (RFC 9496, section 4.3.1).
 */
export function isCanonicalAndEven(field: Field, from: Place): Mask {
  const { integers, assembler } = field;
  const zero = integers.constant(0n);
  return eachVector(field, (vector) => {
    const words = Array.from({ length: 4 }, (_, i) =>
      assembler.keep(field.loadWord(offsetBy(from, 8 * i), 32, vector)),
    );
    const [low, high] = [digitAt(words, 0), digitAt(words, 3)];
    // p is 2^64 − 19, 2^64 − 1, 2^64 − 1 and 2^63 − 1, least significant first.
    const isHighest = integers.and(
      integers.isEqual(integers.and(digitAt(words, 1), digitAt(words, 2)), integers.constant(-1n)),
      integers.isEqual(high, integers.constant((1n << 63n) - 1n)),
    );
    // An even lowest word above 2^64 − 19 is 2^64 − 18 or more: its half and 9 reach 2^63.
    const half = integers.shiftRight(low, 1);
    const reaches = integers.shiftRight(integers.add(half, integers.constant(9n)), 63);
    const isTooLarge = integers.and(isHighest, integers.subtract(zero, reaches));
    const topOrOdd = integers.or(integers.shiftRight(high, 63), integers.and(low, integers.constant(1n)));
    const isBad = integers.or(isTooLarge, integers.subtract(zero, topOrOdd));
    return integers.xor(isBad, integers.constant(-1n));
  });
}

/** All ones where a reduced value is odd: p is odd. */
function isOdd({ integers }: Field, { digits, reachesModulus }: Digits): Lanes {
  const parity = integers.and(integers.add(digitAt(digits, 0), reachesModulus), integers.constant(1n));
  return integers.subtract(integers.constant(0n), parity);
}

/**
 * All ones where a reduced value is zero modulo p. Of the values below 2·p, these are 0 and p; each has only one
 * form, the lowest digit being below 2^52 − 19.
 */
function isZeroForm({ integers }: Field, { digits }: Digits): Lanes {
  const isForm = (form: readonly bigint[]): Lanes =>
    digits
      .map((digit, i) => integers.isEqual(digit, integers.constant(form[i] ?? 0n)))
      .reduce((all, one) => integers.and(all, one));
  return integers.or(isForm([0n, 0n, 0n, 0n, 0n]), isForm(MODULUS));
}

/** The lanes whose value is negative, that is odd: IS_NEGATIVE of RFC 9496, section 4.1. */
export function isNegative(field: Field, a: Linear): Mask {
  return eachVector(field, (vector) => isOdd(field, reducedDigits(field, a, vector)));
}

/** The lanes whose value is zero modulo p. */
export function isZero(field: Field, a: Linear): Mask {
  return eachVector(field, (vector) => isZeroForm(field, reducedDigits(field, a, vector)));
}

/** The lanes whose value is negative or zero. */
export function isNegativeOrZero(field: Field, a: Linear): Mask {
  return eachVector(field, (vector) => {
    const reduced = reducedDigits(field, a, vector);
    return field.integers.or(isOdd(field, reduced), isZeroForm(field, reduced));
  });
}

/** The lanes where both values are the same modulo p. */
export function isEqual(field: Field, a: Linear, b: Linear): Mask {
  return isZero(field, subtract(a, b));
}

/** CT_ABS of RFC 9496, section 4.1. */
export function absolute(field: Field, a: FieldElement): Linear {
  return negateIf(isNegative(field, a), a);
}
