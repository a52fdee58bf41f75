/** The leaves that a holder's log has about requests (protocol-spec/log.md, "Leaves"). */

import type { JudgedRequest, UnidentifiedRefusal, WaitingRequest } from '@blindmatch/ledger';
import {
  digestText,
  encodeLeaf,
  type LeafOf,
  type LogLeaf,
  type OpenRequest,
  type ProblemCode,
  type RequestManifest,
} from '@blindmatch/protocol';
import type { Policy } from './policy/policy.ts';

/** What every leaf about a manifest says of it. */
function asked(
  { requestId, records, elements }: Pick<JudgedRequest, 'requestId' | 'records' | 'elements'>,
  policy: Uint8Array,
  now: Date,
): Pick<Extract<LogLeaf, { type: 'refused' }>, 'time' | 'request' | 'records' | 'elements' | 'policy'> {
  return {
    time: now.toISOString(),
    request: digestText(requestId),
    records,
    elements,
    policy: digestText(policy),
  };
}

/** The leaf of a refusal. */
export function refusedLeaf(
  { requestId, manifest }: OpenRequest,
  { code, requester }: { readonly code: ProblemCode; readonly requester: string | null },
  policy: Uint8Array,
  now: Date,
): Uint8Array {
  const { records, elements } = manifest;
  return encodeLeaf({
    type: 'refused',
    ...asked({ requestId, records, elements }, policy, now),
    code,
    requester,
  });
}

/** The leaf of a request that nobody approved in time. */
export function expiredLeaf(request: WaitingRequest, policy: Uint8Array, now: Date): Uint8Array {
  const { requester } = request;
  return encodeLeaf({ type: 'refused', ...asked(request, policy, now), code: 'approval_expired', requester });
}

/** The leaf of those refusals of an hour that got none of their own. */
export function unidentifiedLeaf(now: Date): UnidentifiedRefusal['summaryOf'] {
  return (hour, requests) =>
    encodeLeaf({ type: 'unidentified', time: now.toISOString(), hour: hour.toISOString(), requests });
}

/** The leaf of a request that waits. */
export function pendingLeaf(
  request: JudgedRequest,
  { manifest }: OpenRequest,
  policy: Uint8Array,
  now: Date,
): Uint8Array {
  const { requester } = request;
  const epoch_id = digestText(manifest.epochId);
  return encodeLeaf({ type: 'pending', ...asked(request, policy, now), epoch_id, requester });
}

/** What a leaf says of a request's texts: those that the policy lists, so that nobody's own words get into the log. */
export function listedTexts(
  { statute, purpose }: Pick<RequestManifest, 'statute' | 'purpose'>,
  { statutes, purposes }: Pick<Policy, 'statutes' | 'purposes'>,
): Pick<LeafOf<'accepted'>, 'statute' | 'purpose'> {
  return {
    statute: statutes !== 'any' && statutes.includes(statute) ? statute : null,
    purpose: purposes !== 'any' && purpose !== null && purposes.includes(purpose) ? purpose : null,
  };
}

/** The leaf of an acceptance. */
export function acceptedLeaf(
  request: JudgedRequest,
  { manifest }: OpenRequest,
  decided: { readonly policy: Policy; readonly approval: Uint8Array | undefined; readonly now: Date },
): Uint8Array {
  const { requester, officials, certifiers } = request;
  return encodeLeaf({
    type: 'accepted',
    ...asked(request, decided.policy.digest, decided.now),
    epoch_id: digestText(manifest.epochId),
    requester,
    officials,
    certifiers,
    ...listedTexts(manifest, decided.policy),
    investigators: manifest.investigators.length,
    approval: decided.approval === undefined ? null : digestText(decided.approval),
  });
}

/** The leaf of a request whose receipt was asked for. */
export function finishedLeaf(requestId: Uint8Array, completed: Date): Uint8Array {
  return encodeLeaf({ type: 'finished', time: completed.toISOString(), request: digestText(requestId) });
}

/** The leaf of a sealed accounting. */
export function accountingLeaf(
  requestId: Uint8Array,
  { digest, bytes }: { readonly digest: Uint8Array; readonly bytes: number },
  now: Date,
): Uint8Array {
  return encodeLeaf({
    type: 'accounting',
    time: now.toISOString(),
    request: digestText(requestId),
    accounting: digestText(digest),
    bytes,
  });
}
