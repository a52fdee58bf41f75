import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const DEMO = fileURLToPath(new URL('../../bench/demo/demo.ts', import.meta.url));
const run = promisify(execFile);

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'demo-'));
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

describe('the demonstration', () => {
  it('brings every outcome out as the ground truth has it, also when it is run again', async () => {
    for (const attempt of ['first', 'second']) {
      const { stdout } = await run(process.execPath, [DEMO], { cwd: directory });
      expect(stdout, attempt).toContain('same          240 of 240 came out as match');
      expect(stdout, attempt).not.toContain('WRONG');
      expect(stdout, attempt).toMatch(/name_address_dob +[1-9]\d* of \d+\n +name_address +[1-9]\d* of \d+\n/);
    }
  }, 180_000);

  it('leaves what each side has on its own disk', () => {
    expect(existsSync(join(directory, 'demo/holder/daemon/ledger.sqlite'))).toBe(true);
    expect(readFileSync(join(directory, 'demo/requester/results.csv'), 'utf8')).toMatch(
      /^record_id,outcome,tier,matched_on,reason\n/,
    );
  });

  it('has matches of both tiers', () => {
    const results = readFileSync(join(directory, 'demo/requester/results.csv'), 'utf8');
    for (const tier of ['name_address_dob', 'name_address']) expect(results).toContain(`,match,${tier},`);
  });

  it('does not empty a directory that it did not make', async () => {
    const other = join(directory, 'other');
    mkdirSync(join(other, 'demo'), { recursive: true });
    writeFileSync(join(other, 'demo', 'mine.txt'), 'mine');
    await expect(run(process.execPath, [DEMO], { cwd: other })).rejects.toThrow('holds something else');
    expect(readFileSync(join(other, 'demo', 'mine.txt'), 'utf8')).toBe('mine');
  });
});
