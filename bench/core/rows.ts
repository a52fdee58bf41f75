import type { Measurement } from './alternation.ts';
import { median, spread } from './median.ts';
import type { Operation } from './operations.ts';

/** The operations that make up one request, both sides added. */
const REQUEST: readonly Operation[] = ['blind', 'evaluate', 'proveChunk', 'verifyChunk', 'finalize'];

/** One line of the result, just as it is printed with --json. */
export interface Row {
  readonly operation: Operation;
  readonly engine: string;
  /** Version of Node.js. */
  readonly node: string;
  /** Microseconds of one core for one element: the median of the repetitions. */
  readonly microsPerElement: number;
  /** Elements of one call. */
  readonly batch: number;
  readonly repetitions: number;
}

/** @param node the version of Node.js that measured */
export function rowsOf(measurements: readonly Measurement[], node: string): Row[] {
  return measurements.map(({ operation, engine, batch, micros }) => ({
    operation,
    engine,
    node,
    microsPerElement: Number(median(micros).toPrecision(5)),
    batch,
    repetitions: micros.length,
  }));
}

/** The microseconds of one operation of one engine, or undefined when it was not measured. */
export function microsOf(rows: readonly Row[], operation: Operation, engine: string): number | undefined {
  return rows.find((row) => row.operation === operation && row.engine === engine)?.microsPerElement;
}

/** A whole request for one element, both sides added, or undefined when a part was not measured. */
export function requestMicrosOf(rows: readonly Row[], engine: string): number | undefined {
  let sum = 0;
  for (const operation of REQUEST) {
    const micros = microsOf(rows, operation, engine);
    if (micros === undefined) return undefined;
    sum += micros;
  }
  return sum;
}

/** The measurements for a reader, with how far the middle half of the repetitions reaches. */
export function tableOf(measurements: readonly Measurement[], node: string): string {
  const rows = rowsOf(measurements, node);
  const lines = [['operation', 'engine', 'µs/element', 'spread', 'batch', 'repetitions']];
  measurements.forEach(({ operation, engine, batch, micros }) => {
    const width = `${(spread(micros) * 100).toFixed(1)} %`;
    lines.push([operation, engine, median(micros).toFixed(3), width, String(batch), String(micros.length)]);
  });
  for (const engine of new Set(rows.map((row) => row.engine))) {
    const sum = requestMicrosOf(rows, engine);
    if (sum !== undefined) lines.push(['whole request', engine, sum.toFixed(3), '', '', '']);
  }
  return aligned(lines);
}

/** Columns of equal width, the first two to the left and numbers to the right. */
export function aligned(lines: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const line of lines) {
    line.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  }
  return lines
    .map((line) =>
      line
        .map((cell, column) =>
          column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
