import { existsSync } from 'node:fs';
import { openSqliteLedger } from '@blindmatch/ledger';
import { fingerprint, type MatchTier } from '@blindmatch/protocol';
import { quoted, readPublicKey, type Reporter } from '@blindmatch/terminal';
import { readEpochDescriptor } from '../epoch.ts';
import { openHolderDirectory, type HolderDirectory } from '../holder-directory.ts';
import { needsBuild } from '../pending-policy.ts';
import type { Policy } from '../policy/policy.ts';
import { readPolicy } from '../policy/read-policy.ts';
import { readAccount } from '../build-account.ts';
import { accountLines, rejectedPeople, reportCounts } from './build-report.ts';

/** `blindmatchd inspect`: who this holder is, its epochs, what it allows and what it answered. Opens no secret. */
export function inspect(path: string, reporter: Reporter): void {
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
      ...termsLines(policy.answeredTiers, policy.minimumOrderAgeDays),
    ],
  );
  for (const epoch of directory.epochs()) inspectEpoch(directory, epoch, reporter);
  noticePendingChange(directory, policy, reporter);
  for (const requester of policy.requesters) {
    const officials = requester.officials.map((official) => official.fingerprint);
    reporter.event(
      'allowed',
      { requester: requester.name, max_records: requester.maxRecords, officials },
      `Allowed: ${requester.name}\n  max records   ${requester.maxRecords} in one request\n  officials     ${officials.join('\n                ')}`,
    );
  }
  if (policy.requesters.length === 0) {
    reporter.event(
      'nobody_allowed',
      {},
      `Nobody is allowed to ask yet; use: blindmatchd allow ${quoted(path)} …`,
    );
  }
  inspectRequests(directory, reporter);
}

/** What is answered, of the policy as well as of an epoch. */
function termsLines(tiers: readonly MatchTier[], minimumOrderAgeDays: number): string[] {
  const age = minimumOrderAgeDays === 0 ? 'of any age' : `at least ${minimumOrderAgeDays} days old`;
  return [`  tiers         ${tiers.join(', ')}`, `  orders        ${age}`];
}

/** Tells where the policy says something else than the epoch that is served. */
function noticePendingChange(directory: HolderDirectory, policy: Policy, reporter: Reporter): void {
  const newest = directory.newestBuilt();
  if (newest === undefined) return;
  const { descriptor } = readEpochDescriptor(directory, newest);
  if (!needsBuild(policy, descriptor)) return;
  reporter.notice(
    'build_needed',
    `The policy was changed since epoch ${newest.epoch} was built; what it says of elements, tiers and the age of orders takes effect with the next build.`,
    { epoch: newest.epoch },
  );
}

/** What was accepted so far, requester by requester. */
function inspectRequests(directory: HolderDirectory, reporter: Reporter): void {
  if (!existsSync(directory.ledger)) return;
  const sums = new Map<string, { requests: number; records: number; elements: number }>();
  const ledger = openSqliteLedger(directory.ledger);
  try {
    for (const { requester, records, elements } of ledger.requests()) {
      const sum = sums.get(requester) ?? { requests: 0, records: 0, elements: 0 };
      sums.set(requester, {
        requests: sum.requests + 1,
        records: sum.records + records,
        elements: sum.elements + elements,
      });
    }
  } finally {
    ledger.close();
  }
  for (const [requester, { requests, records, elements }] of sums) {
    reporter.event(
      'answered',
      { requester, requests, records, elements },
      `Answered: ${requester}\n  requests      ${requests}\n  records       ${records} in all\n  elements      ${elements} in all`,
    );
  }
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
      ...termsLines(descriptor.tiers, descriptor.minimumOrderAgeDays),
      `  suite         ${descriptor.suite}`,
      `  tokens        ${tokens} of ${bits} bits, ${bytes} bytes`,
      `  digest        ${digest}`,
      ...(account === undefined ? [] : [`  people        ${account.people}`, ...accountLines(account)]),
    ],
  );
}
