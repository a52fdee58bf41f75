/** What `blindmatchd log` exports and proves, judged by the second implementation. */

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanUp, run, temporaryDirectory } from '../running-program.ts';

const VERIFIER = fileURLToPath(new URL('verify_log.py', import.meta.url));
const runs = (program: string, ...args: string[]) =>
  spawnSync(program, args, { stdio: 'ignore' }).status === 0;
const found = runs('python3', '-c', 'import json') && runs('openssl', 'version');

/** Policies that were put in force one after the other: as many leaves. */
const POLICIES = 5;

describe.skipIf(!found)('a log that the holder exports (needs python3 and openssl)', () => {
  const cwd = temporaryDirectory();
  const holder = async (...args: string[]) => {
    const { code, stderr } = await run('blindmatchd', args, { cwd });
    expect([code, stderr]).toEqual([0, expect.any(String)]);
  };
  const judge = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(
      'python3',
      [VERIFIER, '--key', join('holder', 'identity.pub.pem'), ...args],
      { cwd, encoding: 'utf8' },
    );
    return { status, said: `${stdout}${stderr}` };
  };
  const exported = ['--checkpoint', 'log.checkpoint', '--log', 'log.ndjson'];

  beforeAll(async () => {
    await holder('init', 'holder', '--name', 'Tax Agency');
    const policy = join(cwd, 'holder', 'holder.yaml');
    const text = readFileSync(policy, 'utf8');
    for (let version = 1; version <= POLICIES; version++) {
      writeFileSync(policy, `# version ${version}\n${text}`);
      await holder('policy', 'reload', 'holder');
      if (version === 3) await holder('log', 'checkpoint', 'holder', '-o', 'earlier.checkpoint');
    }
    await holder('log', 'export', 'holder', '-o', 'log.ndjson', '--checkpoint', 'log.checkpoint');
    await holder('log', 'prove', 'holder', '--leaf', '4', '-o', 'inclusion.json');
    await holder('log', 'prove', 'holder', '--from', '3', '-o', 'consistency.json');
  });
  afterAll(cleanUp);

  it('is whole, and proves a leaf and its growth', () => {
    const { status, said } = judge(
      ...exported,
      '--inclusion',
      'inclusion.json',
      '--consistency',
      'consistency.json',
    );
    expect(said).toBe(
      [
        `the holder has signed a log of ${POLICIES} leaves`,
        `its ${POLICIES} leaves are in their canonical form and give its root`,
        `leaf 4 is in the log of ${POLICIES} leaves`,
        `the log of ${POLICIES} leaves begins with the first 3`,
        '',
      ].join('\n'),
    );
    expect(status).toBe(0);
  });

  it('continues the checkpoint that was published before', () => {
    const grown = judge('--checkpoint', 'earlier.checkpoint', '--consistency', 'consistency.json');
    expect(grown).toMatchObject({ status: 0 });
    expect(grown.said).toContain('begins with the first 3');
  });

  it('is not whole with one character of a leaf changed', () => {
    const log = readFileSync(join(cwd, 'log.ndjson'), 'utf8');
    const changed = log.replace(
      /sha256:[0-9a-f]/,
      (start) => start.slice(0, -1) + (start.endsWith('0') ? '1' : '0'),
    );
    expect(changed).not.toBe(log);
    writeFileSync(join(cwd, 'changed.ndjson'), changed);
    const { status, said } = judge('--checkpoint', 'log.checkpoint', '--log', 'changed.ndjson');
    expect([status, said]).toEqual([1, expect.stringContaining('do not give the root')]);
  });

  it('is not the log of the earlier checkpoint', () => {
    const { status, said } = judge('--checkpoint', 'earlier.checkpoint', '--log', 'log.ndjson');
    expect([status, said]).toEqual([
      1,
      expect.stringContaining(`has ${POLICIES} leaves and its checkpoint 3`),
    ]);
  });
});

if (!found) {
  process.stdout.write(
    'python3 or openssl is not there: exports are not checked by a second implementation.\n',
  );
}
