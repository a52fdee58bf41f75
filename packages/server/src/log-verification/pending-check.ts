/** Whether a request was rightly let wait: its row is still what was signed, and what the policy let wait. */

import type { KnownRequest } from '@blindmatch/ledger';
import { digestText, openRequest, type LeafOf, type OpenRequest } from '@blindmatch/protocol';
import { judge } from '../authorisation.ts';
import type { Policy } from '../policy/policy.ts';
import { disagreements } from '../remembered-request.ts';
import { waitsUntil } from '../waiting-requests.ts';
import type { Finding, FindingCode } from './finding.ts';

/** A leaf that lets a request wait. */
export interface LoggedPending {
  readonly index: number;
  readonly leaf: LeafOf<'pending'>;
  /** What is remembered of the request. */
  readonly request: KnownRequest;
  /** Since when it waits, as remembered. */
  readonly since: Date;
  /** The policy that the leaf names; undefined where it can't be had, which is a finding of its own. */
  readonly policy: Policy | undefined;
  /** The holder's fingerprint. */
  readonly holder: string;
  /** The number of the epoch that the leaf names; undefined where it was not announced before. */
  readonly epoch: number | undefined;
}

/** Checks one request that waited. Throws ProtocolError where its manifest can't be read. */
export function checkPending(pending: LoggedPending): readonly Finding[] {
  const open = openRequest(pending.request.envelope);
  return [...differences(pending, open), ...judgementFindings(pending, open), ...expiryFindings(pending)];
}

function differences(
  { index, leaf, request, since, holder, epoch }: LoggedPending,
  open: OpenRequest,
): Finding[] {
  const { manifest } = open;
  const same =
    disagreements(request, open).length === 0 &&
    manifest.holder === holder &&
    leaf.time === since.toISOString() &&
    leaf.requester === request.requester &&
    leaf.epoch_id === digestText(manifest.epochId) &&
    (epoch ?? request.epoch) === request.epoch &&
    leaf.records === manifest.records &&
    leaf.elements === manifest.elements;
  if (same) return [];
  return [
    finding({ index, leaf }, 'request_differs', 'disagrees with its signed manifest or what is remembered'),
  ];
}

/** With its acceptance a request may have got more signatures, which are judged with that leaf. */
function judgementFindings({ index, leaf, request, policy }: LoggedPending, open: OpenRequest): Finding[] {
  if (policy === undefined || request.state === 'accepted') return [];
  const judgement = judge(policy, open, new Date(leaf.time));
  if (judgement.outcome === 'refused') {
    const what = `should have been a refusal (${judgement.code}) under the policy that it names`;
    return [finding({ index, leaf }, 'acceptance_unjustified', what)];
  }
  const { requester, officials, certifiers } = judgement;
  const same =
    requester.name === leaf.requester &&
    officials.join() === request.officials.join() &&
    certifiers.join() === request.certifiers.join();
  if (same) return [];
  const what = 'is remembered with others than those whose signatures counted';
  return [finding({ index, leaf }, 'request_differs', what)];
}

/** Whoever can change when a request expires can have it approved later, or keep it from being approved at all. */
function expiryFindings({ index, leaf, request, since, policy }: LoggedPending): Finding[] {
  if (policy === undefined || request.expiresAt?.getTime() === waitsUntil(policy, since).getTime()) return [];
  const what = 'is remembered to wait until another time than the policy says';
  return [finding({ index, leaf }, 'expiry_differs', what)];
}

function finding(
  { index, leaf }: Pick<LoggedPending, 'index' | 'leaf'>,
  code: FindingCode,
  what: string,
): Finding {
  return { code, leaf: index, sentence: `Leaf ${index}, which lets ${leaf.request} wait, ${what}.` };
}
