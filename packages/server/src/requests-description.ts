/** A request in plain words, for whoever decides on it or looks at it later. */

import type { KnownRequest } from '@blindmatch/ledger';
import { digestText, type Approval, type OpenApproval, type RequestManifest } from '@blindmatch/protocol';
import { setInColumn } from '@blindmatch/terminal';
import type { Policy } from './policy/policy.ts';

/** What became of a request, or becomes of it unless somebody decides. */
export function stateText(request: KnownRequest, now: Date): string {
  switch (request.state) {
    case 'waiting':
      return request.expiresAt.getTime() <= now.getTime()
        ? `expired on ${minute(request.expiresAt)}`
        : `waits for approval until ${minute(request.expiresAt)}`;
    case 'accepted':
      return request.completedAt === undefined
        ? `accepted on ${minute(request.acceptedAt)}, not finished`
        : `accepted on ${minute(request.acceptedAt)}, finished on ${minute(request.completedAt)}`;
    case 'approved':
    case 'denied':
    case 'expired':
      return `${request.state} on ${minute(request.decidedAt)}`;
  }
}

/** Whose request it is, and fingerprints of those whose signatures count. */
export interface Signers {
  readonly requester: string;
  readonly officials: readonly string[];
  readonly certifiers: readonly string[];
}

/** Everything that the manifest says and who has signed it, as indented lines; names are those of the policy. */
export function manifestLines(
  { requester, officials, certifiers }: Signers,
  epoch: number,
  manifest: RequestManifest,
  policy: Policy | undefined,
): string[] {
  const { orders, evidence, chunks, investigators } = manifest;
  return [
    ...field('requester', requester),
    ...several(
      'signed by',
      officials.map((id) => signerText(id, policy)),
    ),
    ...several(
      'certified by',
      certifiers.map((id) => signerText(id, policy)),
    ),
    ...field(
      'asks for',
      `${manifest.records} records (${manifest.elements} elements in ${count(chunks.count, 'chunk')})`,
    ),
    ...field('epoch', `${epoch} (${digestText(manifest.epochId)})`),
    ...foreign('statute', manifest.statute),
    ...foreign('purpose', manifest.purpose ?? 'none said'),
    ...foreign('reason', manifest.reason),
    ...foreign(
      'tax periods',
      manifest.taxPeriods.length === 0 ? 'none said' : manifest.taxPeriods.join(', '),
    ),
    ...several(
      'investigators',
      investigators.map(({ id, name }) => `${name} (${id})`),
      foreign,
    ),
    ...field('orders', orders === null ? 'no dates said' : `from ${orders.from} to ${orders.to}`),
    ...foreign('attestation', manifest.attestation ?? 'none'),
    ...field('evidence', evidence === null ? 'none was sealed' : `sealed, ${digestText(evidence)}`),
    ...field('created', minute(manifest.created)),
    ...field('expires', minute(manifest.expires)),
  ];
}

/** Labels of who decided what. */
const DECIDED_BY: Readonly<Record<Approval['decision'], string>> = {
  approved: 'approved by',
  denied: 'denied by',
  accounting_waived: 'waived by',
};

/** Who decided on a request, when and why, as indented lines. */
export function decisionLines(approval: OpenApproval, policy: Policy | undefined): string[] {
  const { decision, reason, time } = approval.approval;
  const signers = approval.envelope.signatures.map(({ keyid }) => signerText(keyid, policy));
  return [
    ...several(DECIDED_BY[decision], signers),
    ...field('on', minute(time)),
    ...foreign('because', reason ?? 'no reason given'),
  ];
}

/** Text of the holder's own behind its label, in one line, so that ids can be copied. */
export function field(label: string, text: string): string[] {
  return [`  ${label.padEnd(15)}${text}`];
}

/** Text of somebody else behind its label, inside its column in every line, so that no part of it looks like a label. */
function foreign(label: string, text: string): string[] {
  return setInColumn(`  ${label.padEnd(15)}`, text);
}

/** Whose key it is, as far as the policy knows. */
function signerText(id: string, policy: Policy | undefined): string {
  const official = policy?.requesters
    .flatMap(({ officials }) => officials)
    .find(({ fingerprint }) => fingerprint === id);
  if (official !== undefined) return `${official.name ?? 'no name'}, ${official.role} (${id})`;
  const other = [...(policy?.certifiers ?? []), ...(policy?.approvers ?? [])].find(
    ({ fingerprint }) => fingerprint === id,
  );
  return other === undefined
    ? `a key that the policy in force does not have (${id})`
    : `${other.name} (${id})`;
}

/** An instant to the minute, in UTC. */
export function minute(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function several(label: string, texts: readonly string[], set = field): string[] {
  if (texts.length === 0) return field(label, 'nobody');
  return texts.flatMap((text, at) => set(at === 0 ? label : '', text));
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
