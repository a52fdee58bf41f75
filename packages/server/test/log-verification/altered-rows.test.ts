import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { RequestToDecide } from '../../src/decide-request.ts';
import { madeRequest } from '../made-request.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { allowingA, idOf, keepFully, KeptLog, OFFICIAL, STRANGER, withApproval } from './kept-log.ts';

const directory = temporaryDirectory();
const open: KeptLog[] = [];

/** Where requests wait for approval. */
async function begun(): Promise<KeptLog> {
  const log = new KeptLog(mkdtempSync(join(directory, 'log-')));
  open.push(log);
  await log.adopt(withApproval());
  await log.announce();
  return log;
}

async function keptFully(): Promise<KeptLog> {
  const log = new KeptLog(mkdtempSync(join(directory, 'log-')));
  open.push(log);
  await keepFully(log);
  expect((await log.verify()).findings).toEqual([]);
  return log;
}

afterEach(async () => {
  for (const log of open.splice(0)) await log.ledger.close();
});

function literal(bytes: Uint8Array): string {
  return `x'${Buffer.from(bytes).toString('hex')}'`;
}

function rowOf({ request }: RequestToDecide): string {
  return `request_id = ${literal(request.requestId)}`;
}

const STATES = ['waiting', 'approved', 'denied', 'expired', 'accepted'] as const;

/** A request in each state, as each came to it. */
async function requestInState(log: KeptLog, state: (typeof STATES)[number]): Promise<RequestToDecide> {
  const asked = await log.submit();
  if (state === 'denied') await log.decide(asked, 'denied');
  if (state === 'approved' || state === 'accepted') await log.decide(asked);
  if (state === 'accepted') await log.resubmit(asked);
  if (state === 'expired') await log.expireAfter(14);
  expect((await log.ledger.find(asked.request.requestId))?.state).toBe(state);
  expect((await log.verify()).codes).toEqual([]);
  return asked;
}

describe.each(STATES)('the row of a request that is %s', (state) => {
  it.each<[string, (other: RequestToDecide) => string]>([
    ['another manifest', ({ envelopeBytes }) => `envelope = ${literal(envelopeBytes)}`],
    [
      'another manifest with its nonce and id',
      ({ envelopeBytes, request }) =>
        `envelope = ${literal(envelopeBytes)}, nonce = ${literal(request.manifest.nonce)}`,
    ],
    ['a manifest that is none', () => "envelope = x'7b7d'"],
    ['another nonce', () => 'nonce = randomblob(32)'],
    ['another statute', () => "statute = 'Another'"],
    ['other officials', () => `officials = '["${idOf(STRANGER)}"]'`],
    ['no officials', () => "officials = '[]'"],
    ['a certifier', () => `certifiers = '["${idOf(STRANGER)}"]'`],
    ['another requester', () => "requester = 'B'"],
    ['another epoch', () => 'epoch = 2'],
    ['fewer records', () => 'records = 1'],
    ['more elements', () => 'elements = elements + 1'],
    ['another time at which it began to wait', () => "suspended_at = '2026-11-01T00:00:00.000Z'"],
  ])('is found with %s', async (_, change) => {
    const log = await begun();
    const asked = await requestInState(log, state);
    const other = madeRequest([OFFICIAL], { reason: 'Rewritten history' });
    await log.alter(`UPDATE request SET ${change(other)} WHERE ${rowOf(asked)}`);
    expect((await log.verify()).codes).toContain('request_differs');
  });

  it('is found with another time until which it waits', async () => {
    const log = await begun();
    const asked = await requestInState(log, state);
    await log.alter(`UPDATE request SET expires_at = '2099-01-01T00:00:00.000Z' WHERE ${rowOf(asked)}`);
    expect((await log.verify()).codes).toContain('expiry_differs');
  });
});

describe('an accounting that is owed', () => {
  it('is found with another day on which it is due', async () => {
    const log = await begun();
    const asked = await requestInState(log, 'accepted');
    expect(await log.ledger.find(asked.request.requestId)).toMatchObject({
      accountingDue: expect.any(Date) as Date,
    });
    expect((await log.verify()).codes).toEqual([]);
    await log.alter(`UPDATE request SET accounting_due = '2099-01-01T00:00:00.000Z' WHERE ${rowOf(asked)}`);
    expect((await log.verify()).codes).toEqual(['request_differs']);
  });
});

describe('a decision that is for good', () => {
  it.each(['approved', 'accepted'] as const)('is found undone where what expired was %s', async (state) => {
    const log = await begun();
    const asked = await requestInState(log, 'expired');
    await log.alter(
      `UPDATE request SET state = 'waiting', decided_at = NULL, expires_at = '2099-01-01T00:00:00.000Z'
       WHERE ${rowOf(asked)}`,
    );
    await log.decide(asked);
    if (state === 'accepted') await log.resubmit(asked);
    // Put back, so that nothing but the leaves and the state tells of it.
    const row = await log.ledger.find(asked.request.requestId);
    const since = row?.suspendedAt?.getTime() ?? 0;
    const until = new Date(since + 14 * 86_400_000).toISOString();
    await log.alter(`UPDATE request SET expires_at = '${until}' WHERE ${rowOf(asked)}`);
    const { findings } = await log.verify();
    const sentences = findings
      .filter(({ code }) => code === 'expiry_differs')
      .map(({ sentence }) => sentence)
      .join();
    expect(sentences).toContain(`remembered as ${row?.state ?? ''}`);
    expect(sentences).toContain('which expired');
  });

  it('is found undone where what expired waits again', async () => {
    const log = await begun();
    const asked = await requestInState(log, 'expired');
    await log.alter(`UPDATE request SET state = 'waiting', decided_at = NULL WHERE ${rowOf(asked)}`);
    expect((await log.verify()).codes).toEqual(['expiry_differs', 'leaves_differ']);
  });

  it('is found undone where what was denied is approved and accepted', async () => {
    const log = await begun();
    const asked = await requestInState(log, 'denied');
    await log.alter(
      `UPDATE request SET state = 'waiting', decided_at = NULL, approval = NULL, approval_envelope = NULL
       WHERE ${rowOf(asked)}`,
    );
    await log.decide(asked);
    await log.resubmit(asked);
    expect((await log.verify()).codes).toEqual(['request_unknown', 'leaves_differ']);
  });

  it('is found where there is no leaf of an expiry', async () => {
    const log = await begun();
    const asked = await requestInState(log, 'waiting');
    await log.alter(
      `UPDATE request SET state = 'expired', decided_at = '2026-12-24T00:00:00.000Z' WHERE ${rowOf(asked)}`,
    );
    expect((await log.verify()).codes).toEqual(['leaves_differ']);
  });

  it.each(['approved', 'denied'] as const)('is found with another time where it was %s', async (state) => {
    const log = await begun();
    const asked = await requestInState(log, state);
    await log.alter(`UPDATE request SET decided_at = '2026-12-24T00:00:00.000Z' WHERE ${rowOf(asked)}`);
    expect((await log.verify()).codes).toEqual(['request_differs']);
  });

  it('is found with another time where it expired', async () => {
    const log = await begun();
    const asked = await requestInState(log, 'expired');
    await log.alter(`UPDATE request SET decided_at = '2027-12-24T00:00:00.000Z' WHERE ${rowOf(asked)}`);
    expect((await log.verify()).codes).toEqual(['expiry_differs', 'leaves_differ']);
  });

  it('is found where the nonce of what was accepted is free for another request', async () => {
    const log = await begun();
    const asked = await requestInState(log, 'accepted');
    await log.alter(`UPDATE request SET nonce = randomblob(32) WHERE ${rowOf(asked)}`);
    const { nonce } = asked.request.manifest;
    const again = await log.submit({ nonce, reason: 'again' });
    await log.decide(again);
    await log.resubmit(again);
    expect((await log.ledger.find(again.request.requestId))?.state).toBe('accepted');
    expect(new Set((await log.verify()).codes)).toEqual(new Set(['request_differs']));
  });
});

describe('rows beside requests', () => {
  it('are found where the last adoption names an older policy, by which requests were judged', async () => {
    const log = await begun();
    await log.adopt(allowingA());
    await log.adopt(withApproval());
    await log.adopt(allowingA());
    await log.alter(
      `UPDATE adoption SET digest = (SELECT digest FROM adoption ORDER BY sequence LIMIT 1)
       WHERE sequence = (SELECT max(sequence) FROM adoption)`,
    );
    await log.submit();
    expect((await log.verify()).codes).toEqual(['policy_not_in_force', 'leaves_differ']);
  });

  it.each<[string, string, string]>([
    [
      'an older policy as the one in force, by their order alone',
      'leaves_differ',
      `UPDATE adoption SET sequence = -sequence`,
    ],
    [
      'another time of an adoption',
      'leaves_differ',
      "UPDATE adoption SET since = '2026-01-01T00:00:00.000Z'",
    ],
    ['another number of an epoch', 'leaves_differ', 'UPDATE epoch SET number = 7'],
    ['another epoch', 'leaves_differ', 'UPDATE epoch SET epoch_id = randomblob(32)'],
    ['an epoch that is gone', 'leaves_differ', 'DELETE FROM epoch'],
    [
      'a sum of a day on which nothing was accepted',
      'charge_differs',
      "INSERT INTO charged VALUES ('A', 'day', '2026-11-30', '', 9)",
    ],
    [
      'a sum of a requester that never asked',
      'charge_differs',
      "INSERT INTO charged VALUES ('B', 'epoch', '1', '', 9)",
    ],
    [
      'a sum over what is no scope',
      'charge_differs',
      "INSERT INTO charged VALUES ('A', 'constructor', '1', '', 9)",
    ],
    ['a sum that is gone', 'charge_differs', "DELETE FROM charged WHERE scope = 'day'"],
    ['a charge of fewer records', 'charge_differs', 'UPDATE charge SET records = 1'],
    ['a charge of somebody else', 'charge_differs', "UPDATE charge SET requester = 'B'"],
    ['a charge of another day', 'charge_differs', "UPDATE charge SET day = '2026-01-01'"],
    ['a charge under another statute', 'charge_differs', "UPDATE charge SET statute = 'Another'"],
    ['a charge in another epoch', 'charge_differs', 'UPDATE charge SET epoch = 7'],
    ['a charge that is gone', 'charge_differs', 'DELETE FROM charge'],
    [
      'a charge of what was not accepted',
      'charge_differs',
      `INSERT INTO charge SELECT sequence, requester, epoch, '2026-11-22', statute, records
       FROM request WHERE state = 'denied'`,
    ],
    [
      'a charge of no request',
      'charge_differs',
      "INSERT INTO charge VALUES (999, 'A', 1, '2026-11-22', 'S', 1)",
    ],
    ['an investigator with fewer records', 'charge_differs', 'UPDATE share SET records = 1'],
    ['another investigator', 'charge_differs', "UPDATE share SET investigator = 'B-7'"],
    ['an investigator that is gone', 'charge_differs', 'DELETE FROM share'],
  ])('are found with %s', async (_, code, sql) => {
    const log = await keptFully();
    expect(new Set((await (await log.alter(sql)).verify()).codes)).toEqual(new Set([code]));
  });

  it('are found where an adoption is gone', async () => {
    const log = await keptFully();
    const { codes } = await (await log.alter('DELETE FROM adoption WHERE sequence = 1')).verify();
    expect(new Set(codes)).toEqual(new Set(['policy_unknown', 'leaves_differ']));
  });

  it('are found where any hash of the stored tree differs', async () => {
    const log = await keptFully();
    const { size } = await log.head();
    expect(size).toBeGreaterThan(16);
    for (const [level, position] of [
      [0, 0],
      [0, size - 1],
      [1, 1],
      [2, 1],
      [3, 0],
      [4, 0],
    ]) {
      const place = `level = ${String(level)} AND position = ${String(position)}`;
      const copy = `CREATE TABLE IF NOT EXISTS kept_node AS SELECT * FROM node`;
      await log.alter(`${copy}; UPDATE node SET hash = zeroblob(32) WHERE ${place}`);
      expect((await log.verify()).codes).toContain('node_differs');
      await log.alter(`UPDATE node SET hash = (SELECT hash FROM kept_node WHERE ${place}) WHERE ${place}`);
    }
    expect((await log.verify()).codes).toEqual([]);
  });
});
