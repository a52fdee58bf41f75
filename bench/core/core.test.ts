import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runCore } from './core.ts';
import { OPERATIONS } from './operations.ts';
import type { Row } from './rows.ts';
import { UsageError } from './usage.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Runs the command on tiny batches; what it prints on standard output. */
async function quickRun(...options: readonly string[]): Promise<{ exit: number; printed: string[] }> {
  const printed: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((text: string) => printed.push(text));
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  return { exit: await runCore(['--quick', '--engine', 'noble', ...options]), printed };
}

describe('bench core', () => {
  it('prints one JSON array, a row for each operation, and writes the same to a file', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'blindmatch-bench-test-'));
    try {
      const out = join(directory, 'core.json');
      const { exit, printed } = await quickRun('--json', '--out', out);
      expect(exit).toBe(0);
      expect(printed).toHaveLength(1);
      const rows = JSON.parse(printed.join('')) as Row[];
      expect(rows.filter(({ engine }) => engine === 'noble').map(({ operation }) => operation)).toEqual(
        OPERATIONS,
      );
      for (const row of rows) {
        expect(Object.keys(row)).toEqual([
          'operation',
          'engine',
          'node',
          'microsPerElement',
          'batch',
          'repetitions',
        ]);
        expect(row).toMatchObject({ node: process.versions.node, batch: 4, repetitions: 7 });
        expect(row.microsPerElement).toEqual(expect.any(Number));
      }
      expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual(rows);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('prints the same rows without roots', async () => {
    const [withRoots, without] = [await quickRun('--json'), await quickRun('--json', '--without-roots')];
    const names = ({ printed }: { printed: string[] }): string[][] =>
      (JSON.parse(printed.join('')) as Row[]).map(({ operation, engine }) => [operation, engine]);
    expect(without.exit).toBe(0);
    expect(names(without)).toEqual(names(withRoots));
  });

  it('always compares with libsodium in WebAssembly', async () => {
    const { printed } = await quickRun('--json');
    const rows = JSON.parse(printed.join('')) as Row[];
    expect(
      rows.filter(({ engine }) => engine === 'libsodium-wasm').map(({ operation }) => operation),
    ).toEqual(['evaluate', 'hashToGroup', 'fixedBase']);
  });

  it.each([
    ['--repetitions', '6'],
    ['--engine', 'gmp'],
    ['--engine', '--json'],
    ['--chunk', '0'],
    ['--quick', '--check'],
    ['--without-roots', '--check'],
    ['--quick', '--chunk', '4'],
    ['--out', tmpdir()],
    ['--fast'],
    ['--json=yes'],
    ['extra'],
  ])('refuses %s %s in one sentence', async (...argv) => {
    const refused = await runCore(argv).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UsageError);
    expect((refused as UsageError).message).toMatch(/^[^\n]*\.$/);
  });

  it.each(['--help', '-h'])('answers %s', async (option) => {
    const { exit, printed } = await quickRun(option);
    expect(exit).toBe(0);
    expect(printed.join('')).toMatch(/^Usage: /);
  });
});
