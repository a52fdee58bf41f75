import type { Random } from './random.ts';

/** Values that are drawn with different frequencies. */
export interface Shares<T> {
  readonly values: readonly T[];
  /** Running sums of the weights; the last one is the total. */
  readonly sums: Float64Array;
}

/** @throws RangeError when there are no values or a weight is not positive. */
export function sharesOf<T>(entries: readonly (readonly [value: T, weight: number])[]): Shares<T> {
  const sums = new Float64Array(entries.length);
  let total = 0;
  entries.forEach(([value, weight], index) => {
    if (!(weight > 0)) throw new RangeError(`The weight of ${String(value)} must be above 0.`);
    total += weight;
    sums[index] = total;
  });
  if (entries.length === 0) throw new RangeError('Shares need at least one value.');
  return { values: entries.map(([value]) => value), sums };
}

/**
 * Reads a table of names, the most frequent first, separated by commas or line ends: "Smith 83, Johnson 66, Oakley". A weight stands after its name; from where
 * the weights end they fall as one over the rank, which is how names are distributed.
 */
export function readShares(text: string): Shares<string> {
  return sharesOf(readEntries(text));
}

/** The names of such a table without their weights. */
export function readNames(text: string): string[] {
  return readEntries(text).map(([name]) => name);
}

function readEntries(text: string): [name: string, weight: number][] {
  let last = { rank: 1, weight: 1 };
  return text
    .split(/[,\n]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry, index) => {
      const [, name = entry, digits] = /^(.*?)(?: ([\d.]+))?$/.exec(entry) ?? [];
      if (digits === undefined) return [name, (last.weight * last.rank) / (index + 1)];
      last = { rank: index + 1, weight: Number(digits) };
      return [name, last.weight];
    });
}

/** Draws a value with the probability of its weight. */
export function draw<T>(random: Random, { values, sums }: Shares<T>): T {
  const at = random.unit() * (sums[sums.length - 1] ?? 0);
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sums[middle] ?? 0) > at) high = middle;
    else low = middle + 1;
  }
  const value = values[low];
  if (value === undefined) throw new RangeError('There is nothing to draw from.');
  return value;
}
