import type { AcceptedRequest, Ledger, Limit, StoredApproval } from '@blindmatch/ledger';
import { digestText } from '@blindmatch/protocol';
import type { Reporter } from '@blindmatch/terminal';
import { judge, judgeSignatures } from '../../authorisation.ts';
import { chargeOf, limitsOf, SCOPE_WORDS } from '../../charge.ts';
import { PolicyInForce } from '../../policy-in-force.ts';
import type { Policy } from '../../policy/policy.ts';
import { openRemembered, openRememberedDecision, type RememberedRequest } from '../../remembered-request.ts';
import { decisionLines, field, manifestLines, stateText, type Signers } from '../../requests-description.ts';
import { findRequest } from '../../requests-lookup.ts';
import { withLedger } from '../with-ledger.ts';

/** `blindmatchd requests show`: everything that is known of a request, in plain words. */
export async function show(path: string, prefix: string, reporter: Reporter): Promise<void> {
  await withLedger(path, async (ledger) => {
    const policy = await new PolicyInForce(ledger).current();
    await describeRequest(openRemembered(await findRequest(ledger, prefix)), ledger, policy, reporter);
  });
}

/** Tells what a request asks, who signed it, what became of it and, where it waits, what it would use of the quotas. */
export async function describeRequest(
  remembered: RememberedRequest,
  ledger: Ledger,
  policy: Policy,
  reporter: Reporter,
): Promise<void> {
  const now = new Date();
  const { known: request, open } = remembered;
  const { manifest } = open;
  const id = digestText(open.requestId);
  const { requester, officials, certifiers } = signersOf(remembered, policy, now);
  reporter.event(
    'request',
    {
      request: id,
      state: request.state,
      requester,
      officials,
      certifiers,
      epoch: request.epoch,
      records: manifest.records,
      elements: manifest.elements,
      statute: manifest.statute,
      purpose: manifest.purpose,
      reason: manifest.reason,
      tax_periods: manifest.taxPeriods,
      investigators: manifest.investigators.map(({ id: badge, name }) => `${badge}=${name}`),
      orders_from: manifest.orders?.from ?? null,
      orders_to: manifest.orders?.to ?? null,
      attestation: manifest.attestation,
      evidence: manifest.evidence === null ? null : digestText(manifest.evidence),
      created: manifest.created.toISOString(),
      expires: manifest.expires.toISOString(),
    },
    [
      `Request ${id}`,
      ...field('state', stateText(request, now)),
      ...manifestLines({ requester, officials, certifiers }, request.epoch, manifest, policy),
    ],
  );
  if (request.state === 'waiting') {
    await reportOutlook(remembered, { ledger, policy, now }, reporter);
    return;
  }
  if (request.approval !== undefined) reportApproval(remembered, request.approval, policy, reporter);
  if (request.state !== 'accepted') return;
  reportAnswer(request, reporter);
  if (request.waiver !== undefined) reportApproval(remembered, request.waiver, policy, reporter);
}

/** Whose request it is. Of one that waits by its signatures, which count as they will when it is answered. */
function signersOf({ known, open }: RememberedRequest, policy: Policy, now: Date): Signers {
  if (known.state !== 'waiting') return known;
  const judgement = judgeSignatures(policy, open, now);
  if (judgement.outcome === 'refused') return { ...known, officials: [], certifiers: [] };
  return { ...judgement, requester: judgement.requester.name };
}

/** Who decided on a request, and why. */
function reportApproval(
  remembered: RememberedRequest,
  approval: StoredApproval,
  policy: Policy,
  reporter: Reporter,
): void {
  const open = openRememberedDecision(remembered, approval);
  const { decision, reason, time } = open.approval;
  reporter.event(
    'decision',
    {
      decision,
      approvers: open.envelope.signatures.map(({ keyid }) => keyid),
      reason,
      time: time.toISOString(),
      approval: digestText(approval.digest),
    },
    decisionLines(open, policy),
  );
}

/** What an accepted request left behind. */
function reportAnswer(
  { leafIndex, acceptedAt, completedAt, accounting }: AcceptedRequest,
  reporter: Reporter,
): void {
  reporter.event(
    'answer',
    {
      accepted: acceptedAt.toISOString(),
      leaf: leafIndex,
      finished: completedAt?.toISOString() ?? null,
      accounting: accounting === undefined ? null : digestText(accounting),
    },
    [
      ...field('log', `leaf ${leafIndex}`),
      ...field('accounting', accounting === undefined ? 'none came' : digestText(accounting)),
    ],
  );
}

/** What would become of a waiting request now, were it approved, and what it would use of each quota. */
async function reportOutlook(
  { known, open }: RememberedRequest,
  { ledger, policy, now }: { readonly ledger: Ledger; readonly policy: Policy; readonly now: Date },
  reporter: Reporter,
): Promise<void> {
  const judgement = judge(policy, open, now);
  if (judgement.outcome === 'refused') {
    reporter.notice(
      'would_be_refused',
      `Now it would be refused even if it were approved: ${judgement.sentence}`,
      {
        problem: judgement.code,
      },
    );
    return;
  }
  const { requester } = judgement;
  const charge = chargeOf(open.manifest, requester.name, known.epoch, now);
  const perInvestigator = Math.max(0, ...charge.investigators.values());
  const limits = limitsOf(requester, open.manifest.statute);
  if (limits.length === 0) {
    const text = `none beside ${requester.caps.recordsPerRequest} records in one request`;
    reporter.event('no_quota', {}, field('quota', text));
  }
  for (const limit of limits) {
    const takes = limit.scope === 'investigator_epoch' ? perInvestigator : charge.records;
    const charged = await ledger.charged(charge, limit.scope);
    reporter.event(
      'quota',
      { scope: limit.scope, records: limit.records, charged, takes, left: limit.records - charged - takes },
      field('quota', quotaText(limit, charged, takes)),
    );
  }
}

function quotaText({ scope, records }: Limit, charged: number, takes: number): string {
  const left = records - charged - takes;
  const rest = left < 0 ? `exceeds what is left by ${-left}` : `leaves ${left}`;
  return `${records} records ${SCOPE_WORDS[scope]}: ${charged} are used, this one takes ${takes} and ${rest}`;
}
