import { existsSync } from 'node:fs';
import type { StoredPolicy } from '@blindmatch/ledger';
import { fingerprint, type EpochDescriptor, type MatchTier } from '@blindmatch/protocol';
import { quoted, readPublicKey, type Reporter } from '@blindmatch/terminal';
import { readEpochDescriptor } from '../epoch.ts';
import { openHolderDirectory, type HolderDirectory } from '../holder-directory.ts';
import { isLedgerLost, ledgerLostText, openHolderLedger } from '../holder-ledger.ts';
import type { Policy } from '../policy/policy.ts';
import { readPolicy } from '../policy/read-policy.ts';
import { readAccount } from '../build-account.ts';
import { noticeBuildNeeded } from './build-needed.ts';
import { accountLines, rejectedPeople, reportCounts } from './build-report.ts';
import { reportAllowed, termLines } from './inspect-policy.ts';

/** `blindmatchd inspect`: who this holder is, its epochs, what it allows and what it answered. Opens no secret. */
export async function inspect(path: string, reporter: Reporter): Promise<void> {
  const directory = openHolderDirectory(path);
  const policy = readPolicy(directory.policy);
  const id = fingerprint(readPublicKey(directory.publicIdentity));
  reporter.event(
    'holder',
    {
      name: policy.name,
      fingerprint: id,
      max_elements: policy.maxElements,
      answered_tiers: policy.answeredTiers,
      minimum_order_age_days: policy.minimumOrderAgeDays,
    },
    [
      policy.name,
      `  fingerprint   ${id}`,
      `  max elements  ${policy.maxElements} in one request`,
      ...tierLines(policy.answeredTiers, policy.minimumOrderAgeDays),
      ...termLines(policy),
    ],
  );
  for (const epoch of directory.epochs()) inspectEpoch(directory, epoch, reporter);
  noticeBuildNeeded(directory, policy, reporter);
  reportAllowed(path, policy, reporter);
  await inspectLedger(directory, policy, reporter);
}

/** What is answered, of the policy as well as of an epoch. */
function tierLines(tiers: readonly MatchTier[], minimumOrderAgeDays: number): string[] {
  const age = minimumOrderAgeDays === 0 ? 'of any age' : `at least ${minimumOrderAgeDays} days old`;
  return [`  tiers         ${tiers.join(', ')}`, `  orders        ${age}`];
}

/** Whether holder.yaml is in force, and what was accepted so far, requester by requester. */
async function inspectLedger(directory: HolderDirectory, policy: Policy, reporter: Reporter): Promise<void> {
  if (isLedgerLost(directory)) {
    reporter.notice('ledger_missing', ledgerLostText(directory));
    return;
  }
  if (!existsSync(directory.ledger)) {
    noticeNotInForce(directory, policy, undefined, reporter);
    return;
  }
  const sums = new Map<string, { requests: number; records: number; elements: number }>();
  const ledger = openHolderLedger(directory);
  try {
    noticeNotInForce(directory, policy, await ledger.policy(), reporter);
    for await (const { requester, records, elements, state } of ledger.requests()) {
      if (state !== 'accepted') continue;
      const sum = sums.get(requester) ?? { requests: 0, records: 0, elements: 0 };
      sums.set(requester, {
        requests: sum.requests + 1,
        records: sum.records + records,
        elements: sum.elements + elements,
      });
    }
  } finally {
    await ledger.close();
  }
  for (const [requester, { requests, records, elements }] of sums) {
    reporter.event(
      'answered',
      { requester, requests, records, elements },
      `Answered: ${requester}\n  requests      ${requests}\n  records       ${records} in all\n  elements      ${elements} in all`,
    );
  }
}

/** What is shown above is the file; whoever thinks that it is what decides is told where it is not. */
function noticeNotInForce(
  { path }: HolderDirectory,
  policy: Policy,
  inForce: StoredPolicy | undefined,
  reporter: Reporter,
): void {
  if (inForce !== undefined && Buffer.compare(inForce.digest, policy.digest) === 0) return;
  reporter.notice(
    'policy_not_in_force',
    `${inForce === undefined ? 'No policy is in force yet' : 'holder.yaml is not the policy in force'}; put it in force with: blindmatchd policy reload ${quoted(path)}`,
  );
}

function inspectEpoch(directory: HolderDirectory, epoch: number, reporter: Reporter): void {
  const files = directory.epochFiles(epoch);
  if (!existsSync(files.descriptor)) {
    reporter.event('epoch', { epoch, built: false }, `Epoch ${epoch}\n  not built yet`);
    return;
  }
  const { descriptor } = readEpochDescriptor(directory, files);
  const { tokens, bits, bytes } = descriptor.tokenSet;
  const account = readAccount(files.account);
  if (account !== undefined) reportCounts(epoch, account, reporter);
  const digest = `sha256:${Buffer.from(descriptor.tokenSet.digest).toString('hex')}`;
  reporter.event(
    'epoch',
    {
      epoch,
      built: true,
      created: descriptor.created.toISOString(),
      profile: descriptor.profile.id,
      tiers: descriptor.tiers,
      minimum_order_age_days: descriptor.minimumOrderAgeDays,
      evidence_readers: descriptor.evidenceReaders.map(({ recipient }) => recipient),
      inspector: descriptor.inspector?.recipient ?? null,
      ...(account === undefined
        ? {}
        : { people: account.people, rejected: rejectedPeople(account), ambiguous: account.ambiguous }),
      suite: descriptor.suite,
      tokens,
      bits,
      bytes,
      digest,
    },
    [
      `Epoch ${epoch}`,
      `  created       ${descriptor.created.toISOString()}`,
      `  profile       ${descriptor.profile.id}`,
      ...tierLines(descriptor.tiers, descriptor.minimumOrderAgeDays),
      ...readerLines(descriptor),
      `  suite         ${descriptor.suite}`,
      `  tokens        ${tokens} of ${bits} bits, ${bytes} bytes`,
      `  digest        ${digest}`,
      ...(account === undefined ? [] : [`  people        ${account.people}`, ...accountLines(account)]),
    ],
  );
}

/** For whom requesters seal evidence and accountings in an epoch. */
function readerLines({ evidenceReaders, inspector }: EpochDescriptor): string[] {
  return [
    ...evidenceReaders.map(
      ({ role, name, recipient }, at) =>
        `${at === 0 ? '  evidence for  ' : '                '}${name}, ${role} (${recipient})`,
    ),
    ...(inspector === null ? [] : [`  inspector     ${inspector.name} (${inspector.recipient})`]),
  ];
}
