import type { CanonicalAddress } from './address.ts';

/** How many letters of a street name count at either end. Measured: a fourth loses matches and prevents no wrong one. */
export const STEM_LETTERS = 3;

/** The two ends of a street: what a typing error in its name leaves. Equal for a box, a route and a short name. */
export interface StreetStems {
  /** House number and the first letters of the name. */
  readonly beginning: string;
  /** House number and the last letters of the name. */
  readonly end: string;
}

/**
 * House number and the beginning or the end of the street name without directionals and suffix; of a numbered street or road its
 * digits; of a box or a route all of it. Two streets of one ZIP code whose names begin alike are one here: the name and, in most
 * keys, the birth date tell people apart.
 */
export function streetStems({ kind, number, core }: CanonicalAddress): StreetStems {
  if (kind !== 'house') return { beginning: core, end: core };
  const name = core.slice(number.length + 1);
  const digits = /^[0-9]+/.exec(name)?.[0];
  if (digits !== undefined) return { beginning: `${number} ${digits}`, end: `${number} ${digits}` };
  return {
    beginning: `${number} ${name.slice(0, STEM_LETTERS)}`,
    end: `${number} ${name.slice(-STEM_LETTERS)}`,
  };
}
