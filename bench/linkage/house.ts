import { shortFingerprint } from './fingerprint.ts';

/** What two records of one house have in common, whatever was mistyped in either. */
export interface House {
  /** Of the house number or the box, 32 bits. */
  readonly number: number;
  /** The five digits as a number; 0 where there are none. */
  readonly zip: number;
  /** Of city and state, 32 bits; 0 where there is no city. */
  readonly town: number;
}

/**
 * The house of a record, from its canonical fields.
 * @throws Error when the profile has no `street`, `postcode`, `city` or `state`
 */
export function houseOf(fields: Readonly<Record<string, string>>): House {
  const field = (name: string): string => {
    const value = fields[name];
    if (value === undefined)
      throw new Error(`The profile has no field ${name}; the bench needs it to tell houses apart.`);
    return value;
  };
  const street = field('street');
  return {
    number: shortFingerprint(street.split(' ').find((word) => /\d/.test(word)) ?? street),
    zip: Number(field('postcode')),
    town: field('city') === '' ? 0 : shortFingerprint(`${field('city')}/${field('state')}`),
  };
}

/**
 * Whether two records can be of one house: one number, and one ZIP code or one town. The rest of the street doesn't count, nor a
 * ZIP code that differs within a town, since a dropped directional or a mistyped ZIP code must not make strangers of a family.
 * Of a million made-up people, all pairs that a finer rule told apart were of one house.
 */
export function isSameHouse(a: House, b: House): boolean {
  if (a.number !== b.number) return false;
  return (a.zip === b.zip && a.zip !== 0) || (a.town === b.town && a.town !== 0);
}
