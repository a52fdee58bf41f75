import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { fingerprint, generateSigningKey, publicKeyToSpki } from '@blindmatch/protocol';
import type { KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { allowOfficial, newPolicyText, readPolicy } from '../src/policy.ts';
import { codeOf, temporaryDirectory, thrownBy } from './temporary-directory.ts';

const directory = temporaryDirectory();
const first = generateSigningKey().publicKey;
const second = generateSigningKey().publicKey;
let files = 0;

/** A policy file of its own directory with this text. */
function policyFile(text: string = newPolicyText('Tax Agency', 8192)): string {
  const own = join(directory, String(++files));
  mkdirSync(own);
  const path = join(own, 'holder.yaml');
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

const spki = (key: KeyObject): string => Buffer.from(publicKeyToSpki(key)).toString('base64');

function requester(name: string, keys: readonly KeyObject[], maxRecords: number | string = 10): string {
  const officials = keys.map((key) => `      - public_key: ${spki(key)}\n`).join('');
  return `  - name: ${name}\n    max_records: ${maxRecords}\n    officials:\n${officials}`;
}

/** What is answered: both tiers, under orders of any age. */
const TERMS = 'answered_tiers: [name_address_dob, name_address]\nminimum_order_age_days: 0\n';
/** A policy that allows nobody, with other terms. */
const withTerms = (terms: string): string => `name: A\nmax_elements: 1\n${terms}requesters: []\n`;

const policyOf = (...requesters: readonly string[]): string =>
  `name: Tax Agency\nmax_elements: 8192\n${TERMS}requesters:\n${requesters.join('')}`;

describe('a policy', () => {
  it('of a new holder allows nobody', () => {
    expect(readPolicy(policyFile())).toEqual({
      name: 'Tax Agency',
      maxElements: 8192,
      answeredTiers: ['name_address_dob', 'name_address'],
      minimumOrderAgeDays: 0,
      requesters: [],
    });
  });

  it("keeps a holder's name that YAML would read as something else", () => {
    for (const name of ['No', '12', 'a: b', 'O\'Neill "tax"', '# not a comment']) {
      expect(readPolicy(policyFile(newPolicyText(name, 1))).name).toBe(name);
    }
  });

  it('names requesters with their caps and officials', () => {
    const policy = readPolicy(policyFile(policyOf(requester('A', [first], 7), requester('B', [second], 8))));
    expect(
      policy.requesters.map(({ name, maxRecords, officials }) => [
        name,
        maxRecords,
        officials[0]?.fingerprint,
      ]),
    ).toEqual([
      ['A', 7, fingerprint(first)],
      ['B', 8, fingerprint(second)],
    ]);
  });

  it.each([
    ['[name_address_dob]', ['name_address_dob']],
    ['[name_address]', ['name_address']],
    ['[name_address, name_address_dob]', ['name_address_dob', 'name_address']],
  ])('answers the tiers %s, the stronger first', (list, tiers) => {
    const path = policyFile(withTerms(TERMS.replace(/\[.*\]/, list)));
    expect(readPolicy(path).answeredTiers).toEqual(tiers);
  });

  it.each([0, 30, 36_500])('asks for orders of at least %d days', (days) => {
    const path = policyFile(withTerms(TERMS.replace(': 0', `: ${days}`)));
    expect(readPolicy(path).minimumOrderAgeDays).toBe(days);
  });

  it('of a new holder says what each tier costs', () => {
    const text = newPolicyText('Tax Agency', 8192);
    for (const told of ['in 100,000', 'in 1,000', '95.7%', 'father', 'next build'])
      expect(text).toContain(told);
  });

  it.each([
    ['a key that it does not know', `${policyOf(requester('A', [first]))}quota: 5\n`, 'quota'],
    ['a key that a requester does not have', policyOf(`${requester('A', [first])}    quota: 5\n`), 'quota'],
    ['no name', `max_elements: 1\n${TERMS}requesters: []\n`, 'name'],
    ['an empty name', `name: " "\nmax_elements: 1\n${TERMS}requesters: []\n`, 'name'],
    [
      'a name that no receipt can carry',
      `name: ${'é'.repeat(150)}\nmax_elements: 1\n${TERMS}requesters: []\n`,
      'name',
    ],
    ['a requester whose name no receipt can carry', policyOf(requester('"A\\u202eB"', [first])), 'name'],
    ['a name that is a number', `name: 7\nmax_elements: 1\n${TERMS}requesters: []\n`, 'name'],
    ['no element allowed', `name: A\nmax_elements: 0\n${TERMS}requesters: []\n`, 'max_elements'],
    [
      'more elements than a header can say',
      `name: A\nmax_elements: 4294967296\n${TERMS}requesters: []\n`,
      'max_elements',
    ],
    [
      'a key in other base64',
      policyOf(requester('A', [first])).replace(spki(first), `${spki(first)}=`),
      'public_key',
    ],
    ['half an element', `name: A\nmax_elements: 1.5\n${TERMS}requesters: []\n`, 'max_elements'],
    ['no tiers', withTerms('minimum_order_age_days: 0\n'), 'answered_tiers'],
    ['no tier answered', withTerms(TERMS.replace(/\[.*\]/, '[]')), 'answered_tiers'],
    ['a tier that there is not', withTerms(TERMS.replace('name_address_dob', 'name')), 'answered_tiers.0'],
    [
      'a tier twice',
      withTerms(TERMS.replace('name_address_dob', 'name_address')),
      'answered_tiers: must name no tier twice',
    ],
    ['a tier that is no list', withTerms(TERMS.replace(/\[.*\]/, 'name_address')), 'answered_tiers'],
    ['no least age of orders', withTerms('answered_tiers: [name_address]\n'), 'minimum_order_age_days'],
    ['orders of the future', withTerms(TERMS.replace(': 0', ': -1')), 'minimum_order_age_days'],
    ['orders of more than a century', withTerms(TERMS.replace(': 0', ': 36501')), 'minimum_order_age_days'],
    ['an age that is text', withTerms(TERMS.replace(': 0', ': "0"')), 'minimum_order_age_days'],
    ['no list of requesters', `name: A\nmax_elements: 1\n${TERMS}`, 'requesters'],
    ['no record allowed', policyOf(requester('A', [first], 0)), 'max_records'],
    ['a cap that is text', policyOf(requester('A', [first], 'many')), 'max_records'],
    [
      'a requester without officials',
      policyOf('  - name: A\n    max_records: 1\n    officials: []\n'),
      'officials',
    ],
    [
      'a key that is none',
      policyOf('  - name: A\n    max_records: 1\n    officials: [{public_key: AAAA}]\n'),
      'public_key',
    ],
    [
      'the same requester twice',
      policyOf(requester('A', [first]), requester('A', [second])),
      'A stands in it twice',
    ],
    [
      'the same official at two requesters',
      policyOf(requester('A', [first]), requester('B', [first])),
      fingerprint(first),
    ],
    ['the same official twice', policyOf(requester('A', [first, first])), fingerprint(first)],
    ['the same key of the file twice', `name: B\n${policyOf(requester('A', [first]))}`, 'not valid YAML'],
    ['no YAML', 'name: [A\n', 'line 2'],
    ['an alias', `name: &n A\nmax_elements: 1\n${TERMS}requesters: *n\n`, 'alias'],
    ['nothing', '', 'object'],
    ['a list', '- a\n', 'object'],
  ])('is refused with %s', (_, text, told) => {
    const error = thrownBy(() => readPolicy(policyFile(text)));
    expect(error?.code).toBe('policy_invalid');
    expect(error?.message).toContain(told);
    expect(error?.message.split('\n')).toHaveLength(1);
  });
});

describe('allowing an official', () => {
  it('adds the requester', () => {
    const path = policyFile();
    expect(allowOfficial(path, { requester: 'A', key: first, maxRecords: 5 })).toEqual({
      fingerprint: fingerprint(first),
      added: true,
    });
    expect(readPolicy(path).requesters).toMatchObject([
      { name: 'A', maxRecords: 5, officials: [{ fingerprint: fingerprint(first) }] },
    ]);
  });

  it('adds another official to the requester and sets its cap', () => {
    const path = policyFile();
    allowOfficial(path, { requester: 'A', key: first, maxRecords: 5 });
    expect(allowOfficial(path, { requester: 'A', key: second, maxRecords: 6 }).added).toBe(true);
    expect(readPolicy(path).requesters).toMatchObject([
      {
        name: 'A',
        maxRecords: 6,
        officials: [{ fingerprint: fingerprint(first) }, { fingerprint: fingerprint(second) }],
      },
    ]);
  });

  it('again only sets the cap', () => {
    const path = policyFile();
    allowOfficial(path, { requester: 'A', key: first, maxRecords: 5 });
    expect(allowOfficial(path, { requester: 'A', key: first, maxRecords: 9 }).added).toBe(false);
    expect(readPolicy(path).requesters).toMatchObject([{ maxRecords: 9, officials: [{}] }]);
  });

  it('keeps what people wrote into the file', () => {
    const path = policyFile(
      `# Ours, reviewed in March.\n${policyOf(`  # Asked by letter.\n${requester('A', [first])}`)}# The end.\n`,
    );
    allowOfficial(path, { requester: 'B', key: second, maxRecords: 5 });
    const text = readFileSync(path, 'utf8');
    for (const comment of ['# Ours, reviewed in March.', '# Asked by letter.', '# The end.']) {
      expect(text).toContain(comment);
    }
    expect(readPolicy(path).requesters.map(({ name }) => name)).toEqual(['A', 'B']);
  });

  it('keeps the comments of a new holder', () => {
    const path = policyFile();
    const comments = (): string[] =>
      readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('#'));
    const before = comments();
    allowOfficial(path, { requester: 'A', key: first, maxRecords: 5 });
    expect(comments()).toEqual(before);
  });

  it('refuses an official of another requester and leaves the file as it was', () => {
    const path = policyFile();
    allowOfficial(path, { requester: 'A', key: first, maxRecords: 5 });
    const before = readFileSync(path);
    expect(codeOf(() => allowOfficial(path, { requester: 'B', key: first, maxRecords: 5 }))).toBe(
      'official_taken',
    );
    expect(readFileSync(path)).toEqual(before);
  });

  it('leaves a file that it does not understand as it was', () => {
    const path = policyFile('name: A\nquota: 1\n');
    expect(codeOf(() => allowOfficial(path, { requester: 'B', key: first, maxRecords: 5 }))).toBe(
      'policy_invalid',
    );
    expect(readFileSync(path, 'utf8')).toBe('name: A\nquota: 1\n');
  });

  it('waits for no other change of the file: it says what to do and changes nothing', () => {
    const path = policyFile();
    writeFileSync(`${path}.lock`, '');
    const before = readFileSync(path);
    const error = thrownBy(() => allowOfficial(path, { requester: 'A', key: first, maxRecords: 5 }));
    expect(error?.code).toBe('policy_locked');
    expect(error?.message).toContain(`remove ${path}.lock`);
    expect(readFileSync(path)).toEqual(before);
    expect(existsSync(`${path}.lock`)).toBe(true);
  });

  it('leaves one file, for its owner only', () => {
    const path = policyFile();
    allowOfficial(path, { requester: 'A', key: first, maxRecords: 5 });
    expect(readdirSync(dirname(path))).toEqual(['holder.yaml']);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});
