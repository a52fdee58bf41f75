import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint, generateSigningKey } from '@blindmatch/protocol';
import { describe, expect, it } from 'vitest';
import { newPolicyText } from '../../src/policy/new-policy.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { parsePolicy, readPolicy } from '../../src/policy/read-policy.ts';
import { policyOf, policyText, RECIPIENTS, requesterEntry, spki, type Entries } from '../policy-text.ts';
import { temporaryDirectory, thrownBy } from '../temporary-directory.ts';

const directory = temporaryDirectory();
const [first, second] = [generateSigningKey().publicKey, generateSigningKey().publicKey];
const [recipient, otherRecipient] = RECIPIENTS;
const EXAMPLE = new URL('../../holder.example.yaml', import.meta.url);

const official = (changes: Entries = {}): Entries => ({ public_key: spki(first), ...changes });
const person = (changes: Entries = {}): Entries => ({ name: 'P', public_key: spki(second), ...changes });
const reader = { name: 'R', recipient };
/** A policy with one requester that has these members besides or instead. */
const asking = (changes: Entries, others: Entries = {}): string =>
  policyText({ ...others, requesters: [requesterEntry({ officials: [official()], ...changes })] });
const withOfficial = (changes: Entries): string => asking({ officials: [official(changes)] });

/** What is said of a text that is refused. */
function refusal(text: string): string {
  const error = thrownBy(() => parsePolicy(text, 'holder.yaml'));
  expect(error).toMatchObject({ code: 'policy_invalid' });
  return error?.message ?? '';
}

/** The line of the first occurrence of a text, from 1. */
function lineOf(text: string, part: string): number {
  return text.split('\n').findIndex((line) => line.includes(part)) + 1;
}

/** Members whose value is undefined, with those of everything in it. */
function undefinedMembers(value: unknown, path = ''): string[] {
  if (value === undefined) return [path];
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  if (value.constructor !== Object && !Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => undefinedMembers(member, `${path}.${name}`));
}

describe('a policy', () => {
  it('of a new holder allows nobody, answers everything at once and asks for nothing', () => {
    expect(parsePolicy(newPolicyText('Tax Agency', 8192))).toMatchObject({
      name: 'Tax Agency',
      maxElements: 8192,
      answeredTiers: ['name_address_dob', 'name_address'],
      minimumOrderAgeDays: 0,
      statutes: 'any',
      purposes: 'any',
      requiredFields: [],
      minimumRecords: 1,
      openingHours: undefined,
      approval: 'automatic',
      accounting: 'none',
      requesters: [],
    } satisfies Partial<Policy>);
  });

  it('of a new holder says what each tier costs', () => {
    const text = newPolicyText('Tax Agency', 8192);
    for (const told of ['in 100,000', 'in 1,000', '95.7%', 'father', 'next build'])
      expect(text).toContain(told);
  });

  it("keeps a holder's name that YAML would read as something else", () => {
    for (const name of ['No', '12', 'a: b', 'O\'Neill "tax"', '# not a comment', '2026-01-01']) {
      expect(parsePolicy(newPolicyText(name, 1)).name).toBe(name);
    }
  });

  it('as in the example is read, and the example says everything that there is', () => {
    const policy = parsePolicy(readFileSync(EXAMPLE, 'utf8'));
    // What one of several entries leaves out, another one says.
    expect(
      undefinedMembers(policy)
        .map((path) => path.replace(/\d+/g, 'N'))
        .sort(),
    ).toEqual([
      '.approvers.N.revoked',
      '.certifiers.N.revoked',
      '.requesters.N.officials.N.revoked',
      '.requesters.N.officials.N.revoked',
      '.requesters.N.officials.N.validFrom',
      '.requesters.N.officials.N.validFrom',
      '.requesters.N.officials.N.validUntil',
      '.requesters.N.officials.N.validUntil',
    ]);
    expect(policy.requesters[0]?.requiredSignatures).toEqual([
      { count: 1, role: 'certifier' },
      { count: 2, role: 'official' },
    ]);
    expect(policy.requesters[0]?.officials.map(({ role, revoked }) => [role, revoked])).toEqual([
      ['official', undefined],
      ['official', undefined],
      ['official', '2026-06-01'],
    ]);
  });

  it('that was cut off anywhere is refused', () => {
    // Its end revokes a key.
    for (const whole of [readFileSync(EXAMPLE, 'utf8'), newPolicyText('Tax Agency', 8192)]) {
      expect(parsePolicy(whole.trimEnd()).requesters).toEqual(parsePolicy(whole).requesters);
      const lines = whole.trimEnd().split('\n');
      for (let kept = 0; kept < lines.length; kept++) {
        const text = lines.slice(0, kept).join('\n');
        expect(refusal(text)).toContain("holder.yaml can't be used: it does not end with the line ...");
      }
      for (let cut = 1; cut < 300; cut++)
        expect(refusal(whole.trimEnd().slice(0, -cut))).toContain('does not end');
    }
  });

  it('is known by the SHA-256 of its bytes, comments and all', () => {
    const path = join(directory, 'with comments.yaml');
    const bytes = Buffer.from(`# Für alle\n${policyText()}`);
    writeFileSync(path, bytes);
    const { digest, text } = readPolicy(path);
    expect(Buffer.from(digest)).toEqual(createHash('sha256').update(bytes).digest());
    expect(text).toBe(bytes.toString());
  });

  it.each([
    [['name_address_dob'], ['name_address_dob']],
    [['name_address'], ['name_address']],
    [
      ['name_address', 'name_address_dob'],
      ['name_address_dob', 'name_address'],
    ],
  ])('answers the tiers %j, the stronger first', (list, tiers) => {
    expect(policyOf({ answered_tiers: list }).answeredTiers).toEqual(tiers);
  });

  it('names requesters with their caps, rules and officials', () => {
    const caps = {
      records_per_request: 7,
      records_per_day: 8,
      records_per_epoch: 9,
      records_per_investigator: 10,
      elements_per_record: 2.5,
      statutes: [{ statute: 'S', records_per_day: 3 }],
    };
    const officials = [official({ role: 'head', valid_from: '2026-01-01' }), { public_key: spki(second) }];
    const requester = requesterEntry({ caps, officials, required_signatures: '1 of role head' });
    expect(policyOf({ statutes: ['S'], requesters: [requester] }).requesters).toMatchObject([
      {
        name: 'A',
        requiredSignatures: [{ count: 1, role: 'head' }],
        caps: {
          recordsPerRequest: 7,
          recordsPerDay: 8,
          recordsPerEpoch: 9,
          recordsPerInvestigator: 10,
          elementsPerRecord: 2.5,
          statutes: [{ statute: 'S', recordsPerDay: 3, recordsPerEpoch: undefined }],
        },
        officials: [
          { role: 'head', fingerprint: fingerprint(first), validFrom: '2026-01-01', revoked: undefined },
          { role: 'official', fingerprint: fingerprint(second), validFrom: undefined },
        ],
      },
    ]);
  });

  it('takes 14 days for approvals and 7 for accountings where it says nothing', () => {
    expect(policyOf()).toMatchObject({
      approvalDays: 14,
      maxWaiting: 20,
      accountingDays: 7,
      approvers: [],
      auditors: [],
    });
  });

  it.each([
    ['a key that it does not know', policyText({ quota: 5 }), 'quota: there is no such key'],
    ['a key that a requester does not have', asking({ quota: 5 }), 'requesters.0.quota'],
    ['a key that caps do not have', asking({ caps: { records_per_request: 1, daily: 2 } }), 'caps.daily'],
    ['a key that an official does not have', withOfficial({ until: 1 }), 'officials.0.until'],
    ['no name', policyText({ name: undefined }), 'name: it is missing'],
    ['an empty name', policyText({ name: ' ' }), 'name'],
    ['a name that no receipt can carry', policyText({ name: 'é'.repeat(150) }), 'name'],
    ['a requester whose name no receipt can carry', asking({ name: 'A\u202eB' }), 'requesters.0.name'],
    ['a name that is a number', policyText({ name: 7 }), 'name'],
    ['no element allowed', policyText({ max_elements: 0 }), 'max_elements'],
    ['half an element', policyText({ max_elements: 1.5 }), 'max_elements'],
    ['more elements than a header can say', policyText({ max_elements: 2 ** 32 }), 'max_elements'],
    ['no tiers', policyText({ answered_tiers: undefined }), 'answered_tiers: it is missing'],
    ['no tier answered', policyText({ answered_tiers: [] }), 'answered_tiers'],
    ['a tier that there is not', policyText({ answered_tiers: ['name'] }), 'answered_tiers.0'],
    ['a tier twice', policyText({ answered_tiers: ['name_address', 'name_address'] }), 'no tier twice'],
    ['a tier that is no list', policyText({ answered_tiers: 'name_address' }), 'answered_tiers'],
    ['orders of the future', policyText({ minimum_order_age_days: -1 }), 'minimum_order_age_days'],
    [
      'orders of more than a century',
      policyText({ minimum_order_age_days: 36_501 }),
      'minimum_order_age_days',
    ],
    ['an age that is text', policyText({ minimum_order_age_days: '0' }), 'minimum_order_age_days'],
    ['no statutes', policyText({ statutes: undefined }), 'statutes'],
    ['an empty list of statutes', policyText({ statutes: [] }), 'statutes'],
    ['a statute that no manifest can name', policyText({ statutes: ['x'.repeat(257)] }), 'statutes.0'],
    ['a statute twice', policyText({ statutes: ['S', 'S'] }), 'statutes'],
    ['a purpose that is no line', policyText({ purposes: ['a\nb'] }), 'purposes'],
    ['a field that nothing is known of', policyText({ required_fields: ['reason'] }), 'required_fields.0'],
    ['a required attestation without its text', policyText({ required_fields: ['attestation'] }), 'its text'],
    [
      'an attestation that no manifest can carry',
      policyText({ attestation: 'x'.repeat(401) }),
      'attestation',
    ],
    ['no minimum', policyText({ minimum_records: 0 }), 'minimum_records'],
    ['approval by nobody', policyText({ approval: 'human' }), 'needs at least one of approvers'],
    ['approval of another kind', policyText({ approval: 'maybe' }), 'approval'],
    ['no room to wait', policyText({ max_waiting: 0 }), 'max_waiting'],
    ['approval in no time', policyText({ approval_days: 0 }), 'approval_days'],
    ['accounting for nobody', policyText({ accounting: 'required' }), 'needs an inspector'],
    ['optional accounting for nobody', policyText({ accounting: 'optional' }), 'needs an inspector'],
    [
      'a recipient with a slip of the pen',
      policyText({ inspector: { name: 'R', recipient: slip(recipient) } }),
      'age recipient',
    ],
    [
      'a recipient of another kind',
      policyText({ auditors: [{ name: 'R', recipient: 'ssh-ed25519 AAAA' }] }),
      'age recipient',
    ],
    [
      'two readers of evidence with one name',
      policyText({ auditors: [reader, { name: 'R', recipient: otherRecipient }] }),
      'R stands in it twice',
    ],
    ['a reader without a name', policyText({ auditors: [{ recipient }] }), 'auditors.0.name: it is missing'],
    ['no list of requesters', policyText({ requesters: undefined }), 'requesters'],
    ['no record allowed', asking({ caps: { records_per_request: 0 } }), 'records_per_request'],
    [
      'a minimum above what a requester may ask for',
      asking({ caps: { records_per_request: 4 } }, { minimum_records: 5 }),
      'it is 4 and minimum_records is 5',
    ],
    ['no cap', asking({ caps: {} }), 'caps.records_per_request: it is missing'],
    ['a cap that is text', asking({ caps: { records_per_request: 'many' } }), 'records_per_request'],
    [
      'less than a match key a record',
      asking({ caps: { records_per_request: 1, elements_per_record: 0.5 } }),
      'elements_per_record',
    ],
    ['a requester without officials', asking({ officials: [] }), 'officials'],
    ['a key that is none', withOfficial({ public_key: 'AAAA' }), 'public_key'],
    ['a key in other base64', withOfficial({ public_key: `${spki(first)}=` }), 'public_key'],
    ['a day that there is not', withOfficial({ valid_from: '2026-02-30' }), 'valid_from: must be a day'],
    ['a time in place of a day', withOfficial({ revoked: '2026-06-01T12:00:00Z' }), 'revoked'],
    [
      'a last day before the first',
      withOfficial({ valid_from: '2026-02-02', valid_until: '2026-02-01' }),
      'valid_until',
    ],
    ['a role that certifiers have', withOfficial({ role: 'certifier' }), 'role'],
    ['a role in capitals', withOfficial({ role: 'Official' }), 'role'],
    [
      'a rule that is none',
      asking({ required_signatures: 'two officials' }),
      'required_signatures: must be like',
    ],
    [
      'a rule that nobody can meet',
      asking({ required_signatures: '2 of role official' }),
      '1 of that role are listed',
    ],
    [
      'a rule about a role that nobody has',
      asking({ required_signatures: '1 of role head' }),
      '0 of that role',
    ],
    [
      'a rule about certifiers without any',
      asking({ required_signatures: '1 of role certifier and 1 of role official' }),
      'certifier',
    ],
    [
      'a cap of a statute where any is permitted',
      asking({ caps: { records_per_request: 1, statutes: [{ statute: 'S', records_per_day: 1 }] } }),
      'list of statutes',
    ],
    [
      'a cap of a statute that is not permitted',
      asking(
        { caps: { records_per_request: 1, statutes: [{ statute: 'S', records_per_day: 1 }] } },
        { statutes: ['T'] },
      ),
      'list of statutes',
    ],
    [
      'a cap of a statute that caps nothing',
      asking({ caps: { records_per_request: 1, statutes: [{ statute: 'S' }] } }, { statutes: ['S'] }),
      'caps nothing',
    ],
    [
      'the same requester twice',
      policyText({ requesters: [requesterEntry(), requesterEntry()] }),
      'A stands in it twice',
    ],
    [
      'the same official at two requesters',
      policyText({
        requesters: [
          requesterEntry({ officials: [official()] }),
          requesterEntry({ name: 'B', officials: [official()] }),
        ],
      }),
      fingerprint(first),
    ],
    ['the same official twice', asking({ officials: [official(), official()] }), fingerprint(first)],
    [
      'an official who certifies',
      asking({}, { certifiers: [person({ public_key: spki(first) })] }),
      fingerprint(first),
    ],
    [
      'an official who approves',
      asking({}, { approvers: [person({ public_key: spki(first) })] }),
      fingerprint(first),
    ],
    [
      'a certifier who approves',
      policyText({ certifiers: [person()], approvers: [person()] }),
      fingerprint(second),
    ],
    ['a recipient for two', policyText({ auditors: [reader, { ...reader, name: 'S' }] }), 'the recipient'],
    ['an inspector who audits', policyText({ auditors: [reader], inspector: reader }), 'the recipient'],
    ['the same key of the file twice', `name: B\nname: C\n...\n`, 'line 2: it is not valid YAML'],
    ['no YAML', 'name: [A\n...\n', 'line 2'],
    ['two documents', `${policyText()}---\n${policyText()}`, 'not valid YAML'],
    ['an alias', `name: &n A\nrequesters: *n\n...\n`, 'line 2: it holds an alias'],
    ['nothing', '...\n', 'object'],
    ['a list', '- a\n...\n', 'object'],
    ['no byte', '', 'does not end with the line ...'],
    ['more behind its end', `${policyText()}# more\n`, 'does not end with the line ...'],
    ['an end inside a line', `${policyText().slice(0, -4)} # ...\n`, 'does not end with the line ...'],
    ['another version of YAML', `%YAML 1.1\n---\n${policyText()}`, 'line 1: a line may not begin with %'],
    ['tags of its own', `%TAG ! tag:a,2026:\n---\n${policyText()}`, 'line 1: a line may not begin with %'],
  ])('with %s is refused, saying where', (_, text, told) => {
    expect(refusal(text)).toContain(told);
  });

  it.each([
    [{ days: [], from: '08:00', to: '18:00', time_zone: 'UTC' }, 'days'],
    [{ days: ['mon', 'mon'], from: '08:00', to: '18:00', time_zone: 'UTC' }, 'days'],
    [{ days: ['Monday'], from: '08:00', to: '18:00', time_zone: 'UTC' }, 'days.0'],
    [{ days: ['mon'], from: '8:00', to: '18:00', time_zone: 'UTC' }, 'from: must be a time'],
    [{ days: ['mon'], from: '08:00', to: '24:30', time_zone: 'UTC' }, 'to: must be a time'],
    [{ days: ['mon'], from: '18:00', to: '08:00', time_zone: 'UTC' }, 'to: must be later'],
    [{ days: ['mon'], from: '08:00', to: '08:00', time_zone: 'UTC' }, 'to: must be later'],
    [{ days: ['mon'], from: '08:00', to: '18:00', time_zone: 'Mars/Olympus' }, 'time_zone'],
    [{ days: ['mon'], from: '08:00', to: '18:00' }, 'time_zone: it is missing'],
  ])('with the opening hours %j is refused', (hours, told) => {
    expect(refusal(policyText({ opening_hours: hours }))).toContain(`opening_hours.${told}`);
  });

  it.each([
    ['a wrong value', policyText({ minimum_records: 'one' }), '"minimum_records"'],
    ['a wrong value deep inside', withOfficial({ valid_until: 'soon' }), '"valid_until"'],
    ['an unknown key deep inside', withOfficial({ until: 1 }), '"until"'],
    ['a missing key, at what lacks it', asking({ caps: {} }), '"caps"'],
    ['a key that is none', withOfficial({ public_key: 'AAAA' }), '"public_key"'],
    ['a rule that is none', asking({ required_signatures: 'x' }), '"required_signatures"'],
  ])('says the line of %s', (_, text, part) => {
    expect(refusal(text)).toContain(`holder.yaml can't be used: line ${lineOf(text, part)}: `);
  });

  it('with a misspelled key is refused for what stands in the file, before what is missing', () => {
    const text = policyText({ approval: undefined, aproval: 'human' });
    const told = `line ${lineOf(text, '"aproval"')}: aproval: there is no such key`;
    expect(refusal(text)).toContain(told);
    expect(refusal(policyText({ approval: undefined }))).toContain('approval: it is missing');
  });

  it('with several mistakes is refused for the first in the file', () => {
    const text = 'minimum_records: 0\nname: 7\nquota: 1\n...\n';
    expect(refusal(text)).toContain('line 1: ');
  });

  it.each([
    ['no UTF-8', Buffer.from([0x6e, 0xff, 0x0a])],
    ['far too long', Buffer.alloc((1 << 20) + 1, 0x23)],
  ])('in a file that is %s is refused', (_, bytes) => {
    const path = join(directory, 'unreadable.yaml');
    writeFileSync(path, bytes);
    expect(thrownBy(() => readPolicy(path))).toMatchObject({ code: 'policy_invalid' });
  });

  it('may give the inspector a key of its own beside those of auditors', () => {
    const inspector = { name: 'I', recipient: otherRecipient };
    expect(policyOf({ auditors: [reader], inspector, accounting: 'optional' }).inspector).toEqual(inspector);
  });
});

/** The same recipient but for two letters that changed places: the checksum shows it. */
function slip(text: string): string {
  const at = Array.from(text).findIndex((letter, index) => index > 10 && letter !== text.charAt(index + 1));
  return text.slice(0, at) + text.charAt(at + 1) + text.charAt(at) + text.slice(at + 2);
}
