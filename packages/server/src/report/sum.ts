/** The sum of two counts, or the greatest exact number where that is beyond it: what was refused may be any number. */
export function plus(one: number, other: number): number {
  return Math.min(one + other, Number.MAX_SAFE_INTEGER);
}
