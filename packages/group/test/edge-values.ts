import { ristretto255 } from '@noble/curves/ed25519.js';
import * as fc from 'fast-check';
import { concat } from './byte-batches.ts';
import { elementsOf } from './known-elements.ts';
import { littleEndian, ORDER } from './scalar-arithmetic.ts';

const { Point } = ristretto255;
const FIELD = 2n ** 255n - 19n;

/** `digit` at every place of a number of `count` digits, `bits` apart. */
function limbs(digit: bigint, bits: bigint, count: number): bigint {
  return Array.from({ length: count }).reduce<bigint>((value) => (value << bits) + digit, 0n) % 2n ** 255n;
}

/** Square roots of −1 and the like are no constants here: what squares to `value` modulo the field prime, if any. */
function squareRoot(value: bigint): bigint | undefined {
  const root = Point.Fp.pow(value, (FIELD + 3n) / 8n);
  const candidates = [root, Point.Fp.mul(root, Point.Fp.pow(2n, (FIELD - 1n) / 4n))];
  return candidates.find((candidate) => Point.Fp.sqr(candidate) === value);
}

/**
 * The inputs at which a denominator of the map of RFC 9496, section 4.3.4, is zero: r = i·t² is −d or −1/d. Such
 * a half maps to the identity.
 */
function singularities(): bigint[] {
  const { Fp } = Point;
  const d = Fp.div(Fp.neg(121665n), 121666n);
  const i = Fp.pow(2n, (FIELD - 1n) / 4n);
  const roots = [Fp.mul(i, d), Fp.div(i, d)].map(squareRoot).filter((root) => root !== undefined);
  return roots.flatMap((root) => [root, Fp.neg(root)]);
}

/** Field elements, and numbers a little above the field, at which limbs, carries and reductions are at their limits. */
export const EDGE_FIELD_VALUES: readonly bigint[] = [
  ...Array.from({ length: 20 }, (_, i) => BigInt(i)),
  // p − 19 to p + 18, the last number of 255 bits.
  ...Array.from({ length: 38 }, (_, i) => FIELD - 19n + BigInt(i)),
  ...[(FIELD - 1n) / 2n, (FIELD + 1n) / 2n, (FIELD - 1n) / 4n],
  ...singularities(),
  // Limbs of 51 bits, which may be balanced around zero.
  ...[1n, 2n ** 50n - 1n, 2n ** 50n, 2n ** 50n + 1n, 2n ** 51n - 2n, 2n ** 51n - 1n].flatMap((digit) => [
    limbs(digit, 51n, 5),
    ...[0n, 1n, 2n, 3n, 4n].map((place) => digit << (51n * place)),
    ...[0n, 1n, 2n, 3n, 4n].map((place) => limbs(digit, 51n, 5) - (digit << (51n * place))),
  ]),
  // Limbs of alternately 26 and 25 bits, of 32 and of 64.
  ...[1n, 2n ** 25n, 2n ** 24n, 2n ** 26n - 1n, 2n ** 25n - 1n].map((digit) => limbs(digit, 51n, 5) << 26n),
  ...[2n ** 31n, 2n ** 32n - 1n, 1n].map((digit) => limbs(digit, 32n, 8)),
  ...[2n ** 63n, 2n ** 64n - 1n, 1n].map((digit) => limbs(digit, 64n, 4)),
].map((value) => value % 2n ** 255n);

const edgeField = fc.constantFrom(...EDGE_FIELD_VALUES);
const anyField = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 255n - 1n }), edgeField);

/** 64 uniform bytes: both halves at edges or anywhere, with the highest bit, which is ignored, set or not. */
export const anyUniform: fc.Arbitrary<Uint8Array> = fc
  .tuple(anyField, fc.boolean(), anyField, fc.boolean())
  .map(([low, lowBit, high, highBit]) =>
    concat(littleEndian(low + (lowBit ? 2n ** 255n : 0n)), littleEndian(high + (highBit ? 2n ** 255n : 0n))),
  );

/** 32 bytes that may or may not encode an element: field values, the highest bit set now and then. */
export const anyCandidate: fc.Arbitrary<Uint8Array> = fc
  .tuple(anyField, fc.constantFrom(0n, 0n, 0n, 2n ** 255n))
  .map(([value, bit]) => littleEndian(value + bit));

function isElement(value: bigint): boolean {
  try {
    return !Point.fromBytes(littleEndian(value)).is0();
  } catch {
    return false;
  }
}

/** The elements whose encodings are next below (or at) an edge value of the field, where the patterns of limbs last. */
export const EDGE_ELEMENTS: readonly Uint8Array[] = EDGE_FIELD_VALUES.flatMap((edge) => {
  const near = Array.from({ length: 40 }, (_, i) => edge - BigInt(i)).find(
    (value) => value > 0n && isElement(value),
  );
  return near === undefined ? [] : [littleEndian(near)];
});

/** Elements that pass the gate: at edges of the field, small multiples of the generator, and others. */
export const anyElement: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.constantFrom(...EDGE_ELEMENTS),
  fc.constantFrom(...[1, 2, 3, 4, 8, 16].map((log) => elementsOf(log))),
  fc.bigInt({ min: 1n, max: ORDER - 1n }).map((log) => elementsOf(log)),
);
