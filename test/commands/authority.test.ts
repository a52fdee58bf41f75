/** Who may ask for what, by every rule of a policy, through the real programs. */

import { createHash } from 'node:crypto';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProblemCode } from '@blindmatch/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Entries } from '../../packages/server/test/policy-text.ts';
import { cleanUp, succeed } from '../running-program.ts';
import { RESULTS_CSV } from './agencies.ts';
import { signChanged } from './dishonest-request.ts';
import {
  addSignature,
  makeSigner,
  PolicedHolder,
  REQUESTER,
  requesterOf,
  STATUTE,
  type Cast,
} from './policed-holder.ts';

const ATTESTATION = 'I attest that the answers are used for these investigations only.';
const PURPOSE = 'Locating persons under a final order';

let holder: PolicedHolder;
let cast: Cast;
/** A request that says no more than each must, signed by nobody, and by Alice; none is answered in this file. */
let unsigned: string;
let plain: string;
/** One that says everything, signed by Alice, Bob and their chief. */
let full: string;
/** What was refused, in order: each must be in the log. */
const refusals: string[] = [];

beforeAll(async () => {
  holder = await PolicedHolder.serving();
  ({ cast } = holder);
  const { alice, bob, chief } = cast;
  const everything = [
    ...['--purpose', PURPOSE, '--tax-period', '2025', '--attestation', ATTESTATION],
    ...['--investigator', 'I-1=Ida Wells', '--investigator', 'I-2=Ed Bly', '--seal-to'],
    cast.auditor.entry.recipient,
  ];
  [unsigned, full] = await Promise.all([
    holder.request('unsigned', { signers: [] }),
    holder.request('full', { signers: [], options: everything }),
  ]);
  plain = holder.at('plain');
  cpSync(unsigned, plain, { recursive: true });
  for (const [request, { key }] of [
    ...[alice, bob, chief].map((signer) => [full, signer] as const),
    [plain, alice] as const,
  ])
    await succeed('blindmatch', ['sign', request, '--key', key, '--yes']);
});
afterAll(cleanUp);

/** Has a request refused; gives the sentence. */
async function refused(code: ProblemCode, request = plain, exit = 1): Promise<string> {
  const refusal = await holder.refusal(request);
  expect(refusal).toMatchObject({ code, exit });
  expect(existsSync(`${request}.csv`)).toBe(false);
  refusals.push(code);
  return refusal.message;
}

/** Puts terms in force first. */
async function refusedUnder(terms: Entries, code: ProblemCode, request = plain, exit = 1): Promise<string> {
  await holder.reload(terms);
  return await refused(code, request, exit);
}

/** Terms under which the one requester has these. */
const requester = (
  terms: Entries,
  officials: readonly Entries[] = [cast.alice.entry, cast.bob.entry],
): Entries => ({
  requesters: [requesterOf(officials, terms)],
});

/** A day in UTC, so many days from today. */
function day(away: number): string {
  return new Date(Date.now() + away * 86_400_000).toISOString().slice(0, 10);
}

describe('what a request says', () => {
  it.each<[string, Entries, ProblemCode, string]>([
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

/** A requester of its own with one key, which has signed a request under terms that it breaks. */
interface Broken {
  readonly name: string;
  /** What stands in the policy of the requester, and of its official. */
  readonly terms?: Entries;
  readonly official?: Entries;
  /** Whether the request says everything. */
  readonly says?: 'everything';
  readonly code: ProblemCode;
  readonly words: string;
}

const cap = (caps: Entries): Entries => ({ caps: { records_per_request: 100, ...caps } });

const BROKEN: readonly Broken[] = [
  {
    name: 'one signature where two of a role are asked for',
    terms: { required_signatures: '2 of role official' },
    code: 'signatures_missing',
    words: '2 of role official (1 there)',
  },
  {
    name: 'no signature of one of the roles that are asked for',
    terms: { required_signatures: '1 of role chief and 1 of role official' },
    code: 'signatures_missing',
    words: '1 of role chief (0 there) and 1 of role official (1 there)',
  },
  {
    name: 'a key whose last day was yesterday',
    official: { valid_until: day(-1) },
    code: 'official_expired',
    words: 'may not sign today',
  },
  {
    name: 'a key whose first day is to come',
    // Were it tomorrow, it could be today by the time of the refusal.
    official: { valid_from: day(2) },
    code: 'official_expired',
    words: 'may not sign today',
  },
  {
    name: 'a key that was revoked',
    official: { revoked: day(0) },
    code: 'official_revoked',
    words: 'was revoked',
  },
  {
    name: 'more records than a request may have',
    terms: cap({ records_per_request: 3 }),
    code: 'records_over_cap',
    words: '4 records and 3 are allowed',
  },
  {
    name: 'more than may be asked in a day',
    terms: cap({ records_per_day: 3 }),
    code: 'quota_exceeded',
    words: '3 records a day (UTC) and has 3 left',
  },
  {
    name: 'more than may be asked in an epoch',
    terms: cap({ records_per_epoch: 3 }),
    code: 'quota_exceeded',
    words: '3 records in one epoch and has 3 left',
  },
  {
    name: 'more than may be asked in a day under its statute',
    terms: cap({ statutes: [{ statute: STATUTE, records_per_day: 3 }] }),
    code: 'quota_exceeded',
    words: '3 records a day (UTC) under this statute and has 3 left',
  },
  {
    name: 'more than may be asked in an epoch under its statute',
    terms: cap({ statutes: [{ statute: STATUTE, records_per_epoch: 3 }] }),
    code: 'quota_exceeded',
    words: '3 records in one epoch under this statute and has 3 left',
  },
  {
    name: 'more than an investigator may ask for, evenly split',
    terms: cap({ records_per_investigator: 1 }),
    says: 'everything',
    code: 'quota_exceeded',
    words: 'for one investigator in one epoch and has 1 left for I-1',
  },
  {
    name: 'no investigators where they are counted',
    terms: cap({ records_per_investigator: 100 }),
    code: 'field_missing',
    words: 'counts records by investigator',
  },
  {
    name: 'more match keys than a record may have on average',
    terms: cap({ elements_per_record: 1.5 }),
    code: 'elements_over_cap',
    words: 'of 4 records and 1.5 a record are allowed on average',
  },
];

describe('who signs and how much is asked, each requester by terms of its own', () => {
  const requests = new Map<string, string>();
  let both: string;

  beforeAll(async () => {
    const requesters = BROKEN.map(({ name, terms, official, says }, at) => {
      const signer = makeSigner(holder.home, `official ${at}`);
      const request = holder.at(`by-official-${at}`);
      cpSync(says === undefined ? unsigned : full, request, { recursive: true });
      if (says !== undefined) signChanged(request, {}, signer);
      else addSignature(request, signer);
      requests.set(name, request);
      const others = [
        { ...makeSigner(holder.home, `other official ${at}`).entry },
        { ...makeSigner(holder.home, `chief ${at}`).entry, role: 'chief' },
      ];
      return requesterOf([{ ...signer.entry, ...official }, ...others], { name: `Agency ${at}`, ...terms });
    });
    const { alice, bob } = cast;
    both = holder.at('by-two-agencies');
    cpSync(unsigned, both, { recursive: true });
    for (const signer of [alice, bob]) addSignature(both, signer);
    await holder.reload({
      statutes: [STATUTE],
      requesters: [
        ...requesters,
        requesterOf([alice.entry]),
        requesterOf([bob.entry], { name: "Bob's Agency" }),
      ],
    });
  });

  it.each(BROKEN)('a request is refused with $name', async ({ name, code, words }) => {
    expect(await refused(code, requests.get(name))).toContain(words);
  });

  it('a request is refused with a key that nobody has listed', async () => {
    const request = holder.at('by-a-stranger');
    cpSync(unsigned, request, { recursive: true });
    addSignature(request, cast.stranger);
    await refused('official_unknown', request);
  });

  it('a request is refused with the keys of two agencies', async () => {
    expect(await refused('official_unknown', both)).toContain('Officials of several requesters');
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
  const quota = (officials: readonly Entries[]): Entries => ({
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
    const sentence = await refused('quota_exceeded', await holder.request('third'));
    expect(sentence).toContain('This holder answers 8 records in one epoch and has 0 left');
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
    expect(leaves.map(({ code }) => code)).toEqual(refusals);
    for (const { code, requester: name } of leaves) {
      const signed = !['official_unknown', 'official_expired', 'official_revoked'].includes(code);
      expect(name !== null, code).toBe(signed);
    }
  });

  it('has a policy that is put in force while the daemon runs, by the hash of its file, and not twice', async () => {
    const digest = await holder.reload(requester(cap({ records_per_day: 77 })));
    expect(digest).toBe(`sha256:${sha256(join(holder.directory, 'holder.yaml'))}`);
    await holder.reload(requester(cap({ records_per_day: 77 })));
    const policies = (await holder.leaves()).filter((leaf) => leaf.type === 'policy');
    expect(policies.filter(({ policy }) => policy === digest)).toHaveLength(1);
    expect(policies.at(-1)).toMatchObject({ policy: digest });
  });
});

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
