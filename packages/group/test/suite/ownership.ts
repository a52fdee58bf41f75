import { describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine.ts';
import { rootsOf } from '../../src/noble-roots.ts';
import { bytesFromSeed, items } from '../byte-batches.ts';
import { elementsOf, GENERATOR, IDENTITY, pointsOf } from '../known-elements.ts';
import { toHex } from '../published-vectors.ts';
import { scalars } from '../scalar-arithmetic.ts';

/** Every operation on the same arguments, and the arrays that it gives. */
function operations(engine: Engine): {
  readonly inputs: readonly Uint8Array[];
  readonly calls: readonly (readonly [name: string, call: () => Uint8Array])[];
} {
  const uniform = bytesFromSeed('uniform', 64 * 5);
  const elements = elementsOf(2, 3, 5, 7, 11);
  const roots = rootsOf(elements);
  const factors = scalars(13, 17, 19, 23, 29);
  const one = scalars(31);
  const other = scalars(37);
  const base = elementsOf(41);
  const [a, b] = [engine.decode(elements), engine.derive(uniform)];
  const [prefix, bytes, suffix] = [bytesFromSeed('a', 9), bytesFromSeed('b', 30), bytesFromSeed('c', 99)];
  const offsets = Uint32Array.of(0, 10, 10, 30);
  return {
    inputs: [
      ...[uniform, elements, roots, factors, one, other, base, a.bytes, b.bytes, prefix, bytes, suffix],
      new Uint8Array(offsets.buffer),
    ],
    calls: [
      ['derive', () => engine.derive(uniform).bytes],
      ['decode', () => engine.decode(elements).bytes],
      ['decodeWithRoots', () => engine.decodeWithRoots(elements, roots).bytes],
      ['encodeWithRoots', () => engine.encodeWithRoots(a).elements],
      ['encodeWithRoots, the roots', () => engine.encodeWithRoots(a).roots],
      ['encodeDoubleWithRoots', () => engine.encodeDoubleWithRoots(a).elements],
      ['encodeDoubleWithRoots, the roots', () => engine.encodeDoubleWithRoots(a).roots],
      ['encode', () => engine.encode(a)],
      ['add', () => engine.add(a, b).bytes],
      ['subtract', () => engine.subtract(a, b).bytes],
      ['multiplyHalf', () => engine.multiplyHalf(a, one).bytes],
      ['encodeDouble', () => engine.encodeDouble(a)],
      ['multiplyFixed', () => engine.multiplyFixed(base, factors).bytes],
      ['multiScalarMultiply', () => engine.multiScalarMultiply(a, factors).bytes],
      ['scalarsFromWide', () => engine.scalarsFromWide(uniform)],
      ['subtractProduct', () => engine.subtractProduct(one, other, one)],
      ['sha512Each', () => engine.sha512Each(prefix, { bytes, offsets }, suffix)],
    ],
  };
}

/** The same bytes in the midst of a larger buffer, at an odd offset. */
function amidst(bytes: Uint8Array): Uint8Array {
  const larger = new Uint8Array(bytes.length + 8).fill(0xff);
  larger.set(bytes, 3);
  return larger.subarray(3, 3 + bytes.length);
}

export function describeOwnership(engine: Engine): void {
  describe(`engine ${engine.name}: who owns which bytes`, () => {
    it('leaves its arguments as they were', () => {
      const { inputs, calls } = operations(engine);
      const before = inputs.map(toHex);
      for (const [, call] of calls) call();
      expect(inputs.map(toHex)).toEqual(before);
    });

    it.each(operations(engine).calls)('%s gives an array that no later call changes', (_, call) => {
      const output = call();
      const before = toHex(output);
      for (const [, other] of operations(engine).calls) other();
      expect(toHex(output)).toBe(before);
    });

    it.each(operations(engine).calls)(
      '%s gives an array that its caller may give away or change',
      (_, call) => {
        const before = toHex(call());
        call().fill(0xff);
        const given = call();
        const moved = structuredClone(given, { transfer: [given.buffer as ArrayBuffer] });
        expect(toHex(moved)).toBe(before);
        expect(toHex(call())).toBe(before);
      },
    );

    it.each(operations(engine).calls)('%s gives an array with no other bytes behind it', (_, call) => {
      const output = call();
      expect([output.byteOffset, output.buffer.byteLength]).toEqual([0, output.length]);
    });

    it('does not keep its arguments: points stay when the elements are overwritten', () => {
      const [elements, uniform] = [elementsOf(2, 3), bytesFromSeed('kept', 128)];
      const [decoded, derived] = [engine.decode(elements), engine.derive(uniform)];
      const before = toHex(engine.encode(derived));
      elements.fill(0);
      uniform.fill(0);
      expect(items(engine.encode(decoded))).toEqual(items(elementsOf(2, 3)));
      expect(toHex(engine.encode(derived))).toBe(before);
    });

    it('works on views into larger buffers', () => {
      const points = engine.decode(amidst(elementsOf(2, 3, 5)));
      expect(items(engine.encode(points))).toEqual(items(elementsOf(2, 3, 5)));
      const roots = rootsOf(elementsOf(2, 3, 5));
      const rooted = engine.decodeWithRoots(amidst(elementsOf(2, 3, 5)), amidst(roots));
      expect(items(engine.encode(rooted))).toEqual(items(elementsOf(2, 3, 5)));
      expect(engine.areRoots(amidst(elementsOf(2, 3, 5)), amidst(roots))).toBe(true);
      expect(items(engine.encodeDouble(engine.multiplyHalf(points, amidst(scalars(7)))))).toEqual(
        items(elementsOf(14, 21, 35)),
      );
      expect(items(engine.encode(engine.multiScalarMultiply(points, amidst(scalars(7, 11, 13)))))).toEqual(
        items(elementsOf(112)),
      );
      expect(
        items(engine.encode(engine.multiplyFixed(amidst(elementsOf(3)), amidst(scalars(5, 6))))),
      ).toEqual(items(elementsOf(15, 18)));
      const uniform = bytesFromSeed('view', 128);
      expect(toHex(engine.encode(engine.derive(amidst(uniform))))).toBe(
        toHex(engine.encode(engine.derive(uniform))),
      );
      expect(toHex(engine.scalarsFromWide(amidst(uniform)))).toBe(toHex(engine.scalarsFromWide(uniform)));
      expect(
        items(engine.subtractProduct(amidst(scalars(9)), amidst(scalars(2)), amidst(scalars(4)))),
      ).toEqual(items(scalars(1)));
      const offsets = Uint32Array.of(9, 0, 28, 128, 9).subarray(1, 4);
      const whole = Uint32Array.of(0, 28, 128);
      const affix = bytesFromSeed('affix', 20);
      expect(
        toHex(engine.sha512Each(amidst(affix), { bytes: amidst(uniform), offsets }, amidst(affix))),
      ).toBe(toHex(engine.sha512Each(affix, { bytes: uniform, offsets: whole }, affix)));
    });

    it('takes one batch as both arguments', () => {
      const points = engine.decode(elementsOf(2, 3));
      expect(items(engine.encode(engine.add(points, points)))).toEqual(items(elementsOf(4, 6)));
      expect(items(engine.encode(engine.subtract(points, points)))).toEqual([IDENTITY, IDENTITY]);
    });

    it('reads points that another thread has sent', () => {
      const points = structuredClone(pointsOf(engine, 2, 0, 3, 5, 7));
      expect(items(engine.encode(points))).toEqual(items(elementsOf(2, 0, 3, 5, 7)));
    });

    it('gives an empty batch for an empty batch', () => {
      const none = new Uint8Array();
      const noPoints = engine.decode(none);
      const noStrings = { bytes: none, offsets: Uint32Array.of(0) };
      const given = [
        noPoints,
        engine.derive(none),
        engine.add(noPoints, noPoints),
        engine.subtract(noPoints, noPoints),
        engine.multiplyHalf(noPoints, scalars(1)),
        engine.multiplyFixed(GENERATOR, none),
      ];
      for (const points of given) expect([points.engine, points.count]).toEqual([engine.name, 0]);
      for (const points of given) expect(engine.encode(points)).toHaveLength(0);
      for (const points of given) expect(engine.encodeDouble(points)).toHaveLength(0);
      expect(engine.scalarsFromWide(none)).toHaveLength(0);
      expect(engine.sha512Each(Uint8Array.of(1), noStrings, Uint8Array.of(2))).toHaveLength(0);
    });

    it('gives the identity as the sum of nothing', () => {
      const sum = engine.multiScalarMultiply(engine.decode(new Uint8Array()), new Uint8Array());
      expect(sum.count).toBe(1);
      expect(items(engine.encode(sum))).toEqual([IDENTITY]);
    });
  });
}
