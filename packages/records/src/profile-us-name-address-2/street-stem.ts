import type { CanonicalAddress } from './address.ts';

/** How many letters of a street name count at either end. Measured: a fourth loses matches and prevents no wrong one. */
export const STEM_LETTERS = 3;

/** The two ends of a street: what a typing error in its name leaves. Equal for a short name. */
export interface StreetStems {
  /** House number and the first letters of the name. */
  readonly beginning: string;
  /** House number and the last letters of the name; of a box or a route, all of it and the city. */
  readonly end: string;
}

/** An address in a grid: both directionals are coordinates, and say where it is. */
const IN_GRID = /^\S+ [NSEW] [0-9]+ [NSEW]$/;

/**
 * House number and the beginning or the end of the street name without directionals and suffix; of a numbered street or road its
 * number, with the one letter that may belong to it; of an address in a grid all of it. Two streets of one ZIP code whose names
 * begin alike are one here: the name and, in most keys, the birth date tell people apart. The end of a box or a route is all of it
 * and the city, for its number alone is that of many others.
 */
export function streetStems({ kind, number, core, street, city }: CanonicalAddress): StreetStems {
  if (kind !== 'house') return { beginning: core, end: city === '' ? '' : `${core} ${city}` };
  if (IN_GRID.test(street)) return { beginning: street, end: street };
  const name = core.slice(number.length + 1);
  if (/^[0-9]/.test(name)) {
    const numbered = `${number} ${/^[0-9]+[A-Z]$/.test(name) ? name : (/^[0-9]+/.exec(name)?.[0] ?? name)}`;
    return { beginning: numbered, end: numbered };
  }
  return {
    beginning: `${number} ${name.slice(0, STEM_LETTERS)}`,
    end: `${number} ${name.slice(-STEM_LETTERS)}`,
  };
}
