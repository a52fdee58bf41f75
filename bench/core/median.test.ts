import { describe, expect, it } from 'vitest';
import { median, quantile, spread } from './median.ts';

describe('median', () => {
  it('is the middle value, whatever the order', () => {
    expect(median([9, 1, 5])).toBe(5);
  });

  it('lies between the two middle values of an even number', () => {
    expect(median([4, 1, 2, 10])).toBe(3);
  });

  it('does not follow one value that is far off', () => {
    expect(median([10, 11, 12, 13, 9000])).toBe(12);
  });

  it('orders numbers as numbers', () => {
    expect(median([100, 9, 10])).toBe(10);
  });

  it('is refused for no values', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('quantile', () => {
  it('interpolates between the two nearest values', () => {
    expect(quantile([1, 2, 3, 4], 0.25)).toBe(1.75);
  });

  it('reaches from the smallest to the largest value', () => {
    expect([quantile([3, 1, 2], 0), quantile([3, 1, 2], 1)]).toEqual([1, 3]);
  });
});

describe('spread', () => {
  it('is how far the middle half reaches, as a part of the median', () => {
    expect(spread([90, 95, 100, 105, 110])).toBeCloseTo(0.1, 12);
  });
});
