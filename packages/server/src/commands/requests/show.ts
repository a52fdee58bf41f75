import type { KnownRequest, Ledger, Limit } from '@blindmatch/ledger';
import { digestText, openRequest, type OpenRequest } from '@blindmatch/protocol';
import type { Reporter } from '@blindmatch/terminal';
import { judge } from '../../authorisation.ts';
import { chargeOf, limitsOf, SCOPE_WORDS } from '../../charge.ts';
import { PolicyInForce } from '../../policy-in-force.ts';
import type { Policy } from '../../policy/policy.ts';
import { field, manifestLines, stateText } from '../../requests-description.ts';
import { findRequest } from '../../requests-lookup.ts';
import { withLedger } from '../with-ledger.ts';

/** `blindmatchd requests show`: everything that is known of a request, in plain words. */
export async function show(path: string, prefix: string, reporter: Reporter): Promise<void> {
  await withLedger(path, async (ledger) => {
    const policy = await new PolicyInForce(ledger).current();
    await describeRequest(await findRequest(ledger, prefix), ledger, policy, reporter);
  });
}

/** Tells what a request asks, who signed it, what became of it and, where it waits, what it would use of the quotas. */
export async function describeRequest(
  request: KnownRequest,
  ledger: Ledger,
  policy: Policy,
  reporter: Reporter,
): Promise<void> {
  const now = new Date();
  const open = openRequest(request.envelope);
  const { manifest } = open;
  const id = digestText(request.requestId);
  reporter.event(
    'request',
    {
      request: id,
      state: request.state,
      requester: request.requester,
      officials: request.officials,
      certifiers: request.certifiers,
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
    [`Request ${id}`, field('state', stateText(request, now)), ...manifestLines(request, manifest, policy)],
  );
  if (request.state === 'accepted') reportAnswer(request, reporter);
  else if (request.state === 'waiting') await reportOutlook(open, request, { ledger, policy, now }, reporter);
}

/** What an accepted request left behind. */
function reportAnswer(request: KnownRequest & { readonly state: 'accepted' }, reporter: Reporter): void {
  const { leafIndex, acceptedAt, completedAt, accounting, approval } = request;
  reporter.event(
    'answer',
    {
      accepted: acceptedAt.toISOString(),
      leaf: leafIndex,
      finished: completedAt?.toISOString() ?? null,
      approval: approval === undefined ? null : digestText(approval.digest),
      accounting: accounting === undefined ? null : digestText(accounting),
    },
    [
      field('log', `leaf ${leafIndex}`),
      field('approval', approval === undefined ? 'none was needed' : digestText(approval.digest)),
      field('accounting', accounting === undefined ? 'none came' : digestText(accounting)),
    ],
  );
}

/** What would become of a waiting request now, were it approved, and what it would use of each quota. */
async function reportOutlook(
  open: OpenRequest,
  request: KnownRequest,
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
  const charge = chargeOf(open.manifest, requester.name, request.epoch, now);
  const perInvestigator = Math.max(0, ...charge.investigators.values());
  for (const limit of limitsOf(requester, open.manifest.statute)) {
    const takes = limit.scope === 'investigator_epoch' ? perInvestigator : charge.records;
    const charged = await ledger.charged(charge, limit.scope);
    reporter.event(
      'quota',
      { scope: limit.scope, records: limit.records, charged, takes, left: limit.records - charged - takes },
      [field('quota', quotaText(limit, charged, takes))],
    );
  }
}

function quotaText({ scope, records }: Limit, charged: number, takes: number): string {
  const left = records - charged - takes;
  const rest = left < 0 ? `exceeds what is left by ${-left}` : `leaves ${left}`;
  return `${records} records ${SCOPE_WORDS[scope]}: ${charged} are used, this one takes ${takes} and ${rest}`;
}
