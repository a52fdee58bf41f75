import { describe, expect, it } from 'vitest';
import { makeUnusable } from './incomplete.ts';
import { seededRandom } from './random.ts';

const usable = {
  given_name: 'Ana',
  middle_name: '',
  surname: 'Lopez',
  date_of_birth: '1985-03-02',
  street: '12 Oak St',
  street2: '',
  city: 'Reno',
  state: 'NV',
  postcode: '89501',
  order_number: 'A123456789',
  order_date: '2024-06-01',
};

/** A day of the calendar that is over. */
function isPastDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return (
    !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) && date.getUTCFullYear() <= 2026
  );
}

/** A number other than 0 before a street name, or after a word for a box or route. */
const STREET = /^[1-9]\d* \p{L}+/u;

function isUsable(record: typeof usable): boolean {
  const words = /^(unknown|desconocido|lnu|fnu|test|given|n\/a|no name|sin (nombre|apellido))$/i;
  const names = [record.given_name, record.surname];
  return (
    names.every((name) => /^\p{L}[\p{L} '-]+$/u.test(name) && !words.test(name)) &&
    STREET.test(record.street) &&
    ((record.city !== '' && record.city !== 'Anytown') || record.postcode !== '') &&
    !/^(ZZ|XX|)$/.test(record.state) &&
    record.postcode !== '00000' &&
    (record.date_of_birth === '' || isPastDay(record.date_of_birth)) &&
    /\d/.test(record.order_number) &&
    isPastDay(record.order_date)
  );
}

describe('an unusable record', () => {
  it.each([true, false])('is one, with the plainest faults only: %s', (plainOnly) => {
    expect(isUsable(usable)).toBe(true);
    const random = seededRandom('incomplete');
    for (let round = 0; round < 2_000; round++) {
      const record = makeUnusable(random, usable, plainOnly);
      expect(isUsable(record), JSON.stringify(record)).toBe(false);
    }
  });

  it('has placeholders in English and Spanish, missing parts and impossible values', () => {
    const random = seededRandom('kinds');
    const records = Array.from({ length: 2_000 }, () => makeUnusable(random, usable, false));
    const streets = records.map(({ street }) => street);
    expect(streets).toContain('Failed to Provide');
    expect(streets).toContain('Domicilio conocido');
    expect(streets).toContain('');
    expect(records.map(({ surname }) => surname)).toContain('LNU');
    expect(records.map(({ order_date: day }) => day)).toContain('');
  });
});
