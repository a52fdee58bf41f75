import { createHash } from 'node:crypto';
import type { Ledger } from '@blindmatch/ledger';
import { digestText, parseDigest } from '@blindmatch/protocol';
import { CommandError } from '@blindmatch/terminal';
import type { Policy } from '../policy/policy.ts';
import { parsePolicy } from '../policy/read-policy.ts';
import type { Found } from './finding.ts';

/** The policies as the log puts them in force, one after another. Only the last one that was asked for is kept parsed. */
export class PolicyHistory {
  readonly #ledger: Ledger;
  readonly #found: Found;
  #inForce: string | undefined;
  #last: { readonly digest: string; readonly policy: Policy | undefined } | undefined;

  constructor(ledger: Ledger, found: Found) {
    this.#ledger = ledger;
    this.#found = found;
  }

  /** The leaf says that the policy is in force from now on. */
  async adopt(digest: string, leaf: number): Promise<void> {
    this.#inForce = digest;
    await this.policyOf(digest, leaf);
  }

  /** The policy that a decision in a leaf rests on; undefined, with a finding, where it can't be had. */
  async deciding(digest: string, leaf: number): Promise<Policy | undefined> {
    if (digest !== this.#inForce) {
      const sentence = `Leaf ${leaf} rests on the policy ${digest}, which was not in force then.`;
      this.#found({ code: 'policy_not_in_force', leaf, sentence });
    }
    return await this.policyOf(digest, leaf);
  }

  /** The policy with this digest, whenever it was in force. */
  async policyOf(digest: string, leaf: number): Promise<Policy | undefined> {
    if (this.#last?.digest !== digest) this.#last = { digest, policy: await this.#read(digest, leaf) };
    return this.#last.policy;
  }

  /** The policy in force by the leaves so far. */
  async current(leaf: number): Promise<Policy | undefined> {
    return this.#inForce === undefined ? undefined : await this.policyOf(this.#inForce, leaf);
  }

  async #read(digest: string, leaf: number): Promise<Policy | undefined> {
    const stored = await this.#ledger.policyWith(parseDigest(digest, 'log_invalid'));
    if (stored === undefined) {
      const sentence = `The text of the policy ${digest}, which leaf ${leaf} names, is not there.`;
      this.#found({ code: 'policy_unknown', leaf, sentence });
      return undefined;
    }
    const is = digestText(new Uint8Array(createHash('sha256').update(stored.text).digest()));
    if (is === digest) {
      try {
        return parsePolicy(stored.text);
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
      }
    }
    const sentence = `What is stored as the policy ${digest}, which leaf ${leaf} names, is another text or no policy.`;
    this.#found({ code: 'policy_differs', leaf, sentence });
    return undefined;
  }
}
