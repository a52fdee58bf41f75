import { openApproval, PAYLOAD_TYPES, validSigners, type Approval } from '@blindmatch/protocol';
import { standingOf } from './policy/key-validity.ts';
import type { Policy } from './policy/policy.ts';

/** What a decision must be for. */
export interface ApprovalSetting {
  readonly requestId: Uint8Array;
  /** The holder's fingerprint. */
  readonly holder: string;
  readonly policy: Policy;
  readonly now: Date;
}

/** Whether a signed approval decides so about exactly this request at this holder, by somebody who may decide now. */
export function decides(
  decision: Approval['decision'],
  envelopeBytes: Uint8Array,
  { requestId, holder, policy, now }: ApprovalSetting,
): boolean {
  const { approval, envelope } = openApproval(envelopeBytes);
  const approvers = policy.approvers.filter((approver) => standingOf(approver, now) === 'valid');
  const signers = validSigners(
    envelope,
    PAYLOAD_TYPES.approval,
    approvers.map(({ key }) => key),
  );
  return (
    approval.decision === decision &&
    Buffer.compare(approval.request, requestId) === 0 &&
    approval.holder === holder &&
    signers.length > 0
  );
}

/** Whether it approves that request. */
export function approves(envelopeBytes: Uint8Array, setting: ApprovalSetting): boolean {
  return decides('approved', envelopeBytes, setting);
}
