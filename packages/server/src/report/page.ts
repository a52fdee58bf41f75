import { markup, trusted, type Content, type Markup } from './markup.ts';
import { unfinished, type Period } from './period.ts';
import { STYLE } from './style.ts';

/** How every report begins, so that a report may be replaced by the next and nothing else is. */
export const REPORT_BEGINNING = '<!doctype html>\n<!-- report of blindmatchd -->\n';

/** What stands at the head of a report. */
export interface Heading {
  readonly title: string;
  /** The holder's name. */
  readonly holder: string;
  readonly period: Period;
  readonly madeAt: Date;
}

/** Everything before the first section. The page may load nothing and run nothing, wherever it is opened. */
export function beginPage({ title, holder, period, madeAt }: Heading): Markup {
  const stillOpen = unfinished(period, madeAt);
  return markup`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}: ${holder}, ${period.from} to ${period.to}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="period">${holder}, ${period.from} to ${period.to}</p>
<p class="note">All days and times are in UTC; both days are included. Made on ${day(madeAt)}.</p>
${
  stillOpen === undefined
    ? ''
    : markup`<p class="note">${stillOpen}</p>
`
}</header>
<main>
`;
}

/** Everything after the last section. */
export function endPage(): Markup {
  return markup`</main>
</body>
</html>
`;
}

/** A section with its heading. */
export function section(heading: string, ...content: readonly Content[]): Markup {
  return markup`<section>
<h2>${heading}</h2>
${content}</section>
`;
}

/** A column of a table. */
export interface Column {
  readonly title: string;
  /** True where the column holds numbers. */
  readonly number?: true;
}

/** A table; the first column names its row. Nothing where there are no rows. */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Content[])[],
  totals?: readonly Content[],
): Content {
  if (rows.length === 0) return '';
  const foot = totals === undefined ? '' : markup`<tfoot>${tableRow(columns, totals)}</tfoot>`;
  return markup`<table>
<caption>${caption}</caption>
${tableHead(columns)}
<tbody>
${rows.map((row) => tableRow(columns, row))}</tbody>
${foot}</table>
`;
}

/** The head of a table. */
export function tableHead(columns: readonly Column[]): Markup {
  const cells = columns.map(
    ({ title, number }) => markup`<th scope="col"${numberClass(number)}>${title}</th>`,
  );
  return markup`<thead><tr>${cells}</tr></thead>`;
}

/** One row of a table, as it stands in the table or by itself where rows are written one by one. */
export function tableRow(columns: readonly Column[], cells: readonly Content[]): Markup {
  const written = cells.map((cell, at) => {
    const number = numberClass(columns[at]?.number);
    return at === 0 ? markup`<th scope="row"${number}>${cell}</th>` : markup`<td${number}>${cell}</td>`;
  });
  return markup`<tr>${written}</tr>
`;
}

/** A chart with its caption; a table with the same figures stands beside it. */
export function figure(caption: string, chart: Markup): Markup {
  return markup`<figure>
<figcaption>${caption}</figcaption>
${chart}
</figure>
`;
}

/** Figures that stand out, each with what it counts. */
export function keyFigures(figures: readonly (readonly [name: string, value: Content])[]): Markup {
  const items = figures.map(
    ([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>
`,
  );
  return markup`<dl class="figures">
${items}</dl>
`;
}

const COUNT = new Intl.NumberFormat('en-US');

/** A count with its thousands divided. */
export function count(value: number): string {
  return COUNT.format(value);
}

/** The day in UTC. */
function day(time: Date): string {
  return time.toISOString().slice(0, 10);
}

function numberClass(number: true | undefined): Content {
  return number === true ? trusted(' class="number"') : '';
}
