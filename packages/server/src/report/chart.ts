import { drawChart, type ChartOption } from './drawing.ts';
import { markup, printable, trusted, type Markup } from './markup.ts';

/** Bars over categories, one on the other where there are several series. */
export interface BarChart {
  /** What the chart shows, in one sentence, for those who can't see it. */
  readonly label: string;
  /** What the bars count, such as `records`. */
  readonly unit: string;
  /** What the categories are, such as `day (UTC)`. */
  readonly categoriesAre: string;
  readonly categories: readonly string[];
  readonly series: readonly {
    readonly name: string;
    /** One for each category; null where none is shown. */
    readonly values: readonly (number | null)[];
  }[];
  /** A line that the bars are compared with; not for lying bars. */
  readonly cap?: { readonly name: string; readonly value: number };
  /** Bars from left to right, for categories with long names. */
  readonly lying?: boolean;
}

/** The colours of Okabe and Ito, which people with any kind of colour vision tell apart; yellow is left out on white. */
const COLOURS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#777777'];
const CAP_COLOUR = '#d55e00';
/** How many series a chart can hold before colours repeat. */
export const MAX_SERIES: number = COLOURS.length;
/** How many categories have room in a chart with lying bars. */
export const MAX_LYING: number = 24;

const INK = '#222222';
const FONT = 'sans-serif';
const TEXT = { color: INK, fontFamily: FONT };
const WIDTH = 760;
/** Letters of a category's name that fit beside a lying bar. */
const NAME_LETTERS = 36;
/** Letters of a series' name that fit in the legend. */
const LEGEND_LETTERS = 40;
const LEGEND_COLUMNS = 2;
const LEGEND_ROW = 24;

/**
 * Draws a chart as SVG within the page: nothing moves, nothing is fetched, no script. Names are other people's text; the
 * library escapes them, and characters that can't be seen are written out before.
 */
export function drawBars(spec: BarChart): Markup {
  const lying = spec.lying === true;
  const height = lying ? 66 + 26 * spec.categories.length : 290 + LEGEND_ROW * legendRows(spec);
  const svg = drawChart(lying ? lyingBars(spec) : standingBars(spec), WIDTH, height);
  return markup`<div class="chart" role="img" aria-label="${spec.label}">${trusted(svg)}</div>`;
}

function standingBars(spec: BarChart): ChartOption {
  return {
    ...look(spec),
    grid: { left: 70, right: 24, top: 40 + LEGEND_ROW * legendRows(spec), bottom: 48 },
    xAxis: {
      type: 'category',
      data: [...spec.categories],
      name: spec.categoriesAre,
      nameLocation: 'middle',
      nameGap: 30,
      nameTextStyle: TEXT,
      axisTick: { alignWithLabel: true, lineStyle: { color: INK } },
      axisLine: { lineStyle: { color: INK } },
      axisLabel: { ...TEXT, hideOverlap: true },
    },
    yAxis: {
      ...valueAxis(spec),
      nameLocation: 'end',
      nameGap: 14,
      nameTextStyle: { ...TEXT, align: 'left' },
    },
    series: barSeries(spec),
  };
}

function lyingBars(spec: BarChart): ChartOption {
  return {
    ...look(spec),
    grid: { left: 262, right: 40, top: 12, bottom: 50 },
    xAxis: { ...valueAxis(spec), nameLocation: 'middle', nameGap: 28, nameTextStyle: TEXT },
    yAxis: {
      type: 'category',
      data: spec.categories.map((name) => shortened(name, NAME_LETTERS)),
      name: '',
      nameLocation: 'end',
      nameGap: 0,
      nameTextStyle: TEXT,
      inverse: true,
      axisTick: { alignWithLabel: true, lineStyle: { color: INK } },
      axisLine: { lineStyle: { color: INK } },
      axisLabel: { ...TEXT, interval: 0 },
    },
    series: barSeries(spec),
  };
}

function legendRows({ series }: BarChart): number {
  return series.length > 1 ? Math.ceil(series.length / LEGEND_COLUMNS) : 0;
}

function look({ series }: BarChart): Pick<ChartOption, 'animation' | 'color' | 'textStyle' | 'legend'> {
  return {
    animation: false,
    color: COLOURS,
    textStyle: TEXT,
    ...(series.length > 1
      ? {
          legend: {
            top: 0,
            left: 0,
            itemGap: 14,
            textStyle: TEXT,
            formatter: (name) => shortened(name, LEGEND_LETTERS),
          },
        }
      : {}),
  };
}

function valueAxis(spec: BarChart): Omit<ChartOption['yAxis'], 'nameLocation' | 'nameGap' | 'nameTextStyle'> {
  const sums = spec.categories.map((_, at) =>
    spec.series.reduce((sum, { values }) => sum + (values[at] ?? 0), 0),
  );
  return {
    type: 'value',
    name: spec.unit,
    minInterval: 1,
    // The cap's line has to be in the picture, above all bars or not.
    max: niceCeiling(Math.max(1, spec.cap?.value ?? 0, ...sums)),
    axisLabel: { ...TEXT, hideOverlap: true, formatter: (value) => COMPACT.format(value) },
    splitLine: { lineStyle: { color: '#dddddd' } },
  };
}

function barSeries({ series, cap }: BarChart): ChartOption['series'] {
  return series.map(({ name, values }, at) => ({
    type: 'bar',
    name: printable(name),
    stack: 'all',
    // A bar of nothing would still have its edge, on the axis.
    data: values.map((value) => (value === 0 ? null : value)),
    barMaxWidth: 36,
    // A thin white edge parts stacked bars whose colours look alike in print.
    itemStyle: { borderColor: '#ffffff', borderWidth: series.length > 1 ? 0.5 : 0 },
    ...(at === 0 && cap !== undefined
      ? {
          markLine: {
            silent: true,
            symbol: 'none',
            lineStyle: { color: CAP_COLOUR, type: 'dashed', width: 2 },
            label: { ...TEXT, position: 'insideEndTop', formatter: () => cap.name },
            data: [{ yAxis: cap.value }],
          },
        }
      : {}),
  }));
}

/** Text cut to so many letters, with an ellipsis where some are missing; the table beside the chart has it whole. */
function shortened(text: string, letters: number): string {
  const all = Array.from(printable(text));
  return all.length <= letters ? all.join('') : `${all.slice(0, letters - 1).join('')}…`;
}

const STEPS = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** A round number at least a twentieth above the value, so that a line at the value stands clear of the edge. */
function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = STEPS.find((factor) => factor * power >= value * 1.05) ?? 12;
  return Math.max(Math.ceil(step * power), 2);
}

const COMPACT = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });
