import { describe, expect, it } from 'vitest';
import { canonicalAddress } from '../src/profile-us-name-address-2/address.ts';
import { streetStems } from '../src/profile-us-name-address-2/street-stem.ts';
import type { StreetStems } from '../src/profile-us-name-address-2/street-stem.ts';

function stemsOf(street: string): StreetStems {
  const address = canonicalAddress({
    street,
    street2: '',
    city: 'Springfield',
    state: 'IL',
    postcode: '62704',
  });
  if (typeof address === 'string') throw new Error(`${street} is rejected: ${address}`);
  return streetStems(address);
}

describe('the two ends of a street', () => {
  it.each([
    ['1204 Walnut St', '1204 WAL', '1204 NUT', 'are the house number and three letters'],
    ['1204 N Walnut Ave', '1204 WAL', '1204 NUT', 'are without directionals and suffix'],
    ['1204 Martin Luther King Blvd', '1204 MAR', '1204 ING', 'are taken of all words together'],
    ['12 Oak St', '12 OAK', '12 OAK', 'are equal for a name of three letters'],
    ['12 Elm St', '12 ELM', '12 ELM', 'as for this'],
    ['12 E St', '12 E', '12 E', 'are the name where it has one letter'],
    ['12 1/2 Walnut St', '12 1/2 WAL', '12 1/2 NUT', 'keep the fraction of the number'],
    ['350 W 42nd St', '350 42', '350 42', 'are the digits of a numbered street'],
    ['350 Forty-second St', '350 42', '350 42', 'also where it is written in words'],
    ['69 State Highway 701', '69 701', '69 701', 'are the digits of a numbered road'],
    ['12 500 N', '12 500N', '12 500N', 'keep the one letter behind the digits'],
    ['350 12A St', '350 12A', '350 12A', 'of a street as well'],
    ['100 North 500 West', '100 N 500 W', '100 N 500 W', 'are the whole of an address in a grid'],
    ['PO Box 12', 'POBOX 12', 'POBOX 12 SPRINGFIELD', 'are all of a post office box, the end with the city'],
    ['RR 2 Box 30', 'RR 2 BOX 30', 'RR 2 BOX 30 SPRINGFIELD', 'are all of a route likewise'],
  ])('%s: %s and %s: they %s', (street, beginning, end) => {
    expect(stemsOf(street)).toEqual({ beginning, end });
  });

  it.each([
    ['1204 Walnut St', '1206 Walnut St'],
    ['350 42nd St', '350 43rd St'],
    ['100 N 500 W', '100 S 500 W'],
    ['100 N 500 W', '100 N 500 E'],
    ['12 500 N', '12 500 E'],
    ['PO Box 12', 'PO Box 120'],
  ])('of %s and %s have nothing in common', (one, other) => {
    const [a, b] = [stemsOf(one), stemsOf(other)];
    expect([a.beginning === b.beginning, a.end === b.end]).toEqual([false, false]);
  });

  it('of a name that is misspelt at its end have the beginning in common, and the other way about', () => {
    expect(stemsOf('1204 Walnit St').beginning).toBe(stemsOf('1204 Walnut St').beginning);
    expect(stemsOf('1204 Wlanut St').end).toBe(stemsOf('1204 Walnut St').end);
  });
});
