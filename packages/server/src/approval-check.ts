import { openApproval, PAYLOAD_TYPES, validSigners } from '@blindmatch/protocol';
import { standingOf } from './policy/key-validity.ts';
import type { Policy } from './policy/policy.ts';

/** What an approval must be for. */
export interface ApprovalSetting {
  readonly requestId: Uint8Array;
  /** The holder's fingerprint. */
  readonly holder: string;
  readonly policy: Policy;
  readonly now: Date;
}

/** Whether a signed approval approves exactly this request at this holder, by somebody who may approve now. */
export function approves(
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
    approval.decision === 'approved' &&
    Buffer.compare(approval.request, requestId) === 0 &&
    approval.holder === holder &&
    signers.length > 0
  );
}
