import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fingerprint, MATCH_TIERS, MAX_EVIDENCE_READERS, publicKeyFromSpki } from '@blindmatch/protocol';
import { CommandError } from '@blindmatch/terminal';
import type { KeyObject } from 'node:crypto';
import { PolicyDocument, type PolicyPath } from './policy-document.ts';
import { policyFile, type CapsEntry, type KeyEntry, type PolicyFile } from './policy-schema.ts';
import type { Caps, Policy, SigningKey } from './policy.ts';
import { CERTIFIER_ROLE, parseSignatureRule, type SignatureRule } from './signature-rule.ts';
import { WEEKDAYS } from './opening-hours.ts';

/** A policy is read by people; anything larger was named by mistake. */
const MAX_BYTES = 1 << 20;

/**
 * Reads and checks the policy.
 *
 * @throws CommandError `policy_invalid`, with the line of what is wrong
 */
export function readPolicy(path: string): Policy {
  return parsePolicy(readPolicyText(path), path);
}

/** The text of a policy file. Throws CommandError `policy_invalid` for what is no text of a possible size. */
export function readPolicyText(path: string): string {
  const bytes = readFileSync(path);
  if (bytes.length <= MAX_BYTES && isUtf8(bytes)) return bytes.toString('utf8');
  throw new CommandError(
    'policy_invalid',
    `${path} can't be used: it is no text in UTF-8 of at most ${MAX_BYTES} bytes; correct the file and try again.`,
  );
}

/**
 * Checks the text of a policy.
 *
 * @param source what the text is called in messages, such as its path
 * @throws CommandError `policy_invalid`, with the line of what is wrong
 */
export function parsePolicy(text: string, source = 'The policy'): Policy {
  return checkPolicy(new PolicyDocument(text, source), text);
}

/** Checks a document that was parsed from, or will be written as, `text`. Throws CommandError `policy_invalid`. */
export function checkPolicy(document: PolicyDocument, text: string): Policy {
  const parsed = policyFile.safeParse(document.value());
  if (!parsed.success) throw document.invalidBy(parsed.error);
  const file = parsed.data;
  const policy: Policy = {
    digest: new Uint8Array(createHash('sha256').update(text).digest()),
    text,
    name: file.name,
    maxElements: file.max_elements,
    answeredTiers: MATCH_TIERS.filter((tier) => file.answered_tiers.includes(tier)),
    minimumOrderAgeDays: file.minimum_order_age_days,
    statutes: file.statutes,
    purposes: file.purposes,
    requiredFields: file.required_fields,
    attestation: file.attestation,
    minimumRecords: file.minimum_records,
    openingHours: openingHoursOf(file),
    approval: file.approval,
    approvalDays: file.approval_days,
    maxWaiting: file.max_waiting,
    approvers: file.approvers.map((entry, at) => ({
      name: entry.name,
      ...signingKeyOf(document, ['approvers', at], entry),
    })),
    certifiers: file.certifiers.map((entry, at) => ({
      name: entry.name,
      recipient: entry.recipient,
      ...signingKeyOf(document, ['certifiers', at], entry),
    })),
    auditors: file.auditors,
    inspector: file.inspector,
    accounting: file.accounting,
    accountingDays: file.accounting_days,
    requesters: file.requesters.map((entry, at) => ({
      name: entry.name,
      requiredSignatures: ruleOf(
        document,
        ['requesters', at, 'required_signatures'],
        entry.required_signatures,
      ),
      caps: capsOf(entry.caps),
      officials: entry.officials.map((official, which) => ({
        name: official.name,
        role: official.role,
        ...signingKeyOf(document, ['requesters', at, 'officials', which], official),
      })),
    })),
  };
  checkKeys(document, policy);
  checkRules(document, policy);
  checkStatutes(document, policy);
  checkDependences(document, policy);
  return policy;
}

function openingHoursOf({ opening_hours: hours }: PolicyFile): Policy['openingHours'] {
  if (hours === undefined) return undefined;
  const { from, to, time_zone: timeZone } = hours;
  return { days: WEEKDAYS.filter((day) => hours.days.includes(day)), from, to, timeZone };
}

function capsOf(caps: CapsEntry): Caps {
  return {
    recordsPerRequest: caps.records_per_request,
    recordsPerDay: caps.records_per_day,
    recordsPerEpoch: caps.records_per_epoch,
    recordsPerInvestigator: caps.records_per_investigator,
    elementsPerRecord: caps.elements_per_record,
    statutes: caps.statutes.map((entry) => ({
      statute: entry.statute,
      recordsPerDay: entry.records_per_day,
      recordsPerEpoch: entry.records_per_epoch,
    })),
  };
}

function signingKeyOf(document: PolicyDocument, path: PolicyPath, entry: KeyEntry): SigningKey {
  const key = publicKeyOf(document, [...path, 'public_key'], entry.public_key);
  return {
    key,
    fingerprint: fingerprint(key),
    validFrom: entry.valid_from,
    validUntil: entry.valid_until,
    revoked: entry.revoked,
  };
}

function publicKeyOf(document: PolicyDocument, path: PolicyPath, text: string): KeyObject {
  try {
    const spki = Buffer.from(text, 'base64');
    // One key has one text, so that a reviewer who looks for it finds it.
    if (spki.toString('base64') !== text) throw new RangeError('not canonical base64');
    return publicKeyFromSpki(spki);
  } catch {
    throw document.invalid(path, 'it is not an Ed25519 key (SPKI, base64)');
  }
}

function ruleOf(document: PolicyDocument, path: PolicyPath, text: string): SignatureRule {
  try {
    return parseSignatureRule(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw document.invalid(path, error.message);
  }
}

/** A key or recipient that stood in two places would have two roles. */
function checkKeys(
  document: PolicyDocument,
  { requesters, certifiers, approvers, auditors, inspector }: Policy,
): void {
  refuseTwice(
    document,
    'the requester',
    requesters.map(({ name }, at) => [name, ['requesters', at, 'name']]),
  );
  const key = ({ fingerprint: id }: SigningKey, ...path: PolicyPath): [string, PolicyPath] => [
    id,
    [...path, 'public_key'],
  ];
  refuseTwice(document, 'the key', [
    ...requesters.flatMap(({ officials }, at) =>
      officials.map((official, which) => key(official, 'requesters', at, 'officials', which)),
    ),
    ...certifiers.map((certifier, at) => key(certifier, 'certifiers', at)),
    ...approvers.map((approver, at) => key(approver, 'approvers', at)),
  ]);
  const readers = [
    ...certifiers.map(({ recipient }, at) => [recipient, ['certifiers', at, 'recipient']] as const),
    ...auditors.map(({ recipient }, at) => [recipient, ['auditors', at, 'recipient']] as const),
  ].flatMap(([recipient, path]): [string, PolicyPath][] =>
    recipient === undefined ? [] : [[recipient, path]],
  );
  refuseTwice(document, 'the recipient', [
    ...readers,
    ...(inspector === undefined
      ? []
      : [[inspector.recipient, ['inspector', 'recipient']] as [string, PolicyPath]]),
  ]);
  // Requesters are shown readers by their names, so a second one of a name would hide behind the first.
  refuseTwice(document, 'the name of a reader', [
    ...certifiers.flatMap(({ name, recipient }, at): [string, PolicyPath][] =>
      recipient === undefined ? [] : [[name, ['certifiers', at, 'name']]],
    ),
    ...auditors.map(({ name }, at): [string, PolicyPath] => [name, ['auditors', at, 'name']]),
  ]);
  if (readers.length > MAX_EVIDENCE_READERS) {
    throw document.invalid(
      ['auditors'],
      `certifiers and auditors have ${readers.length} recipients, and evidence is sealed for at most ${MAX_EVIDENCE_READERS}`,
    );
  }
}

/** A rule that the listed keys can't meet, or a minimum above a requester's cap, would refuse every request. */
function checkRules(document: PolicyDocument, { requesters, certifiers, minimumRecords }: Policy): void {
  requesters.forEach(({ requiredSignatures, officials, caps: { recordsPerRequest } }, at) => {
    if (minimumRecords > recordsPerRequest) {
      throw document.invalid(
        ['requesters', at, 'caps', 'records_per_request'],
        `it is ${recordsPerRequest} and minimum_records is ${minimumRecords}, so every request would be refused`,
      );
    }
    for (const { count, role } of requiredSignatures) {
      const listed =
        role === CERTIFIER_ROLE
          ? certifiers.length
          : officials.filter((official) => official.role === role).length;
      if (listed >= count) continue;
      throw document.invalid(
        ['requesters', at, 'required_signatures'],
        `it asks for ${count} of role ${role} and ${listed} of that role are listed`,
      );
    }
  });
}

/** A cap for a text that nobody has to use is none. */
function checkStatutes(document: PolicyDocument, { statutes, requesters }: Policy): void {
  requesters.forEach(({ caps }, at) => {
    caps.statutes.forEach(({ statute, recordsPerDay, recordsPerEpoch }, which) => {
      const path = ['requesters', at, 'caps', 'statutes', which];
      if (statutes === 'any' || !statutes.includes(statute)) {
        throw document.invalid(
          [...path, 'statute'],
          'a statute with a cap must stand in the list of statutes, which can\'t be "any" then',
        );
      }
      if (recordsPerDay === undefined && recordsPerEpoch === undefined) {
        throw document.invalid(path, 'it caps nothing; give records_per_day or records_per_epoch');
      }
    });
  });
}

function checkDependences(document: PolicyDocument, policy: Policy): void {
  if (policy.requiredFields.includes('attestation') && policy.attestation === undefined) {
    throw document.invalid(
      ['required_fields'],
      'attestation is required, so its text must be given as attestation',
    );
  }
  if (policy.accounting !== 'none' && policy.inspector === undefined) {
    throw document.invalid(
      ['accounting'],
      `${policy.accounting} accounting needs an inspector to seal it for`,
    );
  }
  if (policy.approval === 'human' && policy.approvers.length === 0) {
    throw document.invalid(['approval'], 'human approval needs at least one of approvers');
  }
}

function refuseTwice(
  document: PolicyDocument,
  what: string,
  entries: readonly (readonly [value: string, path: PolicyPath])[],
): void {
  const seen = new Set<string>();
  for (const [value, path] of entries) {
    if (seen.has(value)) throw document.invalid(path, `${what} ${value} stands in it twice`);
    seen.add(value);
  }
}
