import { randomInt } from 'node:crypto';

/** An integer from 0 to below `bound`, each as likely. */
export type RandomBelow = (bound: number) => number;

/**
 * Draws `size` different numbers from 0 to below `count`, every set of them as likely; all of them where there are no
 * more (Floyd's algorithm: R. W. Floyd and J. Bentley, Programming Pearls, CACM 30(9), 1987).
 */
export function drawSample(
  count: number,
  size: number,
  randomBelow: RandomBelow = randomInt,
): ReadonlySet<number> {
  const drawn = new Set<number>();
  for (let last = Math.max(0, count - size); last < count; last++) {
    const number = randomBelow(last + 1);
    drawn.add(drawn.has(number) ? last : number);
  }
  return drawn;
}
