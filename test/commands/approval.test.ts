/** Requests that wait for somebody's approval at the holder, through the real programs. */

import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Entries } from '../../packages/server/test/policy-text.ts';
import { cleanUp, daysLater, run, RunningProgram, succeed, type Ended } from '../running-program.ts';
import { RESULTS_CSV } from './agencies.ts';
import { PolicedHolder, type Cast, type Signer } from './policed-holder.ts';

const WAITS = 4;

let holder: PolicedHolder;
let cast: Cast;
/** A submission that waits since before the first test, of a request that was approved meanwhile. */
let patient: RunningProgram;

const approvedBy = ({ operator }: Cast, changes: Entries = {}): Entries => ({
  approval: 'human',
  approvers: [{ ...operator.entry, ...changes }],
});

beforeAll(async () => {
  holder = await PolicedHolder.serving(approvedBy);
  ({ cast } = holder);
  patient = new RunningProgram('blindmatch', [
    ...holder.submission(await holder.request('patient')),
    '--json',
  ]);
  const { request } = await patient.event('pending');
  expect(await decide('approve', String(request))).toMatchObject({ code: 0 });
});
afterAll(cleanUp);

/** A request that waits, and its id. */
async function waitingRequest(name: string): Promise<{ readonly request: string; readonly id: string }> {
  const request = await holder.request(name);
  const { code, events } = await holder.submit(request);
  expect(code).toBe(WAITS);
  const [id = ''] = /sha256:[0-9a-f]{64}/.exec(String(events.at(-1)?.['message'])) ?? [];
  return { request, id };
}

async function decide(
  decision: 'approve' | 'deny',
  id: string,
  { key }: Signer = cast.operator,
  reason = 'Orders seen',
): Promise<Ended> {
  const how = ['--key', key, '--reason', reason, '--yes', '--json'];
  return await run('blindmatchd', ['requests', decision, holder.directory, id, ...how]);
}

describe('a request that waits', () => {
  it('is refused with the reason where it was denied, and so it stays', async () => {
    const { request, id } = await waitingRequest('denied');
    expect(await decide('deny', id, cast.operator, 'No orders came with it')).toMatchObject({ code: 0 });
    for (let attempt = 0; attempt < 2; attempt++) {
      const { code, message } = await holder.refusal(request);
      expect(code).toBe('approval_denied');
      expect(message).toContain('The holder has denied the request: No orders came with it');
    }
    const { events } = await decide('approve', id);
    expect(events.at(-1)).toMatchObject({ event: 'error', code: 'request_decided' });
    expect(existsSync(`${request}.csv`)).toBe(false);
  });

  it('that match left behind is kept, and finished with the command that is told', async () => {
    const { alice } = cast;
    const to = ['--server', holder.daemon.url, '--holder', holder.fingerprint, '--workers', '1', '--no-wait'];
    const files = ['--key', alice.key, '--cache', holder.at('cache'), '--out', holder.at('left.csv')];
    const law = ['--statute', '8 U.S.C. 1253(a)(1)', '--reason', 'Final orders of May'];
    const match = await run('blindmatch', ['match', holder.records, ...to, ...law, ...files]);
    expect(match.code).toBe(WAITS);
    const [, command = ''] = / with: blindmatch (.*)\n$/.exec(match.stderr) ?? [];
    const [id = ''] = /sha256:[0-9a-f]{64}/.exec(match.stderr) ?? [];
    expect(await decide('approve', id)).toMatchObject({ code: 0 });
    await succeed('blindmatch', command.split(' '));
    expect(readFileSync(holder.at('left.csv'), 'utf8')).toBe(RESULTS_CSV);
  });

  it.each<[string, (people: Cast) => Signer]>([
    ['of the official who signed it', ({ alice }) => alice],
    ['of nobody whom the policy knows', ({ stranger }) => stranger],
  ])('is not approved with the key %s', async (whose, signer) => {
    const { request, id } = await waitingRequest(`by-${whose.length}`);
    const { code, events } = await decide('approve', id, signer(cast));
    expect(code).toBe(1);
    expect(events.at(-1)).toMatchObject({ event: 'error', code: 'approver_unknown' });
    expect(await holder.submit(request)).toMatchObject({ code: WAITS });
  });

  it('is not answered where the approver has lost the right meanwhile, and is by an approver who has it', async () => {
    const { request, id } = await waitingRequest('by-the-wrong-one');
    expect(await decide('approve', id)).toMatchObject({ code: 0 });
    await holder.reload(approvedBy(cast, { revoked: '2026-01-01' }));
    expect((await holder.refusal(request)).code).toBe('approval_invalid');
    expect(existsSync(`${request}.csv`)).toBe(false);
    await holder.reload(approvedBy(cast));
    expect(await holder.submit(request)).toMatchObject({ code: 0 });
  });

  // Before the daemon is first started again, which then is at another port.
  it('goes on by itself where its requester waits', async () => {
    expect(await patient.ended).toMatchObject({ code: 0 });
    expect(readFileSync(holder.at('patient.csv'), 'utf8')).toBe(RESULTS_CSV);
  });

  it('is kept over a restart of the daemon, asked for again, and answered once approved', async () => {
    const { request, id } = await waitingRequest('kept');
    await holder.serve();
    expect(await holder.submit(request)).toMatchObject({ code: WAITS });
    expect(await decide('approve', id)).toMatchObject({ code: 0 });
    await holder.serve();
    expect(await holder.submit(request)).toMatchObject({ code: 0 });
    expect(readFileSync(`${request}.csv`, 'utf8')).toBe(RESULTS_CSV);
    const leaves = (await holder.leaves()).filter((leaf) => 'request' in leaf && leaf.request === id);
    expect(leaves.map(({ type }) => type)).toEqual(['pending', 'approval', 'accepted', 'finished']);
  });

  it('expires when nobody has approved it in time, and is not approved any more', async () => {
    const { request, id } = await waitingRequest('late');
    const later = daysLater(15);
    await holder.serve(later);
    const { events } = await run('blindmatch', [...holder.submission(request), '--json'], later);
    expect(events.at(-1)).toMatchObject({ event: 'error', code: 'approval_expired' });
    const approve = ['approve', holder.directory, id, '--key', cast.operator.key, '--yes', '--json'];
    const decided = await run('blindmatchd', ['requests', ...approve], later);
    expect(decided.events.at(-1)).toMatchObject({ event: 'error', code: 'request_decided' });
    const leaves = (await holder.leaves()).filter((leaf) => 'request' in leaf && leaf.request === id);
    expect(leaves.map((leaf) => ('code' in leaf ? leaf.code : leaf.type))).toEqual([
      'pending',
      'approval_expired',
    ]);
  });
});

describe('the log of it all', () => {
  it('is consistent, with nothing accepted that was not approved', async () => {
    await succeed('blindmatchd', ['log', 'verify', holder.directory]);
    const leaves = await holder.leaves();
    const approvals = leaves.flatMap((leaf) =>
      leaf.type === 'approval' && leaf.decision === 'approved' ? [leaf.approval] : [],
    );
    const accepted = leaves.flatMap((leaf) => (leaf.type === 'accepted' ? [leaf.approval] : []));
    expect(accepted.toSorted()).toEqual(approvals.toSorted());
  });
});
