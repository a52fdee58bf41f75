import {
  encodeEnvelope,
  fingerprint,
  generateSigningKey,
  isLine,
  SENTENCE_MAX,
  type RequestManifest,
} from '@blindmatch/protocol';
import type { KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { judge, judgeSignatures, type Judgement } from '../src/authorisation.ts';
import { madeRequest, NOON, received } from './made-request.ts';
import { policyOf, requesterEntry, spki, type Entries } from './policy-text.ts';

const keys = (count: number): KeyObject[] =>
  Array.from({ length: count }, () => generateSigningKey().privateKey);
const [ada, bob, eve, registry, stranger] = keys(5) as [
  KeyObject,
  KeyObject,
  KeyObject,
  KeyObject,
  KeyObject,
];

const official = (key: KeyObject, changes: Entries = {}): Entries => ({ public_key: spki(key), ...changes });
const ofA = (changes: Entries = {}): Entries =>
  requesterEntry({ officials: [official(ada), official(bob)], ...changes });
const ofE = requesterEntry({ name: 'E', officials: [official(eve)], caps: { records_per_request: 100 } });
const certifier = (changes: Entries = {}): Entries => ({
  name: 'Registry',
  public_key: spki(registry),
  ...changes,
});

/** What becomes of a request of A's under a policy with these members. */
function judged(
  policy: Entries,
  manifest: Partial<RequestManifest> = {},
  { signers = [ada], now = NOON }: { signers?: readonly KeyObject[]; now?: Date } = {},
): Judgement {
  return judge(
    policyOf({ requesters: [ofA(), ofE], ...policy }),
    madeRequest(signers, manifest).request,
    now,
  );
}

/** A refusal with a sentence that can be sent. */
function refusal(code: string, told: string, requester: string | null = 'A'): unknown {
  const sentence: unknown = expect.stringContaining(told);
  return { outcome: 'refused', code, requester, sentence };
}

function expectRefusal(
  judgement: Judgement,
  code: string,
  told: string,
  requester: string | null = 'A',
): void {
  expect(judgement).toEqual(refusal(code, told, requester));
  if (judgement.outcome === 'refused') expect(isLine(judgement.sentence, SENTENCE_MAX)).toBe(true);
}

describe('signatures', () => {
  it.each([
    ['of one official', [ada], 'A', [ada]],
    ['of another official', [bob], 'A', [bob]],
    ['of both officials of a requester', [ada, bob], 'A', [ada, bob]],
    ['of an official and a stranger', [stranger, ada], 'A', [ada]],
    ['of the official of another requester', [eve], 'E', [eve]],
  ])('%s say whose request it is', (_, signers, requester, officials) => {
    expect(judged({}, {}, { signers })).toMatchObject({
      outcome: 'in_order',
      requester: { name: requester },
      officials: officials.map((key) => fingerprint(key)),
      certifiers: [],
    });
  });

  it.each([
    ['no signature', [], 'not signed'],
    ["a stranger's signature", [stranger], 'No official whom this holder allows'],
    ['the signature of a certifier alone', [registry], 'No official whom this holder allows'],
    ['signatures of two requesters', [ada, eve], 'several requesters'],
  ])('that are %s are nobody’s', (_, signers, told) => {
    expectRefusal(judged({ certifiers: [certifier()] }, {}, { signers }), 'official_unknown', told, null);
  });

  it('of another manifest, or that only name an official, are none', () => {
    const policy = policyOf({ requesters: [ofA()] });
    const { envelope } = madeRequest([ada]).request;
    const ofAnother = madeRequest([ada]).request.envelope.signatures;
    const named = madeRequest([stranger]).request.envelope.signatures.map(({ sig }) => ({
      keyid: fingerprint(ada),
      sig,
    }));
    for (const signatures of [ofAnother, named]) {
      const { request } = received(encodeEnvelope({ ...envelope, signatures }));
      expectRefusal(judge(policy, request, NOON), 'official_unknown', 'No official', null);
    }
  });

  it.each([
    [
      'an official whose last day was yesterday',
      { valid_until: '2026-11-22' },
      'official_expired',
      'may not sign today',
    ],
    [
      'an official whose first day is tomorrow',
      { valid_from: '2026-11-24' },
      'official_expired',
      'may not sign today',
    ],
    ['an official revoked today', { revoked: '2026-11-23' }, 'official_revoked', 'was revoked'],
    [
      'an official revoked long ago who would have ended too',
      { revoked: '2026-01-01', valid_until: '2026-02-01' },
      'official_revoked',
      'was revoked',
    ],
  ])('of %s do not count, and write nothing in the name of the requester', (_, validity, code, told) => {
    const requesters = [ofA({ officials: [official(ada, validity), official(bob)] })];
    const judgement = judged({ requesters });
    expectRefusal(judgement, code, told, null);
    expect(JSON.stringify(judgement)).toContain(fingerprint(ada).slice(0, 23));
  });

  it('that do not count do no harm beside as many that do', () => {
    const officials = [official(ada, { revoked: '2026-01-01' }), official(bob)];
    const judgement = judged({ requesters: [ofA({ officials })] }, {}, { signers: [ada, bob] });
    expect(judgement).toMatchObject({ outcome: 'in_order', officials: [fingerprint(bob)] });
  });

  it('that are too few are missing, however many of them do not count', () => {
    const [one, two] = keys(2) as [KeyObject, KeyObject];
    const officials = [official(ada, { revoked: '2026-01-01' }), official(one), official(two), official(bob)];
    const requesters = [ofA({ officials, required_signatures: '3 of role official' })];
    expectRefusal(
      judged({ requesters }, {}, { signers: [ada, bob] }),
      'signatures_missing',
      '3 of role official (1 there)',
    );
    expectRefusal(judged({ requesters }, {}, { signers: [ada, bob, one] }), 'official_revoked', 'revoked');
    expect(judged({ requesters }, {}, { signers: [one, two, bob] })).toMatchObject({ outcome: 'in_order' });
  });

  it('are needed of every role, and it is told how many of which are there', () => {
    const officials = [official(ada, { role: 'head' }), official(bob)];
    const rule = '1 of role head and 1 of role official and 1 of role certifier';
    const policy = { certifiers: [certifier()], requesters: [ofA({ officials, required_signatures: rule })] };
    const of = (...signers: readonly KeyObject[]): Judgement => judged(policy, {}, { signers });
    expectRefusal(
      of(bob),
      'signatures_missing',
      '1 of role head (0 there) and 1 of role official (1 there) and 1 of role certifier (0 there)',
    );
    expectRefusal(of(ada, registry), 'signatures_missing', '1 of role official (0 there)');
    expect(of(ada, bob, registry)).toMatchObject({
      outcome: 'in_order',
      officials: [fingerprint(ada), fingerprint(bob)],
      certifiers: [fingerprint(registry)],
    });
  });

  it('of a certifier whose time is over leave a rule unmet that needs one, and no other', () => {
    const certifiers = [certifier({ valid_until: '2026-11-22' })];
    const requesters = [ofA({ required_signatures: '1 of role certifier and 1 of role official' })];
    const signers = [ada, registry];
    expectRefusal(
      judged({ certifiers, requesters }, {}, { signers }),
      'official_expired',
      'may not sign today',
    );
    expect(judged({ certifiers }, {}, { signers })).toMatchObject({ outcome: 'in_order', certifiers: [] });
  });
});

describe('the terms of a policy', () => {
  it('permit the statutes that it lists, word for word', () => {
    const policy = { statutes: ['18 U.S.C. 1546', '8 U.S.C. 1253'] };
    expect(judged(policy, { statute: '8 U.S.C. 1253' })).toMatchObject({ outcome: 'in_order' });
    expectRefusal(judged(policy), 'statute_not_permitted', '"18 U.S.C. 1546", "8 U.S.C. 1253"');
    expectRefusal(judged(policy, { statute: '8 U.S.C. 1253.' }), 'statute_not_permitted', 'permits');
  });

  it('list no statutes that are too many for a sentence', () => {
    const statutes = Array.from({ length: 9 }, (_, at) => `${at}${'x'.repeat(200)}`);
    expectRefusal(judged({ statutes }), 'statute_not_permitted', 'under one that it permits.');
  });

  it('permit the purposes that they list, and then no request without one', () => {
    const policy = { purposes: ['investigation'] };
    expect(judged(policy, { purpose: 'investigation' })).toMatchObject({ outcome: 'in_order' });
    expectRefusal(judged(policy, { purpose: 'research' }), 'purpose_not_permitted', '("investigation")');
    expectRefusal(judged(policy), 'purpose_not_permitted', 'without a purpose');
  });

  const everything = {
    purpose: 'investigation',
    taxPeriods: ['2025'],
    investigators: [{ id: '1', name: 'I' }],
    orders: { from: '2026-01-01', to: '2026-02-01' },
    evidence: new Uint8Array(32),
    attestation: 'I attest.',
  } satisfies Partial<RequestManifest>;
  it.each([
    ['purpose', { purpose: null }, '--purpose'],
    ['tax_periods', { taxPeriods: [] }, '--tax-period'],
    ['investigators', { investigators: [] }, '--investigator'],
    ['orders', { orders: null }, 'dates of the orders'],
    ['evidence', { evidence: null }, 'sealed evidence'],
  ])('can require %s, and nothing else then', (field, without, told) => {
    expect(judged({ required_fields: [field] }, everything)).toMatchObject({ outcome: 'in_order' });
    expectRefusal(judged({ required_fields: [field] }, { ...everything, ...without }), 'field_missing', told);
    expect(judged({}, { ...everything, ...without })).toMatchObject({ outcome: 'in_order' });
  });

  it('name everything that is missing at once', () => {
    const required_fields = ['purpose', 'tax_periods', 'investigators', 'orders', 'evidence'];
    const judgement = judged({ required_fields });
    for (const told of ['--purpose', '--tax-period', '--investigator', 'orders', 'evidence'])
      expectRefusal(judgement, 'field_missing', told);
  });

  it('can require an attestation, whose text they tell', () => {
    const attestation = `I attest ${'x'.repeat(391)}`;
    const policy = { required_fields: ['attestation'], attestation };
    expect(judged(policy, { attestation })).toMatchObject({ outcome: 'in_order' });
    for (const other of [null, `${attestation.slice(0, -1)}.`])
      expectRefusal(judged(policy, { attestation: other }), 'attestation_wrong', attestation);
    expect(judged({ attestation }, { attestation: 'Another' })).toMatchObject({ outcome: 'in_order' });
  });

  it('close outside opening hours, which they tell', () => {
    const opening_hours = { days: ['mon'], from: '08:00', to: '18:00', time_zone: 'America/New_York' };
    expectRefusal(
      judged({ opening_hours }),
      'outside_opening_hours',
      'mon from 08:00 to 18:00 (America/New_York)',
    );
    const now = new Date('2026-11-23T13:00:00Z');
    expect(judged({ opening_hours }, {}, { now })).toMatchObject({ outcome: 'in_order' });
  });

  it('ask for a least number of records', () => {
    expectRefusal(judged({ minimum_records: 4 }), 'records_below_minimum', 'at least 4');
    expect(judged({ minimum_records: 3 })).toMatchObject({ outcome: 'in_order' });
  });
});

describe('the caps of a requester', () => {
  it('are of records in one request, its own only', () => {
    expect(judged({}, { records: 10 })).toMatchObject({ outcome: 'in_order' });
    expectRefusal(judged({}, { records: 11 }), 'records_over_cap', '10 are allowed');
    expect(judged({}, { records: 11 }, { signers: [eve] })).toMatchObject({ outcome: 'in_order' });
  });

  it('are of match keys a record, canaries not counted', () => {
    const requesters = [ofA({ caps: { records_per_request: 10, elements_per_record: 2.5 } })];
    // 2 of a chunk are canaries.
    expect(judged({ requesters }, { records: 4, elements: 12 })).toMatchObject({ outcome: 'in_order' });
    expectRefusal(
      judged({ requesters }, { records: 4, elements: 13 }),
      'elements_over_cap',
      '11 match keys of 4 records',
    );
  });

  it('for each investigator need investigators', () => {
    const requesters = [ofA({ caps: { records_per_request: 10, records_per_investigator: 5 } })];
    expectRefusal(judged({ requesters }), 'field_missing', '--investigator');
    const investigators = [{ id: '1', name: 'I' }];
    expect(judged({ requesters }, { investigators })).toMatchObject({ outcome: 'in_order' });
  });
});

describe('what is told first', () => {
  it('is who may ask at all, then under what, then when, then how much', () => {
    const policy = {
      statutes: ['S'],
      required_fields: ['purpose'],
      opening_hours: { days: ['sun'], from: '08:00', to: '18:00', time_zone: 'UTC' },
      minimum_records: 10,
    };
    const asked = { records: 9 };
    expect(judged(policy, asked, { signers: [stranger] })).toMatchObject({ code: 'official_unknown' });
    expect(judged(policy, asked)).toMatchObject({ code: 'statute_not_permitted' });
    expect(judged(policy, { ...asked, statute: 'S' })).toMatchObject({ code: 'field_missing' });
    const inOrder = { ...asked, statute: 'S', purpose: 'P' };
    expect(judged(policy, inOrder)).toMatchObject({ code: 'outside_opening_hours' });
    const now = new Date('2026-11-22T12:00:00Z');
    expect(judged(policy, inOrder, { now })).toMatchObject({ code: 'records_below_minimum' });
    expect(judged(policy, { ...inOrder, records: 11 }, { now })).toMatchObject({ code: 'records_over_cap' });
  });

  it('is nothing of the terms where signatures alone are judged', () => {
    const policy = policyOf({ statutes: ['S'], minimum_records: 10, requesters: [ofA()] });
    expect(judgeSignatures(policy, madeRequest([ada]).request, NOON)).toMatchObject({ outcome: 'in_order' });
    expect(judgeSignatures(policy, madeRequest([]).request, NOON)).toMatchObject({
      code: 'official_unknown',
    });
  });
});
