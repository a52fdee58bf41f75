import type { Ledger, StoredPolicy } from '@blindmatch/ledger';
import { digestText } from '@blindmatch/protocol';
import type { Policy } from '../../policy/policy.ts';
import { parsePolicy } from '../../policy/read-policy.ts';

/** The policy that the ledger has in force; undefined before the first. */
export async function policyInForce(ledger: Ledger): Promise<Policy | undefined> {
  const stored = await ledger.policy();
  return stored === undefined ? undefined : parseStored(stored);
}

/** Parses a policy that was in force once. */
function parseStored({ text, digest }: StoredPolicy): Policy {
  return parsePolicy(text, `The policy ${digestText(digest)}`);
}
