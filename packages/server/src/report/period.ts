/** The days that a report is about. Days are of UTC, as those of quotas are. */
export interface Period {
  /** `YYYY-MM-DD`, the first day. */
  readonly from: string;
  /** The last day; never before the first. */
  readonly to: string;
}

/** The most days of a report: what is gathered for each day stays small. */
export const MAX_PERIOD_DAYS = 3700;

const DAY_MS = 86_400_000;

/** Whether a text is a day of the calendar, written `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00.000Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** The day in UTC of a time in RFC 3339 with `Z`. */
export function dayOf(time: string): string {
  return time.slice(0, 10);
}

/** The month (`YYYY-MM`) of a day or of a time. */
export function monthOf(day: string): string {
  return day.slice(0, 7);
}

/** Whether a time lies in the period. */
export function isWithin({ from, to }: Period, time: string): boolean {
  const day = dayOf(time);
  return from <= day && day <= to;
}

/** What is still to come of the period at a time, as a sentence; undefined where it has ended. */
export function unfinished({ from, to }: Period, now: Date): string | undefined {
  const today = dayOf(now.toISOString());
  if (today < from)
    return `The period begins only on ${from}, after this report was made; nothing can be in it yet.`;
  if (today > to) return undefined;
  return `The period ends only with ${to}; what comes after this report was made is not in it.`;
}

/** How many days the period has. */
export function lengthOf({ from, to }: Period): number {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
}

/** Every day of the period, in order. */
export function daysOf({ from, to }: Period): string[] {
  const days: string[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += DAY_MS)
    days.push(dayOf(new Date(at).toISOString()));
  return days;
}

/** Every month that the period touches, in order. */
export function monthsOf(period: Period): string[] {
  return [...new Set(daysOf(period).map(monthOf))];
}
