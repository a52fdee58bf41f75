import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CalendarDate } from '../src/calendar-date.ts';
import { canonicalBirthDate } from '../src/profile-us-name-address-2/date-of-birth.ts';
import { compareDates, dayNumber, isoText, readDate } from '../src/profile-us-name-address-2/date-text.ts';
import { canonicalOrderDate } from '../src/profile-us-name-address-2/order-date.ts';
import { orderNumberFault } from '../src/profile-us-name-address-2/order-number.ts';

const TODAY: CalendarDate = { year: 2026, month: 11, day: 22 };

describe('a date of birth', () => {
  it.each([
    '1976-07-28',
    '1976-7-28',
    '1976/07/28',
    '1976.07.28',
    '1976-07-28T00:00:00Z',
    '1976-07-28 00:00:00.000',
    '19760728',
    '07/28/1976',
    '7/28/1976',
    '7/28/1976 12:00:00 AM',
    '07-28-1976',
    'Jul 28, 1976',
    'July 28th 1976',
    'JUL. 28, 1976',
    '28 Jul 1976',
    '28-JUL-1976',
    '28JUL1976',
    '28th of July, 1976',
    '28 de julio de 1976',
    '28 julio 1976',
    '  1976-07-28  ',
    '１９７６-０７-２８',
  ])('written as %s is read', (text) => {
    expect(canonicalBirthDate(text, TODAY)).toEqual({ year: '1976', month: '07', day: '28' });
  });

  it.each(['', ' ', '\t'])('that is empty ("%s") is none', (text) => {
    expect(canonicalBirthDate(text, TODAY)).toBeUndefined();
  });

  it.each([
    '0000-00-00',
    '00/00/0000',
    '1976-00-00',
    '1976-07-00',
    '1900-01-01',
    '01/01/1901',
    '9999-12-31',
    '9999-99-99',
    '99999999',
    '11/11/1111',
    'UNKNOWN',
    'N/A',
    'unk.',
    'XX/XX/XXXX',
    '--',
    '?',
    'Desconocido',
    'No sabe',
  ])('%s is a placeholder', (text) => {
    expect(canonicalBirthDate(text, TODAY)).toBe('date_of_birth_placeholder');
  });

  it.each([
    '7/28/76',
    '76-07-28',
    '1976',
    '07/1976',
    '1976-07',
    '28.07.1976',
    '27969',
    'Juli 28, 1976',
    'Jul 28',
    '1976-07/28',
    'born 1976-07-28',
    '1976-07-28 or 29',
  ])('%s can not be read', (text) => {
    expect(canonicalBirthDate(text, TODAY)).toBe('date_of_birth_invalid');
  });

  it.each([
    '1976-02-30',
    '28/07/1976',
    '1977-02-29',
    '1900-02-29',
    '1976-04-31',
    '07281976',
    '2026-11-23',
    '1906-11-21',
    '1876-05-01',
  ])('%s is impossible', (text) => {
    expect(canonicalBirthDate(text, TODAY)).toBe('date_of_birth_impossible');
  });

  it.each(['2026-11-22', '1906-11-22', '1976-02-29', '2000-02-29', '1970-01-01'])(
    '%s is possible',
    (text) => {
      const { year, month, day } = canonicalBirthDate(text, TODAY) as {
        year: string;
        month: string;
        day: string;
      };
      expect(`${year}-${month}-${day}`).toBe(text);
    },
  );
});

const dates = fc
  .date({ min: new Date('1907-01-01'), max: new Date('2026-11-22'), noInvalidDate: true })
  .map((date) => ({ year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }));

describe('for any date', () => {
  it('every form that is accepted is read as the same day', () => {
    fc.assert(
      fc.property(dates, (date) => {
        const iso = isoText(date);
        const { year, month, day } = date;
        const named = new Date(iso).toUTCString().slice(5, 16);
        for (const text of [iso, iso.replaceAll('-', ''), `${month}/${day}/${year}`, named]) {
          expect(readDate(text)).toEqual({ kind: 'date', date });
        }
      }),
    );
  });

  it('order and distance are those of the calendar', () => {
    fc.assert(
      fc.property(dates, dates, (one, other) => {
        expect(Math.sign(compareDates(one, other))).toBe(Math.sign(dayNumber(one) - dayNumber(other)));
        expect(dayNumber(one)).toBe(Date.parse(isoText(one)) / 86_400_000);
      }),
    );
  });

  it('a day is of the calendar as the platform has it', () => {
    const field = fc.tuple(
      fc.integer({ min: 1902, max: 2100 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 31 }),
    );
    fc.assert(
      fc.property(field, ([year, month, day]) => {
        const there = new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
        expect(readDate(isoText({ year, month, day })).kind).toBe(there ? 'date' : 'impossible');
      }),
      { numRuns: 300 },
    );
  });

  it('any text is read or refused, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('0123456789-/. :TJULdeDEC')) }), (text) => {
        expect(['date', 'empty', 'placeholder', 'impossible', 'malformed']).toContain(readDate(text).kind);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the date of an order', () => {
  it('is read in the forms of a date of birth', () => {
    expect(canonicalOrderDate('6/1/2024', TODAY, 0)).toEqual({ year: 2024, month: 6, day: 1 });
  });

  it.each([
    ['', 'order_date_missing'],
    ['N/A', 'order_date_missing'],
    ['0000-00-00', 'order_date_missing'],
    ['soon', 'order_date_invalid'],
    ['6/1/24', 'order_date_invalid'],
    ['2024-02-30', 'order_date_invalid'],
    ['1949-12-31', 'order_date_invalid'],
    ['2026-11-23', 'order_date_future'],
  ])('"%s" is refused: %s', (text, code) => {
    expect(canonicalOrderDate(text, TODAY, 0)).toBe(code);
  });

  it('may be today where no age is asked for', () => {
    expect(canonicalOrderDate('2026-11-22', TODAY, 0)).toEqual(TODAY);
  });

  it('is old enough on the day on which the days have passed, and not before', () => {
    expect(canonicalOrderDate('2026-10-23', TODAY, 30)).toEqual({ year: 2026, month: 10, day: 23 });
    expect(canonicalOrderDate('2026-10-24', TODAY, 30)).toBe('order_too_recent');
  });
});

describe('the number of an order', () => {
  it.each(['', ' ', '--'])('is missing: "%s"', (text) => {
    expect(orderNumberFault(text)).toBe('order_number_missing');
  });

  it.each([
    'UNKNOWN',
    'N/A',
    '0000',
    'A000-000-000',
    'xxx',
    'xx-xx',
    'None',
    'Sin número',
    'S/N',
    'desconocido',
  ])('is a placeholder: %s', (text) => {
    expect(orderNumberFault(text)).toBe('order_number_placeholder');
  });

  it.each(['A123456789', '12345', 'XNA-2024-1', '2024/00017', '1', 'X1'])('may be %s', (text) => {
    expect(orderNumberFault(text)).toBeUndefined();
  });
});
