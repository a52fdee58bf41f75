import { mulAddUnsafe } from '@noble/curves/abstract/curve.js';
import { ristretto255, ristretto255_hasher } from '@noble/curves/ed25519.js';
import { bytesToNumberLE } from '@noble/curves/utils.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { checkOffsets, countItems, countPairs, countRooted, itemAt } from './batch.ts';
import {
  DIGEST_BYTES,
  ELEMENT_BYTES,
  SCALAR_BYTES,
  UNIFORM_BYTES,
  type ByteStrings,
  type ElementsWithRoots,
  type Engine,
  type Points,
} from './engine.ts';
import { GroupError } from './errors.ts';
import { areRootsOf, rootsOf } from './noble-roots.ts';
import { checkPoints, type PointsLayout } from './points.ts';
import { checkOneScalar, checkScalars } from './scalars.ts';

const { Point } = ristretto255;
type Element = InstanceType<typeof Point>;

// Arithmetic modulo ℓ on big integers. Its time depends on the values, and a big integer can't be wiped.
const field = Point.Fn;
const INVERSE_OF_TWO = field.inv(2n);

/** This engine's points are just their encodings: it decodes them again whenever it needs them. */
const LAYOUT: PointsLayout = { engine: 'noble', bytes: (count) => count * ELEMENT_BYTES };

function pointsOf(count: number, element: (index: number) => Element): Points {
  const bytes = new Uint8Array(count * ELEMENT_BYTES);
  for (let i = 0; i < count; i++) bytes.set(element(i).toBytes(), i * ELEMENT_BYTES);
  return { engine: 'noble', count, normalized: true, bytes };
}

function pointAt({ bytes }: Points, index: number): Element {
  return Point.fromBytes(itemAt(bytes, index, ELEMENT_BYTES));
}

function scalarAt(scalars: Uint8Array, index: number): bigint {
  return field.fromBytes(itemAt(scalars, index, SCALAR_BYTES));
}

/** The library refuses to multiply by zero, where this interface allows it. */
function product(element: Element, scalar: bigint): Element {
  return scalar === 0n ? Point.ZERO : element.multiply(scalar);
}

function derive(uniform: Uint8Array): Points {
  const count = countItems(uniform, UNIFORM_BYTES, 'uniform strings');
  return pointsOf(count, (i) => {
    const element = ristretto255_hasher.deriveToCurve?.(itemAt(uniform, i, UNIFORM_BYTES));
    // Optional in the library's type, for curves that have no such map; ristretto255 has.
    if (element === undefined)
      throw new TypeError('@noble/curves has no element derivation for ristretto255');
    return element;
  });
}

function decode(elements: Uint8Array): Points {
  const count = countItems(elements, ELEMENT_BYTES, 'elements');
  for (let index = 0; index < count; index++) {
    let element: Element;
    try {
      element = Point.fromBytes(itemAt(elements, index, ELEMENT_BYTES));
    } catch (cause) {
      const message = 'An element is not a canonical ristretto255 encoding; refuse the batch.';
      throw new GroupError('element_invalid', message, { index, cause });
    }
    if (element.is0()) {
      throw new GroupError('element_invalid', 'An element is the identity; refuse the batch.', { index });
    }
  }
  return { engine: 'noble', count, normalized: true, bytes: Uint8Array.from(elements) };
}

/** It has no use for roots: what they are can't change anything. */
function decodeWithRoots(elements: Uint8Array, roots: Uint8Array): Points {
  countRooted(elements, roots);
  return decode(elements);
}

function areRoots(elements: Uint8Array, roots: Uint8Array): boolean {
  return areRootsOf(decodeWithRoots(elements, roots).bytes, roots);
}

function withRoots(elements: Uint8Array): ElementsWithRoots {
  return { elements, roots: rootsOf(elements) };
}

function encode(points: Points): Uint8Array {
  checkPoints(LAYOUT, points);
  return Uint8Array.from(points.bytes);
}

function add(a: Points, b: Points): Points {
  const count = checkPoints(LAYOUT, a, b);
  return pointsOf(count, (i) => pointAt(a, i).add(pointAt(b, i)));
}

function subtract(a: Points, b: Points): Points {
  const count = checkPoints(LAYOUT, a, b);
  return pointsOf(count, (i) => pointAt(a, i).subtract(pointAt(b, i)));
}

function multiplyHalf(points: Points, scalar: Uint8Array): Points {
  const count = checkPoints(LAYOUT, points);
  checkOneScalar(scalar);
  const half = field.mul(scalarAt(scalar, 0), INVERSE_OF_TWO);
  return pointsOf(count, (i) => product(pointAt(points, i), half));
}

function encodeDouble(points: Points): Uint8Array {
  const count = checkPoints(LAYOUT, points);
  return pointsOf(count, (i) => pointAt(points, i).double()).bytes;
}

function multiplyFixed(base: Uint8Array, scalars: Uint8Array): Points {
  if (base.length !== ELEMENT_BYTES) {
    throw new GroupError('batch_length', `Give one base of 32 bytes; got ${base.length} bytes.`);
  }
  const element = pointAt(decode(base), 0);
  checkScalars(scalars, 'allowed');
  return pointsOf(scalars.length / SCALAR_BYTES, (i) => product(element, scalarAt(scalars, i)));
}

function multiScalarMultiply(points: Points, scalars: Uint8Array): Points {
  const count = checkPoints(LAYOUT, points);
  countPairs(count, scalars);
  checkScalars(scalars, 'allowed');
  const elements = Array.from({ length: count }, (_, i) => pointAt(points, i));
  const factors = Array.from({ length: count }, (_, i) => scalarAt(scalars, i));
  // Interleaved windows stop at the longest scalar, so that 128-bit coefficients cost half of full ones.
  return pointsOf(1, () => mulAddUnsafe(Point, elements, factors));
}

function scalarsFromWide(wide: Uint8Array): Uint8Array {
  const width = 2 * SCALAR_BYTES;
  const count = countItems(wide, width, 'wide scalars');
  const scalars = new Uint8Array(count * SCALAR_BYTES);
  for (let i = 0; i < count; i++) {
    const value = field.create(bytesToNumberLE(itemAt(wide, i, width)));
    scalars.set(field.toBytes(value), i * SCALAR_BYTES);
  }
  return scalars;
}

function subtractProduct(a: Uint8Array, b: Uint8Array, c: Uint8Array): Uint8Array {
  for (const scalar of [a, b, c]) checkOneScalar(scalar);
  return field.toBytes(field.sub(scalarAt(a, 0), field.mul(scalarAt(b, 0), scalarAt(c, 0))));
}

function sha512Each(prefix: Uint8Array, strings: ByteStrings, suffix: Uint8Array): Uint8Array {
  const count = checkOffsets(strings);
  const digests = new Uint8Array(count * DIGEST_BYTES);
  for (let i = 0; i < count; i++) {
    const string = strings.bytes.subarray(strings.offsets[i], strings.offsets[i + 1]);
    digests.set(sha512.create().update(prefix).update(string).update(suffix).digest(), i * DIGEST_BYTES);
  }
  return digests;
}

/**
 * The reference engine, over @noble/curves and @noble/hashes: slow, obvious, the oracle for every fast path. Its
 * authors say that multiplying an element by a long-lived secret scalar is not hardened against an observer of
 * its timing, and that is just what a holder does. About 1 ms of a core for each multiplication.
 */
export const nobleEngine: Engine = {
  name: 'noble',
  derive,
  decode,
  decodeWithRoots,
  areRoots,
  encode,
  encodeWithRoots: (points) => withRoots(encode(points)),
  add,
  subtract,
  multiplyHalf,
  encodeDouble,
  encodeDoubleWithRoots: (points) => withRoots(encodeDouble(points)),
  multiplyFixed,
  multiScalarMultiply,
  scalarsFromWide,
  subtractProduct,
  sha512Each,
};
