import type { Charge, Ledger, WaitingRequest } from '@blindmatch/ledger';
import { openRequest } from '@blindmatch/protocol';
import { chargeOf, limitsOf, partsOf, quotaSentence, sumOver } from './charge.ts';
import type { Policy, Requester } from './policy/policy.ts';
import { expiredLeaf, unidentifiedLeaf } from './request-leaves.ts';

const DAY_MS = 86_400_000;

/** When a request that begins to wait now is refused unless somebody has approved it. */
export function waitsUntil({ approvalDays }: Policy, now: Date): Date {
  return new Date(now.getTime() + approvalDays * DAY_MS);
}

/** What requests that wait would be charged with if they were accepted when, and in the epoch that, another one is. */
function waitingCharges(
  waiting: readonly WaitingRequest[],
  { day, epoch }: Pick<Charge, 'day' | 'epoch'>,
): readonly Charge[] {
  return waiting
    .filter((request) => request.epoch === epoch)
    .map(({ envelope, requester }) =>
      chargeOf(openRequest(envelope).manifest, requester, epoch, new Date(`${day}T00:00:00.000Z`)),
    );
}

/** What to tell a requester where not all of what is charged, waits and is asked now could be accepted. */
export async function overLimit(
  ledger: Ledger,
  requester: Requester,
  charge: Charge,
  now: Date,
): Promise<string | undefined> {
  const waiting = waitingCharges(await ledger.waiting(requester.name, now), charge);
  for (const limit of limitsOf(requester, charge.statute)) {
    for (const part of partsOf(charge, limit.scope)) {
      const charged = await ledger.charged(part, limit.scope);
      const held = sumOver(waiting, part, limit.scope);
      if (charged + held + part.records <= limit.records) continue;
      const [investigator] = limit.scope === 'investigator_epoch' ? part.investigators.keys() : [];
      return quotaSentence(limit, charged, investigator, held);
    }
  }
  return undefined;
}

/** Ends the waiting of requests that nobody approved in time. Gives how many. */
export async function expireWaiting(ledger: Ledger, policy: Policy, now: Date): Promise<number> {
  return await ledger.expire(now, (request) => expiredLeaf(request, policy.digest, now));
}

/** Writes to the log how many strangers were refused in the hours that are over. */
export async function summariseStrangers(ledger: Ledger, now: Date): Promise<void> {
  await ledger.summariseUnidentified(now, unidentifiedLeaf(now));
}
