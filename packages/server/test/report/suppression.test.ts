import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { suppress, withholdAll, type Shown } from '../../src/report/suppression.ts';

const kinds = (shown: readonly Shown[] | undefined): string[] | undefined =>
  shown?.map((cell) => (cell.kind === 'count' ? String(cell.count) : cell.kind));

/**
 * Every count that cell `at` may have for a reader of one partition who knows its sum: by trying all values of all hidden
 * cells, from the marks alone.
 */
function possible(shown: readonly Shown[], sum: number, at: number, threshold: number): Set<number> {
  const anyFew = shown.some(({ kind }) => kind === 'few');
  const found = new Set<number>();
  const fill = (next: number, left: number, own: number): void => {
    if (left < 0) return;
    const cell = shown[next];
    if (cell === undefined) {
      if (left === 0) found.add(own);
      return;
    }
    const values =
      cell.kind === 'count'
        ? [cell.count]
        : cell.kind === 'few'
          ? range(1, threshold - 1)
          : range(anyFew ? threshold : 1, left);
    for (const value of values) fill(next + 1, left - value, next === at ? value : own);
  };
  fill(0, sum, -1);
  return found;
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at);
const sumOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

const THRESHOLD = 4;
const smallTable = fc.array(fc.nat(11), { minLength: 1, maxLength: 5 });
/** Several partitions of one sum: the counts of one, dealt out over other tables. */
const tables = fc
  .tuple(smallTable, fc.array(fc.nat(4), { minLength: 60, maxLength: 60 }))
  .map(([counts, deal]) => {
    const other = [0, 0, 0, 0, 0];
    for (let at = 0; at < sumOf(counts); at++) {
      const to = deal[at] ?? 0;
      other[to] = (other[to] ?? 0) + 1;
    }
    return [counts, other, [sumOf(counts)]];
  });

describe('suppression', () => {
  it('leaves every number below the threshold possible for every small count, for who knows the sum', () => {
    fc.assert(
      fc.property(tables, (partitions) => {
        const shown = suppress(partitions, THRESHOLD);
        if (shown === undefined) return;
        for (const [which, partition] of partitions.entries()) {
          for (const [at, count] of partition.entries()) {
            if (count === 0 || count >= THRESHOLD) continue;
            const values = possible(shown[which]!, sumOf(partition), at, THRESHOLD);
            for (const value of range(1, THRESHOLD - 1)) expect(values).toContain(value);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is needed: without it, the small count follows from the sum', () => {
    const primaryOnly: Shown[] = [{ kind: 'few' }, { kind: 'count', count: 11 }];
    expect([...possible(primaryOnly, 13, 0, THRESHOLD)]).toEqual([2]);
  });

  it('shows no small count and hides no zero', () => {
    fc.assert(
      fc.property(tables, (partitions) => {
        const shown = suppress(partitions, THRESHOLD) ?? partitions.map(withholdAll);
        for (const [which, partition] of partitions.entries()) {
          for (const [at, count] of partition.entries()) {
            const cell = shown[which]![at]!;
            if (cell.kind === 'count') expect(cell.count).toBe(count);
            if (count === 0) expect(cell.kind).toBe('count');
            else if (count < THRESHOLD) expect(cell.kind).not.toBe('count');
          }
        }
      }),
    );
  });

  it('shows everything where nothing is small', () => {
    expect(suppress([[10, 0, 25], [35]], 10)?.map(kinds)).toEqual([['10', '0', '25'], ['35']]);
  });

  it('withholds one more where one is small', () => {
    expect(suppress([[5, 400, 500]], 10)?.map(kinds)).toEqual([['few', 'withheld', '500']]);
  });

  it('chooses what more to withhold by its place and not by its size', () => {
    expect(suppress([[500, 5, 400]], 10)?.map(kinds)).toEqual([['withheld', 'few', '400']]);
  });

  it('goes on where one more is too close to the threshold to hide behind', () => {
    expect(suppress([[1, 10, 500]], 10)?.map(kinds)).toEqual([['few', 'withheld', 'withheld']]);
  });

  it('withholds a whole table of small counts alike', () => {
    expect(suppress([[5, 6, 7]], 10)?.map(kinds)).toEqual([['withheld', 'withheld', 'withheld']]);
  });

  it('shows nothing where the sum itself tells a small count', () => {
    expect(suppress([[5], [2, 3]], 10)).toBeUndefined();
    expect(suppress([[3], [1, 1, 1]], 3)).toBeUndefined();
  });
});
