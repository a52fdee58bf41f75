import type { Ledger } from '@blindmatch/ledger';
import type { Policy } from './policy/policy.ts';
import { expiredLeaf, unidentifiedLeaf } from './request-leaves.ts';

const DAY_MS = 86_400_000;

/** When a request that begins to wait now is refused unless somebody has approved it. */
export function waitsUntil({ approvalDays }: Policy, now: Date): Date {
  return new Date(now.getTime() + approvalDays * DAY_MS);
}

/** Ends the waiting of requests that nobody approved in time. Gives how many. */
export async function expireWaiting(ledger: Ledger, policy: Policy, now: Date): Promise<number> {
  return await ledger.expire(now, (request) => expiredLeaf(request, policy.digest, now));
}

/** Writes to the log how many strangers were refused in the hours that are over. */
export async function summariseStrangers(ledger: Ledger, now: Date): Promise<void> {
  await ledger.summariseUnidentified(now, unidentifiedLeaf(now));
}
