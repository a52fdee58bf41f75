import { describe, expect, it } from 'vitest';
import type { Engine } from '../src/engine.ts';
import { nobleEngine } from '../src/noble-engine.ts';
import { soakBatch } from './engine-soak.ts';
import { scalars } from './scalar-arithmetic.ts';
import { spoilBytes, spoilPoints } from './spoiled-batches.ts';

const wrong: Readonly<Record<string, Partial<Engine>>> = {
  derive: { derive: (uniform) => spoilPoints(nobleEngine.derive(uniform)) },
  encode: { encode: (points) => spoilBytes(nobleEngine.encode(points)) },
  encodeDouble: { encodeDouble: (points) => spoilBytes(nobleEngine.encodeDouble(points)) },
  'roots of encodings': {
    encodeWithRoots: (points) => ({
      ...nobleEngine.encodeWithRoots(points),
      roots: spoilBytes(nobleEngine.encodeWithRoots(points).roots),
    }),
  },
  'roots of doubled encodings': {
    encodeDoubleWithRoots: (points) => ({
      ...nobleEngine.encodeDoubleWithRoots(points),
      roots: spoilBytes(nobleEngine.encodeDoubleWithRoots(points).roots),
    }),
  },
  decodeWithRoots: { decodeWithRoots: (elements) => spoilPoints(nobleEngine.decode(elements)) },
  add: { add: (a, b) => spoilPoints(nobleEngine.add(a, b)) },
  subtract: { subtract: (a, b) => spoilPoints(nobleEngine.subtract(a, b)) },
  multiplyHalf: { multiplyHalf: (points, scalar) => spoilPoints(nobleEngine.multiplyHalf(points, scalar)) },
  // Consistent with itself: only the reference engine tells.
  'multiplyHalf by another scalar': {
    multiplyHalf: (points, scalar) =>
      nobleEngine.multiplyHalf(points, nobleEngine.subtractProduct(scalars(0), scalar, scalars(1))),
  },
  multiplyFixed: { multiplyFixed: (base, factors) => spoilPoints(nobleEngine.multiplyFixed(base, factors)) },
  multiScalarMultiply: {
    multiScalarMultiply: (points, factors) => spoilPoints(nobleEngine.multiScalarMultiply(points, factors)),
  },
};

describe('the soak', () => {
  it.each([1, 9])('finds nothing wrong with the reference engine in a batch of %i', (size) => {
    soakBatch(nobleEngine, 'right', size, 3);
  });

  it.each(Object.entries(wrong))('finds a wrong %s', (_, operations) => {
    expect(() => {
      soakBatch({ ...nobleEngine, ...operations }, 'wrong', 5, 2);
    }).toThrow();
  });
});
