import type { Ledger } from '@blindmatch/ledger';
import type { OpenRequest, ProtocolError } from '@blindmatch/protocol';
import { judgeSignatures, type Refusal } from './authorisation.ts';
import type { PolicyInForce } from './policy-in-force.ts';
import type { Policy } from './policy/policy.ts';
import { refusedLeaf, unidentifiedLeaf } from './request-leaves.ts';

/** What a refusal is logged with. */
export interface RefusalSetting {
  readonly ledger: Ledger;
  readonly policies: Pick<PolicyInForce, 'current'>;
  readonly now: () => Date;
}

/** How many refusals of strangers get a leaf of their own in an hour. */
const STRANGERS_LOGGED_EACH_HOUR = 32;

/** Writes to the log that a well-formed manifest was refused for a reason that is not the policy's. */
export async function logRefusal(
  request: OpenRequest,
  { code }: ProtocolError,
  { ledger, policies, now }: RefusalSetting,
): Promise<void> {
  const policy = await policies.current();
  const time = now();
  const signed = judgeSignatures(policy, request, time);
  const requester = signed.outcome === 'refused' ? signed.requester : signed.requester.name;
  await appendRefusal(ledger, request, { code, requester }, policy, time);
}

/** Appends the leaf of a refusal, within the bound for strangers. */
export async function appendRefusal(
  ledger: Ledger,
  request: OpenRequest,
  refused: Pick<Refusal, 'code' | 'requester'>,
  policy: Policy,
  now: Date,
): Promise<void> {
  const leaf = refusedLeaf(request, refused, policy.digest, now);
  if (refused.requester !== null) await ledger.refuse(leaf);
  else {
    const each = STRANGERS_LOGGED_EACH_HOUR;
    await ledger.refuseUnidentified({ now, each, leaf, summaryOf: unidentifiedLeaf(now) });
  }
}
