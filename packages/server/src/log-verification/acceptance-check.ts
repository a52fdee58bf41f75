/** Whether an accepted request was rightly accepted: all of it is recomputed from the signed manifest and the policy. */

import type { AcceptedRequest, Charge, Limit } from '@blindmatch/ledger';
import {
  CLOCK_SKEW_MS,
  digestText,
  openRequest,
  type LeafOf,
  type OpenRequest,
  type RequestManifest,
} from '@blindmatch/protocol';
import { accountingDueOf } from '../accounting-owed.ts';
import { approves } from '../approval-check.ts';
import { judge } from '../authorisation.ts';
import { chargeOf, limitsOf, SCOPE_WORDS } from '../charge.ts';
import type { Policy } from '../policy/policy.ts';
import { listedTexts } from '../request-leaves.ts';
import type { Excess } from './charge-sums.ts';
import { disagreements } from '../remembered-request.ts';
import type { Finding, FindingCode } from './finding.ts';

/** An acceptance in the log. */
export interface LoggedAcceptance {
  readonly index: number;
  readonly leaf: LeafOf<'accepted'>;
  /** What is remembered of the request. */
  readonly request: AcceptedRequest;
  /** The policy that the leaf names; undefined where it can't be had, which is a finding of its own. */
  readonly policy: Policy | undefined;
  /** The holder's fingerprint. */
  readonly holder: string;
  /** The number of the epoch that the leaf names; undefined where it was not announced before. */
  readonly epoch: number | undefined;
}

/** Adds what a request is charged to the sums, and gives the limits that they exceed. */
export type AddCharge = (charge: Charge, limits: readonly Limit[]) => readonly Excess[];

/** Checks one acceptance and adds up its charge. */
export function checkAcceptance(accepted: LoggedAcceptance, addCharge: AddCharge): readonly Finding[] {
  const open = openStored(accepted.request);
  if (open === undefined) {
    return [finding(accepted, 'request_differs', 'has no manifest that can be read')];
  }
  return [
    ...differences(accepted, open),
    ...(accepted.policy === undefined ? [] : policyFindings(accepted, open, accepted.policy)),
    ...chargeFindings(accepted, open, addCharge),
  ];
}

function openStored({ envelope }: AcceptedRequest): OpenRequest | undefined {
  try {
    return openRequest(envelope);
  } catch {
    return undefined;
  }
}

/** What the leaf says otherwise than the manifest, or than what is remembered. */
function differences(accepted: LoggedAcceptance, open: OpenRequest): Finding[] {
  const { manifest, requestId } = open;
  const { leaf, request, holder, policy } = accepted;
  // A policy that can't be had is a finding of its own.
  const listed = policy === undefined ? leaf : listedTexts(manifest, policy);
  const pairs: readonly (readonly [member: string, logged: unknown, ...others: readonly unknown[]])[] = [
    ['request', leaf.request, digestText(requestId), digestText(request.requestId)],
    ['holder', holder, manifest.holder],
    ['epoch', accepted.epoch ?? request.epoch, request.epoch],
    ['epoch_id', leaf.epoch_id, digestText(manifest.epochId)],
    ['records', leaf.records, manifest.records, request.records],
    ['elements', leaf.elements, manifest.elements, request.elements],
    ['statute', leaf.statute, listed.statute],
    ['purpose', leaf.purpose, listed.purpose],
    ['investigators', leaf.investigators, manifest.investigators.length],
    ['requester', leaf.requester, request.requester],
    ['officials', leaf.officials.join(), request.officials.join()],
    ['certifiers', leaf.certifiers.join(), request.certifiers.join()],
    ['time', leaf.time, request.acceptedAt.toISOString()],
    ['accounting_due', request.accountingDue?.toISOString(), dueOf(accepted)],
  ];
  const logged = pairs.filter(([, member, ...others]) => others.some((other) => other !== member));
  const members = new Set([...logged.map(([member]) => member), ...disagreements(request, open)]);
  const names = [...members].join(', ');
  return members.size === 0
    ? []
    : [
        finding(
          accepted,
          'request_differs',
          `disagrees with the signed manifest or what is remembered: ${names}`,
        ),
      ];
}

/**
 * When its accounting is due by the policy that accepted it. Whether its epoch named an inspector, for whom alone one is
 * owed, stands in no leaf: that none is owed under a policy that requires them can't be found wrong here.
 */
function dueOf({ request: { acceptedAt, accountingDue }, policy }: LoggedAcceptance): string | undefined {
  if (accountingDue === undefined) return undefined;
  if (policy === undefined) return accountingDue.toISOString();
  return policy.accounting === 'required' ? accountingDueOf(policy, acceptedAt).toISOString() : undefined;
}

function policyFindings(accepted: LoggedAcceptance, open: OpenRequest, policy: Policy): Finding[] {
  const time = new Date(accepted.leaf.time);
  return [...judgementFindings(accepted, open, policy, time), ...approvalFindings(accepted, policy, time)];
}

/** A request is charged whether or not its policy is there to say how much it may be. */
function chargeFindings(
  accepted: LoggedAcceptance,
  { manifest }: OpenRequest,
  addCharge: AddCharge,
): Finding[] {
  const { leaf, request, policy } = accepted;
  const charge = chargeOf(manifest, leaf.requester, request.epoch, new Date(leaf.time));
  const limits = policy === undefined ? [] : limitsUnder(policy, leaf, manifest);
  return addCharge(charge, limits).map(({ limit, records }) => {
    const what = `brings ${leaf.requester} to ${records} records ${SCOPE_WORDS[limit.scope]}, of ${limit.records} allowed`;
    return finding(accepted, 'over_limit', what);
  });
}

function limitsUnder(
  policy: Policy,
  { requester }: LeafOf<'accepted'>,
  { statute }: RequestManifest,
): ReturnType<typeof limitsOf> {
  const found = policy.requesters.find(({ name }) => name === requester);
  return found === undefined ? [] : limitsOf(found, statute);
}

function judgementFindings(
  accepted: LoggedAcceptance,
  open: OpenRequest,
  policy: Policy,
  time: Date,
): Finding[] {
  const { leaf } = accepted;
  const { created, expires } = open.manifest;
  if (time.getTime() >= expires.getTime() || created.getTime() > time.getTime() + CLOCK_SKEW_MS) {
    return [finding(accepted, 'acceptance_unjustified', 'was not made while the request was valid')];
  }
  const judgement = judge(policy, open, time);
  if (judgement.outcome === 'refused') {
    const what = `should have been a refusal (${judgement.code}) under the policy that it names`;
    return [finding(accepted, 'acceptance_unjustified', what)];
  }
  const { requester, officials, certifiers } = judgement;
  const same =
    requester.name === leaf.requester &&
    officials.join() === leaf.officials.join() &&
    certifiers.join() === leaf.certifiers.join();
  return same
    ? []
    : [finding(accepted, 'acceptance_unjustified', 'names others than those whose signatures count')];
}

function approvalFindings(accepted: LoggedAcceptance, policy: Policy, now: Date): Finding[] {
  const { leaf, request, holder } = accepted;
  if (leaf.approval === null) {
    if (policy.approval === 'automatic') return [];
    return [finding(accepted, 'approval_missing', 'rests on no approval, which the policy demands')];
  }
  const { approval, requestId } = request;
  if (approval === undefined || digestText(approval.digest) !== leaf.approval) {
    return [
      finding(accepted, 'approval_missing', `rests on the approval ${leaf.approval}, which is not there`),
    ];
  }
  if (approves(approval.envelope, { requestId, holder, policy, now })) return [];
  return [finding(accepted, 'approval_invalid', 'rests on an approval that does not count')];
}

function finding({ index, leaf }: LoggedAcceptance, code: FindingCode, what: string): Finding {
  return { code, leaf: index, sentence: `Leaf ${index}, which accepts ${leaf.request}, ${what}.` };
}
