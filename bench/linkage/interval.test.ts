import { describe, expect, it } from 'vitest';
import { clopperPearson, poissonUpper } from './interval.ts';

describe("Clopper and Pearson's interval", () => {
  // 10 of 100: in many textbooks. The others: R. G. Newcombe, Statistics in Medicine 17 (1998), table I.
  it.each<[number, number, number, number]>([
    [10, 100, 0.049, 0.1762],
    [81, 263, 0.2527, 0.3676],
    [15, 148, 0.0578, 0.1617],
    [0, 20, 0, 0.1684],
    [1, 29, 0.0009, 0.1776],
  ])('of %i in %i is as published', (count, trials, low, high) => {
    const interval = clopperPearson(count, trials);
    expect(interval[0]).toBeCloseTo(low, 4);
    expect(interval[1]).toBeCloseTo(high, 4);
  });

  it('has a closed form where nothing was seen, for any number of trials', () => {
    for (const trials of [1, 10, 200_000, 1_280_000]) {
      expect(clopperPearson(0, trials)[1] / (1 - 0.025 ** (1 / trials))).toBeCloseTo(1, 6);
      expect(clopperPearson(trials, trials)[0] / 0.025 ** (1 / trials)).toBeCloseTo(1, 6);
    }
  });

  it('is the same seen from the other side', () => {
    const [low, high] = clopperPearson(123_456, 300_000);
    const [otherLow, otherHigh] = clopperPearson(300_000 - 123_456, 300_000);
    expect(low).toBeCloseTo(1 - otherHigh, 9);
    expect(high).toBeCloseTo(1 - otherLow, 9);
  });

  it('comes near the normal one for many of many', () => {
    const [low, high] = clopperPearson(50_000, 100_000);
    const width = 1.959964 * Math.sqrt(0.25 / 100_000);
    expect(low).toBeCloseTo(0.5 - width, 4);
    expect(high).toBeCloseTo(0.5 + width, 4);
  });

  it('is everything where nothing was tried, and refuses more than was tried', () => {
    expect(clopperPearson(0, 0)).toEqual([0, 1]);
    expect(() => clopperPearson(3, 2)).toThrow(RangeError);
  });
});

describe("Garwood's upper bound", () => {
  // Table 40 of Pearson and Hartley, Biometrika Tables for Statisticians: 95 % one-sided, and two-sided at 97.5 %.
  it.each<[number, number, number]>([
    [0, 0.95, 2.996],
    [1, 0.95, 4.744],
    [10, 0.95, 16.962],
    [0, 0.975, 3.689],
    [1, 0.975, 5.572],
    [10, 0.975, 18.391],
    [50, 0.975, 65.919],
  ])('of %i at %f is as published', (count, confidence, bound) => {
    expect(poissonUpper(count, confidence)).toBeCloseTo(bound, 2);
  });

  it('comes near the normal one for many', () => {
    expect(poissonUpper(1_000_000, 0.975)).toBeCloseTo(1_000_000 + 1.96 * 1000, -1);
  });
});
