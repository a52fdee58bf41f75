/**
 * Whether a request may be answered under a policy: pure functions of both and the time. Nothing here is remembered or
 * charged. Every refusal is one line of at most 512 bytes that says what to do.
 */

import {
  CHUNK_CANARIES,
  PAYLOAD_TYPES,
  validSigners,
  type OpenRequest,
  type ProblemCode,
  type RequestManifest,
} from '@blindmatch/protocol';
import { standingOf, type Standing } from './policy/key-validity.ts';
import { formatOpeningHours, isOpen } from './policy/opening-hours.ts';
import type { Official, Policy, RequiredField, Requester, SigningKey, Texts } from './policy/policy.ts';
import { CERTIFIER_ROLE, isMet, type SignatureRule } from './policy/signature-rule.ts';

/** Why a request is not answered. */
export interface Refusal {
  readonly outcome: 'refused';
  readonly code: ProblemCode;
  readonly sentence: string;
  /** Whose request it is; null where no official signed it whose signature counts today. */
  readonly requester: string | null;
}

/** A request that may be answered as far as the policy alone can say. */
export interface InOrder {
  readonly outcome: 'in_order';
  readonly requester: Requester;
  /** Fingerprints of those whose signatures count. */
  readonly officials: readonly string[];
  readonly certifiers: readonly string[];
}

/** What is made of a request. */
export type Judgement = Refusal | InOrder;

/** A key that has signed, as what, and whether that counts. */
interface Signer {
  readonly role: string;
  readonly fingerprint: string;
  readonly standing: Standing;
}

/** Judges a new request: who signed, and every term of the policy that needs no memory. */
export function judge(policy: Policy, request: OpenRequest, now: Date): Judgement {
  const signed = judgeSignatures(policy, request, now);
  if (signed.outcome === 'refused') return signed;
  const { requester } = signed;
  const { manifest } = request;
  const broken = brokenTerm(policy, manifest, now) ?? brokenCap(requester, manifest);
  return broken === undefined ? signed : { outcome: 'refused', requester: requester.name, ...broken };
}

/** Judges the signatures alone: what a request that was accepted, or waits, must still have. */
export function judgeSignatures(policy: Policy, request: OpenRequest, now: Date): Judgement {
  const asking = policy.requesters
    .map((requester) => ({ requester, officials: signersOf(request, requester.officials, roleOf, now) }))
    .filter(({ officials }) => officials.length > 0);
  const [found, ...others] = asking;
  if (found === undefined) return unknown(unsignedSentence(request.envelope.signatures.length));
  if (others.length > 0) {
    return unknown('Officials of several requesters signed this request; let those of one agency sign it.');
  }
  const { requester, officials } = found;
  const certifiers = signersOf(request, policy.certifiers, () => CERTIFIER_ROLE, now);
  const broken = brokenRule(requester.requiredSignatures, [...officials, ...certifiers]);
  if (broken !== undefined) {
    // Whoever holds a key that counts no more must not write to the log in the requester's name.
    const identified = officials.some(({ standing }) => standing === 'valid');
    return { outcome: 'refused', requester: identified ? requester.name : null, ...broken };
  }
  return {
    outcome: 'in_order',
    requester,
    officials: validOnes(officials),
    certifiers: validOnes(certifiers),
  };
}

/** What of a policy a request breaks. */
interface Broken {
  readonly code: ProblemCode;
  readonly sentence: string;
}

function roleOf({ role }: Official): string {
  return role;
}

function signersOf<Key extends SigningKey>(
  { envelope }: OpenRequest,
  keys: readonly Key[],
  role: (key: Key) => string,
  now: Date,
): readonly Signer[] {
  const valid = validSigners(
    envelope,
    PAYLOAD_TYPES.requestManifest,
    keys.map(({ key }) => key),
  );
  return keys
    .filter(({ fingerprint }) => valid.includes(fingerprint))
    .map((key) => ({ role: role(key), fingerprint: key.fingerprint, standing: standingOf(key, now) }));
}

function validOnes(signers: readonly Signer[]): readonly string[] {
  return signers.filter(({ standing }) => standing === 'valid').map(({ fingerprint }) => fingerprint);
}

/** A signature that does not count is the problem only where the rule would be met with it. */
function brokenRule(rule: SignatureRule, signers: readonly Signer[]): Broken | undefined {
  const counted = (...standings: readonly Standing[]): ReadonlyMap<string, number> => {
    const counts = new Map<string, number>();
    for (const { role, standing } of signers) {
      if (standings.includes(standing)) counts.set(role, (counts.get(role) ?? 0) + 1);
    }
    return counts;
  };
  const present = counted('valid');
  if (isMet(rule, present)) return undefined;
  if (isMet(rule, counted('valid', 'outside'))) {
    return {
      code: 'official_expired',
      sentence: `The request is signed with a key that may not sign today (${namesOf(signers, 'outside')}); have another one sign it, or ask the holder.`,
    };
  }
  if (isMet(rule, counted('valid', 'outside', 'revoked'))) {
    return {
      code: 'official_revoked',
      sentence: `The request is signed with a key that was revoked (${namesOf(signers, 'revoked')}); have another one sign it, or ask the holder.`,
    };
  }
  const parts = rule.map(({ count, role }) => `${count} of role ${role} (${present.get(role) ?? 0} there)`);
  return {
    code: 'signatures_missing',
    sentence: `The request needs the signatures ${parts.join(' and ')}; have those sign it who have not.`,
  };
}

/** Fingerprints in a length that fits a sentence: the first few, as far as people compare them. */
function namesOf(signers: readonly Signer[], standing: Standing): string {
  const names = signers
    .filter((signer) => signer.standing === standing)
    .map(({ fingerprint }) => fingerprint.slice(0, 23));
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and more` : names.join(', ');
}

function brokenTerm(policy: Policy, manifest: RequestManifest, now: Date): Broken | undefined {
  const { statute, purpose } = manifest;
  if (!isPermitted(policy.statutes, statute)) {
    return {
      code: 'statute_not_permitted',
      sentence: `This holder does not answer under the statute of the request; prepare it under one that it permits${listed(policy.statutes)}.`,
    };
  }
  if (policy.purposes !== 'any' && (purpose === null || !isPermitted(policy.purposes, purpose))) {
    return {
      code: 'purpose_not_permitted',
      sentence: `This holder does not answer ${purpose === null ? 'without a purpose' : 'for the purpose of the request'}; prepare it with --purpose for one that it permits${listed(policy.purposes)}.`,
    };
  }
  const missing = policy.requiredFields.filter((field) => !FIELDS[field].isThere(manifest));
  if (missing.length > 0) {
    return {
      code: 'field_missing',
      sentence: `The request lacks what this holder requires: ${missing.map((field) => FIELDS[field].words).join(', ')}; prepare it again with that.`,
    };
  }
  if (policy.requiredFields.includes('attestation') && manifest.attestation !== policy.attestation) {
    return {
      code: 'attestation_wrong',
      sentence: `Prepare the request with --attestation and exactly this text: ${policy.attestation ?? ''}`,
    };
  }
  if (policy.openingHours !== undefined && !isOpen(policy.openingHours, now)) {
    return {
      code: 'outside_opening_hours',
      sentence: `This holder answers ${formatOpeningHours(policy.openingHours)}; submit the request again then.`,
    };
  }
  if (manifest.records < policy.minimumRecords) {
    return {
      code: 'records_below_minimum',
      sentence: `The request holds ${manifest.records} records and this holder answers at least ${policy.minimumRecords}; put more into one request.`,
    };
  }
  return undefined;
}

function brokenCap(
  { caps }: Requester,
  { records, elements, chunks, investigators }: RequestManifest,
): Broken | undefined {
  if (records > caps.recordsPerRequest) {
    return {
      code: 'records_over_cap',
      sentence: `The request holds ${records} records and ${caps.recordsPerRequest} are allowed in one; split it or ask the holder for a higher cap.`,
    };
  }
  // Nobody would be charged with it.
  if (caps.recordsPerInvestigator !== undefined && investigators.length === 0) {
    return {
      code: 'field_missing',
      sentence: `This holder counts records by investigator and the request names none; prepare it again with ${FIELDS.investigators.words}.`,
    };
  }
  const keys = elements - CHUNK_CANARIES * chunks.count;
  if (caps.elementsPerRecord !== undefined && keys > caps.elementsPerRecord * records) {
    return {
      code: 'elements_over_cap',
      sentence: `The request holds ${keys} match keys of ${records} records and ${caps.elementsPerRecord} a record are allowed on average; leave out records with many spellings or ask the holder for a higher cap.`,
    };
  }
  return undefined;
}

/** How each field that may be required is told from its absence, and what people call it. Attestation has a check of its own. */
const FIELDS: Readonly<
  Record<RequiredField, { readonly words: string; readonly isThere: (manifest: RequestManifest) => boolean }>
> = {
  purpose: { words: 'a purpose (--purpose)', isThere: ({ purpose }) => purpose !== null },
  tax_periods: { words: 'tax periods (--tax-period)', isThere: ({ taxPeriods }) => taxPeriods.length > 0 },
  investigators: {
    words: 'investigators (--investigator)',
    isThere: ({ investigators }) => investigators.length > 0,
  },
  orders: { words: 'the dates of the orders (in the records)', isThere: ({ orders }) => orders !== null },
  attestation: { words: 'an attestation (--attestation)', isThere: () => true },
  evidence: { words: 'sealed evidence (--seal-to)', isThere: ({ evidence }) => evidence !== null },
};

function isPermitted(texts: Texts, text: string): boolean {
  return texts === 'any' || texts.includes(text);
}

/** The permitted texts, where they are short enough for a sentence. */
function listed(texts: Texts): string {
  if (texts === 'any') return '';
  const list = texts.map((text) => `"${text}"`).join(', ');
  return Buffer.byteLength(list, 'utf8') <= LIST_MAX ? ` (${list})` : '';
}

function unsignedSentence(signatures: number): string {
  return signatures === 0
    ? 'The request is not signed; have an official sign it with: blindmatch sign REQUEST/ --key official.pem'
    : 'No official whom this holder allows has validly signed the request; ask the holder to allow the official, or sign it with an allowed key.';
}

function unknown(sentence: string): Refusal {
  return { outcome: 'refused', code: 'official_unknown', sentence, requester: null };
}

/** Bytes of a list of texts in a sentence of at most 512. */
const LIST_MAX = 300;
