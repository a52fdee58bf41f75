import { describe, expect, it } from 'vitest';
import { houseOf, isSameHouse } from './house.ts';

const house = (street: string, postcode: string, city = 'ALTON'): ReturnType<typeof houseOf> =>
  houseOf({ street, postcode, city, state: 'IL' });

describe('two records', () => {
  it.each([
    ['one house', '12 N MAIN ST', '62002', 'ALTON', true],
    ['a directional that is dropped', '12 MAIN ST', '62002', 'ALTON', true],
    ['another town of the ZIP code', '12 N MAIN ST', '62002', 'GODFREY', true],
    ['a ZIP code that is missing', '12 N MAIN ST', '', 'ALTON', true],
    ['a ZIP code that is another', '12 N MAIN ST', '60411', 'ALTON', true],
    ['another number', '14 N MAIN ST', '62002', 'ALTON', false],
    ['another ZIP code and town', '12 N MAIN ST', '62035', 'GODFREY', false],
    ['no ZIP code, and another town', '12 N MAIN ST', '', 'GODFREY', false],
    ['no town, and another ZIP code', '12 N MAIN ST', '62035', '', false],
  ])('can be of one house, or not: %s', (_, street, postcode, city, expected) => {
    expect(isSameHouse(house('12 N MAIN ST', '62002'), house(street, postcode, city))).toBe(expected);
  });

  it('are not of one house because both lack the town', () => {
    expect(isSameHouse(house('12 N MAIN ST', '62002', ''), house('12 N MAIN ST', '62035', ''))).toBe(false);
  });

  it('are told apart by the box where there is no house', () => {
    expect(isSameHouse(house('POBOX 12', '62002'), house('POBOX 13', '62002'))).toBe(false);
  });
});

it('asks a profile for the fields of an address', () => {
  expect(() => houseOf({ road: '12 MAIN ST' })).toThrow('no field street');
});
