/** What one policy says otherwise than another, in words, for whoever is about to put it in force. */

import { formatOpeningHours } from '../../policy/opening-hours.ts';
import type { Policy, Reader, Requester, SigningKey, Texts } from '../../policy/policy.ts';
import { formatSignatureRule } from '../../policy/signature-rule.ts';

/** One thing that a policy says. */
interface Statement {
  /** What it is about: the same in both policies. */
  readonly subject: string;
  readonly value: string;
}

/** One difference; `before` and `after` are undefined where the policy says nothing of the subject. */
export interface PolicyChange {
  readonly subject: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

const NO_LIMIT = 'no limit';
const NONE = 'none';

/** The differences, in the order of the new policy, with what is gone behind; every change of meaning is one of them. */
export function policyChanges(before: Policy | undefined, after: Policy): readonly PolicyChange[] {
  const old = new Map(
    before === undefined ? [] : statementsOf(before).map(({ subject, value }) => [subject, value]),
  );
  const now = statementsOf(after);
  const subjects = new Set(now.map(({ subject }) => subject));
  const changed = now.flatMap(({ subject, value }): PolicyChange[] => {
    const earlier = old.get(subject);
    return earlier === value ? [] : [{ subject, before: earlier, after: value }];
  });
  const gone = [...old].flatMap(([subject, value]): PolicyChange[] =>
    subjects.has(subject) ? [] : [{ subject, before: value, after: undefined }],
  );
  return [...changed, ...gone];
}

/** One difference as a sentence without a full stop. */
export function changeText({ subject, before, after }: PolicyChange): string {
  if (before === undefined) return `new: ${subject}: ${after ?? ''}`;
  return after === undefined ? `removed: ${subject} (was: ${before})` : `${subject}: ${before} → ${after}`;
}

function statementsOf(policy: Policy): readonly Statement[] {
  return [
    say('name', policy.name),
    say('max_elements', policy.maxElements),
    say('answered_tiers', policy.answeredTiers.join(', ')),
    say('minimum_order_age_days', policy.minimumOrderAgeDays),
    ...textStatements('statutes', 'statute', policy.statutes),
    ...textStatements('purposes', 'purpose', policy.purposes),
    say('required_fields', listed([...policy.requiredFields].sort())),
    say('attestation', policy.attestation ?? NONE),
    say('minimum_records', policy.minimumRecords),
    say(
      'opening_hours',
      policy.openingHours === undefined ? 'at any time' : formatOpeningHours(policy.openingHours),
    ),
    say('approval', policy.approval),
    say('approval_days', policy.approvalDays),
    say('max_waiting', policy.maxWaiting),
    say('accounting', policy.accounting),
    say('accounting_days', policy.accountingDays),
    say('inspector', policy.inspector === undefined ? NONE : readerText(policy.inspector)),
    ...policy.approvers.map((approver) => say(`approver ${keyText(approver)}`, standingText(approver))),
    ...policy.certifiers.map((certifier) =>
      say(
        `certifier ${keyText(certifier)}`,
        `${standingText(certifier)}, reads ${certifier.recipient === undefined ? 'no evidence' : `evidence sealed for ${certifier.recipient}`}`,
      ),
    ),
    ...policy.auditors.map((auditor) => say(`auditor ${readerText(auditor)}`, 'may read evidence')),
    ...policy.requesters.flatMap(requesterStatements),
  ];
}

function requesterStatements({ name, requiredSignatures, caps, officials }: Requester): Statement[] {
  const of = `of "${name}"`;
  return [
    say(`required_signatures ${of}`, formatSignatureRule(requiredSignatures)),
    say(`records_per_request ${of}`, caps.recordsPerRequest),
    say(`records_per_day ${of}`, caps.recordsPerDay ?? NO_LIMIT),
    say(`records_per_epoch ${of}`, caps.recordsPerEpoch ?? NO_LIMIT),
    say(`records_per_investigator ${of}`, caps.recordsPerInvestigator ?? NO_LIMIT),
    say(`elements_per_record ${of}`, caps.elementsPerRecord ?? NO_LIMIT),
    ...caps.statutes.flatMap(({ statute, recordsPerDay, recordsPerEpoch }) => [
      say(`records_per_day ${of} under ${statute}`, recordsPerDay ?? NO_LIMIT),
      say(`records_per_epoch ${of} under ${statute}`, recordsPerEpoch ?? NO_LIMIT),
    ]),
    ...officials.map((official) =>
      say(`official ${keyText(official)} ${of}`, `role ${official.role}, ${standingText(official)}`),
    ),
  ];
}

function textStatements(member: string, one: string, texts: Texts): Statement[] {
  if (texts === 'any') return [say(member, 'any')];
  return [say(member, 'only those listed'), ...texts.map((text) => say(`${one} ${text}`, 'permitted'))];
}

/** What a key may do and when. */
function standingText({ validFrom, validUntil, revoked }: SigningKey): string {
  const span = [
    ...(validFrom === undefined ? [] : [`from ${validFrom}`]),
    ...(validUntil === undefined ? [] : [`until ${validUntil}`]),
  ];
  const valid = span.length === 0 ? 'may sign' : `may sign ${span.join(' ')}`;
  return revoked === undefined ? valid : `${valid}, revoked as of ${revoked}`;
}

function keyText({
  name,
  fingerprint,
}: {
  readonly name: string | undefined;
  readonly fingerprint: string;
}): string {
  return name === undefined ? fingerprint : `${name} (${fingerprint})`;
}

function readerText({ name, recipient }: Reader): string {
  return `${name} (${recipient})`;
}

function listed(texts: readonly string[]): string {
  return texts.length === 0 ? NONE : texts.join(', ');
}

function say(subject: string, value: string | number): Statement {
  return { subject, value: String(value) };
}
