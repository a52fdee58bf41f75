/** Accountings that are owed for longer than their requests are valid or their epoch is served; through the real programs. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanUp, daysLater, run, succeed, type Ended } from '../running-program.ts';
import { PolicedHolder } from './policed-holder.ts';

/** After so many days every accounting of a first day is due. */
const LATE = 9;

let holder: PolicedHolder;
/** What the requester has from the inspector. */
let inspector: string[];

beforeAll(async () => {
  holder = await PolicedHolder.serving(({ inspector: { entry }, operator }) => ({
    ...{ accounting: 'required', inspector: entry, approvers: [operator.entry] },
  }));
  inspector = ['--inspector', holder.cast.inspector.entry.recipient];
});
afterAll(cleanUp);

async function submitLate(request: string, ...more: readonly string[]): Promise<Ended> {
  return await run('blindmatch', [...holder.submission(request), '--json', ...more], daysLater(LATE));
}

/** How a late submission ends. */
async function lastOf(request: string, ...more: readonly string[]): Promise<unknown> {
  return (await submitLate(request, ...more)).events.at(-1);
}

/** A request that is answered today, without an accounting: its directory and its id. */
async function owingRequest(
  name: string,
  options: readonly string[] = [],
): Promise<{ request: string; id: string }> {
  const request = await holder.request(name, { options });
  expect(await holder.submit(request)).toMatchObject({ code: 0 });
  const accepted = (await holder.leaves()).filter((leaf) => leaf.type === 'accepted');
  return { request, id: accepted.at(-1)?.request ?? '' };
}

const due = (id: string): unknown => ({
  ...{ event: 'error', code: 'accounting_due' },
  message: expect.stringContaining(`The accounting of the request ${id} is due`) as string,
});

describe('an accounting that is owed', () => {
  it('is returned after its request has expired, which ends only what was not accepted before', async () => {
    const briefly = ['--valid-days', '1'];
    const { request: owing, id } = await owingRequest('expired', briefly);
    const unsent = await holder.request('never-sent', { options: briefly });
    const next = await holder.request('next');
    await holder.serve(daysLater(LATE));
    expect(await lastOf(unsent)).toMatchObject({ event: 'error', code: 'manifest_expired' });
    expect(await lastOf(next)).toMatchObject(due(id) as object);
    expect(await lastOf(owing, ...inspector)).toMatchObject({ event: 'accounted' });
    expect(await lastOf(next, ...inspector)).toMatchObject({ event: 'accounted' });
  });

  it('is waived, one after the other, where another epoch is served', async () => {
    await holder.serve();
    const owed = [await owingRequest('first'), await owingRequest('second')];
    const build = ['build', holder.directory, '--source', holder.at('people.csv'), '--workers', '1'];
    await holder.stop();
    await succeed('blindmatchd', build);
    await holder.serve();
    const next = await holder.request('of-another-epoch');
    await holder.serve(daysLater(LATE));
    const operator = ['--key', holder.cast.operator.key, '--yes'];
    for (const { request, id } of owed) {
      expect(await lastOf(request, ...inspector)).toMatchObject({ event: 'error', code: 'epoch_changed' });
      expect(await lastOf(next)).toMatchObject(due(id) as object);
      const waive = ['requests', 'waive', holder.directory, id, ...operator, '--reason', 'Another epoch'];
      const { stdout } = await succeed('blindmatchd', waive, daysLater(LATE));
      expect(stdout).toContain('waives its accounting. The reason, which is kept with it: Another epoch\n');
      expect(stdout).toMatch(/its requester is refused nothing for want of it\.\n$/);
      const { stdout: shown } = await succeed('blindmatchd', ['requests', 'show', holder.directory, id]);
      expect(shown).toMatch(
        /\n {2}accounting {5}none came\n {2}waived by {6}.* \(sha256:[0-9a-f]{64}\)\n {2}on .*\n {2}because {8}Another epoch\n$/,
      );
      const again = await run('blindmatchd', waive, daysLater(LATE));
      expect(again.stderr).toMatch(/^blindmatchd: The accounting of this request was waived already; /);
    }
    expect(await lastOf(next, ...inspector)).toMatchObject({ event: 'accounted' });
    expect((await holder.leaves()).filter((leaf) => leaf.type === 'approval')).toMatchObject(
      owed.map(({ id }) => ({ request: id, decision: 'accounting_waived' })),
    );
    await succeed('blindmatchd', ['log', 'verify', holder.directory]);
  });
});
