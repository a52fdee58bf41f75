/**
 * What is used of the library that draws charts. Its own declarations need a browser's types and don't hold under this
 * project's strictness, so that part is declared here and loaded past them.
 */

import { createRequire } from 'node:module';

/** How text looks. */
interface TextStyle {
  readonly color?: string;
  readonly fontFamily?: string;
  readonly align?: 'left' | 'center' | 'right';
}

interface Line {
  readonly color: string;
  readonly type?: 'dashed';
  readonly width?: number;
}

interface Axis {
  readonly type: 'category' | 'value';
  readonly name: string;
  readonly nameLocation: 'start' | 'middle' | 'end';
  readonly nameGap: number;
  readonly nameTextStyle: TextStyle;
  readonly axisLabel: TextStyle & {
    readonly interval?: number;
    readonly hideOverlap?: boolean;
    readonly formatter?: (value: number) => string;
  };
  readonly data?: readonly string[];
  readonly inverse?: boolean;
  readonly axisTick?: { readonly alignWithLabel: boolean; readonly lineStyle: Line };
  readonly axisLine?: { readonly lineStyle: Line };
  readonly splitLine?: { readonly lineStyle: Line };
  readonly minInterval?: number;
  readonly max?: number;
}

interface BarSeries {
  readonly type: 'bar';
  readonly name: string;
  readonly stack: string;
  readonly data: readonly (number | null)[];
  readonly barMaxWidth: number;
  readonly itemStyle: { readonly borderColor: string; readonly borderWidth: number };
  readonly markLine?: {
    readonly silent: true;
    readonly symbol: 'none';
    readonly lineStyle: Line;
    readonly label: TextStyle & { readonly formatter: () => string; readonly position: 'insideEndTop' };
    readonly data: readonly { readonly yAxis: number }[];
  };
}

/** A chart of bars. */
export interface ChartOption {
  readonly animation: false;
  readonly color: readonly string[];
  readonly textStyle: TextStyle;
  readonly grid: {
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
  };
  readonly legend?: {
    readonly top: number;
    readonly left: number;
    readonly itemGap: number;
    readonly textStyle: TextStyle;
    readonly formatter: (name: string) => string;
  };
  readonly xAxis: Axis;
  readonly yAxis: Axis;
  readonly series: readonly BarSeries[];
}

interface Chart {
  setOption(option: ChartOption): void;
  renderToSVGString(options: { readonly useViewBox: boolean }): string;
  dispose(): void;
}

interface Core {
  readonly use: (parts: readonly unknown[]) => void;
  readonly init: (
    element: null,
    theme: null,
    options: {
      readonly renderer: 'svg';
      readonly ssr: true;
      readonly width: number;
      readonly height: number;
    },
  ) => Chart;
}

const require = createRequire(import.meta.url);
const { init, use } = require('echarts/core') as Core;
const charts = require('echarts/charts') as Record<string, unknown>;
const components = require('echarts/components') as Record<string, unknown>;
const renderers = require('echarts/renderers') as Record<string, unknown>;

use([
  charts['BarChart'],
  components['GridComponent'],
  components['LegendComponent'],
  components['MarkLineComponent'],
  renderers['SVGRenderer'],
]);

/** Draws a chart as SVG. */
export function drawChart(option: ChartOption, width: number, height: number): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(option);
    return chart.renderToSVGString({ useViewBox: true });
  } finally {
    chart.dispose();
  }
}
