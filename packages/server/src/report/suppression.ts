/** How a count is shown in a report for publication. */
export type Shown =
  | { readonly kind: 'count'; readonly count: number }
  /** At least 1 and less than the threshold. */
  | { readonly kind: 'few' }
  /** Left out so that another can't be found by subtraction: at least the threshold, or in a table without counts at least 1. */
  | { readonly kind: 'withheld' };

/** Counts whose sum is the same as that of every other partition of the same thing. */
export type Partition = readonly number[];

/**
 * Decides what is shown of several partitions of one sum, such as records by requester, by statute and by month, so that no
 * count from 1 to threshold − 1 can be found out. Zeros are shown.
 *
 * Whoever reads the partitions side by side knows the sum as soon as one of them is shown whole, so each is made safe for a
 * reader who knows the sum. In a partition with small counts, further counts are withheld, in the order of the table,
 * never by their size, until, for each small count, every value from 1 to threshold − 1 leaves possible values for the
 * others that are hidden: the small ones from 1, the withheld ones from the threshold. Where no choice does that, all counts
 * of the partition are withheld alike, and must be able to be anything from 1. Where that is not enough either, the sum
 * itself would tell too much: then no partition of it is shown, and the result is undefined.
 */
export function suppress(
  partitions: readonly Partition[],
  threshold: number,
): readonly (readonly Shown[])[] | undefined {
  const shown: (readonly Shown[])[] = [];
  for (const partition of partitions) {
    const safe = withFewWithheld(partition, threshold) ?? withAllWithheld(partition, threshold);
    if (safe === undefined) return undefined;
    shown.push(safe);
  }
  return shown;
}

/** What takes the place of every partition of a sum where none can be shown: nothing but which counts are zero. */
export function withholdAll(partition: Partition): readonly Shown[] {
  return partition.map((count) => (count === 0 ? { kind: 'count', count } : { kind: 'withheld' }));
}

/** The small counts as such, with as many others withheld as it takes; undefined where it can't be done. */
function withFewWithheld(partition: Partition, threshold: number): readonly Shown[] | undefined {
  const isSmall = (count: number): boolean => count > 0 && count < threshold;
  const small = partition.filter(isSmall);
  const withheld = new Set<number>();
  let hidden = small.reduce((sum, count) => sum + count, 0);
  for (const [at, count] of partition.entries()) {
    if (small.length === 0 || isSafe(hidden, small.length, withheld.size, threshold)) break;
    if (count < threshold) continue;
    withheld.add(at);
    hidden += count;
  }
  if (small.length > 0 && !isSafe(hidden, small.length, withheld.size, threshold)) return undefined;
  return partition.map((count, at) => {
    if (isSmall(count)) return { kind: 'few' };
    return withheld.has(at) ? { kind: 'withheld' } : { kind: 'count', count };
  });
}

/**
 * Whether each of `small` counts could be threshold − 1 with the other small ones at 1 and the withheld ones at the threshold.
 * That it could be 1 needs no check: a withheld count takes up what is left.
 */
function isSafe(hidden: number, small: number, withheld: number, threshold: number): boolean {
  return withheld > 0 && hidden >= threshold - 1 + (small - 1) + withheld * threshold;
}

function withAllWithheld(partition: Partition, threshold: number): readonly Shown[] | undefined {
  const counts = partition.filter((count) => count > 0);
  const sum = counts.reduce((total, count) => total + count, 0);
  const safe = counts.length > 1 && sum >= threshold - 1 + (counts.length - 1);
  return safe ? withholdAll(partition) : undefined;
}
