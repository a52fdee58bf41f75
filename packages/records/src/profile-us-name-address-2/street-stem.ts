import type { CanonicalAddress } from './address.ts';

/** How much of a street name counts: what comes after is often misspelt, shortened or left out. */
export const STEM_LETTERS = 4;

/**
 * House number and the first letters of the street name without directional and suffix; a name of digits, a box or a route
 * as a whole. Two streets of one ZIP code whose names begin alike are one here: name and, mostly, birth date tell people apart.
 */
export function streetStem({ kind, number, core }: CanonicalAddress): string {
  if (kind !== 'house') return core;
  const name = core.slice(number.length + 1);
  return `${number} ${/^[0-9]/.test(name) ? name : name.slice(0, STEM_LETTERS)}`;
}
