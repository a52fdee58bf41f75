import { createPublicKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { encodeApproval, openApproval } from '../src/approval.ts';
import type { Approval } from '../src/approval.ts';
import { sha256 } from '../src/digest.ts';
import { encodeEnvelope, PAYLOAD_TYPES, signPayload, validSigners } from '../src/envelope.ts';
import { fingerprint } from '../src/keys.ts';
import { codeOf, holderFingerprint, keyOf, NOON, strangerKey } from './setting.ts';

const approverKey = keyOf(5);
const approved: Approval = {
  request: sha256(Buffer.from('a manifest')),
  holder: holderFingerprint,
  decision: 'approved',
  reason: null,
  time: NOON,
};
const denied: Approval = { ...approved, decision: 'denied', reason: 'No such investigation' };
const waived: Approval = {
  ...approved,
  decision: 'accounting_waived',
  reason: 'The epoch is served no more',
};
const seal = (payload: Uint8Array, key = approverKey) =>
  encodeEnvelope(signPayload(PAYLOAD_TYPES.approval, payload, key));

describe('an approval', () => {
  it.each([
    ['yes', approved],
    ['yes with its reason', { ...approved, reason: 'Checked with the inspector' }],
    ['no', denied],
    ['that no accounting is owed any more', waived],
  ])('that says %s comes back from its bytes, and its digest is that of the payload', (_, approval) => {
    const payload = encodeApproval(approval);
    const open = openApproval(seal(payload));
    expect(open.approval).toEqual(approval);
    expect(open.digest).toEqual(sha256(payload));
  });

  it('counts for whoever has signed it, which is for the policy to judge', () => {
    const { envelope } = openApproval(seal(encodeApproval(approved), strangerKey));
    const signers = (key = approverKey) =>
      validSigners(envelope, PAYLOAD_TYPES.approval, [createPublicKey(key)]);
    expect(signers()).toEqual([]);
    expect(signers(strangerKey)).toEqual([fingerprint(strangerKey)]);
  });

  it.each<[string, Partial<Approval>]>([
    ['denies without a reason', { decision: 'denied', reason: null }],
    ['waives an accounting without a reason', { decision: 'accounting_waived', reason: null }],
    ['has an empty reason', { reason: '' }],
    ['has a reason of two lines', { reason: 'a\nb' }],
    ['has a reason of 257 bytes', { reason: 'x'.repeat(257) }],
    ['is for a holder without a fingerprint', { holder: 'Tax Agency' }],
  ])('that %s can be neither written nor read', (_, changes) => {
    expect(codeOf(() => encodeApproval({ ...approved, ...changes }))).toBe('approval_invalid');
  });

  it.each([
    ['"decision":"denied"', '"decision":"pending"'],
    ['"decision":"denied"', '"decision":"denied","decision":"approved"'],
    ['"reason":"No such investigation"', '"reason":null'],
    ['"reason":', '"why":'],
    ['{"request":"sha256:', '{"request":"'],
    ['{"request":', '{"policy":"","request":'],
    ['12:00:00.000Z', '12:00:00.000+00:00'],
  ])('with %s changed to %s is approval_invalid', (from, to) => {
    const text = Buffer.from(encodeApproval(denied)).toString();
    expect(text).toContain(from);
    expect(codeOf(() => openApproval(seal(Buffer.from(text.replace(from, to)))))).toBe('approval_invalid');
  });

  it('in an envelope of another type is approval_invalid', () => {
    const wrong = encodeEnvelope(signPayload(PAYLOAD_TYPES.receipt, encodeApproval(approved), approverKey));
    expect(codeOf(() => openApproval(wrong))).toBe('approval_invalid');
  });
});
