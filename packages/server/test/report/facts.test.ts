import { describe, expect, it } from 'vitest';
import type { LogLeaf } from '@blindmatch/protocol';
import { UNKNOWN_REQUESTER } from '../../src/report/facts.ts';
import { sumOf } from '../../src/report/tallies.ts';
import {
  accepted,
  accounting,
  approval,
  digest,
  epoch,
  factsOf,
  finished,
  pending,
  policy,
  refused,
  STATUTE,
} from './leaves.ts';

const NOTHING_WAITED = { suspended: 0, approved: 0, denied: 0, expired: 0, waiting: 0 };

describe('the facts of a period', () => {
  it('sum what was accepted by requester, statute and day', async () => {
    const { days } = await factsOf([
      accepted('a', '2026-03-01', 10),
      accepted('b', '2026-03-01', 30),
      accepted('c', '2026-03-01', 5, { statute: '18 U.S.C. 1546' }),
      accepted('d', '2026-03-02', 1, { requester: 'Another Agency' }),
    ]);
    const row = { requester: 'Requesting Agency', day: '2026-03-01' };
    expect(days).toEqual([
      {
        ...{ requester: 'Another Agency', statute: STATUTE, day: '2026-03-02' },
        ...{ requests: 1, records: 1, elements: 7, largest: 1 },
      },
      { ...row, statute: '18 U.S.C. 1546', requests: 1, records: 5, elements: 27, largest: 5 },
      { ...row, statute: STATUTE, requests: 2, records: 40, elements: 204, largest: 30 },
    ]);
  });

  it('are those of its first and last day and of none outside', async () => {
    const facts = await factsOf(
      ['2026-04-30', '2026-05-01', '2026-05-31', '2026-06-01'].map((day) => accepted(day, day, 3)),
      { from: '2026-05-01', to: '2026-05-31' },
    );
    expect(facts.days.map(({ day }) => day)).toEqual(['2026-05-01', '2026-05-31']);
    expect(facts.entries).toBe(2);
  });

  it('are empty where nothing happened', async () => {
    const facts = await factsOf([]);
    expect(facts).toMatchObject({ entries: 0, days: [], refusals: [], waits: [], unidentified: 0 });
  });

  it('count an epoch from its beginning, also before the period, where it was used in it', async () => {
    const facts = await factsOf(
      [
        epoch(1, '2026-01-01'),
        accepted('a', '2026-01-02', 10),
        accepted('x', '2026-01-02', 99, { requester: 'Idle Agency' }),
        accepted('b', '2026-02-02', 5),
      ],
      { from: '2026-02-01', to: '2026-02-28' },
    );
    expect(facts.epochsOfUse).toMatchObject([
      { requester: 'Requesting Agency', epochId: digest('epoch 1'), records: 15 },
    ]);
    expect(facts.epochNumbers.get(digest('epoch 1'))).toBe(1);
  });

  it('tell refusals by code and requester, those of nobody known among them', async () => {
    const { refusals } = await factsOf([
      refused('a', '2026-02-01', 'quota_exceeded'),
      refused('a', '2026-02-02', 'quota_exceeded'),
      refused('b', '2026-02-02', 'official_unknown', null),
    ]);
    expect(refusals).toMatchObject([
      { requester: 'Requesting Agency', code: 'quota_exceeded', requests: 2, records: 14 },
      { requester: null, code: 'official_unknown', requests: 1 },
    ]);
  });

  it('sum no counts that strangers wrote, and none beyond what a number can say exactly', async () => {
    const most = Number.MAX_SAFE_INTEGER;
    const huge = (name: string, requester: string | null): LogLeaf => ({
      ...refused(name, '2026-02-01', 'elements_over_cap', requester),
      ...{ records: most, elements: most },
    });
    const { refusals } = await factsOf([
      ...[huge('a', null), huge('b', null)],
      ...[huge('c', 'Requesting Agency'), huge('d', 'Requesting Agency')],
    ]);
    expect(refusals).toMatchObject([
      { requester: 'Requesting Agency', requests: 2, records: most, elements: most },
      { requester: null, requests: 2, records: 0, elements: 0, largest: 0 },
    ]);
    expect(sumOf([...refusals, ...refusals])).toEqual({ requests: 8, records: most, elements: most });
  });

  it('keep requests apart whose statute or purpose the log leaves out', async () => {
    const { days, purposes } = await factsOf([
      accepted('a', '2026-03-01', 10, { statute: null, purpose: null }),
      accepted('b', '2026-03-01', 30, { purpose: 'P' }),
    ]);
    expect(days.map(({ statute, records }) => [statute, records])).toEqual([
      [STATUTE, 30],
      [null, 10],
    ]);
    expect(purposes.map(({ purpose, records }) => [purpose, records])).toEqual([
      ['P', 30],
      [null, 10],
    ]);
  });

  it('count the requests that got no entry of their own', async () => {
    const hour = '2026-02-01T10:00:00.000Z';
    const { unidentified } = await factsOf([
      { type: 'unidentified', time: '2026-02-01T11:00:00.000Z', hour, requests: 40 },
      { type: 'unidentified', time: '2026-02-01T12:00:00.000Z', hour, requests: 2 },
    ]);
    expect(unidentified).toBe(42);
  });

  it('tell what became of every request that waited', async () => {
    const { waits, approvers } = await factsOf([
      ...['a', 'b', 'c', 'd'].map((request) => pending(request, '2026-02-01')),
      approval('a', '2026-02-02', 'approved'),
      accepted('a', '2026-02-02', 7, { approval: digest('approved a') }),
      approval('b', '2026-02-02', 'denied'),
      refused('c', '2026-02-20', 'approval_expired'),
    ]);
    expect(waits).toEqual([
      { requester: 'Requesting Agency', suspended: 4, approved: 1, denied: 1, expired: 1, waiting: 1 },
    ]);
    expect(approvers).toEqual([{ approver: digest('approver'), approved: 1, denied: 1, waived: 0 }]);
  });

  it('count an expiry once, however often the requester is told of it', async () => {
    const { waits } = await factsOf([
      pending('a', '2026-02-01'),
      refused('a', '2026-02-20', 'approval_expired'),
      refused('a', '2026-02-21', 'approval_expired'),
    ]);
    expect(waits).toEqual([{ ...NOTHING_WAITED, requester: 'Requesting Agency', suspended: 1, expired: 1 }]);
  });

  it('count a request as waiting that has waited since before the period, and not one that was decided after it', async () => {
    const { waits } = await factsOf(
      [pending('a', '2026-01-01'), pending('b', '2026-02-02'), approval('b', '2026-03-03', 'approved')],
      { from: '2026-02-01', to: '2026-02-28' },
    );
    expect(waits).toEqual([{ ...NOTHING_WAITED, requester: 'Requesting Agency', suspended: 1, waiting: 2 }]);
  });

  it('give what was finished and accounted to the requester that the ledger names', async () => {
    const { completions } = await factsOf([
      accepted('a', '2026-02-01', 7),
      finished('a', '2026-02-01'),
      accounting('a', '2026-02-01'),
      finished('lost', '2026-02-01'),
    ]);
    expect(completions).toEqual([
      { requester: UNKNOWN_REQUESTER, finished: 1, accounted: 0, waived: 0 },
      { requester: 'Requesting Agency', finished: 1, accounted: 1, waived: 0 },
    ]);
  });

  it('count a waiver as nothing but what became of an accounting, and who waived it', async () => {
    const { completions, approvers, waits } = await factsOf([
      accepted('a', '2026-02-01', 7),
      finished('a', '2026-02-01'),
      approval('a', '2026-02-20', 'accounting_waived'),
      approval('a', '2027-02-20', 'accounting_waived'),
    ]);
    expect(completions).toEqual([{ requester: 'Requesting Agency', finished: 1, accounted: 0, waived: 1 }]);
    expect(approvers).toEqual([{ approver: digest('approver'), approved: 0, denied: 0, waived: 1 }]);
    expect(waits).toEqual([]);
  });

  it('tell whose signatures counted', async () => {
    const { signers } = await factsOf([
      accepted('a', '2026-02-01', 7, { certifiers: [digest('certifier')] }),
      accepted('b', '2026-02-01', 3),
    ]);
    expect(signers).toMatchObject([
      { key: digest('certifier'), role: 'certifier', requests: 1, records: 7 },
      { key: digest('official'), role: 'official', requests: 2, records: 10 },
    ]);
  });

  it('tell which policies and epochs came, and which policy was in force before', async () => {
    const facts = await factsOf(
      [
        policy('older', '2026-01-01'),
        policy('old', '2026-01-02'),
        policy('new', '2026-02-03'),
        epoch(2, '2026-02-04'),
      ],
      { from: '2026-02-01', to: '2026-02-28' },
    );
    expect(facts.policyBefore).toBe(digest('old'));
    expect(facts.policies.map((entry) => entry.policy)).toEqual([digest('new')]);
    expect(facts.epochs.map((entry) => entry.epoch)).toEqual([2]);
  });

  it('are refused for a log with bytes that are no leaf', async () => {
    const { gatherFacts } = await import('../../src/report/facts.ts');
    const broken = (async function* () {
      yield await Promise.resolve({ leaf: Buffer.from('{}') });
    })();
    const gathering = gatherFacts(broken, { from: '2026-01-01', to: '2026-01-02' }, async () =>
      Promise.resolve(undefined),
    );
    await expect(gathering).rejects.toMatchObject({ code: 'log_invalid' });
  });
});
