import { describe, expect, it } from 'vitest';
import { joinRequests } from './join.ts';
import { judge, verdictLines, type Verdict } from './limits.ts';
import { inTurn, madeUpPerson, madeUpProfile, madeUpRequest } from './made-up-people.ts';
import { PeopleOnFile } from './people-on-file.ts';
import { precisionAt, reportOf } from './report.ts';
import { tablesOf } from './tables.ts';
import type { RequestClass } from './truth.ts';

const RULES = {
  profile: madeUpProfile([
    { name: 'date', tier: 'name_address_dob', parts: ['givenName', 'dateOfBirth', 'street'] },
    { name: 'name', tier: 'name_address', parts: ['givenName', 'surname', 'street'] },
  ]),
  tiers: ['name_address_dob', 'name_address'],
  today: { year: 2026, month: 11, day: 22 },
} as const;

const LEAST = { recallWithDate: 0.9, recallWithoutDate: 0.78 };
const ASSUMPTIONS = { today: '2026-11-22', matchRate: 0.037, peopleExtrapolated: 150_000_000 };
const MACHINE = { cpu: 'a', cores: 1, node: '24', date: 'today', commit: 'c' };

/** Requests of which this many of each class and tier are confirmed, or rejected where the class is rejected. */
interface Case {
  readonly requestClass: RequestClass;
  readonly dated: boolean;
  readonly count: number;
  readonly as: 'found' | 'not found' | 'rejected';
}

async function verdictsOf(cases: readonly Case[]): Promise<{ verdicts: Verdict[]; tables: string }> {
  const people = await PeopleOnFile.read(inTurn([madeUpPerson({})]), RULES);
  const rows = cases.flatMap((row) => Array.from({ length: row.count }, () => row));
  const requests = rows.map(({ dated, as }, index) =>
    madeUpRequest({
      recordId: String(index),
      dateOfBirth: dated ? '1980-01-31' : '',
      street: { found: '1 MAIN ST', 'not found': '2 MAIN ST', rejected: '' }[as],
    }),
  );
  const truths = new Map(
    rows.map(({ requestClass }, index) => [
      String(index),
      { requestClass, row: requestClass === 'same' ? 1 : 0, origin: 'general' },
    ]),
  );
  const join = await joinRequests(inTurn(requests), truths, people, new Map());
  const report = reportOf(people, join, [], ASSUMPTIONS, MACHINE);
  return { verdicts: judge(report, LEAST), tables: tablesOf(report) };
}

const GOOD: readonly Case[] = [
  { requestClass: 'same', dated: true, count: 90, as: 'found' },
  { requestClass: 'same', dated: true, count: 10, as: 'not found' },
  { requestClass: 'same', dated: false, count: 78, as: 'found' },
  { requestClass: 'same', dated: false, count: 22, as: 'not found' },
  { requestClass: 'absent', dated: true, count: 10, as: 'not found' },
  { requestClass: 'absent', dated: false, count: 399, as: 'not found' },
  { requestClass: 'absent', dated: false, count: 1, as: 'found' },
  { requestClass: 'moved', dated: true, count: 10, as: 'not found' },
  { requestClass: 'incomplete', dated: true, count: 3, as: 'rejected' },
];

const broken = async (more: readonly Case[], cases = GOOD): Promise<string[]> =>
  (await verdictsOf([...cases, ...more])).verdicts.filter(({ holds }) => !holds).map(({ limit }) => limit);

describe('the limits', () => {
  it('hold for figures that reach them', async () => {
    expect(await broken([])).toEqual([]);
  });

  it.each<[string, Case]>([
    ['name_address_dob: recall', { requestClass: 'same', dated: true, count: 1, as: 'not found' }],
    ['name_address: recall', { requestClass: 'same', dated: false, count: 1, as: 'not found' }],
    ['name_address_dob: wrong / absent', { requestClass: 'absent', dated: true, count: 1, as: 'found' }],
    ['name_address: wrong / absent', { requestClass: 'absent', dated: false, count: 1, as: 'found' }],
    ['name_address_dob: confirmed moved', { requestClass: 'moved', dated: true, count: 1, as: 'found' }],
    ['accepted incomplete', { requestClass: 'incomplete', dated: true, count: 1, as: 'not found' }],
  ])('break one by one: %s', async (limit, one) => {
    expect(await broken([one])).toEqual([limit]);
  });

  it('break when records of people on file are rejected, though the recall is reached', async () => {
    expect(
      await broken([
        { requestClass: 'same', dated: true, count: 20, as: 'found' },
        { requestClass: 'same', dated: true, count: 1, as: 'rejected' },
      ]),
    ).toEqual(['rejected same']);
  });

  it('do not hold where there is nothing to tell by', async () => {
    const withoutAbsent = GOOD.filter(({ requestClass }) => requestClass !== 'absent');
    expect(await broken([], withoutAbsent)).toEqual([
      'name_address_dob: wrong / absent',
      'name_address: wrong / absent',
    ]);
  });

  it('are printed with what breaks them', async () => {
    const { verdicts } = await verdictsOf([
      ...GOOD,
      { requestClass: 'absent', dated: true, count: 1, as: 'found' },
    ]);
    expect(verdictLines(verdicts)[1]).toEqual([
      'FAIL',
      'name_address_dob: wrong / absent',
      '0.09091',
      'limit 0.000035',
      '1 of 11, 95 % up to 4.1e-1',
    ]);
  });
});

describe('the tables', () => {
  it('have each tier, group, key, rejection and fault', async () => {
    const { tables } = await verdictsOf([
      ...GOOD,
      { requestClass: 'moved', dated: true, count: 1, as: 'found' },
    ]);
    expect(tables).toContain('name_address_dob: 124 requests');
    expect(tables).toContain('90.00 % of 100');
    expect(tables).toMatch(/^origin general +90\.00 % of 100/m);
    expect(tables).toMatch(/^without date of birth +78\.00 % of 100/m);
    expect(tables).toMatch(/^street_missing +0 +0 +0 +3$/m);
    expect(tables).toMatch(/^moved, but confirmed \(the first\): \d+$/m);
  });
});

describe('the precision', () => {
  it('is the share of right ones at the match rate', () => {
    // 37 of 1,000 are on file, 90 % of them are found, and 963 are absent, of whom one in 1,000 is confirmed.
    expect(precisionAt(0.037, 0.9, 0.001)).toBeCloseTo(33.3 / (33.3 + 0.963), 12);
  });

  it('is 99.9 % where the issue has it', () => {
    expect(precisionAt(0.037, 0.91, 3.5e-5)).toBeCloseTo(0.999, 4);
  });
});
