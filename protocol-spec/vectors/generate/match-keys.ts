// Writes protocol-spec/vectors/match-keys.json: node protocol-spec/vectors/generate/match-keys.ts
import { writeFileSync } from 'node:fs';
import * as records from '@blindmatch/records/browser';
import { DESCRIPTION } from '../../../packages/records/src/profile-us-name-address-2/description.ts';
import { outcomeOf, VECTOR_RULES } from '../../../packages/records/test/match-key-vectors.ts';
import type { MatchKeyVectors, VectorInput } from '../../../packages/records/test/match-key-vectors.ts';
import { ADDRESSES } from './match-keys-addresses.ts';
import { KEYS } from './match-keys-keys.ts';
import { NAMES } from './match-keys-names.ts';
import { ORDERS } from './match-keys-orders.ts';

const { id, hash } = records.DEFAULT_PROFILE;
const inputs: readonly VectorInput[] = [...KEYS, ...NAMES, ...ADDRESSES, ...ORDERS];
const cases = inputs.map((input) => ({ ...input, ...outcomeOf(records, input) }));
const [first] = cases;
if (first === undefined || !('keys' in first.requester)) throw new Error('The first record must be understood.');
const [key = ''] = first.requester.keys;

const vectors: MatchKeyVectors = {
  comment:
    'Match keys of profile us-name-address/2. "description" is what the profile hash is taken over. Each case is a record and, for ' +
    'each side, its match keys or the code of its rejection; "fields" are the canonical fields, the empty ones left out. Both tiers are ' +
    'answered and the rules are those of "rules" unless a case says otherwise. The name of a key, between its first two U+001F, gives ' +
    'its tier. Columns that a record does not name are empty.',
  profile: { id, hash, description: DESCRIPTION },
  rules: VECTOR_RULES,
  oprf_input: {
    comment: 'the first key of the first case as bytes',
    key,
    bytes: Buffer.from(key, 'utf8').toString('hex'),
  },
  cases,
};

writeFileSync(new URL('../match-keys.json', import.meta.url), `${shown(vectors)}\n`);

/** JSON with a line for each table and for each part of a case, so that a change shows as the lines that it changes. */
function shown(value: unknown): string {
  if (depthOf(value) <= 2 || typeof value !== 'object' || value === null) return JSON.stringify(value);
  const isList = Array.isArray(value);
  const members = Object.entries(value).map(
    ([name, member]) => (isList ? '' : `${JSON.stringify(name)}: `) + shown(member),
  );
  return `${isList ? '[' : '{'}\n${members.join(',\n')}\n${isList ? ']' : '}'}`;
}

/** How deep objects and arrays are nested: 1 for a list of words. */
function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}
