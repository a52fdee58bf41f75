/** The days of the week as the policy names them. */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** One of them. */
export type Weekday = (typeof WEEKDAYS)[number];

/** When requests are answered: on these days from one time to before another, as the clocks of a place show it. */
export interface OpeningHours {
  /** At least one, none twice, in the order of the week. */
  readonly days: readonly Weekday[];
  /** `HH:MM`, from 00:00 on and earlier than `to`. */
  readonly from: string;
  /** `HH:MM`, up to 24:00. */
  readonly to: string;
  /** A name of the IANA time zone database. */
  readonly timeZone: string;
}

/**
 * Whether it is open. What counts is what a clock on the wall shows: where clocks are set back, a repeated hour is open
 * twice or not at all, and where they are set forward, an hour that does not exist is open for nobody.
 */
export function isOpen({ days, from, to, timeZone }: OpeningHours, now: Date): boolean {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(now);
  const part = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((candidate) => candidate.type === type)?.value ?? '';
  const weekday = part('weekday').toLowerCase();
  // Two digits each, so that texts are in the order of the times.
  const time = `${part('hour')}:${part('minute')}`;
  return days.some((day) => day === weekday) && from <= time && time < to;
}

/** The hours in words, as in "mon, tue from 08:00 to 18:00 (America/New_York)". */
export function formatOpeningHours({ days, from, to, timeZone }: OpeningHours): string {
  return `${days.join(', ')} from ${from} to ${to} (${timeZone})`;
}

/** Whether this program knows the time zone. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
