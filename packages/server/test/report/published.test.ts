import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../src/policy/read-policy.ts';
import { newPolicyText } from '../../src/policy/new-policy.ts';
import { ONLY_COUNTED, OTHER_STATUTES, publish, type PublishedRow } from '../../src/report/published.ts';
import { accepted, approval, factsOf, pending, refused, STATUTE } from './leaves.ts';
import type { LogLeaf } from '@blindmatch/protocol';

const POLICY = parsePolicy(
  newPolicyText('Tax Agency', 8192).replace('statutes: any', `statutes: [${JSON.stringify(STATUTE)}]`),
);
const ANY = parsePolicy(newPolicyText('Tax Agency', 8192));
const published = async (leaves: readonly LogLeaf[], policy = POLICY) =>
  publish(await factsOf(leaves), policy, 10);
const told = (rows: readonly PublishedRow[]): Record<string, string | number> =>
  Object.fromEntries(
    rows.map(({ label, shown }) => [label, shown.kind === 'count' ? shown.count : shown.kind]),
  );
/** So many accepted requests of 100 records each. */
const many = (requests: number, day: string): LogLeaf[] =>
  Array.from({ length: requests }, (_, at) => accepted(`${day} ${at}`, day, 100));

describe('what is published', () => {
  it('has the records by requester, statute and month, every month of the period among them', async () => {
    const { records } = await published([...many(3, '2026-02-01'), ...many(2, '2026-05-09')]);
    expect(records.total).toBe(500);
    expect(told(records.byRequester)).toEqual({ 'Requesting Agency': 500 });
    expect(told(records.byStatute)).toEqual({ [STATUTE]: 500 });
    expect(told(records.byMonth)).toMatchObject({ '2026-02': 300, '2026-05': 200, '2026-06': 0 });
    expect(records.byMonth).toHaveLength(12);
  });

  it('hides a requester of few records and one more to hide it behind', async () => {
    const { records } = await published([
      ...many(3, '2026-02-01'),
      accepted('x', '2026-02-01', 4, { requester: 'Small Agency' }),
      accepted('y', '2026-02-01', 700, { requester: 'Third Agency' }),
    ]);
    expect(told(records.byRequester)).toEqual({
      'Requesting Agency': 'withheld',
      'Small Agency': 'few',
      'Third Agency': 700,
    });
    expect(records.total).toBe(1004);
  });

  it('tells no count of records at all where one table would tell another', async () => {
    const { records } = await published([accepted('x', '2026-02-01', 4), accepted('y', '2026-03-01', 3)]);
    expect(records.total).toBeUndefined();
    for (const rows of [records.byRequester, records.byStatute, records.byMonth]) {
      expect(Object.values(told(rows)).filter((value) => typeof value === 'number' && value > 0)).toEqual([]);
    }
  });

  it('gives a statute in words that the policy does not list no row of its own', async () => {
    const own = accepted('x', '2026-02-01', 50, { statute: 'in the matter of Zebulon Quackenbush' });
    expect(told((await published([own])).records.byStatute)).toEqual({ [OTHER_STATUTES]: 50 });
    expect(told((await published([own], ANY)).records.byStatute)).toEqual({ [OTHER_STATUTES]: 50 });
  });

  it('tells the number of answered requests, and that it is small only where no table could narrow it', async () => {
    expect((await published(many(10, '2026-02-01'))).accepted).toEqual({ kind: 'count', count: 10 });
    expect((await published(many(2, '2026-02-01'))).accepted).toEqual({ kind: 'few' });
    const twoMonths = await published([...many(1, '2026-02-01'), ...many(1, '2026-03-01')]);
    expect(twoMonths.accepted).toEqual({ kind: 'withheld' });
    expect((await published([])).accepted).toEqual({ kind: 'count', count: 0 });
  });

  it('tells refusals by code, all requesters together, and denials only among the decisions of people', async () => {
    const refusals = Array.from({ length: 40 }, (_, at) =>
      refused(String(at), '2026-02-01', 'quota_exceeded'),
    );
    const { refusals: rows, waits } = await published([
      ...refusals,
      ...Array.from({ length: 30 }, (_, at) => refused(`r${at}`, '2026-02-01', 'records_over_cap')),
      refused('x', '2026-02-01', 'official_revoked', 'Small Agency'),
      pending('d', '2026-02-01'),
      approval('d', '2026-02-02', 'denied'),
      refused('d', '2026-02-03', 'approval_denied'),
    ]);
    expect(told(rows)).toEqual({ official_revoked: 'few', quota_exceeded: 'withheld', records_over_cap: 30 });
    expect(told(waits)).toMatchObject({ approved: 0, denied: 'few' });
  });

  it('counts requests of strangers in a row of their own', async () => {
    const hour = '2026-02-01T10:00:00.000Z';
    const leaf: LogLeaf = { type: 'unidentified', time: '2026-02-01T11:00:00.000Z', hour, requests: 40 };
    expect(told((await published([leaf])).refusals)).toEqual({ [ONLY_COUNTED]: 40 });
  });
});
