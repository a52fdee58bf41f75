import { describe, expect, it } from 'vitest';
import { shuffledClasses } from './class-order.ts';

describe('the order of the classes', () => {
  it.each([1, 100, 20_000])('has exactly %i of each', (count) => {
    const classes = shuffledClasses(count);
    expect(classes.filter((sampleClass) => sampleClass === 'fixed')).toHaveLength(count);
    expect(classes.filter((sampleClass) => sampleClass === 'random')).toHaveLength(count);
  });

  it('is another each time', () => {
    expect(shuffledClasses(500)).not.toEqual(shuffledClasses(500));
  });

  it('mixes both classes from the first to the last', () => {
    const classes = shuffledClasses(10_000);
    const fixedOf = (start: number): number =>
      classes.slice(start, start + 1000).filter((sampleClass) => sampleClass === 'fixed').length;
    // 500 are expected of each thousand, with a standard deviation below 16.
    for (let start = 0; start < classes.length; start += 1000) {
      expect(fixedOf(start)).toBeGreaterThan(350);
      expect(fixedOf(start)).toBeLessThan(650);
    }
  });
});
