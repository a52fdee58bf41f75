import { describe, expect, it } from 'vitest';
import { judge } from './limits.ts';
import { OPERATIONS, type Operation } from './operations.ts';
import type { Row } from './rows.ts';

const row = (operation: Operation, engine: string, microsPerElement: number): Row => ({
  operation,
  engine,
  node: '24.21.0',
  microsPerElement,
  batch: 1,
  repetitions: 7,
});

// At the limits, with a native evaluation of 100 µs.
const AT_LIMIT: Partial<Record<Operation, number>> = {
  evaluate: 58,
  encodeSet: 75,
  blind: 27,
  proveChunk: 6,
  verifyChunk: 9,
  finalize: 20,
};

function rowsWith(changed: Partial<Record<Operation, number>> = {}): Row[] {
  const fast = OPERATIONS.map((operation) =>
    row(operation, 'wasm', changed[operation] ?? AT_LIMIT[operation] ?? 1),
  );
  return [...fast, row('evaluate', 'libsodium-native', 100), row('evaluate', 'noble', 2900)];
}

const broken = (rows: readonly Row[], workers?: number): string[] =>
  judge(rows, workers)
    .filter(({ holds }) => !holds)
    .map(({ limit }) => limit);

describe('the limits', () => {
  it('hold for figures that reach them', () => {
    expect(broken(rowsWith(), 1.8)).toEqual([]);
  });

  it.each<[Operation, number, string[]]>([
    ['encodeSet', 75.1, ['encodeSet / native evaluate']],
    ['blind', 27.1, ['blind / native evaluate', 'whole request / native evaluate']],
    ['proveChunk', 6.1, ['(proveChunk + verifyChunk) / native evaluate', 'whole request / native evaluate']],
    ['finalize', 20.1, ['whole request / native evaluate']],
  ])('break one by one: %s', (operation, micros, limits) => {
    expect(broken(rowsWith({ [operation]: micros }))).toEqual(limits);
  });

  it('ask of the evaluation that it is fast enough beside libsodium and beside noble', () => {
    expect(broken(rowsWith({ evaluate: 58.1, finalize: 10 }))).toEqual([
      'evaluate / native evaluate',
      'evaluate / noble evaluate',
    ]);
  });

  it('ask for two workers only when they were measured', () => {
    expect(judge(rowsWith(), undefined).map(({ limit }) => limit)).not.toContain('two workers / one');
    expect(broken(rowsWith(), 1.79)).toEqual(['two workers / one']);
  });

  it('do not hold when what they compare with was not measured', () => {
    const withoutNative = rowsWith().filter(({ engine }) => engine !== 'libsodium-native');
    expect(judge(withoutNative, undefined).filter(({ holds }) => holds)).toHaveLength(1);
  });
});
