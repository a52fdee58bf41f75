import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chanceToMiss } from '../src/commands/audit.ts';
import { drawSample } from '../src/sample.ts';

describe('a sample', () => {
  it('has as many different numbers as were asked for, or all', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), (count, size) => {
        const drawn = [...drawSample(count, size)];
        expect(drawn).toHaveLength(Math.min(count, size));
        expect(drawn.every((number) => number >= 0 && number < count)).toBe(true);
      }),
    );
  });

  it('has every set of numbers equally often, over all that chance can give', () => {
    // Floyd's algorithm on 5 numbers draws 3 with bounds 3, 4 and 5: 60 outcomes for 10 sets.
    const seen = new Map<string, number>();
    for (let chance = 0; chance < 60; chance++) {
      const given = [chance % 3, Math.floor(chance / 3) % 4, Math.floor(chance / 12)];
      const bounds: number[] = [];
      const drawn = drawSample(5, 3, (bound) => {
        bounds.push(bound);
        return given[bounds.length - 1]!;
      });
      expect(bounds).toEqual([3, 4, 5]);
      const set = [...drawn].sort((a, b) => a - b).join('');
      seen.set(set, (seen.get(set) ?? 0) + 1);
    }
    expect([...seen.values()]).toEqual(Array.from({ length: 10 }, () => 6));
  });

  it('misses a share of the records with the chance that none of those drawn is among them', () => {
    expect(chanceToMiss(0.5, 3)).toBe(0.125);
    expect(chanceToMiss(0, 200)).toBe(1);
    expect(chanceToMiss(0.05, 200)).toBeLessThan(0.0001);
  });
});
