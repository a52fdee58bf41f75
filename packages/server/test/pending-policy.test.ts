import { generateSigningKey, type EpochDescriptor } from '@blindmatch/protocol';
import { describe, expect, it } from 'vitest';
import { evidenceReadersOf, inspectorOf, needsBuild } from '../src/pending-policy.ts';
import { policyOf, RECIPIENTS, spki, type Entries } from './policy-text.ts';

const [first, second] = RECIPIENTS;
const certifiers = [{ name: 'Registry', public_key: spki(generateSigningKey().publicKey), recipient: first }];
const auditors = [{ name: 'Auditor', recipient: second }];
const built: Entries = { certifiers, auditors };

/** As far as a policy is compared with it. */
function descriptorOf(entries: Entries): EpochDescriptor {
  const policy = policyOf(entries);
  return {
    tiers: policy.answeredTiers,
    minimumOrderAgeDays: policy.minimumOrderAgeDays,
    maxElements: policy.maxElements,
    evidenceReaders: evidenceReadersOf(policy),
    inspector: inspectorOf(policy),
  } as EpochDescriptor;
}

describe('an epoch', () => {
  it.each<[string, Entries, boolean]>([
    ['the same policy', {}, false],
    ['another name and other requesters', { name: 'Other', minimum_records: 5 }, false],
    ['fewer tiers', { answered_tiers: ['name_address'] }, true],
    ['another least age of orders', { minimum_order_age_days: 30 }, true],
    ['more elements', { max_elements: 8193 }, true],
    ['one auditor less', { auditors: [] }, true],
    ['an auditor of another name', { auditors: [{ ...auditors[0], name: 'Other' }] }, true],
    ['a revoked certifier', { certifiers: [{ ...certifiers[0], revoked: '2026-01-01' }] }, true],
    [
      'a certifier who may sign longer',
      { certifiers: [{ ...certifiers[0], valid_until: '2030-01-01' }] },
      false,
    ],
    [
      'an inspector in place of an auditor',
      { auditors: [], inspector: auditors[0], accounting: 'optional' },
      true,
    ],
  ])('under %s: needs a build %s', (_, changes, expected) => {
    expect(needsBuild(policyOf({ ...built, ...changes }), descriptorOf(built))).toBe(expected);
  });

  it('does not mind the order of auditors', () => {
    const both = [...auditors, { name: 'Second', recipient: first }];
    expect(needsBuild(policyOf({ auditors: both.toReversed() }), descriptorOf({ auditors: both }))).toBe(
      false,
    );
  });
});
