import { generateSigningKey, publicKeyToSpki } from '@blindmatch/protocol';
import type { KeyObject } from 'node:crypto';
import type { Policy } from '../src/policy/policy.ts';
import { parsePolicy } from '../src/policy/read-policy.ts';

/** Members of a policy file, by their names in it. */
export type Entries = Readonly<Record<string, unknown>>;

/** Age recipients, each of another identity. */
export const RECIPIENTS = [
  'age13th9n2lyrgcc4yvamul7h89rt247zksk3lqfvfyqqgd3gu0m6gesr8jpz9',
  'age16vnee4ptltsd48qn4ll5xnd7y0n7tp7l04h9u3grkxsdmcqugc8svl8s9c',
] as const;

/** The text of a public key in a policy. */
export function spki(key: KeyObject): string {
  return Buffer.from(publicKeyToSpki(key)).toString('base64');
}

/** A requester with one official whom nobody knows. */
export function requesterEntry(changes: Entries = {}): Entries {
  return {
    name: 'A',
    required_signatures: '1 of role official',
    caps: { records_per_request: 10 },
    officials: [{ public_key: spki(generateSigningKey().publicKey) }],
    ...changes,
  };
}

/** The text of a policy that allows nobody and refuses nothing, but for the changes; undefined leaves a member out. */
export function policyText(changes: Entries = {}): string {
  const members = {
    name: 'Tax Agency',
    max_elements: 8192,
    answered_tiers: ['name_address_dob', 'name_address'],
    minimum_order_age_days: 0,
    statutes: 'any',
    purposes: 'any',
    required_fields: [],
    minimum_records: 1,
    approval: 'automatic',
    accounting: 'none',
    requesters: [],
    ...changes,
  };
  // JSON is YAML, one member a line.
  return `${JSON.stringify(members, null, 1)}\n...\n`;
}

/** That policy, parsed. */
export function policyOf(changes: Entries = {}): Policy {
  return parsePolicy(policyText(changes));
}
