import { describe, expect, it } from 'vitest';
import type { Engine } from '../src/engine.ts';
import { GroupError } from '../src/errors.ts';
import { nobleEngine } from '../src/noble-engine.ts';
import { concat } from './byte-batches.ts';
import { agreementChecks } from './agreement-checks.ts';
import { describeAgreement } from './engine-agreement.ts';
import { EDGE_ELEMENTS, EDGE_FIELD_VALUES } from './edge-values.ts';
import { negated } from './roots.ts';
import { littleEndian } from './scalar-arithmetic.ts';
import { spoilBytes, spoilPoints } from './spoiled-batches.ts';

describeAgreement(nobleEngine);

interface Fault {
  readonly fault: string;
  readonly wrong: Partial<Engine>;
  /** The check that is there for it. */
  readonly catcher: string;
}

const faults: readonly Fault[] = [
  {
    fault: 'derive',
    wrong: { derive: (uniform) => spoilPoints(nobleEngine.derive(uniform)) },
    catcher: 'derives elements from any uniform bytes, edges of the field included',
  },
  {
    fault: 'derive where a half is zero',
    wrong: {
      derive: (uniform) =>
        nobleEngine.derive(uniform.subarray(0, 32).some((byte) => byte !== 0) ? uniform : uniform.fill(1)),
    },
    catcher: 'derives an element from every edge of the field in each half',
  },
  {
    fault: 'decode',
    wrong: { decode: (elements) => spoilPoints(nobleEngine.decode(elements)) },
    catcher: 'decodes elements',
  },
  {
    fault: 'decode that ignores the highest bit',
    wrong: {
      decode: (elements) =>
        nobleEngine.decode(elements.map((byte, i) => (i % 32 === 31 ? byte & 0x7f : byte))),
    },
    catcher: 'accepts and refuses what it is given at every edge of the field',
  },
  {
    fault: 'decode that looks at the first element only',
    wrong: {
      decode: (elements) => {
        nobleEngine.decode(elements.subarray(0, 32));
        return { engine: 'noble', count: elements.length / 32, normalized: true, bytes: elements.slice() };
      },
    },
    catcher: 'refuses a batch for the first element that is wrong, in whatever lane',
  },
  {
    fault: 'encode',
    wrong: { encode: (points) => spoilBytes(nobleEngine.encode(points)) },
    catcher: 'decodes elements',
  },
  {
    fault: 'encodeDouble',
    wrong: { encodeDouble: (points) => spoilBytes(nobleEngine.encodeDouble(points)) },
    catcher: 'decodes elements',
  },
  {
    fault: 'root, one of the wrong sign',
    wrong: {
      encodeDoubleWithRoots: (points) => {
        const { elements, roots } = nobleEngine.encodeDoubleWithRoots(points);
        const last = roots.length - 32;
        return { elements, roots: concat(roots.subarray(0, last), negated(roots.subarray(last))) };
      },
    },
    catcher: 'gives the roots of what it encodes, and takes them',
  },
  {
    fault: 'way of decoding with roots: without them',
    wrong: { areRoots: () => false },
    catcher: 'gives the roots of what it encodes, and takes them',
  },
  {
    fault: 'decodeWithRoots that refuses an element for its root',
    wrong: {
      decodeWithRoots: (elements, roots) => {
        if (nobleEngine.areRoots(elements, roots)) return nobleEngine.decode(elements);
        throw new GroupError('element_invalid', 'The root is wrong.', { index: 0 });
      },
    },
    catcher: 'decodes with any roots as it decodes without',
  },
  {
    fault: 'add',
    wrong: { add: (a, b) => spoilPoints(nobleEngine.add(a, b)) },
    catcher: 'adds and subtracts',
  },
  {
    fault: 'subtract where equal points meet',
    wrong: {
      subtract: (a, b) => (Buffer.compare(a.bytes, b.bytes) === 0 ? a : nobleEngine.subtract(a, b)),
    },
    catcher: 'adds and subtracts',
  },
  {
    fault: 'subtract in a walk',
    wrong: { subtract: (a, b) => spoilPoints(nobleEngine.subtract(a, b)) },
    catcher: 'goes any way from point to point',
  },
  {
    fault: 'multiplyHalf',
    wrong: { multiplyHalf: (points, scalar) => spoilPoints(nobleEngine.multiplyHalf(points, scalar)) },
    catcher: 'multiplies every point by one scalar',
  },
  {
    fault: 'multiplyFixed',
    wrong: { multiplyFixed: (base, factors) => spoilPoints(nobleEngine.multiplyFixed(base, factors)) },
    catcher: 'multiplies one element by many scalars',
  },
  {
    fault: 'multiplyFixed that keeps the tables of the base before',
    wrong: {
      multiplyFixed: (() => {
        let kept: Uint8Array | undefined;
        return (base: Uint8Array, factors: Uint8Array) => nobleEngine.multiplyFixed((kept ??= base), factors);
      })(),
    },
    catcher: 'multiplies one element by many scalars',
  },
  {
    fault: 'multiScalarMultiply',
    wrong: {
      multiScalarMultiply: (points, factors) => spoilPoints(nobleEngine.multiScalarMultiply(points, factors)),
    },
    catcher: 'adds up scalars times points',
  },
  {
    fault: 'encoding in a large batch',
    wrong: {
      encodeDouble: (points) =>
        points.count > 256 ? spoilBytes(nobleEngine.encodeDouble(points)) : nobleEngine.encodeDouble(points),
    },
    catcher: 'does all of it in a large batch',
  },
  {
    fault: 'scalarsFromWide',
    wrong: { scalarsFromWide: (wide) => spoilBytes(nobleEngine.scalarsFromWide(wide)) },
    catcher: 'does what it does to scalars',
  },
  {
    fault: 'subtractProduct',
    wrong: { subtractProduct: (a, b, c) => spoilBytes(nobleEngine.subtractProduct(a, b, c)) },
    catcher: 'does what it does to scalars',
  },
  {
    fault: 'sha512Each',
    wrong: {
      sha512Each: (prefix, strings, suffix) => spoilBytes(nobleEngine.sha512Each(prefix, strings, suffix)),
    },
    catcher: 'hashes strings of any lengths between any affixes',
  },
];

describe('the checks of agreement', () => {
  it('have the edges that they claim: elements, and halves that map to the identity', () => {
    expect(EDGE_ELEMENTS.length).toBeGreaterThan(50);
    const none = EDGE_FIELD_VALUES.filter((value) => {
      const half = littleEndian(value);
      const encoded = nobleEngine.encode(nobleEngine.derive(new Uint8Array([...half, ...half])));
      return encoded.every((byte) => byte === 0);
    });
    expect(none.length).toBeGreaterThan(4);
  });

  it('have a fault each, which they must catch', () => {
    expect(new Set(faults.map(({ catcher }) => catcher))).toEqual(
      new Set(agreementChecks(nobleEngine).map(({ name }) => name)),
    );
  });

  it.each(faults)('catch a wrong $fault', ({ wrong, catcher }) => {
    const checks = agreementChecks({ ...nobleEngine, ...wrong }, { endOnFailure: true });
    const { check } = checks.find(({ name }) => name === catcher)!;
    expect(check).toThrow();
  });
});
