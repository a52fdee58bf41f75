import type { Ledger } from '@blindmatch/ledger';
import { digestText, encodeLeaf, fingerprint } from '@blindmatch/protocol';
import { CommandError, readPublicKey } from '@blindmatch/terminal';
import type { HolderDirectory } from './holder-directory.ts';
import { markLogBegun } from './holder-ledger.ts';
import type { Policy } from './policy/policy.ts';
import { parsePolicy, readPolicy } from './policy/read-policy.ts';

/**
 * The policy in force, which is the one in the ledger and not the file: whoever puts another one in force, in whatever
 * process, changes it for all. The last one is kept parsed.
 */
export class PolicyInForce {
  readonly #ledger: Ledger;
  readonly #onTaken: (policy: Policy) => void;
  #parsed: Policy | undefined;

  /** @param onTaken called with each policy that is found in force, once until there is another one */
  constructor(ledger: Ledger, onTaken: (policy: Policy) => void = () => undefined) {
    this.#ledger = ledger;
    this.#onTaken = onTaken;
  }

  /** The policy in force now. Throws CommandError `policy_missing` before the first. */
  async current(): Promise<Policy> {
    const stored = await this.#ledger.policy();
    if (stored === undefined) {
      throw new CommandError(
        'policy_missing',
        'No policy is in force yet; put holder.yaml in force with: blindmatchd policy reload',
      );
    }
    if (this.#parsed === undefined || Buffer.compare(this.#parsed.digest, stored.digest) !== 0) {
      this.#parsed = parsePolicy(stored.text, 'The policy in force');
      this.#onTaken(this.#parsed);
    }
    return this.#parsed;
  }
}

/** What became of the file. */
export interface AdoptedPolicy {
  readonly policy: Policy;
  /** False where it was in force already. */
  readonly adopted: boolean;
}

/**
 * Puts the holder's policy file in force, with a leaf of the log, unless it is in force already. Every process that serves
 * the same ledger judges by it from then on. A file that is not a valid policy changes nothing.
 *
 * @throws CommandError `policy_invalid`
 */
export async function adoptPolicyFile(
  directory: HolderDirectory,
  ledger: Ledger,
  now: Date,
): Promise<AdoptedPolicy> {
  const policy = readHolderPolicy(directory);
  const { digest, text } = policy;
  const leaf = encodeLeaf({ type: 'policy', time: now.toISOString(), policy: digestText(digest) });
  const adopted = await ledger.adoptPolicy({ digest, text, now, leaf });
  markLogBegun(directory);
  return { policy, adopted };
}

/**
 * The holder's policy file, as it may be put in force.
 *
 * @throws CommandError `policy_invalid`
 */
export function readHolderPolicy(directory: HolderDirectory): Policy {
  const policy = readPolicy(directory.policy);
  refuseOwnKey(directory, policy);
  return policy;
}

/** A holder that signed requests, certified or approved with its identity would be its own check. */
function refuseOwnKey(directory: HolderDirectory, { requesters, certifiers, approvers }: Policy): void {
  const own = fingerprint(readPublicKey(directory.publicIdentity));
  const keys = [...requesters.flatMap(({ officials }) => officials), ...certifiers, ...approvers];
  if (!keys.some((key) => key.fingerprint === own)) return;
  throw new CommandError(
    'policy_invalid',
    `${directory.policy} can't be used: it lists the holder's own identity key ${own}; give whoever it is meant for a key of their own.`,
  );
}
