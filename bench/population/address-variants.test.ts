import { describe, expect, it } from 'vitest';
import type { Address, StreetAddress } from './address.ts';
import { addressVariants } from './address-variants.ts';
import { DIRECTIONALS, ordinalWord, SUFFIXES } from './address-words.ts';
import { seededRandom } from './random.ts';

const house: StreetAddress = {
  kind: 'street',
  number: '1745',
  before: 'N',
  name: 'Oak Hollow',
  suffix: 'St',
  after: 'SE',
  unit: { designator: 'APT', id: '12B' },
  city: 'Saint Paul',
  state: 'MN',
  zip: '55101',
};

function linesOf(address: Address, count = 200): string[] {
  return addressVariants(address, seededRandom('variants'), count).map(
    ({ street, street2, city, state, postcode }) => `${street}; ${street2}; ${city}; ${state}; ${postcode}`,
  );
}

describe('the variants of an address', () => {
  it('are the same for the same seed', () => {
    expect(linesOf(house)).toEqual(linesOf(house));
  });

  it('are many', () => {
    expect(new Set(linesOf(house)).size).toBeGreaterThan(150);
  });

  it('each hold every part of it', () => {
    for (const line of linesOf(house)) {
      expect(line).toMatch(
        /^1745 (N|North)\.? Oak Hollow (St|Str|Street)\.? (SE|S\.E|Southeast)\.?,?;? (apt|apartment|unit|no|suite|ste|#)\.? ?#? ?12[- ]?B;.* (Saint|St\.?) Paul; (MN|Minnesota); 55101(-\d{4})?$/i,
      );
    }
  });

  it.each([
    ['ordinals', { name: '1st' }, [/ 1st /i, / first /i]],
    ['numbers in names', { name: 'Four Winds' }, [/ four winds /i, / 4 winds /i]],
    ['small house numbers', { number: '1' }, [/^1 /, /^one /i]],
    ['saints', { name: 'Saint Charles' }, [/ saint charles /i, / st charles /i, / st\. charles /i]],
    ['mounts', { name: 'Mount Vernon' }, [/ mount vernon /i, / mt vernon /i]],
    [
      'federal highways',
      { name: 'US Highway 98', suffix: '' },
      [/ us highway 98 /i, / us hwy 98 /i, / us 98 /i],
    ],
    ['county roads', { name: 'County Road 12', suffix: '' }, [/ county road 12 /i, / cr 12 /i]],
    ['fractions', { number: '12 1/2' }, [/^12 1\/2 /, /^12-1\/2 /]],
    ['grids', { number: 'N64W23760' }, [/^N64W23760 /i, /^N64 W23760 /i]],
    [
      'long forms given',
      { before: 'North', suffix: 'Street' },
      [/ N Oak/i, / North Oak/i, / St /i, / Street /i],
    ],
  ])('write %s in every way', (_, changed, patterns) => {
    const lines = linesOf({ ...house, ...changed });
    for (const pattern of patterns) {
      expect(lines.filter((line) => pattern.test(line)).length, pattern.source).toBeGreaterThan(0);
    }
  });

  it('put the unit in either line', () => {
    const variants = addressVariants(house, seededRandom('lines'), 100);
    expect(variants.filter(({ street2 }) => street2 !== '').length).toBeGreaterThan(20);
    expect(variants.filter(({ street2 }) => street2 === '').length).toBeGreaterThan(20);
  });

  it.each<[string, Address, RegExp]>([
    [
      'a box',
      { kind: 'box', box: '417', city: 'Reno', state: 'NV', zip: '89501' },
      /^(p\.? ?o\.? ?|post office )?(box|pob) ?#?417$|^POB 417$/i,
    ],
    [
      'a route',
      { kind: 'route', route: 'RR', number: '2', box: '34A', city: 'Ames', state: 'IA', zip: '50010' },
      /^r[\w. ]*#?2,? box #?34A$/i,
    ],
    [
      'a post overseas',
      { kind: 'military', service: 'PSC', number: '1234', box: '56', city: 'APO', state: 'AE', zip: '09012' },
      /^PSC 1234,? box 56$/i,
    ],
  ])('keep the numbers of %s', (_, address, pattern) => {
    for (const { street } of addressVariants(address, seededRandom('kinds'), 100))
      expect(street).toMatch(pattern);
  });

  it('take words as they are that no table has', () => {
    const odd = { ...house, before: '', name: 'Vermont 113', suffix: '', after: '', unit: undefined };
    for (const line of linesOf(odd, 20)) expect(line).toMatch(/^1745 Vermont 113; ;/i);
    const unit = { designator: 'Hangar', id: '7' };
    for (const line of linesOf({ ...house, unit }, 20)) expect(line).toMatch(/Hangar 7;/i);
  });
});

describe('the words of addresses', () => {
  it('stand for one thing each', () => {
    for (const table of [DIRECTIONALS, SUFFIXES]) {
      const words = table.flatMap((forms) => [
        ...new Set(forms.map((form) => form.toLowerCase().replaceAll('.', ''))),
      ]);
      expect(new Set(words).size).toBe(words.length);
    }
  });

  it('hold the ordinals up to ninety-ninth', () => {
    expect([1, 12, 20, 21, 40, 99].map(ordinalWord)).toEqual([
      'First',
      'Twelfth',
      'Twentieth',
      'Twenty-First',
      'Fortieth',
      'Ninety-Ninth',
    ]);
    expect(ordinalWord(100)).toBeUndefined();
  });
});
