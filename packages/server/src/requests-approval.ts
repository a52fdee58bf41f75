/** What an approver decides about a request: who may decide what of which, and how it is signed and logged. */

import type { Ledger } from '@blindmatch/ledger';
import {
  digestText,
  encodeApproval,
  encodeEnvelope,
  encodeLeaf,
  fingerprint,
  openApproval,
  PAYLOAD_TYPES,
  signPayload,
  validSigners,
  type Approval,
  type OpenRequest,
} from '@blindmatch/protocol';
import { CommandError } from '@blindmatch/terminal';
import type { KeyObject } from 'node:crypto';
import { judgeSignatures } from './authorisation.ts';
import { standingOf } from './policy/key-validity.ts';
import type { Approver, Policy } from './policy/policy.ts';
import type { RememberedRequest } from './remembered-request.ts';
import { minute } from './requests-description.ts';

/** What is decided about a request, and by whom. */
export interface DecisionToSign {
  /** The manifest that was shown: what is signed is its own id, whatever else the ledger says. */
  readonly request: OpenRequest;
  readonly decision: Approval['decision'];
  readonly reason: string | null;
  /** The approver's private key. */
  readonly key: KeyObject;
  /** The policy by which the approver may decide. */
  readonly policy: Policy;
  /** Fingerprint of the holder's identity. */
  readonly holder: string;
  readonly now: Date;
}

/**
 * The approver whose key this is.
 *
 * @throws CommandError `approver_unknown`, `approver_not_valid`
 */
export function approverWith(key: KeyObject, policy: Policy, now: Date): Approver {
  const id = fingerprint(key);
  const approver = policy.approvers.find((candidate) => candidate.fingerprint === id);
  if (approver === undefined) {
    throw new CommandError(
      'approver_unknown',
      `The key ${id} is none of an approver in the policy in force; use an approver's key, or add it to holder.yaml and reload the policy.`,
    );
  }
  const standing = standingOf(approver, now);
  if (standing === 'valid') return approver;
  throw new CommandError(
    'approver_not_valid',
    standing === 'revoked'
      ? `The key of ${approver.name} is revoked; let another approver decide.`
      : `The key of ${approver.name} is not valid today; let another approver decide, or change its days in holder.yaml and reload the policy.`,
  );
}

/** Who decides on a request, under which policy and when. */
export interface DecisionSetting {
  readonly approver: Approver;
  readonly policy: Policy;
  readonly now: Date;
}

/**
 * Demands a request that waits, and whose signatures count today for the requester that it is remembered of: nobody
 * approves what could be answered for another agency than the one shown.
 *
 * @throws CommandError as `requireWaiting`, and `signatures_not_counting`, `requester_differs`
 */
export function requireApprovable(request: RememberedRequest, setting: DecisionSetting): void {
  if (request.known.state === 'approved') {
    throw new CommandError('request_decided', 'This request is approved already; there is nothing to do.');
  }
  requireWaiting(request, setting);
  const judgement = judgeSignatures(setting.policy, request.open, setting.now);
  if (judgement.outcome === 'refused') {
    throw new CommandError(
      'signatures_not_counting',
      `The signatures of this request do not count under the policy in force, so there is nothing to approve: ${judgement.sentence}`,
    );
  }
  const { requester } = request.known;
  if (judgement.requester.name === requester) return;
  throw new CommandError(
    'requester_differs',
    `The officials who signed this request sign for ${judgement.requester.name}, and the ledger remembers it as one of ${requester}; let the requester prepare a new one.`,
  );
}

/**
 * Demands a request that can be denied by an approver: one that waits.
 *
 * @throws CommandError `request_decided`, `request_expired`, `approver_signed`
 */
export function requireWaiting(remembered: RememberedRequest, { approver, now }: DecisionSetting): void {
  const { known: request } = remembered;
  if (request.state === 'accepted') {
    throw new CommandError(
      'request_decided',
      `This request was answered on ${minute(request.acceptedAt)}; there is nothing to decide any more.`,
    );
  }
  if (request.state === 'approved') {
    throw new CommandError(
      'request_decided',
      `This request was approved on ${minute(request.decidedAt)}; a decision is made once.`,
    );
  }
  if (request.state !== 'waiting') {
    const what = request.state === 'expired' ? 'expired' : `was ${request.state}`;
    throw new CommandError(
      'request_decided',
      `This request ${what} on ${minute(request.decidedAt)}; let the requester prepare a new one if it is still needed.`,
    );
  }
  if (request.expiresAt.getTime() <= now.getTime()) {
    throw new CommandError(
      'request_expired',
      `This request expired on ${minute(request.expiresAt)}; let the requester prepare a new one if it is still needed.`,
    );
  }
  refuseSigner(remembered, approver);
}

/**
 * Demands a request whose accounting can be waived by an approver.
 *
 * @throws CommandError `accounting_not_owed`, `approver_signed`
 */
export function requireOwed(
  remembered: RememberedRequest,
  { approver }: Pick<DecisionSetting, 'approver'>,
): void {
  const { known: request } = remembered;
  if (request.state !== 'accepted' || request.accountingDue === undefined) {
    throw new CommandError(
      'accounting_not_owed',
      'This request owes no accounting: one is owed from the acceptance on, under a policy that requires it; there is nothing to waive.',
    );
  }
  if (request.accounting !== undefined || request.waiver !== undefined) {
    const what = request.accounting === undefined ? 'was waived' : 'came';
    throw new CommandError(
      'accounting_not_owed',
      `The accounting of this request ${what} already; there is nothing to waive.`,
    );
  }
  refuseSigner(remembered, approver);
}

/** The policy gives a key one role; an older one may have given it another. */
function refuseSigner({ open: { envelope } }: RememberedRequest, { key, name }: Approver): void {
  if (validSigners(envelope, PAYLOAD_TYPES.requestManifest, [key]).length === 0) return;
  throw new CommandError(
    'approver_signed',
    `${name} signed this request for its requester; let another approver decide.`,
  );
}

/**
 * Signs the decision and writes it to the ledger with its leaf, if the policy by which the approver may decide is still in
 * force. Gives the digest of the approval.
 *
 * @throws CommandError `request_decided`, `accounting_not_owed` where somebody else was quicker, `policy_changed`
 */
export async function signDecision(
  ledger: Ledger,
  { request: { requestId }, decision, reason, key, policy, holder, now }: DecisionToSign,
): Promise<string> {
  const payload = encodeApproval({ request: requestId, holder, decision, reason, time: now });
  const envelope = encodeEnvelope(signPayload(PAYLOAD_TYPES.approval, payload, key));
  const { digest } = openApproval(envelope);
  const leaf = encodeLeaf({
    type: 'approval',
    time: now.toISOString(),
    request: digestText(requestId),
    decision,
    approver: fingerprint(key),
    approval: digestText(digest),
  });
  const made = { requestId, policy: policy.digest, envelope, digest, now, leaf };
  if (decision === 'accounting_waived') {
    const outcome = await ledger.waiveAccounting(made);
    if (outcome === 'waived') return digestText(digest);
    if (outcome === 'policy_changed') throw policyChanged();
    throw new CommandError(
      'accounting_not_owed',
      'The accounting of this request came or was waived in the meantime; look at it again with: blindmatchd requests show',
    );
  }
  const outcome = await ledger.decide({ ...made, decision });
  if (outcome === 'decided') return digestText(digest);
  if (outcome === 'policy_changed') throw policyChanged();
  throw new CommandError(
    'request_decided',
    'This request was decided or expired in the meantime; look at it again with: blindmatchd requests show',
  );
}

function policyChanged(): CommandError {
  return new CommandError(
    'policy_changed',
    'Another policy came into force in the meantime; look at the request and decide again.',
  );
}
