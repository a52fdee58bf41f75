import type { Culture, Day } from './person.ts';
import type { Random } from './random.ts';

/** The year in which everybody's age is reckoned. */
export const PRESENT_YEAR = 2025;

/** The year of birth of somebody between these ages. */
export function yearOfAge(random: Random, youngest: number, oldest: number): number {
  // The younger half of a range holds more people than the older one.
  const share = Math.min(random.unit(), random.unit() * 1.6);
  return PRESENT_YEAR - youngest - Math.floor(share * (oldest - youngest));
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** A day of the year. */
export function birthday(random: Random, culture: Culture, year: number): Day {
  // Where births are registered late, the register says the first of January.
  if (random.chance(culture === 'arabic' || culture === 'african' ? 0.06 : 0.001))
    return { year, month: 1, day: 1 };
  const month = random.below(12);
  return { year, month: month + 1, day: 1 + random.below(DAYS[month] ?? 28) };
}
