/** Accountings of matches: returned sealed, stored unread and, where the holder says so, due; through the real programs. */

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Entries } from '../../packages/server/test/policy-text.ts';
import { cleanUp, daysLater, run, succeed, type Ended } from '../running-program.ts';
import { RESULTS_CSV } from './agencies.ts';
import { unsealed } from './dishonest-request.ts';
import { PolicedHolder, type Cast } from './policed-holder.ts';

let holder: PolicedHolder;
/** What the requester has from the inspector. */
let inspector: string[];

const required = ({ inspector: { entry } }: Cast): Entries => ({ accounting: 'required', inspector: entry });

beforeAll(async () => {
  holder = await PolicedHolder.serving(required);
  inspector = ['--inspector', holder.cast.inspector.entry.recipient];
});
afterAll(cleanUp);

/** The id of the request that the log accepted last. */
async function lastAccepted(): Promise<string> {
  const accepted = (await holder.leaves()).filter((leaf) => leaf.type === 'accepted');
  return accepted.at(-1)?.request ?? '';
}

/** Every file below a directory. */
function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}

async function submitWith(request: string, days: number, ...more: readonly string[]): Promise<Ended> {
  return await run('blindmatch', [...holder.submission(request), '--json', ...more], daysLater(days));
}

describe('an accounting', () => {
  it('is returned after the results, stored as it came, and opened by the inspector alone', async () => {
    const request = await holder.request('accounted');
    const { code, events } = await holder.submit(request, ...inspector);
    expect(code).toBe(0);
    expect(events.map(({ event }) => event).filter((name) => name !== 'progress')).toEqual([
      'finished',
      'accounted',
    ]);
    expect(readFileSync(`${request}.csv`, 'utf8')).toBe(RESULTS_CSV);

    const id = await lastAccepted();
    const path = holder.at('handed-over.age');
    await succeed('blindmatchd', ['requests', 'accounting', holder.directory, id, '-o', path]);
    const sealed = readFileSync(path);
    const [leaf] = (await holder.leaves()).filter(({ type }) => type === 'accounting');
    expect(leaf).toMatchObject({
      request: id,
      accounting: `sha256:${createHash('sha256').update(sealed).digest('hex')}`,
      bytes: sealed.length,
    });

    const plain = Buffer.from(await unsealed(sealed, holder.cast.inspector));
    expect(JSON.parse(plain.toString('utf8', 0, 512))).toMatchObject({ request: id, records: 4, matches: 2 });
    // of.
    expect([...plain.subarray(512)]).toEqual([0b1001_0000]);
    await expect(unsealed(sealed, holder.cast.auditor)).rejects.toThrow();

    const mark = '"matches_by_tier"';
    expect(plain.includes(mark)).toBe(true);
    for (const file of filesBelow(holder.directory))
      expect(readFileSync(file).includes(mark), file).toBe(false);
  });

  it('has a receipt that anybody can verify', async () => {
    const receipt = join(holder.at('accounted'), 'accounting-receipt.dsse.json');
    const verify = ['verify', receipt, '--holder', holder.fingerprint, '--request', holder.at('accounted')];
    const { stdout } = await succeed('blindmatch', verify);
    expect(stdout).toContain('\n  was followed by its accounting sha256:');
  });

  it('is not sent where the holder names another inspector than the user', async () => {
    const request = await holder.request('other-inspector');
    const other = ['--inspector', holder.cast.auditor.entry.recipient];
    const before = (await holder.leaves()).length;
    const { code, events } = await holder.submit(request, ...other);
    expect(code).toBe(1);
    expect(events.at(-1)).toMatchObject({ event: 'error', code: 'inspector_unexpected' });
    expect(existsSync(`${request}.csv`)).toBe(false);
    expect((await holder.leaves()).length).toBe(before);
  });
});

describe('an accounting that is required', () => {
  it('is told to be due, and keeps the next request from being answered until it is returned', async () => {
    const owing = await holder.request('owing');
    const { code, events } = await holder.submit(owing);
    expect(code).toBe(0);
    expect(events.find(({ event }) => event === 'notice')).toMatchObject({ code: 'accounting_not_sent' });
    const id = await lastAccepted();

    const [inTime, next] = [await holder.request('in-time'), await holder.request('next')];
    await holder.serve(daysLater(6));
    expect(await submitWith(inTime, 6, ...inspector)).toMatchObject({ code: 0 });
    await holder.serve(daysLater(8));
    const late = await submitWith(next, 8);
    expect(late.events.at(-1)).toMatchObject({ event: 'error', code: 'accounting_due' });
    expect(late.events.at(-1)?.['message']).toContain(
      `The accounting of the request ${id} is due; submit that request again`,
    );
    expect(existsSync(`${next}.csv`)).toBe(false);
    // A request that was refused owes none.
    expect(late.events.filter(({ event }) => event === 'notice')).toEqual([]);

    // What was accepted goes on all the same: only with it can the accounting be returned.
    const returned = await submitWith(owing, 8, ...inspector);
    expect(returned.events.at(-1)).toMatchObject({ event: 'accounted' });
    const again = await submitWith(owing, 8);
    expect(again.events.at(-1)).toMatchObject({ event: 'finished' });
    expect(again.events.filter(({ event }) => event === 'notice')).toEqual([]);
    expect(await submitWith(next, 8, ...inspector)).toMatchObject({ code: 0 });
    expect(readFileSync(`${next}.csv`, 'utf8')).toBe(RESULTS_CSV);
  });
});
