import { isLine, SENTENCE_MAX } from '@blindmatch/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chargeOf, limitsOf, quotaSentence } from '../src/charge.ts';
import { madeRequest } from './made-request.ts';
import { policyOf, requesterEntry } from './policy-text.ts';

const investigators = (count: number): { id: string; name: string }[] =>
  Array.from({ length: count }, (_, at) => ({ id: `${at}`, name: 'I' }));

describe('a charge', () => {
  it('is of the records, on the day in UTC, under the statute', () => {
    const { manifest } = madeRequest([], { records: 7, statute: 'S' }).request;
    expect(chargeOf(manifest, 'A', 3, new Date('2026-11-23T22:00:00-05:00'))).toEqual({
      requester: 'A',
      epoch: 3,
      day: '2026-11-24',
      statute: 'S',
      records: 7,
      investigators: new Map(),
    });
  });

  it('is split evenly over investigators, so that none of the records is nobody’s', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_280_000 }),
        fc.integer({ min: 1, max: 200 }),
        (records, count) => {
          const { manifest } = madeRequest([], {
            records,
            investigators: investigators(count),
          }).request;
          const shares = [...chargeOf(manifest, 'A', 1, new Date()).investigators.values()];
          expect(shares).toHaveLength(count);
          const sum = shares.reduce((left, right) => left + right, 0);
          expect(new Set(shares).size).toBe(1);
          expect(sum).toBeGreaterThanOrEqual(records);
          expect(sum - records).toBeLessThan(count);
        },
      ),
    );
  });
});

describe('the limits of a requester', () => {
  const caps = {
    records_per_request: 1,
    records_per_day: 2,
    records_per_epoch: 3,
    records_per_investigator: 4,
    statutes: [
      { statute: 'S', records_per_day: 5, records_per_epoch: 6 },
      { statute: 'T', records_per_epoch: 7 },
    ],
  };
  const common = [
    { scope: 'day', records: 2 },
    { scope: 'epoch', records: 3 },
  ];
  const investigator = { scope: 'investigator_epoch', records: 4 };

  it.each([
    [
      'S',
      [...common, { scope: 'statute_day', records: 5 }, { scope: 'statute_epoch', records: 6 }, investigator],
    ],
    ['T', [...common, { scope: 'statute_epoch', records: 7 }, investigator]],
    ['U', [...common, investigator]],
  ])('under the statute %s are those that the policy names', (statute, limits) => {
    const policy = policyOf({ statutes: ['S', 'T', 'U'], requesters: [requesterEntry({ caps })] });
    expect(limitsOf(policy.requesters[0]!, statute)).toEqual(limits);
  });

  it('are none where it names none', () => {
    expect(limitsOf(policyOf({ requesters: [requesterEntry()] }).requesters[0]!, 'S')).toEqual([]);
  });
});

describe('what is told of a quota', () => {
  it('is how much there is and how much is left, of whom', () => {
    const sentence = quotaSentence({ scope: 'investigator_epoch', records: 100 }, 60, 'badge 7');
    for (const told of ['100 records', 'has 40 left', 'badge 7', 'one investigator'])
      expect(sentence).toContain(told);
    expect(isLine(sentence, SENTENCE_MAX)).toBe(true);
  });

  it('is that nothing is left where a quota was lowered below what was charged', () => {
    expect(quotaSentence({ scope: 'day', records: 5 }, 9)).toContain('has 0 left');
  });
});
