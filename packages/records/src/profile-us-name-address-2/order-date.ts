import type { CalendarDate } from '../calendar-date.ts';
import type { RejectionCode } from '../rejection.ts';
import { compareDates, dayNumber, readDate } from './date-text.ts';

/** The first year in which an order may have been made. */
export const FIRST_ORDER_YEAR = 1950;

/** What can be wrong with the date of an order. */
export type OrderDateRejectionCode = Extract<RejectionCode, `order_date_${string}` | 'order_too_recent'>;

/**
 * The date of the order, or the code of what is wrong with it.
 *
 * @param minimumOrderAgeDays whole days that must have passed from the date of the order to `today`; 0 asks for none.
 */
export function canonicalOrderDate(
  text: string,
  today: CalendarDate,
  minimumOrderAgeDays: number,
): CalendarDate | OrderDateRejectionCode {
  const read = readDate(text);
  if (read.kind === 'empty' || read.kind === 'placeholder') return 'order_date_missing';
  if (read.kind !== 'date' || read.date.year < FIRST_ORDER_YEAR) return 'order_date_invalid';
  if (compareDates(read.date, today) > 0) return 'order_date_future';
  return dayNumber(today) - dayNumber(read.date) < minimumOrderAgeDays ? 'order_too_recent' : read.date;
}
