import { drawBars, MAX_LYING } from './chart.ts';
import type { Facts } from './facts.ts';
import { markup, type Content } from './markup.ts';
import { beginPage, count, endPage, figure, keyFigures, section, table, type Heading } from './page.ts';
import { monthOf } from './period.ts';
import { ONLY_COUNTED, OTHER_STATUTES, type Published, type PublishedRow } from './published.ts';
import type { Shown } from './suppression.ts';

/** What the public version is made of. */
export interface PublicReport {
  readonly heading: Heading;
  readonly fingerprint: string;
  readonly facts: Facts;
  readonly published: Published;
  /** The root of the log that it was made from. */
  readonly root: string;
}

/** The version for publication: small counts, ids, keys and all times finer than a month left out. */
export function publicPage(report: PublicReport): string {
  const { heading, published } = report;
  const { records } = published;
  return [
    beginPage(heading),
    markup`<p>
      This is the version for publication. It tells what was asked of this holder and how it was answered. The
      program that answers learns no name and no address of anybody who is asked about, so none can be in it.
    </p> `,
    keyFigures([
      ['Requests answered', shownText(published.accepted, published.threshold)],
      [
        'Records asked about',
        records.total === undefined
          ? shownText({ kind: 'withheld' }, published.threshold)
          : count(records.total),
      ],
    ]),
    howCountsAreShown(published),
    section(
      'Who asked',
      recordsTable('Records asked about, by requester', 'Requester', records.byRequester, published),
    ),
    section(
      'Under which statute',
      recordsTable('Records asked about, by statute', 'Statute', records.byStatute, published),
      records.byStatute.some(({ label }) => label === OTHER_STATUTES)
        ? markup`<p class="note">
            A statute is shown where the holder's policy lists it; words that a requester chose freely are
            not.
          </p> `
        : '',
    ),
    section(
      'When',
      monthsChart(published),
      recordsTable('Records asked about, by month', 'Month', records.byMonth, published),
    ),
    section('What was refused', refusals(published)),
    section('What people decided', decisions(published)),
    section('Policies and epochs', changes(report.facts)),
    check(report),
    endPage(),
  ]
    .map(({ html: text }) => text)
    .join('');
}

function howCountsAreShown({ threshold }: Published) {
  return markup`<h3>How counts are shown</h3>
    <p>
      Counts from 1 to ${threshold - 1} are shown as “fewer than ${threshold}”, since few records may point to
      somebody. So that they can't be found by subtracting, others are “not shown” where that is needed:
      whoever knows the sum of a table and all that stands in it still can't tell which of the numbers from 1
      to ${threshold - 1} a small count is. Where a whole table, or the sum, would tell too much, all of it is
      not shown. Zero is shown. Two reports whose periods overlap could be subtracted from each other, so
      reports for publication should not overlap.
    </p> `;
}

function recordsTable(
  caption: string,
  what: string,
  rows: readonly PublishedRow[],
  published: Published,
): Content {
  if (rows.length === 0) return markup`<p>No request was answered in this period.</p> `;
  const totals = published.records.total;
  return table(
    caption,
    [{ title: what }, { title: 'Records', number: true }],
    rows.map(({ label, shown }) => [label, shownText(shown, published.threshold)]),
    totals === undefined ? undefined : ['All', count(totals)],
  );
}

function monthsChart({ records: { byMonth } }: Published): Content {
  if (!byMonth.some(({ shown }) => shown.kind === 'count' && shown.count > 0)) return '';
  const chart = drawBars({
    label:
      'Bars: records asked about in each month, where they are shown. The table below has the same figures.',
    unit: 'records',
    categoriesAre: 'month',
    categories: byMonth.map(({ label }) => label),
    series: [
      { name: 'records', values: byMonth.map(({ shown }) => (shown.kind === 'count' ? shown.count : null)) },
    ],
  });
  return figure('Records asked about, by month; a month that is not shown has no bar', chart);
}

function refusals({ refusals: rows, threshold }: Published): Content {
  if (rows.length === 0)
    return markup`<p>
      No request was refused in this period, but for those that people denied or let expire.
    </p> `;
  // Those that were only counted stay out: strangers, who can send any number, would decide the scale.
  const drawn = rows
    .filter(({ label, shown }) => shown.kind === 'count' && label !== ONLY_COUNTED)
    .slice(0, MAX_LYING);
  const chart =
    drawn.length < 2
      ? ''
      : figure(
          'Refused requests, by reason, where they are shown',
          drawBars({
            label: 'Bars: refused requests by problem code. The table below has the same figures.',
            unit: 'requests',
            categoriesAre: 'reason',
            categories: drawn.map(({ label }) => label),
            series: [
              {
                name: 'requests',
                values: drawn.map(({ shown }) => (shown.kind === 'count' ? shown.count : null)),
              },
            ],
            lying: true,
          }),
        );
  return [
    chart,
    table(
      'Refused requests, by reason (problem code)',
      [{ title: 'Reason' }, { title: 'Requests', number: true }],
      rows.map(({ label, shown }) => [label, shownText(shown, threshold)]),
    ),
  ];
}

function decisions({ waits, threshold }: Published): Content {
  if (waits.every(({ shown }) => shown.kind === 'count' && shown.count === 0)) {
    return markup`<p>No request waited for anybody's decision in this period.</p> `;
  }
  return table(
    'Requests that had to wait for an approval, and what became of them in this period',
    [{ title: 'Outcome' }, { title: 'Requests', number: true }],
    waits.map(({ label, shown }) => [label, shownText(shown, threshold)]),
  );
}

function changes({ policies, epochs }: Facts): Content {
  const rows = [
    ...policies.map(({ time, policy }) => ({ time, what: 'Policy', digest: policy })),
    ...epochs.map(({ time, epoch, epoch_id: id }) => ({ time, what: `Epoch ${epoch}`, digest: id })),
  ]
    .sort((left, right) => (left.time < right.time ? -1 : 1))
    .map(({ time, what, digest }) => [monthOf(time), what, markup`<code>${digest}</code>`]);
  if (rows.length === 0) return markup`<p>Neither the policy nor the epoch was changed in this period.</p> `;
  return table(
    'What was put in force, and in which month',
    [{ title: 'Month' }, { title: 'What' }, { title: 'SHA-256' }],
    rows,
  );
}

function check({ fingerprint, root }: PublicReport) {
  return section(
    'How to check this report',
    markup`<p>
        It was made from the holder's log, a tree of hashes in which nothing can be changed or left out
        afterwards without being noticed by whoever kept an earlier checkpoint. An inspector who is shown the log finds the root below at the size
        that the holder tells. The size counts every entry, so it is not shown here. The key of the holder has
        the fingerprint <code>${fingerprint}</code>.
      </p>
      <p>Root: <code>${root}</code></p> `,
  );
}

function shownText(shown: Shown, threshold: number): Content {
  switch (shown.kind) {
    case 'count':
      return count(shown.count);
    case 'few':
      return markup`<span class="hidden">fewer than ${threshold}</span>`;
    case 'withheld':
      return markup`<span class="hidden">not shown</span>`;
  }
}
