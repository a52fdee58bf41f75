import { generateSigningKey, fingerprint } from '@blindmatch/protocol';
import { describe, expect, it } from 'vitest';
import { changeText, policyChanges } from '../../src/commands/policy/policy-changes.ts';
import { policyOf, RECIPIENTS, requesterEntry, spki, type Entries } from '../policy-text.ts';

const { publicKey } = generateSigningKey();
const id = fingerprint(publicKey);
const jane = { name: 'Jane Roe', public_key: spki(publicKey) };
const [recipient] = RECIPIENTS;

/** A policy under which Jane signs for A. */
const withA = (changes: Entries = {}, official: Entries = {}): Entries => ({
  requesters: [requesterEntry({ officials: [{ ...jane, ...official }], ...changes })],
});

/** What is said when the one policy is replaced by the other. */
function said(before: Entries, after: Entries): string[] {
  return policyChanges(policyOf(before), policyOf(after)).map(changeText);
}

describe('policyChanges', () => {
  it('says nothing of policies that say the same', () => {
    expect(said(withA(), withA())).toEqual([]);
  });

  it.each<[string, Entries, string]>([
    ['the name', { name: 'Revenue' }, 'name: Tax Agency → Revenue'],
    ['the largest request', { max_elements: 4096 }, 'max_elements: 8192 → 4096'],
    [
      'the tiers',
      { answered_tiers: ['name_address'] },
      'answered_tiers: name_address_dob, name_address → name_address',
    ],
    ['the age of orders', { minimum_order_age_days: 90 }, 'minimum_order_age_days: 0 → 90'],
    [
      'required fields',
      { required_fields: ['purpose', 'evidence'] },
      'required_fields: none → evidence, purpose',
    ],
    ['the attestation', { attestation: 'Solely so.' }, 'attestation: none → Solely so.'],
    ['the least request', { minimum_records: 5 }, 'minimum_records: 1 → 5'],
    ['how many may wait', { max_waiting: 5 }, 'max_waiting: 20 → 5'],
    ['how long approval takes', { approval_days: 3 }, 'approval_days: 14 → 3'],
    ['the days for accountings', { accounting_days: 3 }, 'accounting_days: 7 → 3'],
    ['an inspector', { inspector: { name: 'Insp', recipient } }, `inspector: none → Insp (${recipient})`],
    [
      'the opening hours',
      { opening_hours: { days: ['mon'], from: '08:00', to: '18:00', time_zone: 'Europe/Berlin' } },
      'opening_hours: at any time → mon from 08:00 to 18:00 (Europe/Berlin)',
    ],
    [
      'an auditor',
      { auditors: [{ name: 'Aud', recipient }] },
      `new: auditor Aud (${recipient}): may read evidence`,
    ],
  ])('says how %s is changed', (_, changes, sentence) => {
    expect(said({}, changes)).toEqual([sentence]);
  });

  it('says which statutes are permitted no more, and which are new', () => {
    expect(said({ statutes: ['One', 'Two'] }, { statutes: ['Two', 'Three'] })).toEqual([
      'new: statute Three: permitted',
      'removed: statute One (was: permitted)',
    ]);
  });

  it('says that a limit is changed, begins and ends', () => {
    const capped = (caps: Entries): Entries => withA({ caps: { records_per_request: 10, ...caps } });
    expect(said(capped({ records_per_day: 1000 }), capped({ records_per_day: 2000 }))).toEqual([
      'records_per_day of "A": 1000 → 2000',
    ]);
    expect(said(capped({}), capped({ records_per_investigator: 5 }))).toEqual([
      'records_per_investigator of "A": no limit → 5',
    ]);
    expect(said(capped({ elements_per_record: 9 }), capped({}))).toEqual([
      'elements_per_record of "A": 9 → no limit',
    ]);
  });

  it('says who is added, removed and revoked', () => {
    const none = { requesters: [] };
    expect(said(none, withA())).toContain(`new: official Jane Roe (${id}) of "A": role official, may sign`);
    expect(said(withA(), none)).toContain(
      `removed: official Jane Roe (${id}) of "A" (was: role official, may sign)`,
    );
    expect(said(withA(), withA({}, { revoked: '2026-06-01' }))).toEqual([
      `official Jane Roe (${id}) of "A": role official, may sign → role official, may sign, revoked as of 2026-06-01`,
    ]);
  });

  it('says when a key may sign', () => {
    expect(said(withA(), withA({}, { valid_from: '2026-01-01', valid_until: '2026-12-31' }))).toEqual([
      `official Jane Roe (${id}) of "A": role official, may sign → role official, may sign from 2026-01-01 until 2026-12-31`,
    ]);
  });

  it('says everything of a policy that is the first', () => {
    const changes = policyChanges(undefined, policyOf(withA()));
    expect(changes.every(({ before }) => before === undefined)).toBe(true);
    expect(changes.map(changeText)).toContain('new: approval: automatic');
  });
});
