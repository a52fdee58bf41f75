import { describe, expect, it } from 'vitest';
import type { Operation } from './operations.ts';
import { microsOf, requestMicrosOf, rowsOf, tableOf } from './rows.ts';

const measurement = (operation: Operation, micros: readonly number[], engine = 'wasm') => ({
  operation,
  engine,
  batch: 16,
  micros,
});

describe('a row', () => {
  it('holds the median and how it was measured, and nothing else', () => {
    const rows = rowsOf([measurement('decode', [3.5, 2.5, 90])], '24.21.0');
    expect(rows).toEqual([
      {
        operation: 'decode',
        engine: 'wasm',
        node: '24.21.0',
        microsPerElement: 3.5,
        batch: 16,
        repetitions: 3,
      },
    ]);
  });

  it('is found by its operation and engine', () => {
    const rows = rowsOf([measurement('blind', [1]), measurement('blind', [2], 'noble')], '24');
    expect([microsOf(rows, 'blind', 'noble'), microsOf(rows, 'decode', 'noble')]).toEqual([2, undefined]);
  });
});

describe('a whole request', () => {
  const parts = ['blind', 'evaluate', 'proveChunk', 'verifyChunk', 'finalize'] as const;

  it('is the sum of its five parts', () => {
    const rows = rowsOf(
      parts.map((operation, i) => measurement(operation, [10 ** i])),
      '24',
    );
    expect(requestMicrosOf(rows, 'wasm')).toBe(11_111);
  });

  it('is not known when a part is not', () => {
    const rows = rowsOf(
      parts.slice(1).map((operation) => measurement(operation, [1])),
      '24',
    );
    expect(requestMicrosOf(rows, 'wasm')).toBeUndefined();
  });
});

describe('the table', () => {
  it('shows the median and the spread', () => {
    expect(tableOf([measurement('decode', [90, 95, 100, 105, 110])], '24')).toBe(
      [
        'operation  engine  µs/element  spread  batch  repetitions',
        'decode     wasm       100.000  10.0 %     16            5',
      ].join('\n'),
    );
  });
});
