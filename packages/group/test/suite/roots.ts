import { ed25519 } from '@noble/curves/ed25519.js';
import { describe, expect, it } from 'vitest';
import type { ElementsWithRoots, Engine, Points } from '../../src/engine.ts';
import { rootsOf } from '../../src/noble-roots.ts';
import { bytesFromSeed, concat, firstDifference, items } from '../byte-batches.ts';
import { GENERATOR, IDENTITY, knownElements, pointsOf } from '../known-elements.ts';
import { fromHex, rfc9496 } from '../published-vectors.ts';
import { refusal } from '../refusal.ts';
import { negated, wrongRoots } from '../roots.ts';
import { littleEndian, ORDER, scalars } from '../scalar-arithmetic.ts';

const { Fp } = ed25519.Point;
const SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 67];

function valueOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}

/** I²·v·u2² of RFC 9496, section 4.3.1, written out. */
function squaredTimesRatio(element: Uint8Array, root: Uint8Array): bigint {
  const [s, i] = [valueOf(element), valueOf(root)];
  const d = Fp.div(Fp.neg(121665n), 121666n);
  const [u1, u2] = [Fp.create(1n - s * s), Fp.create(1n + s * s)];
  const v = Fp.create(-(d * u1 * u1) - u2 * u2);
  return Fp.create(i * i * v * u2 * u2);
}

export function describeRoots(engine: Engine): void {
  const both: [string, (points: Points) => ElementsWithRoots, (points: Points) => Uint8Array][] = [
    ['encodeWithRoots', (points) => engine.encodeWithRoots(points), (points) => engine.encode(points)],
    [
      'encodeDoubleWithRoots',
      (points) => engine.encodeDoubleWithRoots(points),
      (points) => engine.encodeDouble(points),
    ],
  ];

  describe.each(both)(`engine ${engine.name}: %s`, (_, encodeWithRoots, encode) => {
    it('gives what encoding gives, whatever the size of the batch', () => {
      for (const size of SIZES) {
        const points = engine.derive(bytesFromSeed(`roots ${size}`, 64 * size));
        expect(items(encodeWithRoots(points).elements)).toEqual(items(encode(points)));
      }
    });

    it('gives of each element the non-negative number that is defined', () => {
      const { elements, roots } = encodeWithRoots(engine.derive(bytesFromSeed('definition', 64 * 20)));
      expect(roots).toHaveLength(elements.length);
      for (let i = 0; i < elements.length; i += 32) {
        const root = roots.subarray(i, i + 32);
        expect(squaredTimesRatio(elements.subarray(i, i + 32), root)).toBe(1n);
        expect(valueOf(root) < Fp.ORDER).toBe(true);
        expect(valueOf(root) % 2n).toBe(0n);
      }
    });

    it('gives the root by which decoding goes', () => {
      for (const size of SIZES) {
        const { elements, roots } = encodeWithRoots(engine.decode(knownElements(size).elements));
        expect(items(roots)).toEqual(items(rootsOf(elements)));
        expect(engine.areRoots(elements, roots)).toBe(true);
      }
    });

    // What a holder computes of an element and what anybody else computes of it are different representatives.
    it('gives one root for one element, by whatever way its point was come by', () => {
      const count = 16;
      const points = engine.derive(bytesFromSeed('ways', 64 * count));
      const identity = engine.subtract(points, points);
      const expected = encodeWithRoots(points);
      const others = [ORDER / 3n, ORDER / 5n, 2n, 2n ** 251n].map((scalar) =>
        engine.add(
          engine.multiplyHalf(engine.add(points, points), scalars(scalar)),
          engine.multiplyHalf(engine.add(points, points), scalars(ORDER + 1n - scalar)),
        ),
      );
      for (const same of [...others, engine.add(points, identity), engine.decode(engine.encode(points))]) {
        expect(items(encodeWithRoots(same).elements)).toEqual(items(expected.elements));
        expect(items(encodeWithRoots(same).roots)).toEqual(items(expected.roots));
      }
    });

    it('gives zeros for the identity, beside other points, by every representative of it', () => {
      const points = engine.derive(bytesFromSeed('none', 64 * 24));
      const identity = engine.add(
        engine.multiplyHalf(points, scalars(ORDER / 5n)),
        engine.multiplyHalf(points, scalars(ORDER - ORDER / 5n)),
      );
      expect(items(encodeWithRoots(identity).roots)).toEqual(Array(24).fill(IDENTITY));
      const mixed = encodeWithRoots(pointsOf(engine, 3, 0, 5, 0, 0, 7, 9));
      expect(items(mixed.roots)).toEqual(items(rootsOf(mixed.elements)));
    });

    it('goes through batches of more than the engine takes at once', () => {
      const points = engine.decode(knownElements(515).elements);
      const { elements, roots } = encodeWithRoots(points);
      expect(firstDifference(elements, encode(points))).toBeUndefined();
      expect(firstDifference(roots, rootsOf(elements))).toBeUndefined();
      expect(engine.areRoots(elements, roots)).toBe(true);
    });
  });

  describe(`engine ${engine.name}: decoding with roots`, () => {
    const { elements } = knownElements(9);
    const roots = rootsOf(elements);
    const withRoot = (place: number, root: Uint8Array): Uint8Array => {
      const some = Uint8Array.from(roots);
      some.set(root, 32 * place);
      return some;
    };

    it('gives the points that decoding gives', () => {
      const points = engine.decodeWithRoots(elements, roots);
      expect([points.engine, points.count, points.normalized]).toEqual([engine.name, 9, true]);
      expect(items(engine.encode(points))).toEqual(items(elements));
      expect(items(engine.encodeDouble(points))).toEqual(items(engine.encodeDouble(engine.decode(elements))));
    });

    it('takes the root of the other sign, and one with the top bit set', () => {
      const negative = negated(roots.subarray(0, 32));
      const topBit = Uint8Array.from(roots.subarray(32, 64));
      topBit[31]! |= 0x80;
      const some = withRoot(0, concat(negative, topBit));
      expect(engine.areRoots(elements, some)).toBe(true);
      expect(items(engine.encode(engine.decodeWithRoots(elements, some)))).toEqual(items(elements));
    });

    it.each(wrongRoots(roots.subarray(0, 32), roots.subarray(32, 64)))(
      'gives the same points, and knows it, for a root that is $comment',
      ({ root }) => {
        for (const place of [0, 3, 8]) {
          // The wrong ones are made of the root of the first element.
          const batch = Uint8Array.from(elements);
          batch.copyWithin(32 * place, 0, 32);
          const some = rootsOf(batch);
          some.set(root, 32 * place);
          expect(engine.areRoots(batch, some)).toBe(false);
          const points = engine.decodeWithRoots(batch, some);
          expect(items(engine.encode(points))).toEqual(items(batch));
          expect(items(engine.encodeDouble(points))).toEqual(
            items(engine.encodeDouble(engine.decode(batch))),
          );
        }
      },
    );

    it('gives the same points for roots that are all wrong, in batches of any size', () => {
      for (const size of [1, 4, 5, 256, 257, 515]) {
        const many = knownElements(size).elements;
        for (const some of [new Uint8Array(32 * size), bytesFromSeed('any', 32 * size)]) {
          const decoded = engine.decodeWithRoots(many, some);
          expect(firstDifference(engine.encode(decoded), many)).toBeUndefined();
          expect(engine.areRoots(many, some)).toBe(false);
        }
      }
    });

    const refused = [
      { encoding: IDENTITY, comment: 'the identity' },
      { encoding: `ed${'ff'.repeat(30)}7f`, comment: 'the field prime' },
      ...rfc9496.invalid,
    ];
    it.each(refused)('refuses $encoding in every place, whatever the roots ($comment)', ({ encoding }) => {
      for (let place = 0; place < 9; place++) {
        const batch = Uint8Array.from(elements);
        batch.set(fromHex(encoding), 32 * place);
        const expected = { code: 'element_invalid', index: place };
        for (const root of [roots.subarray(0, 32), fromHex(IDENTITY), scalars(1)]) {
          const some = withRoot(place, root);
          expect(refusal(() => engine.decodeWithRoots(batch, some))).toEqual(expected);
          expect(refusal(() => engine.areRoots(batch, some))).toEqual(expected);
        }
      }
    });

    // p − s and p + s decode to nothing, but s and they have one square, and so one root.
    it('refuses the other forms of an element with the root that fits them', () => {
      const s = valueOf(elements.subarray(32, 64));
      for (const form of [Fp.ORDER - s, s + 2n ** 255n]) {
        const batch = Uint8Array.from(elements);
        batch.set(littleEndian(form), 32);
        const expected = { code: 'element_invalid', index: 1 };
        expect(refusal(() => engine.decodeWithRoots(batch, roots))).toEqual(expected);
      }
    });

    // For a zero, u1 = u2 = 1 and the defining equation has a solution: the check of the root alone would let it pass.
    it('refuses the identity with a number that fits the equation', () => {
      const root = Fp.sqrt(Fp.inv(Fp.create(-Fp.div(Fp.neg(121665n), 121666n) - 1n)));
      expect(squaredTimesRatio(fromHex(IDENTITY), littleEndian(root))).toBe(1n);
      const some = withRoot(4, littleEndian(root));
      const batch = Uint8Array.from(elements);
      batch.set(fromHex(IDENTITY), 32 * 4);
      expect(refusal(() => engine.decodeWithRoots(batch, some))).toEqual({
        code: 'element_invalid',
        index: 4,
      });
    });

    it('names the first of several wrong elements, wrong roots before it or not', () => {
      const many = knownElements(515).elements;
      many.fill(0xff, 32 * 400, 32 * 402);
      for (const some of [rootsOf(knownElements(515).elements), new Uint8Array(32 * 515)]) {
        const expected = { code: 'element_invalid', index: 400 };
        expect(refusal(() => engine.decodeWithRoots(many, some))).toEqual(expected);
      }
    });

    it('refuses roots that are fewer, more, or broken', () => {
      const expected = { code: 'batch_length', index: undefined };
      for (const some of [roots.subarray(32), concat(roots, roots), roots.subarray(1), new Uint8Array()]) {
        expect(refusal(() => engine.decodeWithRoots(elements, some))).toEqual(expected);
        expect(refusal(() => engine.areRoots(elements, some))).toEqual(expected);
      }
      expect(refusal(() => engine.decodeWithRoots(GENERATOR.subarray(1), roots.subarray(1, 32)))).toEqual(
        expected,
      );
    });

    it('gives an empty batch for an empty batch', () => {
      const none = new Uint8Array();
      expect(engine.decodeWithRoots(none, none).count).toBe(0);
      expect(engine.areRoots(none, none)).toBe(true);
      const encoded = engine.encodeWithRoots(engine.decode(none));
      expect([encoded.elements.length, encoded.roots.length]).toEqual([0, 0]);
    });
  });
}
