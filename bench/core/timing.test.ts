import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runTiming } from './timing.ts';
import { UsageError } from './usage.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

function run(...argv: readonly string[]): string[] {
  const printed: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((text: string) => printed.push(text));
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  runTiming(argv);
  return printed;
}

describe('bench timing', () => {
  it('takes exactly the samples of each class that are asked for, be they the fewest', () => {
    const printed = run('--engine', 'wasm-int', '--samples', '100', '--batch', '1', '--json');
    const { tests } = JSON.parse(printed.join('')) as { tests: { samples: number[] }[] };
    expect(tests).toHaveLength(6);
    for (const { samples } of tests) expect(samples).toEqual([100, 100]);
  });

  it('refuses, before it measures, a file that can not be written', () => {
    const directory = mkdtempSync(join(tmpdir(), 'blindmatch-bench-test-'));
    try {
      const out = join(directory, 'missing', 'timing.json');
      expect(() => run('--out', out)).toThrow(UsageError);
      expect(existsSync(out)).toBe(false);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it.each([['--samples', '99'], ['--engine', 'gmp'], ['--batch', '0'], ['--fast'], ['extra']])(
    'refuses %s %s in one sentence',
    (...argv) => {
      expect(() => runTiming(argv)).toThrow(UsageError);
      expect(() => runTiming(argv)).toThrow(/^[^\n]*\.$/);
    },
  );

  it.each(['--help', '-h'])('answers %s', (option) => {
    expect(run(option).join('')).toMatch(/^Usage: /);
  });
});
