import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { calendarDateOf, type CalendarDate } from '@blindmatch/records';
import { z } from 'zod';
import { replaceFile } from './replace-file.ts';

const dayFile = z.strictObject({
  /** Names what the build works on; hex. */
  inputs: z.string(),
  day: z.strictObject({ year: z.int(), month: z.int().min(1).max(12), day: z.int().min(1).max(31) }),
});

/**
 * The day by which a build judges dates: the one on which its work began, in UTC. A build that goes on after midnight
 * would otherwise reject other people than it did before, and its set would depend on when it was interrupted. It is kept
 * in the build's directory, which goes when the epoch is whole.
 *
 * Two builds of different inputs at once may write it over each other. That does no harm: the day is part of what a
 * build's runs are known by, so the worst is that work is done again.
 *
 * @param inputs names all else that the build depends on; for other inputs the work begins today
 */
export function dayOfBuild(directory: string, inputs: string, now: Date): CalendarDate {
  const path = join(directory, 'day.json');
  const kept = readDay(path);
  if (kept?.inputs === inputs) return kept.day;
  const day = calendarDateOf(now);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  replaceFile(path, `${JSON.stringify({ inputs, day })}\n`);
  return day;
}

/** What is there; undefined where it is missing or damaged, so that the work begins anew. */
function readDay(path: string): z.output<typeof dayFile> | undefined {
  try {
    return dayFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    const expected =
      error instanceof SyntaxError ||
      error instanceof z.ZodError ||
      (error instanceof Error && 'code' in error && error.code === 'ENOENT');
    if (expected) return undefined;
    throw error;
  }
}
