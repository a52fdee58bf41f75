import { describe, expect, it } from 'vitest';
import { canonicalAddress } from '../src/profile-us-name-address-2/address.ts';
import { canonicalPostcode } from '../src/profile-us-name-address-2/address/postcode.ts';
import {
  NO_SUFFIX_WITHIN,
  PLAIN_SUFFIXES,
  STREET_SUFFIXES,
} from '../src/profile-us-name-address-2/address/street-suffixes.ts';

/** City, state and postcode, or the code of the rejection. */
function place(city: string, state: string, postcode: string): string {
  const found = canonicalAddress({ street: '12 Main St', street2: '', city, state, postcode });
  return typeof found === 'string' ? found : `${found.city} ${found.state} ${found.postcode}`.trim();
}

describe('a postcode', () => {
  it.each([
    ['62704', '62704'],
    [' 62704 ', '62704'],
    ['62704-1234', '62704'],
    ['62704 1234', '62704'],
    ['62704-', '62704'],
    ['627041234', '62704'],
    ['2134', '02134'],
    ['2134.0', '02134'],
    ['601', '00601'],
    ['21341234', '02134'],
    ['2134-123', '02134'],
    ['44444', '44444'],
    ['', ''],
    ['N/A', ''],
    ['Unknown', ''],
    ['00000', undefined],
    ['00500', undefined],
    ['11111', undefined],
    ['99999', undefined],
    ['12', undefined],
    ['123456', undefined],
    ['K1A 0B1', undefined],
  ])('%j is %j', (written, expected) => {
    expect(canonicalPostcode(written)).toBe(expected);
  });
});

describe('a city and a state', () => {
  it.each([
    ['Saint Paul', 'Minnesota', 'STPAUL MN'],
    ['St. Paul', 'MN', 'STPAUL MN'],
    ['Fort Worth', 'Tex.', 'FTWORTH TX'],
    ['Ft Worth', 'TX', 'FTWORTH TX'],
    ['Mount Ida', 'ark', 'MTIDA AR'],
    ['North Aurora', 'IL', 'NAURORA IL'],
    ['N. Aurora', 'Ill.', 'NAURORA IL'],
    ['Cecil Township', 'PA', 'CECILTWP PA'],
    ['Cecil Twp', 'Penna', 'CECILTWP PA'],
    ['City of Industry', 'Calif', 'INDUSTRY CA'],
    ['Powder Spgs', 'GA', 'POWDERSPRINGS GA'],
    ['New York', 'N.Y.', 'NEWYORK NY'],
    ['New York NY', '', 'NEWYORK NY'],
    ['Washington DC', 'DC', 'WASHINGTON DC'],
    ['Washington', 'D.C.', 'WASHINGTON DC'],
    ['San Juan', 'Puerto Rico', 'SANJUAN PR'],
    ['Mayagüez', 'PR', 'MAYAGUEZ PR'],
    ['Charlotte Amalie', 'U.S. Virgin Islands', 'CHARLOTTEAMALIE VI'],
    ['Charleston', 'West Virginia', 'CHARLESTON WV'],
    ['APO AE', '', 'APO AE'],
    ['FPO', 'AP', 'FPO AP'],
    ['Unincorporated', 'FL', 'UNINCORPORATED FL'],
  ])('%s, %s is %s', (city, state, expected) => {
    expect(place(city, state, '')).toBe(expected);
  });
});

describe('a place', () => {
  it.each([
    ['Chicago', 'IL', '60601', 'CHICAGO IL 60601'],
    ['', '', '60601', '60601'],
    ['', 'N/A', '60601', '60601'],
    // A state that the ZIP code does not lie in is an error of somebody, not a reason to refuse the record.
    ['Chicago', 'NY', '60601', 'CHICAGO NY 60601'],
    ['60601', 'IL', '60601', 'IL 60601'],
    ['', '', '', 'place_missing'],
    ['Chicago', '', '', 'place_missing'],
    ['', 'IL', '', 'place_missing'],
    ['Chicago', 'ZZ', '60601', 'state_unknown'],
    ['Chicago', 'IL', '00000', 'postcode_invalid'],
    ['Unknown', 'IL', '60601', 'city_placeholder'],
    ['Anytown', 'IL', '60601', 'city_placeholder'],
    ['N/A', 'IL', '60601', 'city_placeholder'],
    ['Desconocido', 'PR', '00601', 'city_placeholder'],
    ['X'.repeat(3), 'IL', '60601', 'city_placeholder'],
    ['Ab'.repeat(60), 'IL', '60601', 'city_too_long'],
  ])('of %j, %j and %j is %s', (city, state, postcode, expected) => {
    expect(place(city, state, postcode)).toBe(expected);
  });
});

describe('the table of suffixes', () => {
  const spellings = Object.entries(STREET_SUFFIXES).flatMap(([short, others]) => [
    ...new Set([short, ...others]),
  ]);

  it('gives each spelling one suffix', () => {
    expect(spellings.filter((word, index) => spellings.indexOf(word) !== index)).toEqual([]);
  });

  it('holds every suffix and spelling that the other lists name', () => {
    expect(PLAIN_SUFFIXES.filter((word) => STREET_SUFFIXES[word] === undefined)).toEqual([]);
    expect(NO_SUFFIX_WITHIN.filter((word) => !spellings.includes(word))).toEqual([]);
  });
});
