import { digestText } from '@blindmatch/protocol';
import type { Reporter } from '@blindmatch/terminal';
import { adoptPolicyFile } from '../../policy-in-force.ts';
import { openHolderDirectory } from '../../holder-directory.ts';
import { openHolderLedger } from '../../holder-ledger.ts';
import { noticeBuildNeeded } from '../build-needed.ts';
import { reportChanges } from './check.ts';
import { policyChanges } from './policy-changes.ts';
import { policyInForce } from './stored-policy.ts';

/** `blindmatchd policy reload`: puts holder.yaml in force, in the log. Daemons that run take it at the next request. */
export async function reload(path: string, reporter: Reporter): Promise<void> {
  const directory = openHolderDirectory(path);
  const ledger = openHolderLedger(directory);
  try {
    const before = await policyInForce(ledger);
    const { policy, adopted } = await adoptPolicyFile(directory, ledger, new Date());
    if (adopted && before !== undefined) reportChanges(policyChanges(before, policy), reporter);
    const digest = digestText(policy.digest);
    reporter.event(
      'policy_reloaded',
      { digest, adopted },
      adopted
        ? `The policy ${digest} is in force; a daemon that is running takes it at the next request.`
        : `The policy ${digest} is already in force.`,
    );
    noticeBuildNeeded(directory, policy, reporter);
  } finally {
    await ledger.close();
  }
}
