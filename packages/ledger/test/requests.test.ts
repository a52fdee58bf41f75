import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JudgedRequest } from '../src/known-request.ts';
import type { DecisionToMake, Ledger, SuspensionToMake, WaiverToMake } from '../src/ledger.ts';
import { openSqliteLedger } from '../src/sqlite-ledger.ts';
import {
  acceptance,
  acceptedLeaf,
  at,
  bytes,
  collected,
  charge,
  digest,
  hex,
  POLICY,
  request,
} from './rig/samples.ts';

let directory: string;
let ledger: Ledger;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ledger-'));
  ledger = openSqliteLedger(join(directory, 'ledger.sqlite'));
  await ledger.adoptPolicy({ digest: POLICY, text: 'a policy', now: at(0), leaf: bytes('policy') });
});

afterEach(async () => {
  await ledger.close();
  rmSync(directory, { recursive: true });
});

const one = request('1');
const APPROVAL = digest('approval');

function suspension(of: JudgedRequest, changes: Partial<SuspensionToMake> = {}): SuspensionToMake {
  const waiting = { policy: POLICY, now: at(1), expires: at(100), most: 20, leaf: bytes('pending') };
  return { request: of, ...waiting, ...changes };
}

function decision(changes: Partial<DecisionToMake> = {}): DecisionToMake {
  const { requestId } = one;
  const envelope = bytes('signed approval');
  const leaf = bytes('approval');
  const made = { requestId, policy: POLICY, envelope, digest: APPROVAL, now: at(2), leaf };
  return { ...made, decision: 'approved', ...changes };
}

/** The leaves after the first policy's, as text. */
async function logged(): Promise<string[]> {
  return (await collected(ledger.log.leaves(1))).map(({ leaf }) => Buffer.from(leaf).toString());
}

describe('letting requests wait', () => {
  it('holds so many of one requester at once, and others beside them', async () => {
    await ledger.suspend(suspension(request('1'), { most: 2 }));
    await ledger.suspend(suspension(request('2'), { most: 2, expires: at(50) }));
    const third = suspension(request('3'), { most: 2 });
    const before = await logged();
    expect(await ledger.suspend(third)).toEqual({ outcome: 'too_many_wait' });
    expect(await logged()).toEqual(before);
    expect(await ledger.suspend(suspension(request('2'), { most: 2 }))).toMatchObject({ outcome: 'known' });
    const other = request('4', { requester: 'Another Agency' });
    expect(await ledger.suspend(suspension(other, { most: 2 }))).toMatchObject({ outcome: 'waiting' });
    const names = async (minute: number): Promise<string[]> =>
      (await ledger.waiting('Requesting Agency', at(minute))).map(({ requestId }) => hex(requestId));
    expect(await names(2)).toEqual([hex(request('1').requestId), hex(request('2').requestId)]);
    expect(await names(50)).toEqual([hex(request('1').requestId)]);
    expect(await ledger.suspend({ ...third, now: at(50) })).toMatchObject({ outcome: 'waiting' });
  });

  it('ends with a decision under the policy in force only', async () => {
    await ledger.suspend(suspension(one));
    expect(await ledger.decide(decision({ policy: digest('old') }))).toBe('policy_changed');
    expect(await ledger.find(one.requestId)).toMatchObject({ state: 'waiting' });
    expect(await ledger.decide(decision())).toBe('decided');
  });
});

describe('accepting a request', () => {
  it('remembers it with its leaf', async () => {
    const request = {
      ...one,
      state: 'accepted',
      suspendedAt: undefined,
      expiresAt: undefined,
      approval: undefined,
      acceptedAt: at(3),
      leafIndex: 1,
      leaf: acceptedLeaf(one.requestId),
      completedAt: undefined,
      accounting: undefined,
      waiver: undefined,
    };
    expect(await ledger.accept(acceptance(one, { now: at(3) }))).toEqual({ outcome: 'new', request });
    expect(await ledger.find(one.requestId)).toEqual(request);
    expect(await logged()).toEqual([`accepted ${Buffer.from(one.requestId).toString('hex')}`]);
  });

  it('happens once, and stays what it was, whatever comes later', async () => {
    const first = await ledger.accept(acceptance(one, { now: at(3) }));
    const other = { ...one, requester: 'Another Agency', officials: ['sha256:33'] };
    const again = await ledger.accept(acceptance(other, { now: at(9), policy: digest('another policy') }));
    expect(again).toEqual({ ...first, outcome: 'known' });
    expect(await logged()).toHaveLength(1);
    expect(await ledger.charged(charge(one), 'day')).toBe(10);
  });

  it('refuses the nonce of another request, and changes nothing', async () => {
    await ledger.accept(acceptance(one));
    const two = request('2', { nonce: one.nonce });
    expect(await ledger.accept(acceptance(two))).toEqual({ outcome: 'nonce_reused' });
    expect(await ledger.suspend(suspension(two))).toEqual({ outcome: 'nonce_reused' });
    expect(await ledger.find(two.requestId)).toBeUndefined();
    expect(await logged()).toHaveLength(1);
  });

  it('wants the policy that is in force', async () => {
    expect(await ledger.accept(acceptance(one, { policy: digest('old') }))).toEqual({
      outcome: 'policy_changed',
    });
    expect(await ledger.suspend(suspension(one, { policy: digest('old') }))).toEqual({
      outcome: 'policy_changed',
    });
    expect(await logged()).toEqual([]);
  });

  it('wants the charge to be its own', async () => {
    for (const changes of [
      { records: 9 },
      { requester: 'Another Agency' },
      { epoch: 2 },
      { statute: 'another' },
    ]) {
      const made = acceptance(one, { charge: charge({ ...one, ...changes }) });
      await expect(ledger.accept(made)).rejects.toThrow(RangeError);
    }
    expect(await logged()).toEqual([]);
  });
});

describe('a limit', () => {
  it('may be reached and not exceeded, and tells what was charged', async () => {
    const limits = [{ scope: 'day', records: 25 }] as const;
    await ledger.accept(acceptance(one, { limits }));
    const two = request('2', { records: 15 });
    expect(await ledger.accept(acceptance(two, { limits }))).toMatchObject({ outcome: 'new' });
    const three = request('3', { records: 1 });
    const refused = { outcome: 'over_limit', limit: limits[0], charged: 25 };
    expect(await ledger.accept(acceptance(three, { limits }))).toEqual(refused);
    expect(await ledger.find(three.requestId)).toBeUndefined();
    expect(await ledger.charged(charge(three), 'epoch')).toBe(25);
    expect(await logged()).toHaveLength(2);
  });

  it.each([
    { scope: 'day', apart: charge(one, { day: '2026-01-02' }) },
    { scope: 'day', apart: charge({ ...one, requester: 'Another Agency' }) },
    { scope: 'epoch', apart: charge({ ...one, epoch: 2 }) },
    { scope: 'statute_day', apart: charge({ ...one, statute: 'another' }) },
    { scope: 'statute_day', apart: charge(one, { day: '2026-01-02' }) },
    { scope: 'statute_epoch', apart: charge({ ...one, statute: 'another' }) },
    { scope: 'statute_epoch', apart: charge({ ...one, epoch: 2 }) },
  ] as const)('over $scope counts its own only', async ({ scope, apart }) => {
    await ledger.accept(acceptance(one));
    expect(await ledger.charged(charge(one), scope)).toBe(10);
    expect(await ledger.charged(apart, scope)).toBe(0);
  });

  it('for investigators counts the share of each, and names the one who has too much', async () => {
    const limits = [{ scope: 'investigator_epoch', records: 8 }] as const;
    const accept = async (name: string, shares: Record<string, number>): Promise<unknown> => {
      const each = request(name);
      const own = charge(each, { investigators: new Map(Object.entries(shares)) });
      return ledger.accept(acceptance(each, { charge: own, limits }));
    };
    expect(await accept('1', { A: 5, B: 5 })).toMatchObject({ outcome: 'new' });
    expect(await accept('2', { C: 5, B: 5 })).toEqual({
      outcome: 'over_limit',
      limit: limits[0],
      charged: 5,
      investigator: 'B',
    });
    const both = charge(one, {
      investigators: new Map([
        ['B', 1],
        ['C', 1],
      ]),
    });
    expect(await ledger.charged(both, 'investigator_epoch')).toBe(5);
    expect(await ledger.charged(charge(one), 'investigator_epoch')).toBe(0);
  });
});

describe('a request that waits', () => {
  it('is remembered with its nonce, once', async () => {
    const request = { ...one, state: 'waiting', suspendedAt: at(1), expiresAt: at(100) };
    expect(await ledger.suspend(suspension(one))).toEqual({ outcome: 'waiting', request });
    expect(await ledger.suspend(suspension(one, { now: at(50), expires: at(200) }))).toEqual({
      outcome: 'known',
      request,
    });
    expect(await logged()).toEqual(['pending']);
    expect(await ledger.charged(charge(one), 'day')).toBe(0);
  });

  it('is accepted by the approval that it got, and by no other', async () => {
    await ledger.suspend(suspension(one));
    const approved = acceptance(one, { approval: APPROVAL, now: at(3) });
    expect(await ledger.accept(approved)).toEqual({ outcome: 'approval_changed' });
    expect(await ledger.decide(decision())).toBe('decided');
    const approval = { envelope: bytes('signed approval'), digest: APPROVAL };
    expect(await ledger.find(one.requestId)).toEqual({
      ...one,
      state: 'approved',
      suspendedAt: at(1),
      expiresAt: at(100),
      decidedAt: at(2),
      approval,
    });
    expect(await ledger.accept({ ...approved, approval: digest('another') })).toEqual({
      outcome: 'approval_changed',
    });
    expect(await ledger.accept(approved)).toMatchObject({
      outcome: 'new',
      request: { approval, suspendedAt: at(1) },
    });
  });

  it('is accepted without an approval where none is needed any more', async () => {
    await ledger.suspend(suspension(one));
    expect(await ledger.accept(acceptance(one))).toMatchObject({ outcome: 'new' });
    expect(await ledger.decide(decision())).toBe('not_waiting');
  });

  it('is never accepted once it was denied', async () => {
    await ledger.suspend(suspension(one));
    expect(await ledger.decide(decision({ decision: 'denied' }))).toBe('decided');
    for (const approval of [{}, { approval: APPROVAL }])
      expect(await ledger.accept(acceptance(one, approval))).toEqual({ outcome: 'approval_changed' });
  });

  it('is decided once', async () => {
    expect(await ledger.decide(decision())).toBe('not_waiting');
    await ledger.suspend(suspension(one));
    expect(await ledger.decide(decision({ decision: 'denied' }))).toBe('decided');
    expect(await ledger.decide(decision())).toBe('not_waiting');
    expect(await ledger.find(one.requestId)).toMatchObject({ state: 'denied' });
  });

  it('can not be decided after its time', async () => {
    await ledger.suspend(suspension(one, { expires: at(50) }));
    expect(await ledger.decide(decision({ now: at(50) }))).toBe('not_waiting');
  });

  it('expires with its leaf, and all of many do', async () => {
    const names = Array.from({ length: 70 }, (_, number) => `waiting ${number}`);
    for (const name of names) await ledger.suspend(suspension(request(name), { most: 100 }));
    await ledger.suspend(suspension(one, { expires: at(101), most: 100 }));
    const before = (await logged()).length;
    expect(await ledger.expire(at(100), ({ elements }) => bytes(`expired ${elements}`))).toBe(70);
    expect((await logged()).slice(before)).toEqual(names.map(() => 'expired 22'));
    expect(await ledger.expire(at(100), () => bytes(''))).toBe(0);
    expect(await ledger.find(one.requestId)).toMatchObject({ state: 'waiting' });
    expect(await ledger.find(request('waiting 3').requestId)).toMatchObject({
      state: 'expired',
      decidedAt: at(100),
      approval: undefined,
    });
    expect(await ledger.accept(acceptance(request('waiting 3')))).toEqual({ outcome: 'approval_changed' });
  });
});

describe('finishing a request', () => {
  it('keeps the first time, with one leaf', async () => {
    await ledger.accept(acceptance(one));
    const leafAt = (completed: Date): Uint8Array => bytes(completed.toISOString());
    expect(await ledger.complete(one.requestId, at(3), leafAt)).toEqual(at(3));
    expect(await ledger.complete(one.requestId, at(9), leafAt)).toEqual(at(3));
    expect((await logged()).slice(1)).toEqual([at(3).toISOString()]);
    expect(await ledger.find(one.requestId)).toMatchObject({ completedAt: at(3) });
  });

  it('never comes before the acceptance, although the clock was set back', async () => {
    await ledger.accept(acceptance(one, { now: at(9) }));
    expect(await ledger.complete(one.requestId, at(3), () => bytes(''))).toEqual(at(9));
  });

  it('is not for a request that was not accepted', async () => {
    await ledger.suspend(suspension(one));
    await expect(ledger.complete(one.requestId, at(3), () => bytes(''))).rejects.toMatchObject({
      code: 'request_state',
    });
  });
});

describe('an accounting', () => {
  const accounting = {
    requestId: one.requestId,
    sealed: bytes('sealed'),
    digest: digest('sealed'),
    now: at(5),
    leaf: bytes('accounting'),
  };

  it('is kept as it came first', async () => {
    await ledger.accept(acceptance(one));
    await ledger.complete(one.requestId, at(3), () => bytes('finished'));
    const kept = { digest: digest('sealed'), index: 3, leaf: bytes('accounting') };
    expect(await ledger.account(accounting)).toEqual(kept);
    const another = { ...accounting, sealed: bytes('other'), digest: digest('other'), leaf: bytes('other') };
    expect(await ledger.account(another)).toEqual(kept);
    expect(await ledger.sealedAccounting(one.requestId)).toEqual(bytes('sealed'));
    expect(await ledger.find(one.requestId)).toMatchObject({ accounting: digest('sealed') });
    expect(await logged()).toHaveLength(3);
  });

  it('is not for a request that is not finished', async () => {
    await expect(ledger.account(accounting)).rejects.toMatchObject({ code: 'request_state' });
    await ledger.accept(acceptance(one));
    await expect(ledger.account(accounting)).rejects.toMatchObject({ code: 'request_state' });
    expect(await ledger.sealedAccounting(one.requestId)).toBeUndefined();
  });

  it("that is due longest is named, of the requester's requests that owe one, finished or not", async () => {
    for (const [name, minute] of [
      ['2', 20],
      ['1', 10],
      ['3', 30],
    ] as const) {
      await ledger.accept(acceptance(request(name), { accountingDue: at(minute) }));
    }
    await ledger.accept(acceptance(request('owes none')));
    for (const name of ['1', 'owes none'])
      await ledger.complete(request(name).requestId, at(5), () => bytes(''));
    expect(await ledger.find(one.requestId)).toMatchObject({ accountingDue: at(10) });
    expect(await ledger.unaccounted('Requesting Agency', at(10))).toBeUndefined();
    expect(await ledger.unaccounted('Requesting Agency', at(99))).toEqual(one.requestId);
    expect(await ledger.unaccounted('Another Agency', at(99))).toBeUndefined();
    await ledger.account(accounting);
    expect(await ledger.unaccounted('Requesting Agency', at(99))).toEqual(request('2').requestId);
  });

  const waiverOf = (name: string): WaiverToMake => ({
    policy: POLICY,
    requestId: request(name).requestId,
    envelope: bytes(`signed waiver ${name}`),
    digest: digest(`waiver ${name}`),
    now: at(40),
    leaf: bytes(`waived ${name}`),
  });

  it('that is waived is missing no more, and the next one is named', async () => {
    for (const [name, minute] of [
      ['1', 10],
      ['2', 20],
    ] as const) {
      await ledger.accept(acceptance(request(name), { accountingDue: at(minute) }));
    }
    await ledger.complete(one.requestId, at(5), () => bytes(''));
    const stale = { ...waiverOf('1'), policy: digest('old') };
    expect(await ledger.waiveAccounting(stale)).toBe('policy_changed');
    expect(await ledger.waiveAccounting(waiverOf('1'))).toBe('waived');
    expect(await ledger.unaccounted('Requesting Agency', at(99))).toEqual(request('2').requestId);
    expect(await ledger.waiveAccounting(waiverOf('2'))).toBe('waived');
    expect(await ledger.unaccounted('Requesting Agency', at(99))).toBeUndefined();
    expect((await logged()).slice(-2)).toEqual(['waived 1', 'waived 2']);
    expect(await ledger.find(one.requestId)).toMatchObject({
      waiver: { envelope: bytes('signed waiver 1'), digest: digest('waiver 1') },
    });
  });

  it('that is waived may still come', async () => {
    await ledger.accept(acceptance(one, { accountingDue: at(9) }));
    await ledger.complete(one.requestId, at(3), () => bytes('finished'));
    await ledger.waiveAccounting(waiverOf('1'));
    await ledger.account(accounting);
    expect(await ledger.sealedAccounting(one.requestId)).toEqual(bytes('sealed'));
  });

  it('can be waived only where it is owed, and once', async () => {
    const refuses = async (name: string): Promise<void> => {
      const before = await logged();
      expect(await ledger.waiveAccounting({ ...waiverOf(name), leaf: bytes('another') })).toBe('not_owed');
      expect(await logged()).toEqual(before);
    };
    await refuses('1');
    await ledger.accept(acceptance(request('owes none')));
    await ledger.complete(request('owes none').requestId, at(3), () => bytes('finished'));
    await refuses('owes none');
    for (const name of ['1', '2']) {
      await ledger.accept(acceptance(request(name), { accountingDue: at(9) }));
      await ledger.complete(request(name).requestId, at(3), () => bytes('finished'));
    }
    await ledger.account(accounting);
    await refuses('1');
    await ledger.waiveAccounting(waiverOf('2'));
    await refuses('2');
  });
});

describe('refusals', () => {
  const summaryOf = (hour: Date, requests: number): Uint8Array => bytes(`${hour.toISOString()} ${requests}`);
  const refuse = (minute: number): Promise<void> =>
    ledger.refuseUnidentified({ now: at(minute), each: 2, leaf: bytes(`refused ${minute}`), summaryOf });

  it('are logged', async () => {
    await ledger.refuse(bytes('refused'));
    expect(await logged()).toEqual(['refused']);
  });

  it('of strangers get so many leaves an hour, and one for the rest when the hour is over', async () => {
    for (const minute of [0, 1, 2, 59, 60, 61, 130]) await refuse(minute);
    expect(await logged()).toEqual([
      ...['refused 0', 'refused 1', '2026-01-01T00:00:00.000Z 2'],
      ...['refused 60', 'refused 61', 'refused 130'],
    ]);
  });

  it('of strangers are summed up although nobody else comes', async () => {
    for (const minute of [0, 1, 2, 3, 4]) await refuse(minute);
    expect(await ledger.summariseUnidentified(at(59), summaryOf)).toBe(0);
    expect(await ledger.summariseUnidentified(at(60), summaryOf)).toBe(1);
    expect(await ledger.summariseUnidentified(at(60), summaryOf)).toBe(0);
    expect((await logged()).slice(2)).toEqual(['2026-01-01T00:00:00.000Z 3']);
  });
});

describe('policies and epochs', () => {
  const adopt = (name: string, minute: number): Promise<boolean> =>
    ledger.adoptPolicy({ digest: digest(name), text: name, now: at(minute), leaf: bytes(`policy ${name}`) });

  it('put the last policy in force, which may have been in force before', async () => {
    expect(await adopt('stricter', 1)).toBe(true);
    expect(await adopt('stricter', 2)).toBe(false);
    expect(await ledger.policy()).toEqual({ digest: digest('stricter'), text: 'stricter', since: at(1) });
    expect(await ledger.policyWith(POLICY)).toEqual({ digest: POLICY, text: 'a policy', since: at(0) });
    expect(
      await ledger.adoptPolicy({ digest: POLICY, text: 'a policy', now: at(3), leaf: bytes('back') }),
    ).toBe(true);
    expect(await ledger.policyWith(POLICY)).toMatchObject({ since: at(3) });
    expect(await ledger.policyWith(digest('stricter'))).toMatchObject({ since: at(1) });
    expect(await ledger.policyWith(digest('none'))).toBeUndefined();
    expect(await logged()).toEqual(['policy stricter', 'back']);
  });

  it('announce an epoch once', async () => {
    const epoch = { epochId: digest('epoch'), epoch: 1, now: at(0), leaf: bytes('epoch') };
    expect(await ledger.announceEpoch(epoch)).toBe(1);
    await ledger.refuse(bytes('refused'));
    expect(await ledger.announceEpoch({ ...epoch, leaf: bytes('again') })).toBe(1);
    expect(await logged()).toEqual(['epoch', 'refused']);
  });

  it('announce no other epoch whose number is taken or below one that was announced', async () => {
    const announce = (name: string, epoch: number): Promise<number> =>
      ledger.announceEpoch({ epochId: digest(name), epoch, now: at(0), leaf: bytes(name) });
    await announce('third', 3);
    await announce('fifth', 5);
    for (const number of [3, 4, 5])
      await expect(announce('another', number)).rejects.toMatchObject({ code: 'epoch_not_newer' });
    expect(await announce('third', 3)).toBe(1);
    expect(await announce('sixth', 6)).toBe(3);
    expect(await logged()).toEqual(['third', 'fifth', 'sixth']);
  });
});

it('lists what waits and what was decided, in the order in which it came', async () => {
  await ledger.suspend(suspension(request('waits')));
  for (let number = 0; number < 70; number++) await ledger.accept(acceptance(request(String(number))));
  await ledger.accept(acceptance(request('waits')));
  const listed = await collected(ledger.requests());
  expect(listed).toHaveLength(71);
  expect(listed[0]).toMatchObject({ state: 'accepted', requestId: request('waits').requestId });
  expect(listed[70]).toMatchObject({ requestId: request('69').requestId });
});
