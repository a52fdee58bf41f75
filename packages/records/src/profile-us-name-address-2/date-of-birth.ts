import type { CalendarDate } from '../calendar-date.ts';
import type { RejectionCode } from '../rejection.ts';
import { compareDates, digits, readDate } from './date-text.ts';

/** The greatest age, in years, at which a date of birth is taken for one. */
export const MAX_AGE = 120;

/** A date of birth in digits: '1976', '07', '28'. */
export interface BirthDate {
  readonly year: string;
  readonly month: string;
  readonly day: string;
}

/** What can be wrong with a date of birth. */
export type BirthDateRejectionCode = Extract<RejectionCode, `date_of_birth_${string}`>;

/**
 * The date of birth, `undefined` where none is given, or the code of what is wrong with it. `today` decides what lies in
 * the future or more than 120 years back. A requester mends a code; a holder, who can't, takes it as a date it does not have.
 */
export function canonicalBirthDate(
  text: string,
  today: CalendarDate,
): BirthDate | undefined | BirthDateRejectionCode {
  const read = readDate(text);
  switch (read.kind) {
    case 'empty':
      return undefined;
    case 'placeholder':
      return 'date_of_birth_placeholder';
    case 'malformed':
      return 'date_of_birth_invalid';
    case 'impossible':
      return 'date_of_birth_impossible';
    case 'date': {
      const { date } = read;
      const oldest = { ...today, year: today.year - MAX_AGE };
      if (compareDates(date, today) > 0 || compareDates(date, oldest) < 0) return 'date_of_birth_impossible';
      return { year: digits(date.year, 4), month: digits(date.month, 2), day: digits(date.day, 2) };
    }
  }
}
