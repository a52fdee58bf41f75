import type { EpochDescriptor } from '@blindmatch/protocol';
import type { Policy } from './policy/policy.ts';

/** Whether the policy says something else than the epoch was built with, which takes effect with the next build only. */
export function needsBuild(policy: Policy, descriptor: EpochDescriptor): boolean {
  return (
    descriptor.tiers.join() !== policy.answeredTiers.join() ||
    descriptor.minimumOrderAgeDays !== policy.minimumOrderAgeDays ||
    descriptor.maxElements !== policy.maxElements
  );
}
