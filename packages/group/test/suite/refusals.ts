import { describe, expect, it } from 'vitest';
import { ENGINE_NAMES, type Engine } from '../../src/engine.ts';
import { items } from '../byte-batches.ts';
import { elementsOf, GENERATOR } from '../known-elements.ts';
import { refusal } from '../refusal.ts';
import { ORDER, scalars } from '../scalar-arithmetic.ts';

export function describeRefusals(engine: Engine): void {
  describe(`engine ${engine.name}: refusals`, () => {
    const points = engine.decode(elementsOf(2, 3, 5));

    it.each([
      ['the order', ORDER],
      ['the order plus one', ORDER + 1n],
      ['twice the order', 2n * ORDER],
      ['the order with a high byte that is not zero', ORDER - 1n + 2n ** 255n],
      ['all ones', 2n ** 256n - 1n],
    ])('refuses a scalar that is %s, with the index of the first', (_, wrong) => {
      const at = (index: number): unknown => ({ code: 'scalar_invalid', index });
      const several = scalars(ORDER - 1n, wrong, wrong);
      expect(refusal(() => engine.multiplyFixed(GENERATOR, several))).toEqual(at(1));
      expect(refusal(() => engine.multiScalarMultiply(points, several))).toEqual(at(1));
      expect(refusal(() => engine.multiplyHalf(points, scalars(wrong)))).toEqual(at(0));
      for (const place of [0, 1, 2]) {
        const [a, b, c] = [1n, 2n, 3n].with(place, wrong) as [bigint, bigint, bigint];
        expect(refusal(() => engine.subtractProduct(scalars(a), scalars(b), scalars(c)))).toEqual(at(0));
      }
    });

    it.each(Array.from({ length: 9 }, (_, place) => place))(
      'finds a wrong scalar in place %i of nine',
      (place) => {
        const wrong = scalars(...Array<bigint>(9).fill(1n).with(place, ORDER));
        const nine = engine.multiplyFixed(GENERATOR, scalars(...Array<bigint>(9).fill(1n)));
        const expected = { code: 'scalar_invalid', index: place };
        expect(refusal(() => engine.multiplyFixed(GENERATOR, wrong))).toEqual(expected);
        expect(refusal(() => engine.multiScalarMultiply(nine, wrong))).toEqual(expected);
      },
    );

    it.each([
      ['derive', () => engine.derive(new Uint8Array(63))],
      ['derive', () => engine.derive(new Uint8Array(64 * 4 + 32))],
      ['decode', () => engine.decode(new Uint8Array(33))],
      ['multiplyHalf without a scalar', () => engine.multiplyHalf(points, new Uint8Array())],
      ['multiplyHalf with a short scalar', () => engine.multiplyHalf(points, new Uint8Array(31))],
      ['multiplyHalf with a scalar a point', () => engine.multiplyHalf(points, scalars(1, 1, 1))],
      ['multiplyFixed', () => engine.multiplyFixed(GENERATOR, new Uint8Array(31))],
      ['multiplyFixed', () => engine.multiplyFixed(GENERATOR, new Uint8Array(65))],
      ['multiplyFixed with a short base', () => engine.multiplyFixed(GENERATOR.subarray(1), scalars(1))],
      ['multiScalarMultiply without scalars', () => engine.multiScalarMultiply(points, new Uint8Array())],
      ['multiScalarMultiply with few scalars', () => engine.multiScalarMultiply(points, scalars(1, 1))],
      [
        'multiScalarMultiply with many scalars',
        () => engine.multiScalarMultiply(points, scalars(1, 1, 1, 1)),
      ],
      ['multiScalarMultiply with part of one', () => engine.multiScalarMultiply(points, new Uint8Array(95))],
      ['scalarsFromWide', () => engine.scalarsFromWide(new Uint8Array(96))],
      ['subtractProduct, first', () => engine.subtractProduct(scalars(1, 1), scalars(1), scalars(1))],
      ['subtractProduct, second', () => engine.subtractProduct(scalars(1), new Uint8Array(), scalars(1))],
      ['subtractProduct, third', () => engine.subtractProduct(scalars(1), scalars(1), new Uint8Array(33))],
      ['add', () => engine.add(points, engine.decode(elementsOf(2, 3)))],
      ['subtract', () => engine.subtract(engine.decode(new Uint8Array()), points)],
    ])('%s refuses a batch of the wrong length', (_, work) => {
      expect(refusal(work)).toEqual({ code: 'batch_length', index: undefined });
    });

    it.each(ENGINE_NAMES.filter((name) => name !== engine.name))('refuses points of engine %s', (name) => {
      const foreign = { ...points, engine: name };
      const works = [
        () => engine.encode(foreign),
        () => engine.encodeDouble(foreign),
        () => engine.encodeWithRoots(foreign),
        () => engine.encodeDoubleWithRoots(foreign),
        () => engine.add(foreign, points),
        () => engine.add(points, foreign),
        () => engine.subtract(foreign, points),
        () => engine.subtract(points, foreign),
        () => engine.multiplyHalf(foreign, scalars(1)),
        () => engine.multiScalarMultiply(foreign, scalars(1, 1, 1)),
      ];
      expect(works.map(refusal)).toEqual(works.map(() => ({ code: 'points_foreign', index: undefined })));
    });

    it('works on after a refusal', () => {
      expect(refusal(() => engine.decode(new Uint8Array(32 * 9)))).toEqual({
        code: 'element_invalid',
        index: 0,
      });
      expect(items(engine.encode(engine.decode(elementsOf(2, 3))))).toEqual(items(elementsOf(2, 3)));
    });
  });
}
