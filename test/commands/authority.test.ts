/** Who may ask for what, by every rule of a policy, through the real programs. */

import { createHash } from 'node:crypto';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProblemCode } from '@blindmatch/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanUp } from '../running-program.ts';
import { RESULTS_CSV } from './agencies.ts';
import { signChanged } from './dishonest-request.ts';
import { PolicedHolder, REQUESTER, requesterOf, STATUTE, type Cast, type Terms } from './policed-holder.ts';

const ATTESTATION = 'I attest that the answers are used for these investigations only.';
const PURPOSE = 'Locating persons under a final order';

let holder: PolicedHolder;
let cast: Cast;
/** A request that says no more than each must, signed by Alice; nobody answers it in this file. */
let plain: string;
/** One that says everything, signed by Alice, Bob and their chief. */
let full: string;
/** What was refused, in order: each must be in the log. */
const refused: string[] = [];

beforeAll(async () => {
  holder = await PolicedHolder.serving();
  ({ cast } = holder);
  const { alice, bob, chief } = cast;
  const everything = [
    ...['--purpose', PURPOSE, '--tax-period', '2025', '--attestation', ATTESTATION],
    ...['--investigator', 'I-1=Ida Wells', '--investigator', 'I-2=Ed Bly', '--seal-to'],
    cast.auditor.entry.recipient,
  ];
  [plain, full] = await Promise.all([
    holder.request('plain'),
    holder.request('full', { signers: [alice, bob, chief], options: everything }),
  ]);
});
afterAll(cleanUp);

/** Puts terms in force and has a request refused under them; gives the sentence. */
async function refusedUnder(terms: Terms, code: ProblemCode, request = plain, exit = 1): Promise<string> {
  await holder.reload(terms);
  const refusal = await holder.refusal(request);
  expect(refusal).toMatchObject({ code, exit });
  expect(existsSync(`${request}.csv`)).toBe(false);
  refused.push(code);
  return refusal.message;
}

/** Terms under which the one requester has these. */
const requester = (
  terms: Terms,
  officials: readonly Terms[] = [cast.alice.entry, cast.bob.entry],
): Terms => ({
  requesters: [requesterOf(officials, terms)],
});
const capped = (caps: Terms): Terms => requester({ caps: { records_per_request: 100, ...caps } });

/** A day in UTC, so many days from today. */
function day(away: number): string {
  return new Date(Date.now() + away * 86_400_000).toISOString().slice(0, 10);
}

describe('what a request says', () => {
  it.each<[string, Terms, ProblemCode, string]>([
    [
      'another statute',
      { statutes: ['26 U.S.C. 6103(i)(2)'] },
      'statute_not_permitted',
      '26 U.S.C. 6103(i)(2)',
    ],
    ['no purpose where only some are answered', { purposes: [PURPOSE] }, 'purpose_not_permitted', PURPOSE],
    ['no purpose where one is required', { required_fields: ['purpose'] }, 'field_missing', '--purpose'],
    ['no tax periods', { required_fields: ['tax_periods'] }, 'field_missing', '--tax-period'],
    ['no investigators', { required_fields: ['investigators'] }, 'field_missing', '--investigator'],
    ['no evidence', { required_fields: ['evidence'] }, 'field_missing', '--seal-to'],
    [
      'no attestation',
      { required_fields: ['attestation'], attestation: ATTESTATION },
      'attestation_wrong',
      ATTESTATION,
    ],
    ['too few records', { minimum_records: 5 }, 'records_below_minimum', 'holds 4 records'],
  ])('is refused where it has %s', async (_, terms, code, words) => {
    expect(await refusedUnder(terms, code)).toContain(words);
  });

  it('is refused where it has another attestation, by a word', async () => {
    const other = {
      required_fields: ['attestation'],
      attestation: ATTESTATION.replace('I attest', 'I state'),
    };
    expect(await refusedUnder(other, 'attestation_wrong', full)).toContain('I state');
  });

  it('is refused where it has another purpose', async () => {
    expect(await refusedUnder({ purposes: ['Audit'] }, 'purpose_not_permitted', full)).toContain('"Audit"');
  });

  it('is refused where its records have no orders', async () => {
    // Every client asks for orders, so this is one that was changed.
    const without = holder.at('without-orders');
    cpSync(plain, without, { recursive: true });
    signChanged(without, { orders: null }, cast.alice);
    const sentence = await refusedUnder({ required_fields: ['orders'] }, 'field_missing', without);
    expect(sentence).toContain('the dates of the orders');
  });

  it('is refused outside the opening hours, as one that may come again', async () => {
    const week = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
    const today = new Date().getUTCDay();
    // None that it may become while this test runs.
    const days = week.filter((_, at) => ![today, (today + 1) % 7].includes(at));
    const hours = { days, from: '08:00', to: '18:00', time_zone: 'UTC' };
    const sentence = await refusedUnder({ opening_hours: hours }, 'outside_opening_hours', plain, 3);
    expect(sentence).toContain('from 08:00 to 18:00 (UTC)');
  });
});

describe('who signs', () => {
  it('must be two of a role where two are asked for', async () => {
    const sentence = await refusedUnder(
      requester({ required_signatures: '2 of role official' }),
      'signatures_missing',
    );
    expect(sentence).toContain('2 of role official (1 there)');
  });

  it('must be one of each role that is asked for', async () => {
    const officials = [cast.alice.entry, { ...cast.chief.entry, role: 'chief' }];
    const rule = { required_signatures: '1 of role chief and 1 of role official' };
    const sentence = await refusedUnder(requester(rule, officials), 'signatures_missing');
    expect(sentence).toContain('1 of role chief (0 there) and 1 of role official (1 there)');
  });

  it.each<[string, (key: Terms) => Terms, ProblemCode]>([
    ['a key whose last day was yesterday', (key) => ({ ...key, valid_until: day(-1) }), 'official_expired'],
    // Were it tomorrow, it could be today by the time of the refusal.
    ['a key whose first day is to come', (key) => ({ ...key, valid_from: day(2) }), 'official_expired'],
    ['a key that was revoked', (key) => ({ ...key, revoked: day(0) }), 'official_revoked'],
  ])('does not count with %s', async (_, changed, code) => {
    await refusedUnder(requester({}, [changed(cast.alice.entry), cast.bob.entry]), code);
  });

  it('must be listed', async () => {
    await refusedUnder(requester({}, [cast.bob.entry]), 'official_unknown');
  });

  it('must be of one agency', async () => {
    const [ours, theirs] = [
      requesterOf([cast.alice.entry]),
      requesterOf([cast.bob.entry], { name: 'Another' }),
    ];
    await refusedUnder({ requesters: [ours, theirs] }, 'official_unknown', full);
  });
});

describe('how much is asked', () => {
  it.each<[string, Terms, ProblemCode, string]>([
    ['a request', { records_per_request: 3 }, 'records_over_cap', '4 records and 3 are allowed'],
    ['a day', { records_per_day: 3 }, 'quota_exceeded', '3 records a day (UTC) and has 3 left'],
    ['an epoch', { records_per_epoch: 3 }, 'quota_exceeded', '3 records in one epoch and has 3 left'],
    [
      'a record, in match keys',
      { elements_per_record: 1.5 },
      'elements_over_cap',
      'of 4 records and 1.5 a record are allowed on average',
    ],
  ])('is at most what is allowed of %s', async (_, caps, code, words) => {
    expect(await refusedUnder(capped(caps), code)).toContain(words);
  });

  it.each(['day', 'epoch'])('is at most what is allowed of a statute in a %s', async (span) => {
    const caps = { statutes: [{ statute: STATUTE, [`records_per_${span}`]: 3 }] };
    const sentence = await refusedUnder({ statutes: [STATUTE], ...capped(caps) }, 'quota_exceeded');
    expect(sentence).toContain('under this statute and has 3 left');
  });

  it('is at most what is allowed of an investigator, evenly split', async () => {
    const sentence = await refusedUnder(capped({ records_per_investigator: 1 }), 'quota_exceeded', full);
    expect(sentence).toContain('1 records for one investigator in one epoch and has 1 left for I-1');
  });

  it('is by somebody where investigators are counted', async () => {
    const sentence = await refusedUnder(capped({ records_per_investigator: 100 }), 'field_missing');
    expect(sentence).toContain('counts records by investigator');
  });
});

describe('a request that keeps every rule', () => {
  it('is answered, at the very edge of each', async () => {
    const { alice, bob, chief } = cast;
    const edge = { valid_from: day(-1), valid_until: day(1) };
    const caps = {
      ...{ records_per_request: 4, records_per_day: 4, records_per_epoch: 4, records_per_investigator: 2 },
      elements_per_record: 16,
      statutes: [{ statute: STATUTE, records_per_day: 4, records_per_epoch: 4 }],
    };
    const officials = [
      ...[alice.entry, bob.entry].map((entry) => ({ ...entry, ...edge })),
      { ...chief.entry, role: 'chief', ...edge },
    ];
    await holder.reload({
      ...{ statutes: [STATUTE], purposes: ['Audit', PURPOSE], minimum_records: 4, attestation: ATTESTATION },
      required_fields: ['purpose', 'tax_periods', 'investigators', 'orders', 'attestation', 'evidence'],
      opening_hours: {
        days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
        ...{ from: '00:00', to: '24:00', time_zone: 'America/New_York' },
      },
      ...requester({ required_signatures: '2 of role official and 1 of role chief', caps }, officials),
    });
    expect(await holder.submit(full)).toMatchObject({ code: 0 });
    expect(readFileSync(`${full}.csv`, 'utf8')).toBe(RESULTS_CSV);
    const accepted = (await holder.leaves()).find(({ type }) => type === 'accepted');
    expect(accepted).toMatchObject({
      ...{ requester: REQUESTER, statute: STATUTE, purpose: PURPOSE, records: 4, investigators: 2 },
      officials: [alice, bob, chief].map(({ fingerprint }) => fingerprint),
      policy: `sha256:${sha256(join(holder.directory, 'holder.yaml'))}`,
    });
  });
});

describe('what was accepted', () => {
  // Quotas are a requester's, so this one has nothing charged yet.
  const quota = (officials: readonly Terms[]): Terms => ({
    requesters: [
      requesterOf(officials, {
        name: 'Other Agency',
        caps: { records_per_request: 4, records_per_epoch: 8 },
      }),
    ],
  });

  it('is charged once whatever is tried again, and nothing is left when the quota is used', async () => {
    const first = await holder.request('first');
    for (const copy of ['again', 'once-more']) cpSync(first, holder.at(copy), { recursive: true });
    await holder.reload(quota([cast.alice.entry]));
    for (const request of [first, holder.at('again'), holder.at('once-more')])
      expect(await holder.submit(request)).toMatchObject({ code: 0 });
    expect(await holder.submit(await holder.request('second'))).toMatchObject({ code: 0 });
    const { code, message } = await holder.refusal(await holder.request('third'));
    refused.push('quota_exceeded');
    expect(code).toBe('quota_exceeded');
    expect(message).toContain('This holder answers 8 records in one epoch and has 0 left');
  });

  it('is not gone on with once the official is revoked, and is again when the policy says so', async () => {
    const request = await holder.request('revoked-later', { signers: [cast.bob] });
    cpSync(request, holder.at('resumed'), { recursive: true });
    await holder.reload({ requesters: [requesterOf([cast.bob.entry], { name: 'Third Agency' })] });
    expect(await holder.submit(request)).toMatchObject({ code: 0 });
    const revoked = { ...cast.bob.entry, revoked: day(0) };
    const terms = { requesters: [requesterOf([revoked], { name: 'Third Agency' })] };
    await refusedUnder(terms, 'official_revoked', holder.at('resumed'));
    await holder.reload({ requesters: [requesterOf([cast.bob.entry], { name: 'Third Agency' })] });
    expect(await holder.submit(holder.at('resumed'))).toMatchObject({ code: 0 });
    const accepted = (await holder.leaves()).filter(
      (leaf) => leaf.type === 'accepted' && leaf.requester === 'Third Agency',
    );
    expect(accepted).toHaveLength(1);
  });
});

describe('the log', () => {
  it('has every refusal by its code, in order, and none in the name of a requester that did not sign', async () => {
    const leaves = (await holder.leaves()).filter((leaf) => leaf.type === 'refused');
    expect(leaves.map(({ code }) => code)).toEqual(refused);
    for (const { code, requester: name } of leaves) {
      const signed = !['official_unknown', 'official_expired', 'official_revoked'].includes(code);
      expect(name !== null, code).toBe(signed);
    }
  });

  it('has a policy that is put in force while the daemon runs, by the hash of its file, and not twice', async () => {
    const digest = await holder.reload(capped({ records_per_day: 77 }));
    expect(digest).toBe(`sha256:${sha256(join(holder.directory, 'holder.yaml'))}`);
    await holder.reload(capped({ records_per_day: 77 }));
    const policies = (await holder.leaves()).filter((leaf) => leaf.type === 'policy');
    expect(policies.filter(({ policy }) => policy === digest)).toHaveLength(1);
    expect(policies.at(-1)).toMatchObject({ policy: digest });
  });
});

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
