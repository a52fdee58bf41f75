import { describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine.ts';
import { items } from '../byte-batches.ts';
import { GENERATOR, IDENTITY, knownElements } from '../known-elements.ts';
import { fromHex, rfc9496 } from '../published-vectors.ts';
import { refusal } from '../refusal.ts';
import { scalars } from '../scalar-arithmetic.ts';

const LANES = [0, 1, 2, 3, 4, 5, 6, 7];

export function describePublished(engine: Engine): void {
  describe(`engine ${engine.name}: RFC 9496, appendix A`, () => {
    const [, ...multiples] = rfc9496.multiples.encodings;

    it('multiplies the generator (A.1)', () => {
      const factors = scalars(...rfc9496.multiples.encodings.keys());
      expect(items(engine.encode(engine.multiplyFixed(GENERATOR, factors)))).toEqual([
        IDENTITY,
        ...multiples,
      ]);
    });

    it('adds the generator up (A.1)', () => {
      const generator = engine.decode(GENERATOR);
      let sum = engine.subtract(generator, generator);
      const sums = rfc9496.multiples.encodings.map(() => {
        const encoded = items(engine.encode(sum))[0];
        sum = engine.add(sum, generator);
        return encoded;
      });
      expect(sums).toEqual(rfc9496.multiples.encodings);
    });

    it('decodes and encodes every multiple but the identity (A.1)', () => {
      expect(items(engine.encode(engine.decode(fromHex(...multiples))))).toEqual(multiples);
    });

    it.each(LANES)('refuses the identity in place %i of eight', (lane) => {
      const batch = fromHex(...multiples.slice(0, 8).with(lane, IDENTITY));
      expect(refusal(() => engine.decode(batch))).toEqual({ code: 'element_invalid', index: lane });
    });

    it.each(rfc9496.invalid)('refuses $encoding in every place of eight ($comment)', ({ encoding }) => {
      for (const lane of LANES) {
        const batch = fromHex(...multiples.slice(0, 8).with(lane, encoding));
        expect(refusal(() => engine.decode(batch))).toEqual({ code: 'element_invalid', index: lane });
      }
    });

    it.each([1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 13, 515])('refuses a wrong element at the end of %i', (size) => {
      const { elements } = knownElements(size);
      elements.set(fromHex(rfc9496.invalid.at(-1)!.encoding), 32 * (size - 1));
      expect(refusal(() => engine.decode(elements))).toEqual({ code: 'element_invalid', index: size - 1 });
    });

    it.each([255, 256, 257, 300, 511, 512])('refuses a wrong element in place %i of many', (place) => {
      const { elements } = knownElements(515);
      elements.fill(0, 32 * place, 32 * (place + 2));
      expect(refusal(() => engine.decode(elements))).toEqual({ code: 'element_invalid', index: place });
    });

    it.each(LANES)('names the first of several wrong elements, from place %i of eight on', (lane) => {
      const wrong = rfc9496.invalid.map(({ encoding }) => encoding);
      const batch = fromHex(...multiples.slice(0, lane), ...wrong.slice(0, 8 - lane));
      expect(refusal(() => engine.decode(batch))).toEqual({ code: 'element_invalid', index: lane });
    });

    it('derives elements from uniform bytes, together and alone (A.3)', () => {
      const uniform = rfc9496.uniform.map((vector) => fromHex(vector.uniform));
      const expected = rfc9496.uniform.map(({ encoding }) => encoding);
      const together = engine.derive(fromHex(...rfc9496.uniform.map((vector) => vector.uniform)));
      expect(items(engine.encode(together))).toEqual(expected);
      expect(uniform.flatMap((bytes) => items(engine.encode(engine.derive(bytes))))).toEqual(expected);
    });
  });
}
