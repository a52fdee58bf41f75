import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fingerprint, generateSigningKey } from '@blindmatch/protocol';
import { describe, expect, it } from 'vitest';
import { allowOfficial } from '../../src/policy/allow-official.ts';
import { newPolicyText } from '../../src/policy/new-policy.ts';
import { readPolicy } from '../../src/policy/read-policy.ts';
import { policyText, requesterEntry, spki } from '../policy-text.ts';
import { codeOf, temporaryDirectory } from '../temporary-directory.ts';

const directory = temporaryDirectory();
const [first, second] = [generateSigningKey().publicKey, generateSigningKey().publicKey];
let files = 0;

/** A policy file in a directory of its own. */
function policyFile(text: string = newPolicyText('Tax Agency', 8192)): string {
  const own = join(directory, String(++files));
  mkdirSync(own);
  const path = join(own, 'holder.yaml');
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

const officialsOf = (path: string): unknown =>
  readPolicy(path).requesters.map(({ name, caps, requiredSignatures, officials }) => ({
    name,
    records: caps.recordsPerRequest,
    rule: requiredSignatures,
    officials: officials.map((official) => [official.fingerprint, official.role, official.name]),
  }));

describe('allowing an official', () => {
  it('adds a requester that needs one signature of that role', () => {
    const path = policyFile();
    expect(allowOfficial(path, { requester: 'A', key: first, maxRecords: 5 })).toEqual({
      fingerprint: fingerprint(first),
      added: true,
      role: 'official',
    });
    allowOfficial(path, { requester: 'B', key: second, maxRecords: 6, role: 'head', name: 'Jo' });
    expect(officialsOf(path)).toEqual([
      {
        name: 'A',
        records: 5,
        rule: [{ count: 1, role: 'official' }],
        officials: [[fingerprint(first), 'official', undefined]],
      },
      {
        name: 'B',
        records: 6,
        rule: [{ count: 1, role: 'head' }],
        officials: [[fingerprint(second), 'head', 'Jo']],
      },
    ]);
  });

  it('adds another official to a requester, sets its cap and leaves its rule', () => {
    const path = policyFile();
    allowOfficial(path, { requester: 'A', key: first, maxRecords: 5 });
    allowOfficial(path, { requester: 'A', key: second, maxRecords: 7, role: 'head' });
    expect(officialsOf(path)).toMatchObject([
      {
        name: 'A',
        records: 7,
        rule: [{ count: 1, role: 'official' }],
        officials: [
          [fingerprint(first), 'official', undefined],
          [fingerprint(second), 'head', undefined],
        ],
      },
    ]);
  });

  it('of one who is allowed sets cap and name, and keeps the role', () => {
    const path = policyFile();
    allowOfficial(path, { requester: 'A', key: first, maxRecords: 5, role: 'head' });
    const again = allowOfficial(path, { requester: 'A', key: first, maxRecords: 9, name: 'Jo' });
    expect(again).toEqual({ fingerprint: fingerprint(first), added: false, role: 'head' });
    expect(officialsOf(path)).toMatchObject([
      { records: 9, officials: [[fingerprint(first), 'head', 'Jo']] },
    ]);
  });

  it('keeps comments, long lines, the other caps and the permissions of the file', () => {
    const long = `# ${'a long comment '.repeat(20)}`;
    const caps = 'caps:\n      records_per_request: 3\n      records_per_day: 4 # a day\n';
    const path = policyFile(
      `${long}\n${newPolicyText('Tax Agency', 8192).replace(
        'requesters: []',
        `requesters:\n  - name: A # the first\n    required_signatures: 1 of role official\n    ${caps}    officials:\n      - public_key: ${spki(first)}`,
      )}`,
    );
    allowOfficial(path, { requester: 'A', key: second, maxRecords: 8 });
    const text = readFileSync(path, 'utf8');
    expect(text).toMatch(/\n\.\.\.\n$/);
    for (const kept of [long, '# the first', 'records_per_day: 4 # a day']) expect(text).toContain(kept);
    expect(readPolicy(path).requesters[0]?.caps).toMatchObject({ recordsPerRequest: 8, recordsPerDay: 4 });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(path))).toEqual(['holder.yaml']);
  });

  it.each([
    ['of another requester', { requester: 'B', key: first }],
    ['with another role', { requester: 'A', key: first, role: 'head' }],
    ['of an approver', { requester: 'A', key: second }],
  ])('refuses a key %s, and changes nothing', (_, asked) => {
    const path = policyFile(
      policyText({
        approvers: [{ name: 'P', public_key: spki(second) }],
        requesters: [requesterEntry({ officials: [{ public_key: spki(first) }] })],
      }),
    );
    const before = readFileSync(path, 'utf8');
    expect(codeOf(() => allowOfficial(path, { maxRecords: 1, ...asked }))).toBe('official_taken');
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it('refuses what would make no valid policy, and changes nothing', () => {
    const path = policyFile();
    const before = readFileSync(path, 'utf8');
    for (const role of ['certifier', 'Head']) {
      const asked = { requester: 'A', key: first, maxRecords: 1, role };
      expect(codeOf(() => allowOfficial(path, asked))).toBe('policy_invalid');
    }
    expect(readFileSync(path, 'utf8')).toBe(before);
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  it('waits for nobody: while another one changes the file it is refused', () => {
    const path = policyFile();
    writeFileSync(`${path}.lock`, '');
    expect(codeOf(() => allowOfficial(path, { requester: 'A', key: first, maxRecords: 1 }))).toBe(
      'policy_locked',
    );
    expect(existsSync(`${path}.lock`)).toBe(true);
  });
});
