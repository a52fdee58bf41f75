import type { CalendarDate } from '../calendar-date.ts';
import { DATE_PLACEHOLDER_WORDS, PLACEHOLDER_DATES } from './date-placeholders.ts';
import { foldText } from './fold.ts';
import { MONTH_NAMES } from './month-names.ts';

/** What the text of a date field is: a day of the calendar, or why it is none. */
export type DateText =
  | { readonly kind: 'date'; readonly date: CalendarDate }
  /** Nothing is written. */
  | { readonly kind: 'empty' }
  /** Something stands there that says that the date is not known, wholly or in part: "N/A", 0000-00-00, 1976-00-00. */
  | { readonly kind: 'placeholder' }
  /** A date is written in a form that is accepted, but the calendar has no such day. */
  | { readonly kind: 'impossible' }
  /** The text has none of the accepted forms. */
  | { readonly kind: 'malformed' };

const DATE = String.raw`(?:[T ] *[0-9]{1,2}:[0-9]{2}.*)?$`;
const YEAR_FIRST = new RegExp(String.raw`^([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})${DATE}`);
const YEAR_FIRST_TOGETHER = /^([0-9]{4})([0-9]{2})([0-9]{2})$/;
const MONTH_FIRST = new RegExp(String.raw`^([0-9]{1,2})([-/])([0-9]{1,2})\2([0-9]{4})${DATE}`);
const MONTH_NAMED_FIRST = /^([A-Z]+)[. -]*([0-9]{1,2})(?:ST|ND|RD|TH)?[, -]+(?:DEL? )?([0-9]{4})$/;
const DAY_THEN_MONTH_NAME =
  /^([0-9]{1,2})(?:ST|ND|RD|TH)?[ /-]*(?:(?:DE|OF) )?([A-Z]+)[., /-]*(?:DEL? )?([0-9]{4})$/;

const monthOf = new Map(
  MONTH_NAMES.flatMap((names, index) => names.map((name) => [name, index + 1] as const)),
);
const placeholderWords = new Set(DATE_PLACEHOLDER_WORDS);
const placeholderDates = new Set(PLACEHOLDER_DATES);

/**
 * Reads a date. Accepted are YYYY-MM-DD (also with '/' or '.'), YYYYMMDD, the American MM/DD/YYYY and MM-DD-YYYY, each with
 * or without leading zeros and with a time of day, which is cut; "Jul 28, 1976", "28 Jul 1976", 28JUL1976 and "28 de
 * julio de 1976". The year has four digits: whoever writes two leaves the century to guess. Days are never read before
 * months in figures: 28/07/1976 is impossible.
 */
export function readDate(text: string): DateText {
  const folded = foldText(text).trim();
  if (folded === '') return { kind: 'empty' };
  if (isPlaceholder(folded)) return { kind: 'placeholder' };
  const found = figures(folded) ?? monthNamed(folded);
  if (found === undefined) return { kind: 'malformed' };
  if (found.month === 0 || found.day === 0 || placeholderDates.has(isoText(found)))
    return { kind: 'placeholder' };
  return isOfCalendar(found) ? { kind: 'date', date: found } : { kind: 'impossible' };
}

/** The date as YYYY-MM-DD. */
export function isoText({ year, month, day }: CalendarDate): string {
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
}

/** A negative number where `one` is before `other`, 0 where they are the same day. */
export function compareDates(one: CalendarDate, other: CalendarDate): number {
  return one.year - other.year || one.month - other.month || one.day - other.day;
}

/** The days from 1970-01-01 to a date, of the year 100 or later; negative before it. */
export function dayNumber({ year, month, day }: CalendarDate): number {
  return Date.UTC(year, month - 1, day) / 86_400_000;
}

/** A number in at least `width` digits. */
export function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

function figures(text: string): CalendarDate | undefined {
  const first = YEAR_FIRST.exec(text);
  if (first !== null) return dateOf(first[1], first[3], first[4]);
  const together = YEAR_FIRST_TOGETHER.exec(text);
  if (together !== null) return dateOf(together[1], together[2], together[3]);
  const last = MONTH_FIRST.exec(text);
  return last === null ? undefined : dateOf(last[4], last[1], last[3]);
}

function monthNamed(text: string): CalendarDate | undefined {
  const first = MONTH_NAMED_FIRST.exec(text);
  const last = first === null ? DAY_THEN_MONTH_NAME.exec(text) : null;
  const month = monthOf.get(first?.[1] ?? last?.[2] ?? '');
  if (month === undefined) return undefined;
  return { year: Number(first?.[3] ?? last?.[3]), month, day: Number(first?.[2] ?? last?.[1]) };
}

function dateOf(year = '', month = '', day = ''): CalendarDate {
  return { year: Number(year), month: Number(month), day: Number(day) };
}

/** Words that say so, no letter and no digit at all, X's, or one digit throughout: 00/00/0000, 9999-99-99, 11/11/1111. */
function isPlaceholder(text: string): boolean {
  const words = text.replace(/[^A-Z0-9]+/g, ' ').trim();
  return placeholderWords.has(words) || /^(?:X*|([0-9])\1*)$/.test(words.replaceAll(' ', ''));
}

function isOfCalendar({ year, month, day }: CalendarDate): boolean {
  return year > 0 && month <= 12 && day <= daysOfMonth(year, month);
}

function daysOfMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
