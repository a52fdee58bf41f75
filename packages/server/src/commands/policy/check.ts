import { existsSync } from 'node:fs';
import { digestText } from '@blindmatch/protocol';
import { quoted, type Reporter } from '@blindmatch/terminal';
import { openHolderDirectory, type HolderDirectory } from '../../holder-directory.ts';
import { openHolderLedger, requireLedgerKept } from '../../holder-ledger.ts';
import type { Policy } from '../../policy/policy.ts';
import { readHolderPolicy } from '../../policy-in-force.ts';
import { noticeBuildNeeded } from '../build-needed.ts';
import { changeText, policyChanges, type PolicyChange } from './policy-changes.ts';
import { policyInForce } from './stored-policy.ts';
import { noticeUnmetRules } from './unmet-rules.ts';

/** The most records whose accounting fits in a sealed one: a bit for each (protocol-spec/exchange.md, "Limits"). */
const ACCOUNTED_RECORDS_MAX = 2 ** 23;

/** `blindmatchd policy check`: whether holder.yaml can be put in force, and what that would change. Changes nothing. */
export async function check(path: string, reporter: Reporter): Promise<void> {
  const directory = openHolderDirectory(path);
  const policy = readHolderPolicy(directory);
  const inForce = await readPolicyInForce(directory);
  const digest = digestText(policy.digest);
  const changes = policyChanges(inForce, policy);
  const same = inForce !== undefined && digestText(inForce.digest) === digest;
  if (inForce !== undefined) reportChanges(changes, reporter);
  reporter.event(
    'policy_checked',
    { digest, in_force: same, changes: inForce === undefined ? null : changes.length },
    summaryOf(path, { same, first: inForce === undefined, changes: changes.length }),
  );
  noticeUnmetRules(policy, new Date(), reporter);
  noticeAccountingImpossible(policy, reporter);
  noticeBuildNeeded(directory, policy, reporter);
}

/** An accounting has a bit for each record, and a request may have as many of these as it may have elements. */
function noticeAccountingImpossible({ accounting, maxElements }: Policy, reporter: Reporter): void {
  if (accounting !== 'required' || maxElements <= ACCOUNTED_RECORDS_MAX) return;
  reporter.notice(
    'accounting_impossible',
    `An accounting has room for ${ACCOUNTED_RECORDS_MAX} records, and max_elements allows requests of more, whose accounting could not be returned; set max_elements to at most ${ACCOUNTED_RECORDS_MAX} and build again.`,
    { max_elements: maxElements },
  );
}

/** Tells the differences, a line each. */
export function reportChanges(changes: readonly PolicyChange[], reporter: Reporter): void {
  for (const change of changes) {
    const { subject, before, after } = change;
    reporter.event('policy_change', { subject, before: before ?? null, after: after ?? null }, [
      `  ${changeText(change)}`,
    ]);
  }
}

/** The policy in force where there is a ledger; this alone makes none. */
async function readPolicyInForce(directory: HolderDirectory): Promise<Policy | undefined> {
  requireLedgerKept(directory);
  if (!existsSync(directory.ledger)) return undefined;
  const ledger = openHolderLedger(directory);
  try {
    return await policyInForce(ledger);
  } finally {
    await ledger.close();
  }
}

function summaryOf(
  path: string,
  { same, first, changes }: { readonly same: boolean; readonly first: boolean; readonly changes: number },
): string {
  const reload = `blindmatchd policy reload ${quoted(path)}`;
  if (same) return 'holder.yaml is in order and in force.';
  if (first) return `holder.yaml is in order. No policy is in force yet; put it in force with: ${reload}`;
  if (changes === 0) {
    return `holder.yaml is in order and says the same as the policy in force in other words; put it in force with: ${reload}`;
  }
  return `holder.yaml is in order. The above would change; put it in force with: ${reload}`;
}
