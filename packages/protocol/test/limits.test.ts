import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absentCanary, CANARY_COUNT, presentCanary } from '../src/canaries.ts';
import { CHUNK_ELEMENTS, chunkCount, chunkLength, planChunks } from '../src/limits.ts';
import { codeOf } from './setting.ts';

describe('the chunks of a request', () => {
  it('hold all match keys and two canaries each, and all but the last are full', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60_000 }), (keys) => {
        const { elements, chunks } = planChunks(keys);
        expect(elements).toBe(keys + 2 * chunks);
        expect(chunkCount(elements)).toBe(chunks);
        const lengths = Array.from({ length: chunks }, (_, index) => chunkLength(elements, index));
        expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(elements);
        expect(lengths.slice(0, -1).every((length) => length === CHUNK_ELEMENTS)).toBe(true);
        // A chunk of canaries alone would say which of its elements are canaries.
        expect(lengths.at(-1)).toBeGreaterThanOrEqual(3);
      }),
    );
  });

  it('are counted around a full chunk', () => {
    expect(planChunks(1)).toEqual({ elements: 3, chunks: 1 });
    expect(planChunks(4094)).toEqual({ elements: 4096, chunks: 1 });
    expect(planChunks(4095)).toEqual({ elements: 4099, chunks: 2 });
    expect(() => planChunks(0)).toThrow(RangeError);
  });

  it('have no index but their own', () => {
    expect(chunkLength(4099, 1)).toBe(3);
    for (const index of [2, -1, 0.5, NaN]) {
      expect(codeOf(() => chunkLength(4099, index))).toBe('chunk_out_of_range');
    }
  });
});

describe('the canaries', () => {
  it('are all different, and present ones are no absent ones', () => {
    const all = Array.from({ length: CANARY_COUNT }, (_, index) => [
      presentCanary(index),
      absentCanary(index),
    ]).flat();
    expect(new Set(all).size).toBe(2 * CANARY_COUNT);
  });

  it('end at 9999', () => {
    expect(presentCanary(9999)).toBe('blindmatch.v1/canary/present/9999');
    for (const index of [10_000, -1, 1.5]) {
      expect(() => presentCanary(index)).toThrow(RangeError);
      expect(() => absentCanary(index)).toThrow(RangeError);
    }
  });
});
