import { describe, expect, it } from 'vitest';
import { momentsOf, welchT } from './welch.ts';

describe('moments', () => {
  it('are the mean and the unbiased variance', () => {
    const moments = momentsOf([2, 4, 4, 4, 5, 5, 7, 9]);
    expect([moments.count, moments.mean]).toEqual([8, 5]);
    expect(moments.variance).toBeCloseTo(32 / 7, 12);
  });

  it('keep their digits far from zero', () => {
    const moments = momentsOf([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]);
    expect(moments.mean).toBe(1e9 + 10);
    expect(moments.variance).toBeCloseTo(30, 9);
  });
});

describe("Welch's t", () => {
  it('has the value that is worked out by hand', () => {
    // Means 3 and 8, variances 2.5 and 10, five each: -5 / sqrt(0.5 + 2).
    const t = welchT(momentsOf([1, 2, 3, 4, 5]), momentsOf([4, 6, 8, 10, 12]));
    expect(t).toBeCloseTo(-3.16227766017, 10);
  });

  it('takes classes of different sizes', () => {
    // Means 2 and 4, variances 1 and 20/3, three and four: -2 / sqrt(1/3 + 5/3).
    const t = welchT(momentsOf([1, 2, 3]), momentsOf([1, 3, 5, 7]));
    expect(t).toBeCloseTo(-Math.SQRT2, 12);
  });

  it('is zero for equal classes', () => {
    expect(welchT(momentsOf([7, 7]), momentsOf([7, 7, 7]))).toBe(0);
  });

  it('has no bound for classes that differ and do not vary', () => {
    expect(welchT(momentsOf([2, 2]), momentsOf([1, 1]))).toBe(Infinity);
  });

  it('is refused for a class of one', () => {
    expect(() => welchT(momentsOf([1]), momentsOf([1, 2]))).toThrow(RangeError);
  });
});
