import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MAKE = fileURLToPath(new URL('make.ts', import.meta.url));

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'make-'));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});

interface Outcome {
  readonly code: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

function make(...options: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAKE, ...options], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, stdout, stderr });
    });
  });
}

describe('the command', () => {
  it('writes a population and says what is in it', async () => {
    const { code, stdout } = await make(
      ...['--seed', 'x', '--people', '300', '--requests', '200', '--match-rate', '0.5', '--out', directory],
      ...['--rate', 'birthMissing=1', '--rate', 'holder:birthMissing=0'],
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ people: 300, same: 100, moved: 20, absent: 76, incomplete: 4 });
    const requests = await readFile(join(directory, 'requests.csv'), 'utf8');
    expect(
      requests.split('\n').filter((line) => /,\d{4}-\d\d-\d\d,.*,\d{4}-\d\d-\d\d$/.test(line)).length,
    ).toBeLessThan(4);
    expect(await readFile(join(directory, 'people.csv'), 'utf8')).toMatch(/,\d{4}-\d\d-\d\d,/);
  });

  it('explains itself', async () => {
    const { code, stdout } = await make('--help');
    expect(code).toBe(0);
    expect(stdout).toContain('--match-rate');
  });

  it.each([
    ['an unknown option', ['--out', 'x', '--seeds', '1']],
    ['no directory', ['--people', '3']],
    ['no number', ['--out', 'x', '--people', 'many']],
    ['an unknown rate', ['--out', 'x', '--rate', 'typos=0.1']],
    ['a rate without a value', ['--out', 'x', '--rate', 'nickname']],
    ['an impossible rate', ['--out', join('x', 'y'), '--rate', 'nickname=2']],
    ['three origins', ['--out', 'x', '--origins', '1,2,3']],
  ])('refuses %s', async (_, options) => {
    const { code, stdout, stderr } = await make(...options);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
