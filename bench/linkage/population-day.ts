import type { CalendarDate, PersonRecord, Profile } from '@blindmatch/records';

/**
 * The day on which a population is read: `today`, or the latest date of birth on the holder's file where that is later.
 * Synthetic people may be set in the future, but whoever is on file has been born.
 */
export async function dayOfPopulation(
  people: AsyncIterable<PersonRecord>,
  profile: Profile,
  today: CalendarDate,
): Promise<CalendarDate> {
  let latest = isoDay(today);
  for await (const person of people) {
    const year = latestYear(person.dateOfBirth);
    if (year < today.year) continue;
    // At the end of that year the profile takes the date for what it says.
    const canonical = profile.canonicalise(person, 'holder', { year, month: 12, day: 31 });
    if (canonical.kind === 'rejected') continue;
    const born = canonical.fields['date_of_birth'] ?? '';
    if (born > latest) latest = born;
  }
  return dayOfIso(latest);
}

/** The greatest number of four digits in a text, 0 where it holds none. */
function latestYear(text: string): number {
  return Math.max(0, ...[...text.matchAll(/[0-9]{4}/g)].map(([digits]) => Number(digits)));
}

/** A day as YYYY-MM-DD. */
export function isoDay({ year, month, day }: CalendarDate): string {
  const digits = (part: number, length: number): string => String(part).padStart(length, '0');
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
}

function dayOfIso(text: string): CalendarDate {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  return { year, month, day };
}
