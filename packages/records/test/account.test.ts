import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AccountOfRecords, REJECTIONS_HEADER, rejectionLine } from '../src/account.ts';
import type { MatchKey } from '../src/profile.ts';
import { rejected, REJECTION_REASONS } from '../src/rejection.ts';
import type { RejectionCode } from '../src/rejection.ts';
import type { Tier } from '../src/tier.ts';

const keys = (...tiers: Tier[]): { kind: 'keys'; keys: MatchKey[] } => ({
  kind: 'keys',
  keys: tiers.map((tier, at) => ({ name: `key_${at}`, tier, value: `value ${at}` })),
});

function accountOf(...outcomes: Parameters<AccountOfRecords['add']>[0][]): AccountOfRecords {
  const account = new AccountOfRecords();
  for (const outcome of outcomes) account.add(outcome);
  return account;
}

describe('the account of the records of a file', () => {
  it('begins with nothing', () => {
    const { records, accepted, rejected: refused, keys: made, rejections } = new AccountOfRecords();
    expect({ records, accepted, refused, made, rejections }).toEqual({
      records: 0,
      accepted: 0,
      refused: 0,
      made: 0,
      rejections: [],
    });
  });

  it('counts records and keys by tier, the stronger first, also a tier without any', () => {
    const account = accountOf(keys('name_address', 'name_address'), keys('name_address'));
    expect(account.tiers).toEqual([
      { tier: 'name_address_dob', records: 0, keys: 0 },
      { tier: 'name_address', records: 2, keys: 3 },
    ]);
    expect(account.keys).toBe(3);
  });

  it('counts a person in each tier that they have a key of, and once among the accepted', () => {
    const account = accountOf(keys('name_address_dob', 'name_address', 'name_address_dob'));
    expect(account.accepted).toBe(1);
    expect(account.tiers.map(({ records, keys: made }) => [records, made])).toEqual([
      [1, 2],
      [1, 1],
    ]);
  });

  it('counts rejections by reason, the most frequent first, each with what to mend', () => {
    const account = accountOf(
      rejected('surname_missing'),
      rejected('street_missing'),
      keys('name_address'),
      rejected('street_missing'),
      rejected('given_name_missing'),
    );
    expect(account.rejections).toEqual([
      { code: 'street_missing', reason: REJECTION_REASONS.street_missing, records: 2 },
      { code: 'given_name_missing', reason: REJECTION_REASONS.given_name_missing, records: 1 },
      { code: 'surname_missing', reason: REJECTION_REASONS.surname_missing, records: 1 },
    ]);
    expect([account.records, account.accepted, account.rejected]).toEqual([5, 1, 4]);
  });
});

describe('a file of rejections', () => {
  it('has the line, the id, the code and the sentence', () => {
    expect(REJECTIONS_HEADER + rejectionLine({ line: 7, recordId: 'R-1' }, rejected('surname_missing'))).toBe(
      `line,record_id,code,reason\n7,R-1,surname_missing,${REJECTION_REASONS.surname_missing}\n`,
    );
  });

  it('leaves the id of a person on file empty', () => {
    expect(rejectionLine({ line: 7 }, rejected('surname_missing'))).toMatch(/^7,,surname_missing,/);
  });

  it('reads back as it was meant, whatever the id and the reason', () => {
    const codes = Object.keys(REJECTION_REASONS) as RejectionCode[];
    const row = fc.record({
      line: fc.nat(),
      recordId: fc.string({ unit: 'grapheme' }),
      code: fc.constantFrom(...codes),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), (rows) => {
        const text = rows.map(({ code, ...record }) => rejectionLine(record, rejected(code))).join('');
        expect(parse(REJECTIONS_HEADER + text, { columns: true })).toEqual(
          rows.map(({ line, recordId, code }) => ({
            line: String(line),
            record_id: recordId,
            code,
            reason: REJECTION_REASONS[code],
          })),
        );
      }),
    );
  });
});
