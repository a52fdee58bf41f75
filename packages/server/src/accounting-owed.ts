import type { Policy } from './policy/policy.ts';

const DAY_MS = 86_400_000;

/** When the accounting of a request is due that is accepted now under a policy that requires one. */
export function accountingDueOf({ accountingDays }: Policy, accepted: Date): Date {
  return new Date(accepted.getTime() + accountingDays * DAY_MS);
}
