/** What is sealed here opens with the age program, and what that seals opens here. */

import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanUp, succeed } from '../running-program.ts';
import { signChanged } from '../commands/dishonest-request.ts';
import { PolicedHolder, type Reader } from '../commands/policed-holder.ts';

const found = spawnSync('age', ['--version'], { stdio: 'ignore' }).status === 0;

const textLines = (text: string): string[] => text.split('\n').slice(0, -1);

describe.skipIf(!found)('what is sealed (needs age)', () => {
  let holder: PolicedHolder;
  /** A request that was answered and accounted for. */
  let request: string;

  beforeAll(async () => {
    holder = await PolicedHolder.serving(({ auditor, inspector }) => ({
      auditors: [auditor.entry],
      inspector: inspector.entry,
      accounting: 'optional',
    }));
    request = await holder.request('request');
    const { recipient } = holder.cast.inspector.entry;
    expect(await holder.submit(request, '--inspector', recipient)).toMatchObject({ code: 0 });
  });
  afterAll(cleanUp);

  const opened = (sealed: string, { identity }: Reader): Buffer =>
    execFileSync('age', ['--decrypt', '--identity', identity, sealed], { stdio: ['ignore', 'pipe', 'pipe'] });

  it('opens for the auditor as evidence: the request, its records, their number', () => {
    const lines = textLines(opened(join(request, 'evidence.age'), holder.cast.auditor).toString());
    const [first, ...rest] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const seed = readFileSync(join(request, 'private', 'seed'), 'utf8').trim();
    expect(first).toMatchObject({ version: 1, holder: holder.fingerprint, seed });
    expect(rest.map(({ order_number: order }) => order).slice(0, -1)).toContain('A100000001');
    expect(rest.at(-1)).toEqual({ end: rest.length - 1 });
  });

  it('opens for the inspector as an accounting, which the holder hands over', async () => {
    const sealed = holder.at('handed-over.age');
    const { events } = await succeed('blindmatchd', [
      'requests',
      'list',
      holder.directory,
      '--all',
      '--json',
    ]);
    const id = String(events[0]?.['request']);
    await succeed('blindmatchd', ['requests', 'accounting', holder.directory, id, '-o', sealed]);
    const plain = opened(sealed, holder.cast.inspector);
    const {
      type,
      request: of,
      records,
      matches,
    } = JSON.parse(plain.toString('utf8', 0, 512)) as Record<string, unknown>;
    expect({ type, of }).toEqual({ type: 'blindmatch.v1/accounting', of: id });
    expect(plain).toHaveLength(512 + Math.ceil(Number(records) / 8));
    const bits = [...plain.subarray(512)].map((byte) => byte.toString(2).replaceAll('0', '').length);
    expect(bits.reduce((sum, count) => sum + count, 0)).toBe(matches);
  });

  it('opens for nobody else', () => {
    expect(() => opened(join(request, 'evidence.age'), holder.cast.inspector)).toThrow(
      'no identity matched any of the recipients',
    );
  });

  it('by the age program itself is evidence that an auditor reads here', async () => {
    const copy = await holder.request('sealed-again');
    const evidence = join(copy, 'evidence.age');
    const plain = opened(evidence, holder.cast.auditor);
    rmSync(evidence);
    const { recipient } = holder.cast.auditor.entry;
    execFileSync('age', ['--recipient', recipient, '--output', evidence], { input: plain });
    const digest = new Uint8Array(createHash('sha256').update(readFileSync(evidence)).digest());
    signChanged(copy, { evidence: digest }, holder.cast.alice);
    const options = ['--holder', holder.fingerprint, '--identity', holder.cast.auditor.identity];
    const { stdout } = await succeed('blindmatch', [
      'audit',
      copy,
      ...options,
      '--no-receipt',
      '--workers',
      '1',
    ]);
    expect(stdout).toContain('The elements of all records were computed again');
  });
});
