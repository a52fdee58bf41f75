import { drawBars, MAX_LYING, MAX_SERIES } from './chart.ts';
import type { Facts } from './facts.ts';
import { markup, type Content, type Markup } from './markup.ts';
import { count, figure, table } from './page.ts';
import { daysOf, lengthOf, monthOf, monthsOf } from './period.ts';
import { MOST_DAYS_DRAWN } from './quota-use.ts';
import { ELEMENTS, ranking, RECORDS, REQUESTS, sumOf, tally, UNLISTED } from './tallies.ts';

/** What was asked, by whom, under which statute and for which purpose, and when. */
export function asked(facts: Facts): Content {
  if (facts.days.length === 0) return markup`<p>No request was answered in this period.</p> `;
  const byStatute = [
    ...Map.groupBy(facts.days, ({ requester, statute }) => JSON.stringify([requester, statute])),
  ]
    .flatMap(([, rows]) => {
      const [first] = rows;
      if (first === undefined) return [];
      const largest = Math.max(...rows.map((row) => row.largest));
      return [{ requester: first.requester, statute: first.statute, largest, ...sumOf(rows) }];
    })
    .sort((left, right) =>
      left.requester < right.requester
        ? -1
        : left.requester > right.requester
          ? 1
          : right.records - left.records,
    );
  const all = sumOf(facts.days);
  return [
    figure('Records of the requests that were answered, by requester', overTime(facts)),
    table(
      'Answered requests, by requester and statute',
      [
        { title: 'Requester' },
        { title: 'Statute' },
        REQUESTS,
        RECORDS,
        ELEMENTS,
        { title: 'Largest (records)', number: true },
      ],
      byStatute.map(({ requester, statute, largest, ...sums }) => [
        requester,
        statute ?? UNLISTED,
        ...tally(sums),
        count(largest),
      ]),
      ['All', '', ...tally(all), count(Math.max(...byStatute.map(({ largest }) => largest)))],
    ),
    figure('Records of the requests that were answered, by statute', byStatuteChart(facts)),
    table(
      'Answered requests, by requester and purpose',
      [{ title: 'Requester' }, { title: 'Purpose' }, REQUESTS, RECORDS, ELEMENTS],
      facts.purposes.map(({ requester, purpose, ...sums }) => [
        requester,
        purpose ?? UNLISTED,
        ...tally(sums),
      ]),
    ),
    timeTable(facts),
  ];
}

/** Days where there are few, else months. */
function timeBuckets({ period }: Facts): { are: string; all: string[]; of: (day: string) => string } {
  return lengthOf(period) <= MOST_DAYS_DRAWN
    ? { are: 'day (UTC)', all: daysOf(period), of: (day) => day }
    : { are: 'month', all: monthsOf(period), of: monthOf };
}

function overTime(facts: Facts): Markup {
  const buckets = timeBuckets(facts);
  const ranked = ranking(facts.days, ({ requester }) => requester);
  const own = ranked.length <= MAX_SERIES ? ranked : ranked.slice(0, MAX_SERIES - 1);
  const rest = ranked.slice(own.length);
  const valuesOf = (requesters: readonly string[]): number[] => {
    const sums = new Map<string, number>();
    for (const { requester, day, records } of facts.days) {
      if (requesters.includes(requester))
        sums.set(buckets.of(day), (sums.get(buckets.of(day)) ?? 0) + records);
    }
    return buckets.all.map((bucket) => sums.get(bucket) ?? 0);
  };
  return drawBars({
    label: `Bars: records asked about in each ${buckets.are}, by requester. The tables below have the same figures.`,
    unit: 'records',
    categoriesAre: buckets.are,
    categories: buckets.all,
    series: [
      ...own.map((requester) => ({ name: requester, values: valuesOf([requester]) })),
      ...(rest.length === 0 ? [] : [{ name: `${rest.length} other requesters`, values: valuesOf(rest) }]),
    ],
  });
}

function timeTable(facts: Facts): Content {
  const buckets = timeBuckets(facts);
  const rows = Map.groupBy(facts.days, ({ requester, day }) => JSON.stringify([buckets.of(day), requester]));
  return table(
    `Answered requests, by ${buckets.are} and requester`,
    [
      { title: buckets.are === 'month' ? 'Month' : 'Day (UTC)' },
      { title: 'Requester' },
      REQUESTS,
      RECORDS,
      ELEMENTS,
    ],
    [...rows]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .flatMap(([, [first, ...others]]) =>
        first === undefined
          ? []
          : [[buckets.of(first.day), first.requester, ...tally(sumOf([first, ...others]))]],
      ),
  );
}

function byStatuteChart({ days }: Facts): Markup {
  const ranked = ranking(days, ({ statute }) => statute ?? UNLISTED);
  const own = ranked.length <= MAX_LYING ? ranked : ranked.slice(0, MAX_LYING - 1);
  const rest = ranked.slice(own.length);
  const recordsOf = (statutes: readonly string[]): number =>
    sumOf(days.filter(({ statute }) => statutes.includes(statute ?? UNLISTED))).records;
  return drawBars({
    label: 'Bars: records asked about under each statute. The table above has the same figures.',
    unit: 'records',
    categoriesAre: 'statute',
    categories: [...own, ...(rest.length === 0 ? [] : [`${rest.length} other statutes`])],
    series: [
      {
        name: 'records',
        values: [
          ...own.map((statute) => recordsOf([statute])),
          ...(rest.length === 0 ? [] : [recordsOf(rest)]),
        ],
      },
    ],
    lying: true,
  });
}
