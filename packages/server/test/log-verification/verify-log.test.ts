import { copyFileSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteLedger, type AcceptedRequest } from '@blindmatch/ledger';
import { digestText, type LeafOf } from '@blindmatch/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { chargeOf } from '../../src/charge.ts';
import { acceptedLeaf, pendingLeaf } from '../../src/request-leaves.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { RequestToDecide } from '../../src/decide-request.ts';
import { waitsUntil } from '../../src/waiting-requests.ts';
import { madeRequest } from '../made-request.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import {
  allowingA,
  EPOCH_ID,
  idOf,
  keepFully,
  KeptLog,
  OFFICIAL,
  STRANGER,
  withApproval,
} from './kept-log.ts';

const directory = temporaryDirectory();
const open: KeptLog[] = [];

function newLog(): KeptLog {
  const log = new KeptLog(mkdtempSync(join(directory, 'log-')));
  open.push(log);
  return log;
}

afterEach(async () => {
  for (const log of open.splice(0)) await log.ledger.close();
});

/** A log with a policy and an epoch, and what is in force. */
async function begun(text: string = allowingA()): Promise<{ log: KeptLog; policy: Policy }> {
  const log = newLog();
  const policy = await log.adopt(text);
  await log.announce();
  return { log, policy };
}

/** Accepts what nobody has judged, with a leaf of the holder's choice. */
async function acceptUnjudged(
  log: KeptLog,
  policy: Policy,
  asked: RequestToDecide,
  changes: Partial<LeafOf<'accepted'>> = {},
): Promise<void> {
  const { request, envelopeBytes } = asked;
  const { nonce, statute, records, elements } = request.manifest;
  const now = log.now();
  const judged = {
    ...{ requestId: request.requestId, nonce, epoch: 1, requester: 'A', officials: [idOf(OFFICIAL)] },
    ...{ certifiers: [], statute, records, elements, envelope: envelopeBytes },
  };
  const leaf = acceptedLeaf(judged, request, { policy, approval: undefined, now });
  const changed = { ...(JSON.parse(Buffer.from(leaf).toString('utf8')) as object), ...changes };
  const sorted = Object.fromEntries(
    Object.entries(changed).sort(([left], [right]) => (left < right ? -1 : 1)),
  );
  const charge = chargeOf(request.manifest, 'A', 1, now);
  await log.ledger.accept({
    ...{ request: judged, charge, limits: [], policy: policy.digest, now },
    leaf: new Uint8Array(Buffer.from(JSON.stringify(sorted))),
  });
}

/** Lets wait what nobody has judged. */
async function suspendUnjudged(
  log: KeptLog,
  policy: Policy,
  { request, envelopeBytes }: RequestToDecide,
): Promise<void> {
  const { nonce, statute, records, elements } = request.manifest;
  const now = log.now();
  const judged = {
    ...{ requestId: request.requestId, nonce, epoch: 1, requester: 'A', officials: [idOf(OFFICIAL)] },
    ...{ certifiers: [], statute, records, elements, envelope: envelopeBytes },
  };
  await log.ledger.suspend({
    ...{ request: judged, policy: policy.digest, now, expires: waitsUntil(policy, now) },
    most: 20,
    leaf: pendingLeaf(judged, request, policy.digest, now),
  });
}

describe('verifyLog over a log that is rightly kept', () => {
  it('finds nothing, and gives the head', async () => {
    const log = newLog();
    await keepFully(log);
    const { findings, log: verified } = await log.verify();
    expect(findings).toEqual([]);
    expect(verified).toMatchObject({ ...(await log.head()), accepted: 2, timesSetBack: 0 });
  });

  it('finds nothing in an empty one', async () => {
    expect((await newLog().verify()).codes).toEqual([]);
  });

  it('finds that it continues each of its earlier heads', async () => {
    const log = newLog();
    const heads = [await log.head()];
    await log.adopt(allowingA());
    heads.push(await log.head());
    await log.announce();
    heads.push(await log.head());
    for (const head of heads) expect((await log.verify(head)).codes).toEqual([]);
  });

  it('goes on with what is appended while it compares', async () => {
    const { log } = await begun();
    await log.submit();
    const requests = log.ledger.requests.bind(log.ledger);
    let submitted = false;
    log.ledger.requests = async function* () {
      for await (const request of requests()) {
        if (!submitted) await log.submit();
        submitted = true;
        yield request;
      }
    };
    const { findings, log: verified } = await log.verify();
    expect(findings).toEqual([]);
    expect(verified.accepted).toBe(2);
  });

  it('counts leaves that are older than the one before, which is no finding', async () => {
    const { log } = await begun();
    await log.appendAlone({
      ...{ type: 'unidentified', time: '2020-01-01T00:00:00.000Z', hour: '2020-01-01T00:00:00.000Z' },
      requests: 1,
    });
    const { codes, log: verified } = await log.verify();
    expect({ codes, timesSetBack: verified.timesSetBack }).toEqual({ codes: [], timesSetBack: 1 });
  });
});

describe('verifyLog over a holder who does what it may not', () => {
  it.each<[string, readonly string[], (log: KeptLog, policy: Policy) => Promise<void>]>([
    [
      'a request that no official signed',
      ['acceptance_unjustified'],
      async (log, policy) => {
        await acceptUnjudged(log, policy, madeRequest([STRANGER]));
      },
    ],
    [
      'a request over the cap',
      ['acceptance_unjustified'],
      async (log, policy) => {
        await acceptUnjudged(log, policy, madeRequest([OFFICIAL], { records: 11, elements: 24 }));
      },
    ],
    [
      'a request that had expired',
      ['acceptance_unjustified'],
      async (log, policy) => {
        const created = new Date('2026-11-01T00:00:00Z');
        const expires = new Date('2026-11-02T00:00:00Z');
        await acceptUnjudged(log, policy, madeRequest([OFFICIAL], { created, expires }));
      },
    ],
    [
      'a leaf with fewer records than the manifest',
      ['request_differs'],
      async (log, policy) => {
        await acceptUnjudged(log, policy, madeRequest([OFFICIAL]), { records: 2 });
      },
    ],
    [
      'a leaf with another statute',
      ['request_differs'],
      async (log, policy) => {
        await acceptUnjudged(log, policy, madeRequest([OFFICIAL]), { statute: 'Another' });
      },
    ],
    [
      'a leaf with a statute that the policy does not list',
      ['request_differs'],
      async (log, policy) => {
        const asked = madeRequest([OFFICIAL]);
        await acceptUnjudged(log, policy, asked, { statute: asked.request.manifest.statute });
      },
    ],
    [
      'a request for another holder',
      ['request_differs'],
      async (log, policy) => {
        await acceptUnjudged(log, policy, madeRequest([OFFICIAL], { holder: `sha256:${'1'.repeat(64)}` }));
      },
    ],
    [
      'an epoch that was never announced',
      ['epoch_unknown'],
      async (log, policy) => {
        await acceptUnjudged(log, policy, madeRequest([OFFICIAL], { epochId: new Uint8Array(32).fill(2) }));
      },
    ],
    [
      'an epoch that is announced twice',
      ['epoch_twice', 'leaves_differ'],
      async (log) => {
        const time = log.now().toISOString();
        await log.appendAlone({ type: 'epoch', time, epoch: 2, epoch_id: digestText(EPOCH_ID) });
      },
    ],
    [
      'a number that another epoch has had',
      ['epoch_replaced', 'leaves_differ'],
      async (log) => {
        const time = log.now().toISOString();
        const epoch_id = digestText(new Uint8Array(32).fill(2));
        await log.appendAlone({ type: 'epoch', time, epoch: 1, epoch_id });
      },
    ],
    [
      'numbers of epochs that fall',
      ['epoch_fell', 'leaves_differ'],
      async (log) => {
        await log.announce(3, new Uint8Array(32).fill(3));
        const time = log.now().toISOString();
        const epoch_id = digestText(new Uint8Array(32).fill(2));
        await log.appendAlone({ type: 'epoch', time, epoch: 2, epoch_id });
      },
    ],
    [
      'a request for an epoch that two newer ones have followed',
      ['epoch_outdated'],
      async (log, policy) => {
        await log.announce(2, new Uint8Array(32).fill(2));
        await log.announce(3, new Uint8Array(32).fill(3));
        await acceptUnjudged(log, policy, madeRequest([OFFICIAL]));
      },
    ],
    [
      'a request that waits for an epoch that two newer ones have followed',
      ['epoch_outdated'],
      async (log) => {
        await log.announce(2, new Uint8Array(32).fill(2));
        await log.announce(3, new Uint8Array(32).fill(3));
        await suspendUnjudged(log, await log.adopt(withApproval()), madeRequest([OFFICIAL]));
      },
    ],
    [
      'a request that waits without a signature',
      ['acceptance_unjustified'],
      async (log) => {
        await suspendUnjudged(log, await log.adopt(withApproval()), madeRequest([STRANGER]));
      },
    ],
    [
      'a request for another holder that waits',
      ['request_differs'],
      async (log) => {
        const elsewhere = madeRequest([OFFICIAL], { holder: `sha256:${'1'.repeat(64)}` });
        await suspendUnjudged(log, await log.adopt(withApproval()), elsewhere);
      },
    ],
    [
      'a policy whose text is not there',
      ['policy_unknown', 'leaves_differ'],
      async (log) => {
        const policy = digestText(new Uint8Array(32).fill(7));
        await log.appendAlone({ type: 'policy', time: log.now().toISOString(), policy });
      },
    ],
    [
      'a leaf that is none',
      ['leaf_malformed'],
      async (log) => {
        await log.appendAlone(new Uint8Array(Buffer.from('{"type":"nothing"}')));
      },
    ],
  ])('finds %s', async (_, codes, act) => {
    const { log, policy } = await begun();
    await act(log, policy);
    expect((await log.verify()).codes).toEqual(codes);
  });

  it('finds a decision by a policy that is in force no more', async () => {
    const { log, policy: older } = await begun();
    const policy = await log.adopt(allowingA({ minimum_records: 2 }));
    await acceptUnjudged(log, policy, madeRequest([OFFICIAL]), { policy: digestText(older.digest) });
    expect((await log.verify()).codes).toEqual(['policy_not_in_force']);
  });

  it('finds nothing in a request for the epoch before the newest, which a daemon may still serve', async () => {
    const { log } = await begun();
    await log.announce(2, new Uint8Array(32).fill(2));
    await log.submit();
    const { codes, log: verified } = await log.verify();
    expect({ codes, accepted: verified.accepted }).toEqual({ codes: [], accepted: 1 });
  });

  it('finds what exceeds a quota, at the request that does', async () => {
    const { log, policy } = await begun(allowingA({}, { records_per_day: 6 }));
    await log.submit();
    await log.submit();
    await acceptUnjudged(log, policy, madeRequest([OFFICIAL]));
    const { findings } = await log.verify();
    expect(findings).toMatchObject([{ code: 'over_limit', leaf: 4 }]);
    expect(findings[0]?.sentence).toContain('brings A to 9 records a day (UTC), of 6 allowed');
  });

  it('finds a request that was answered without the approval that it needs', async () => {
    const { log, policy } = await begun(withApproval());
    await acceptUnjudged(log, policy, madeRequest([OFFICIAL]));
    expect((await log.verify()).codes).toEqual(['approval_missing']);
  });

  it('finds an approval by somebody who is no approver', async () => {
    const { log } = await begun(withApproval());
    const asked = await log.submit();
    await log.decide(asked, 'approved', STRANGER);
    expect((await log.verify()).codes).toEqual(['approval_invalid']);
  });

  it('finds a waiver by somebody who is no approver', async () => {
    const { log } = await begun(withApproval());
    const asked = await log.submit();
    await log.decide(asked);
    await log.resubmit(asked);
    await log.finish(asked);
    await log.waive(asked, STRANGER);
    expect((await log.verify()).codes).toEqual(['approval_invalid']);
  });

  it('finds a second leaf for one acceptance', async () => {
    const { log } = await begun();
    const { request } = await log.submit();
    const accepted = (await log.ledger.find(request.requestId)) as AcceptedRequest;
    await log.appendAlone(accepted.leaf);
    expect((await log.verify()).codes).toEqual(['accepted_twice', 'leaves_differ']);
  });

  it.each<
    [string, (time: string, request: string) => LeafOf<'finished' | 'approval' | 'accounting' | 'pending'>]
  >([
    ['a finish', (time, request) => ({ type: 'finished', time, request })],
    [
      'an approval',
      (time, request) => ({
        ...{ type: 'approval', time, request, decision: 'approved', approver: idOf(STRANGER) },
        approval: request,
      }),
    ],
    [
      'a waiver',
      (time, request) => ({
        ...{ type: 'approval', time, request, decision: 'accounting_waived', approver: idOf(STRANGER) },
        approval: request,
      }),
    ],
    [
      'an accounting',
      (time, request) => ({ type: 'accounting', time, request, accounting: request, bytes: 9 }),
    ],
  ])('finds the leaf of %s that there never was', async (_, leafOf) => {
    const { log } = await begun();
    const { request } = await log.submit();
    const leaf = leafOf(log.now().toISOString(), digestText(request.requestId));
    await log.appendAlone(leaf);
    const code = leaf.type === 'accounting' ? 'accounting_differs' : 'request_unknown';
    expect((await log.verify()).codes).toEqual([code, 'leaves_differ']);
  });
});

describe('verifyLog over a file that somebody has changed', () => {
  it.each<[string, readonly string[], string]>([
    ['a leaf', ['leaf_malformed', 'root_differs'], "UPDATE leaf SET bytes = x'00' WHERE position = 1"],
    ['a leaf that was removed', ['leaf_out_of_place', 'root_differs'], 'DELETE FROM leaf WHERE position = 6'],
    ['the stored tree', ['root_differs'], 'UPDATE node SET hash = zeroblob(32) WHERE level > 1'],
    [
      'a hash of the stored tree that the root is not made of',
      ['node_differs'],
      'UPDATE node SET hash = zeroblob(32) WHERE level = 0 AND position = 1',
    ],
    [
      'a hash that was removed from the stored tree',
      ['node_differs'],
      'DELETE FROM node WHERE level = 1 AND position = 0',
    ],
    [
      'the manifest of a request that waits',
      ['request_differs'],
      `UPDATE request SET envelope = (SELECT envelope FROM request WHERE state = 'denied') WHERE state = 'waiting'`,
    ],
    [
      'the manifest of a request that was denied',
      ['request_differs'],
      `UPDATE request SET envelope = (SELECT envelope FROM request WHERE state = 'waiting') WHERE state = 'denied'`,
    ],
    [
      'the statute of a request that waits',
      ['request_differs'],
      "UPDATE request SET statute = 'Another' WHERE state = 'waiting'",
    ],
    [
      'the signers of a request that waits',
      ['request_differs'],
      "UPDATE request SET officials = '[]' WHERE state = 'waiting'",
    ],
    [
      'the text of a policy',
      ['policy_differs'],
      "UPDATE policy SET text = text || ' ' WHERE text LIKE '%human%'",
    ],
    ['a sum of charges', ['charge_differs'], "UPDATE charged SET records = 1 WHERE scope = 'epoch'"],
    [
      'the share of an investigator',
      ['charge_differs'],
      "UPDATE charged SET records = 1 WHERE scope = 'investigator_epoch'",
    ],
    [
      'a waiver that is another decision',
      ['request_unknown', 'leaves_differ'],
      "UPDATE waiver SET digest = (SELECT approval FROM request WHERE state = 'denied')",
    ],
    [
      'the document of a waiver',
      ['approval_invalid'],
      "UPDATE waiver SET envelope = (SELECT approval_envelope FROM request WHERE state = 'denied')",
    ],
    ['a waiver that was removed', ['request_unknown', 'leaves_differ'], 'DELETE FROM waiver'],
    ['an accounting', ['accounting_differs'], "UPDATE accounting SET sealed = x'00'"],
    [
      'the requester of a request',
      ['request_differs'],
      "UPDATE request SET requester = 'B' WHERE completed_at IS NOT NULL",
    ],
    [
      'a signed manifest',
      ['request_differs'],
      "UPDATE request SET envelope = x'7b7d' WHERE completed_at IS NOT NULL",
    ],
    [
      'when a request was finished',
      ['request_unknown', 'leaves_differ'],
      "UPDATE request SET completed_at = '2027-01-01T00:00:00.000Z' WHERE completed_at IS NOT NULL",
    ],
    [
      'a request that was removed',
      ['request_unknown', 'leaves_differ'],
      'DELETE FROM request WHERE completed_at IS NOT NULL',
    ],
    [
      'an acceptance that was never logged',
      ['leaves_differ'],
      "UPDATE request SET state = 'accepted', accepted_at = decided_at, accepted_by = 0 WHERE state = 'denied'",
    ],
    [
      'a denial that was turned into its opposite',
      ['approval_invalid'],
      "UPDATE request SET state = 'approved' WHERE state = 'denied'",
    ],
  ])('finds %s', async (_, codes, sql) => {
    const log = newLog();
    await keepFully(log);
    const { codes: found } = await (await log.alter(sql)).verify();
    expect([...new Set(found)]).toEqual(expect.arrayContaining([...codes]));
  });

  it('finds a log that was put back to an earlier state', async () => {
    const { log } = await begun();
    const copy = `${log.path}.copy`;
    await log.ledger.close();
    copyFileSync(log.path, copy);
    log.ledger = openSqliteLedger(log.path);
    await log.submit();
    const later = await log.head();
    await log.ledger.close();
    log.ledger = openSqliteLedger(copy);
    expect((await log.verify(later)).codes).toEqual(['log_shorter']);
  });

  it('finds a log that was begun anew', async () => {
    const { log } = await begun();
    const { log: other } = await begun(allowingA({ minimum_records: 2 }));
    expect((await log.verify(await other.head())).codes).toEqual(['checkpoint_differs']);
  });
});
