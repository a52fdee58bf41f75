import type { Facts, Tally } from './facts.ts';
import { count, type Column } from './page.ts';
import { plus } from './sum.ts';

/** Columns of tables about requests. */
export const REQUESTS: Column = { title: 'Requests', number: true };
export const RECORDS: Column = { title: 'Records', number: true };
export const ELEMENTS: Column = { title: 'Elements', number: true };

/** The sum of rows. */
export function sumOf(rows: readonly Tally[]): Tally {
  return rows.reduce(
    (sum, { requests, records, elements }) => ({
      requests: plus(sum.requests, requests),
      records: plus(sum.records, records),
      elements: plus(sum.elements, elements),
    }),
    { requests: 0, records: 0, elements: 0 },
  );
}

/** What stands for a statute or purpose that the log leaves out, since the policy did not list it. */
export const UNLISTED = 'not listed by the policy';

/** The cells of requests, records and elements. */
export function tally({ requests, records, elements }: Tally): string[] {
  return [count(requests), count(records), count(elements)];
}

/** Names by the records that go with them, the most first. */
export function ranking(days: Facts['days'], nameOf: (row: Facts['days'][number]) => string): string[] {
  return [...Map.groupBy(days, nameOf)]
    .map(([name, rows]) => ({ name, records: sumOf(rows).records }))
    .sort((left, right) => right.records - left.records || (left.name < right.name ? -1 : 1))
    .map(({ name }) => name);
}
