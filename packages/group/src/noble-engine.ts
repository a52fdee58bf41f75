import { mulAddUnsafe } from '@noble/curves/abstract/curve.js';
import { ristretto255, ristretto255_hasher } from '@noble/curves/ed25519.js';
import { countItems, countPairs, itemAt } from './batch.ts';
import { ELEMENT_BYTES, SCALAR_BYTES, UNIFORM_BYTES, type Engine } from './engine.ts';
import { GroupError } from './errors.ts';
import { decodeScalar } from './scalars.ts';

const { Point } = ristretto255;
type Element = InstanceType<typeof Point>;

/**
 * The gate for one element: canonical (RFC 9496, section 4.3.1) and not the identity (RFC 9497, section 4.1).
 */
function decodeElement(elements: Uint8Array, index: number): Element {
  const bytes = itemAt(elements, index, ELEMENT_BYTES);
  let element: Element;
  try {
    element = Point.fromBytes(bytes);
  } catch (cause) {
    throw new GroupError(
      'element_invalid',
      'An element is not a canonical ristretto255 encoding; refuse the batch.',
      {
        index,
        cause,
      },
    );
  }
  if (element.is0()) {
    throw new GroupError('element_invalid', 'An element is the identity; refuse the batch.', { index });
  }
  return element;
}

function deriveElement(uniform: Uint8Array): Element {
  const element = ristretto255_hasher.deriveToCurve?.(uniform);
  // Optional in the library's type, for curves that have no such map; ristretto255 has.
  if (element === undefined) throw new TypeError('@noble/curves has no element derivation for ristretto255');
  return element;
}

function encodeEach(count: number, element: (index: number) => Element): Uint8Array {
  const encoded = new Uint8Array(count * ELEMENT_BYTES);
  for (let i = 0; i < count; i++) encoded.set(element(i).toBytes(), i * ELEMENT_BYTES);
  return encoded;
}

function hashToGroup(uniform: Uint8Array): Uint8Array {
  const count = countItems(uniform, UNIFORM_BYTES, 'uniform strings');
  return encodeEach(count, (i) => deriveElement(itemAt(uniform, i, UNIFORM_BYTES)));
}

function checkElements(elements: Uint8Array): void {
  const count = countItems(elements, ELEMENT_BYTES, 'elements');
  for (let i = 0; i < count; i++) decodeElement(elements, i);
}

function multiply(elements: Uint8Array, scalar: Uint8Array): Uint8Array {
  const count = countItems(elements, ELEMENT_BYTES, 'elements');
  if (scalar.length !== SCALAR_BYTES) {
    throw new GroupError('batch_length', `Give one scalar of 32 bytes; got ${scalar.length} bytes.`);
  }
  const factor = decodeScalar(scalar, 0, 'refused');
  return encodeEach(count, (i) => decodeElement(elements, i).multiply(factor));
}

function multiplyEach(elements: Uint8Array, scalars: Uint8Array): Uint8Array {
  const count = countPairs(elements, scalars);
  return encodeEach(count, (i) => decodeElement(elements, i).multiply(decodeScalar(scalars, i, 'refused')));
}

function multiplyBase(scalars: Uint8Array): Uint8Array {
  const count = countItems(scalars, SCALAR_BYTES, 'scalars');
  return encodeEach(count, (i) => Point.BASE.multiply(decodeScalar(scalars, i, 'refused')));
}

function multiScalarMultiply(elements: Uint8Array, scalars: Uint8Array): Uint8Array {
  const count = countPairs(elements, scalars);
  const points = Array.from({ length: count }, (_, i) => decodeElement(elements, i));
  const factors = Array.from({ length: count }, (_, i) => decodeScalar(scalars, i, 'allowed'));
  // Interleaved windows stop at the longest scalar, so that 128-bit coefficients cost half of full ones.
  return mulAddUnsafe(Point, points, factors).toBytes();
}

/**
 * The reference engine, over @noble/curves: slow, obvious, the oracle for every fast path. Its authors say
 * that multiplying an element by a long-lived secret scalar is not hardened against an observer of its
 * timing, and that is just what a holder does. About 2 ms of a core for each multiplication.
 */
export const nobleEngine: Engine = {
  name: 'noble',
  hashToGroup,
  checkElements,
  multiply,
  multiplyEach,
  multiplyBase,
  multiScalarMultiply,
};
