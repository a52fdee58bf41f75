import { describe, expect, it } from 'vitest';
import { measureAddresses } from './addresses.ts';
import { streetParts, unitOf, type ReferenceAddress } from './reference-addresses.ts';

describe('a street that is written in full', () => {
  it.each([
    ['1745 T Street Southeast', ['1745', '', 'T', 'Street', 'Southeast']],
    ['15238 North 65th Avenue', ['15238', 'North', '65th', 'Avenue', '']],
    ['12 1/2 Main Street', ['12 1/2', '', 'Main', 'Street', '']],
    ['236 Middle Turnpike East', ['236', '', 'Middle', 'Turnpike', 'East']],
    ['8300 Highway 100', ['8300', '', 'Highway 100', '', '']],
    ['110 Castle Hill', ['110', '', 'Castle', 'Hill', '']],
    ['45 North Street', ['45', '', 'North', 'Street', '']],
    ['45 Broadway', ['45', '', 'Broadway', '', '']],
    ['2A Park Place', ['2A', '', 'Park', 'Place', '']],
  ])('is taken apart: %s', (street, [number, before, name, suffix, after]) => {
    expect(streetParts(street)).toEqual({ number, before, name, suffix, after });
  });
});

describe('a unit', () => {
  it.each([
    ['APT B', 'APT', 'B'],
    ['Apartment 3', 'APT', '3'],
    ['#APT 000019', 'APT', '000019'],
    ['#203', '', '203'],
    ['B', '', 'B'],
    ['#D 4', '', 'D 4'],
  ])('is taken apart: %s', (text, designator, id) => {
    expect(unitOf(text)).toEqual({ designator, id });
  });

  it('is none where nothing is written', () => {
    expect(unitOf(' ')).toBeUndefined();
  });
});

describe('the variants of addresses', () => {
  const place = { city: 'Alton', state: 'IL', postcode: '62002' };
  const reference = (street: string, name = street): ReferenceAddress => ({
    text: name,
    record: {
      givenName: '',
      middleName: '',
      surname: '',
      dateOfBirth: '',
      street,
      street2: '',
      ...place,
      line: 1,
    },
    address: {
      ...streetParts(street),
      kind: 'street',
      unit: undefined,
      city: place.city,
      state: place.state,
      zip: place.postcode,
    },
  });

  it('of simple addresses agree, share keys and collide with no other', () => {
    const report = measureAddresses([reference('12 Oak Street'), reference('14 Oak Street')], 5, 'a');
    expect(report).toMatchObject({ pairs: 20, agreeing: 20, sharingKey: 20, rejected: {}, collisions: [] });
    expect(report.wholly.addresses).toBe(2);
  });

  it('are caught when two addresses are one', () => {
    const report = measureAddresses(
      [reference('12 Oak Street', 'one'), reference('12 Oak St', 'other')],
      5,
      'a',
    );
    expect(report.collisions).toEqual([['one', 'other']]);
  });

  it('do not agree when they are rejected', () => {
    const report = measureAddresses([reference('Oak Street')], 2, 'a');
    expect(report).toMatchObject({
      pairs: 1,
      agreeing: 0,
      sharingKey: 0,
      rejected: { street_incomplete: 2 },
    });
    expect(report.disagreements).toHaveLength(1);
  });
});
