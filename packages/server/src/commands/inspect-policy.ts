import { formatOpeningHours } from '../policy/opening-hours.ts';
import type { Caps, Policy, Requester, SigningKey } from '../policy/policy.ts';
import { formatSignatureRule } from '../policy/signature-rule.ts';
import { quoted, type Reporter } from '@blindmatch/terminal';

/** What of the terms of a policy goes beyond the defaults, as indented lines. */
export function termLines(policy: Policy): string[] {
  const { statutes, purposes, requiredFields, minimumRecords, openingHours, approval, accounting } = policy;
  return [
    ...(statutes === 'any' ? [] : labelled('statutes', statutes)),
    ...(purposes === 'any' ? [] : labelled('purposes', purposes)),
    ...(requiredFields.length === 0 ? [] : labelled('required', [requiredFields.join(', ')])),
    ...(minimumRecords === 1 ? [] : labelled('at least', [`${minimumRecords} records in one request`])),
    ...(openingHours === undefined ? [] : labelled('open', [formatOpeningHours(openingHours)])),
    ...(approval === 'automatic'
      ? []
      : labelled('approval', [
          `by one of the approvers, within ${policy.approvalDays} days; at most ${policy.maxWaiting} wait of one requester`,
        ])),
    ...labelled('approvers', policy.approvers.map(keyText)),
    ...labelled('certifiers', policy.certifiers.map(keyText)),
    ...labelled(
      'auditors',
      policy.auditors.map(({ name, recipient }) => `${name} (${recipient})`),
    ),
    ...(policy.inspector === undefined
      ? []
      : labelled('inspector', [`${policy.inspector.name} (${policy.inspector.recipient})`])),
    ...(accounting === 'none'
      ? []
      : labelled('accounting', [
          accounting === 'required' ? `required within ${policy.accountingDays} days` : 'taken, not required',
        ])),
  ];
}

/** Tells who may ask, for how much, and who signs for them. */
export function reportAllowed(path: string, { requesters }: Policy, reporter: Reporter): void {
  for (const requester of requesters) {
    reporter.event(
      'allowed',
      {
        requester: requester.name,
        max_records: requester.caps.recordsPerRequest,
        records_per_day: requester.caps.recordsPerDay ?? null,
        records_per_epoch: requester.caps.recordsPerEpoch ?? null,
        records_per_investigator: requester.caps.recordsPerInvestigator ?? null,
        elements_per_record: requester.caps.elementsPerRecord ?? null,
        required_signatures: formatSignatureRule(requester.requiredSignatures),
        officials: requester.officials.map(({ fingerprint }) => fingerprint),
      },
      allowedLines(requester),
    );
    for (const { statute, recordsPerDay, recordsPerEpoch } of requester.caps.statutes) {
      reporter.event('allowed_statute', {
        requester: requester.name,
        statute,
        records_per_day: recordsPerDay ?? null,
        records_per_epoch: recordsPerEpoch ?? null,
      });
    }
  }
  if (requesters.length > 0) return;
  reporter.event(
    'nobody_allowed',
    {},
    `Nobody is allowed to ask yet; use: blindmatchd allow ${quoted(path)} …`,
  );
}

function allowedLines({ name, caps, requiredSignatures, officials }: Requester): string[] {
  return [
    `Allowed: ${name}`,
    ...labelled('max records', [`${caps.recordsPerRequest} in one request`, ...quotaTexts(caps)]),
    ...(caps.elementsPerRecord === undefined
      ? []
      : labelled('match keys', [`${caps.elementsPerRecord} a record on average`])),
    ...labelled('signatures', [formatSignatureRule(requiredSignatures)]),
    ...labelled('officials', officials.map(keyText)),
  ];
}

function quotaTexts(caps: Caps): string[] {
  const texts: (readonly [number | undefined, string])[] = [
    [caps.recordsPerDay, 'a day'],
    [caps.recordsPerEpoch, 'in one epoch'],
    [caps.recordsPerInvestigator, 'for one investigator in one epoch'],
    ...caps.statutes.flatMap(({ statute, recordsPerDay, recordsPerEpoch }) => [
      [recordsPerDay, `a day under ${statute}`] as const,
      [recordsPerEpoch, `in one epoch under ${statute}`] as const,
    ]),
  ];
  return texts.flatMap(([records, scope]) => (records === undefined ? [] : [`${records} ${scope}`]));
}

/** A key with the name and the days that the policy gives it; one without either is its fingerprint alone. */
function keyText({
  name,
  fingerprint,
  validFrom,
  validUntil,
  revoked,
}: SigningKey & { readonly name: string | undefined }): string {
  const days = [
    ...(validFrom === undefined ? [] : [`from ${validFrom}`]),
    ...(validUntil === undefined ? [] : [`until ${validUntil}`]),
    ...(revoked === undefined ? [] : [`revoked as of ${revoked}`]),
  ];
  return [fingerprint, ...(name === undefined ? [] : [name]), ...days].join(', ');
}

/** Indented lines with a label before the first. */
function labelled(label: string, texts: readonly string[]): string[] {
  return texts.map((text, at) => `  ${(at === 0 ? label : '').padEnd(14)}${text}`);
}
