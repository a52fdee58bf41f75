import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';

/** The classes of the ground truth and what each of them must come out as. */
const EXPECTED: Readonly<Record<string, string>> = {
  same: 'match',
  moved: 'no_match',
  absent: 'no_match',
  incomplete: 'rejected',
};

/** How the outcomes of one class of requests came out. */
export interface ClassOutcome {
  readonly name: string;
  readonly expected: string;
  readonly records: number;
  /** How many came out as expected. */
  readonly right: number;
}

/** Compares the results of a request with the ground truth of its synthetic population, class by class. */
export async function checkOutcome(resultsPath: string, truthPath: string): Promise<ClassOutcome[]> {
  const outcomes = new Map<string, string>();
  for await (const row of rows(resultsPath)) outcomes.set(row['record_id'] ?? '', row['outcome'] ?? '');
  const classes = new Map<string, { records: number; right: number }>();
  for await (const row of rows(truthPath)) {
    const name = row['class'] ?? '';
    const tally = classes.get(name) ?? { records: 0, right: 0 };
    tally.records++;
    if (outcomes.get(row['record_id'] ?? '') === EXPECTED[name]) tally.right++;
    classes.set(name, tally);
  }
  return [...classes].map(([name, tally]) => ({ name, expected: EXPECTED[name] ?? '?', ...tally }));
}

function rows(path: string): AsyncIterable<Record<string, string>> {
  return createReadStream(path).pipe(parse({ columns: true })) as AsyncIterable<Record<string, string>>;
}
