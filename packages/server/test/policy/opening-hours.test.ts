import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatOpeningHours, isOpen, WEEKDAYS, type OpeningHours } from '../../src/policy/opening-hours.ts';

const office: OpeningHours = {
  days: ['mon', 'tue', 'wed', 'thu', 'fri'],
  from: '08:00',
  to: '18:00',
  timeZone: 'America/New_York',
};
const open = (now: string, changes: Partial<OpeningHours> = {}): boolean =>
  isOpen({ ...office, ...changes }, new Date(now));

describe('opening hours', () => {
  it.each([
    ['in winter, a minute before', '2026-01-05T12:59:59Z', false],
    ['in winter, on the hour', '2026-01-05T13:00:00Z', true],
    ['in winter, to the last second', '2026-01-05T22:59:59Z', true],
    ['in winter, at the end', '2026-01-05T23:00:00Z', false],
    ['in summer, an hour earlier by UTC', '2026-07-06T12:00:00Z', true],
    ['in summer, at the end', '2026-07-06T22:00:00Z', false],
    ['on a Saturday', '2026-07-11T15:00:00Z', false],
    ['on a Sunday', '2026-07-12T15:00:00Z', false],
    // The night in which clocks go forward is a Sunday's; the Monday behind it has summer time already.
    ['on the Friday before clocks go forward', '2026-03-06T12:30:00Z', false],
    ['on the Monday after', '2026-03-09T12:30:00Z', true],
    ['on the Friday before clocks go back', '2026-10-30T12:30:00Z', true],
    ['on the Monday after that', '2026-11-02T12:30:00Z', false],
  ])('%s: %s', (_, now, expected) => {
    expect(open(now)).toBe(expected);
  });

  it('are those of the place, where it may be another day than in UTC', () => {
    const auckland = { timeZone: 'Pacific/Auckland', days: ['mon'] as const };
    expect(open('2026-07-05T20:30:00Z', auckland)).toBe(true);
    expect(open('2026-07-06T20:30:00Z', auckland)).toBe(false);
  });

  it('count quarters of an hour where clocks do', () => {
    const kathmandu = { timeZone: 'Asia/Kathmandu' };
    expect(open('2026-07-06T02:14:59Z', kathmandu)).toBe(false);
    expect(open('2026-07-06T02:15:00Z', kathmandu)).toBe(true);
  });

  it('in the hour that comes twice are open twice, and in the hour that there is not for nobody', () => {
    const night = { days: ['sun'] as const, from: '01:00', to: '02:00' };
    const backwards = ['04:59', '05:00', '05:59', '06:00', '06:59', '07:00'].map((time) =>
      open(`2026-11-01T${time}:00Z`, night),
    );
    expect(backwards).toEqual([false, true, true, true, true, false]);
    const skipped = { days: ['sun'] as const, from: '02:00', to: '03:00' };
    expect(['06:59', '07:00', '07:59'].map((time) => open(`2026-03-08T${time}:00Z`, skipped))).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('from midnight to midnight are all of the day', () => {
    const day = { days: ['mon'] as const, from: '00:00', to: '24:00', timeZone: 'UTC' };
    expect(
      ['2026-07-05T23:59:59Z', '2026-07-06T00:00:00Z', '2026-07-06T23:59:59Z', '2026-07-07T00:00:00Z'].map(
        (now) => open(now, day),
      ),
    ).toEqual([false, true, true, false]);
  });

  it('in UTC are what the clock in UTC says', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
        fc.subarray([...WEEKDAYS], { minLength: 1 }),
        fc.integer({ min: 0, max: 1439 }),
        fc.integer({ min: 1, max: 1440 }),
        (now, days, begin, length) => {
          const end = Math.min(1440, begin + length);
          const minute = now.getUTCHours() * 60 + now.getUTCMinutes();
          const weekday = WEEKDAYS[(now.getUTCDay() + 6) % 7]!;
          const expected = days.includes(weekday) && begin <= minute && minute < end;
          expect(isOpen({ days, from: clock(begin), to: clock(end), timeZone: 'UTC' }, now)).toBe(expected);
        },
      ),
    );
  });

  it('are told in words', () => {
    expect(formatOpeningHours(office)).toBe('mon, tue, wed, thu, fri from 08:00 to 18:00 (America/New_York)');
  });
});

function clock(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
}
