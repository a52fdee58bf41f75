import type { Reporter } from '@blindmatch/terminal';
import { readEpochDescriptor } from '../epoch.ts';
import type { HolderDirectory } from '../holder-directory.ts';
import { needsBuild } from '../pending-policy.ts';
import type { Policy } from '../policy/policy.ts';

/** Tells where a policy says something else than the newest epoch was built with. */
export function noticeBuildNeeded(directory: HolderDirectory, policy: Policy, reporter: Reporter): void {
  const newest = directory.newestBuilt();
  if (newest === undefined) return;
  const { descriptor } = readEpochDescriptor(directory, newest);
  if (!needsBuild(policy, descriptor)) return;
  reporter.notice(
    'build_needed',
    `The policy was changed since epoch ${newest.epoch} was built; what it says of elements, tiers, the age of orders, readers of evidence and the inspector takes effect with the next build.`,
    { epoch: newest.epoch },
  );
}
