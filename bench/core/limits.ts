import type { Operation } from './operations.ts';
import { microsOf, requestMicrosOf, type Row } from './rows.ts';

const ENGINE = 'wasm';
const NATIVE = 'libsodium-native';

/** A bound on how a figure of the fast engine compares with another of the same run. */
export interface Verdict {
  readonly limit: string;
  /** Microseconds of what is bounded; undefined when they were not measured, or are not what is bounded. */
  readonly micros: number | undefined;
  /** Undefined when a figure that it takes was not measured. */
  readonly ratio: number | undefined;
  readonly bound: number;
  readonly holds: boolean;
}

function below(limit: string, bound: number, part: number | undefined, whole: number | undefined): Verdict {
  const ratio = part === undefined || whole === undefined ? undefined : part / whole;
  return { limit, micros: part, ratio, bound, holds: ratio !== undefined && ratio <= bound };
}

/**
 * Hold the rows of one run against the limits that the fast engine has to keep. One that can't be told, because a
 * figure is missing, does not hold.
 * @param workers throughput of two workers over that of one, when it was measured
 */
export function judge(rows: readonly Row[], workers: number | undefined): Verdict[] {
  const fast = (operation: Operation): number | undefined => microsOf(rows, operation, ENGINE);
  const native = microsOf(rows, 'evaluate', NATIVE);
  const prove = fast('proveChunk');
  const verify = fast('verifyChunk');
  const proof = prove === undefined || verify === undefined ? undefined : prove + verify;
  const verdicts = [
    below('evaluate / native evaluate', 0.58, fast('evaluate'), native),
    below('evaluate / noble evaluate', 1 / 50, fast('evaluate'), microsOf(rows, 'evaluate', 'noble')),
    below('encodeSet / native evaluate', 0.75, fast('encodeSet'), native),
    below('blind / native evaluate', 0.27, fast('blind'), native),
    below('(proveChunk + verifyChunk) / native evaluate', 0.15, proof, native),
    below('whole request / native evaluate', 1.2, requestMicrosOf(rows, ENGINE), native),
  ];
  if (workers !== undefined) {
    verdicts.push({
      limit: 'two workers / one',
      micros: undefined,
      ratio: workers,
      bound: 1.8,
      holds: workers >= 1.8,
    });
  }
  return verdicts;
}

/** One line for each limit. */
export function verdictLines(verdicts: readonly Verdict[]): string[][] {
  return verdicts.map(({ limit, micros, ratio, bound, holds }) => [
    holds ? 'pass' : 'FAIL',
    limit,
    micros === undefined ? '' : `${micros.toFixed(2)} µs`,
    ratio === undefined ? 'not measured' : ratio.toFixed(4),
    `limit ${String(bound)}`,
  ]);
}
