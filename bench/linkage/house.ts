import { shortFingerprint } from './fingerprint.ts';

/** What two records of one house have in common, whatever was mistyped in either. */
export interface House {
  /** Of the house number or the box, 32 bits. */
  readonly number: number;
  /** The five digits as a number; 0 where there are none. */
  readonly zip: number;
  /** Of city and state, 32 bits. */
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
    town: shortFingerprint(`${field('city')}/${field('state')}`),
  };
}

/**
 * Whether two records can be of one house: one number, and one ZIP code. The rest of the street doesn't count, since a dropped
 * directional or a typing error must not make strangers of a family. Within one town a ZIP code that is missing, or one
 * typing error away, is the same.
 */
export function isSameHouse(a: House, b: House): boolean {
  if (a.number !== b.number) return false;
  if (a.zip === b.zip && a.zip !== 0) return true;
  return a.town === b.town && (a.zip === 0 || b.zip === 0 || isOneErrorAway(a.zip, b.zip));
}

/** One digit is another, or two neighbours are exchanged. */
function isOneErrorAway(a: number, b: number): boolean {
  const [one, other] = [digitsOf(a), digitsOf(b)];
  const differing = [0, 1, 2, 3, 4].filter((place) => one[place] !== other[place]);
  const [first = 0, second = 0] = differing;
  if (differing.length === 1) return true;
  return (
    differing.length === 2 &&
    second === first + 1 &&
    one[first] === other[second] &&
    one[second] === other[first]
  );
}

function digitsOf(zip: number): string {
  return String(zip).padStart(5, '0');
}
