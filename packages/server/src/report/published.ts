import type { Policy } from '../policy/policy.ts';
import type { DayOfUse, Facts } from './facts.ts';
import { monthOf, monthsOf } from './period.ts';
import { suppress, withholdAll, type Shown } from './suppression.ts';

/** One row of a published table. */
export interface PublishedRow {
  readonly label: string;
  readonly shown: Shown;
}

/** What may be published of the facts. No count from 1 to threshold − 1 can be found out from it. */
export interface Published {
  readonly threshold: number;
  /** Requests that were answered, all together. */
  readonly accepted: Shown;
  /** Records of the requests that were answered: the same records in each table. */
  readonly records: {
    /** All of them; undefined where it would tell too much. */
    readonly total: number | undefined;
    readonly byRequester: readonly PublishedRow[];
    readonly byStatute: readonly PublishedRow[];
    readonly byMonth: readonly PublishedRow[];
  };
  /** Refused requests by problem code. */
  readonly refusals: readonly PublishedRow[];
  /** What became of requests that had to wait for an approval. */
  readonly waits: readonly PublishedRow[];
}

/** The row of requests that were refused and only counted. */
export const ONLY_COUNTED = 'without an allowed signature, counted only';
/** The row of statutes in the requester's own words. */
export const OTHER_STATUTES = 'other statutes, in words that the policy does not list';

/**
 * Chooses what is published. Two tables with the rows of one in the columns of the other would have sums that are hard to
 * keep apart, so each table has rows only, and what bounds what is looked after here:
 * - records are shown three ways, each safe for a reader who knows their sum; `suppress` says how;
 * - elements are not shown, since a record gives at least one;
 * - accepted requests are shown all together only. A month, requester or statute with records had a request, so where there is more
 *   than one row of any, fewer requests than the threshold are not told from none being shown;
 * - denials and expiries stand among those that waited only, and not a second time among the refusals;
 * - what else the log counts, such as receipts, is not shown, and neither is the log's size, which counts everything.
 *
 * A statute is a requester's text, which could hold a name; the log has only those that the policy listed then, and only
 * those that it lists now are shown.
 */
export function publish(facts: Facts, policy: Policy, threshold: number): Published {
  const listed = policy.statutes === 'any' ? [] : policy.statutes;
  const records = (rows: readonly DayOfUse[]): number => rows.reduce((sum, row) => sum + row.records, 0);
  const grouped = (keyOf: (row: DayOfUse) => string): Map<string, number> =>
    new Map([...Map.groupBy(facts.days, keyOf)].map(([key, rows]) => [key, records(rows)]));
  const byMonth = grouped(({ day }) => monthOf(day));
  const tables = [
    grouped(({ requester }) => requester),
    grouped(({ statute }) => (statute !== null && listed.includes(statute) ? statute : OTHER_STATUTES)),
    // Every month of the period has its row, so that a missing one says nothing.
    new Map(monthsOf(facts.period).map((month) => [month, byMonth.get(month) ?? 0])),
  ] as const;
  const columns = tables.map((table) => [...table.values()]);
  const shown = suppress(columns, threshold);
  const rowsOf = (at: 0 | 1 | 2): PublishedRow[] =>
    zip([...tables[at].keys()], shown?.[at] ?? withholdAll(columns[at] ?? []));
  const mostRows = Math.max(...columns.map((column) => column.filter((count) => count > 0).length));
  return {
    threshold,
    accepted: acceptedShown(
      facts.days.reduce((sum, { requests }) => sum + requests, 0),
      mostRows,
      threshold,
    ),
    records: {
      total: shown === undefined ? undefined : records(facts.days),
      byRequester: rowsOf(0),
      byStatute: rowsOf(1),
      byMonth: rowsOf(2),
    },
    refusals: alone(refusalCounts(facts), threshold),
    waits: alone(waitCounts(facts), threshold),
  };
}

function acceptedShown(count: number, mostRows: number, threshold: number): Shown {
  if (count === 0 || count >= threshold) return { kind: 'count', count };
  return mostRows > 1 ? { kind: 'withheld' } : { kind: 'few' };
}

function refusalCounts(facts: Facts): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { code, requests } of facts.refusals) {
    if (code === 'approval_denied' || code === 'approval_expired') continue;
    counts.set(code, (counts.get(code) ?? 0) + requests);
  }
  if (facts.unidentified > 0) counts.set(ONLY_COUNTED, facts.unidentified);
  return counts;
}

function waitCounts({ waits }: Facts): Map<string, number> {
  const sum = (name: 'approved' | 'denied' | 'expired' | 'waiting'): number =>
    waits.reduce((total, row) => total + row[name], 0);
  return new Map([
    ['approved', sum('approved')],
    ['denied', sum('denied')],
    ['expired without a decision', sum('expired')],
    ['still waiting at the end', sum('waiting')],
  ]);
}

/**
 * A table whose sum stands nowhere in the report; made safe all the same for who knows the sum from elsewhere, as far as
 * that can be done: small counts among themselves are only told as such, and a larger one beside them is withheld.
 */
function alone(counts: ReadonlyMap<string, number>, threshold: number): PublishedRow[] {
  const column = [...counts.values()];
  const [shown] = suppress([column], threshold) ?? [
    column.map((count): Shown => {
      if (count === 0) return { kind: 'count', count };
      return { kind: count < threshold ? 'few' : 'withheld' };
    }),
  ];
  return zip([...counts.keys()], shown ?? []);
}

function zip(labels: readonly string[], shown: readonly Shown[]): PublishedRow[] {
  return labels.map((label, at) => ({ label, shown: shown[at] ?? { kind: 'withheld' } }));
}
