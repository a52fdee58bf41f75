/** Recomputes a whole log from its leaves and compares it with everything that is remembered beside it. */

import type { KnownRequest, Ledger, LimitScope } from '@blindmatch/ledger';
import { digestText, type TreeHead } from '@blindmatch/protocol';
import { CommandError } from '@blindmatch/terminal';
import { SCOPE_WORDS } from '../charge.ts';
import type { Finding, Found } from './finding.ts';
import { LeafTally, newTallyKey, type TallyKey, type TallyKind } from './leaf-tally.ts';
import { chargeText } from './charge-sums.ts';
import { epochText, LogWalk, policyText } from './log-walk.ts';

export interface VerificationSetting {
  readonly ledger: Ledger;
  /** The holder's fingerprint. */
  readonly holder: string;
  /** An earlier head that the log must continue. */
  readonly earlier: TreeHead | undefined;
  readonly found: Found;
  readonly onProgress?: (leaves: number) => void;
}

/** How far a log was verified. */
export interface VerifiedLog extends TreeHead {
  readonly accepted: number;
  /** How often a leaf is older than the one before it. */
  readonly timesSetBack: number;
}

/** How often the comparison is begun anew because the log has grown meanwhile. */
const ATTEMPTS_MAX = 32;

const KINDS: Readonly<Record<TallyKind, string>> = {
  policy: 'policies that came in force',
  epoch: 'epochs that were announced',
  accepted: 'requests that were accepted',
  charge: 'charges',
  pending: 'requests that waited',
  approval: 'approvals, denials and waivers',
  expired: 'requests that expired',
  finished: 'requests that were finished',
  accounting: 'accountings',
};

/**
 * Verifies the log as it is, while a daemon may be writing to it. Memory does not grow with the leaves or the requests.
 * Every finding is told once; without one, all fits together.
 *
 * @throws CommandError `log_busy`
 */
export async function verifyLog(setting: VerificationSetting): Promise<VerifiedLog> {
  const { ledger, earlier, found } = setting;
  const key = newTallyKey();
  const walk = new LogWalk({ ...setting, key });
  // What is remembered can be compared with the leaves only while nothing is added: otherwise the walk goes on first.
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const head = await ledger.log.head();
    for await (const leaf of ledger.log.leaves(walk.tree.size)) {
      if (leaf.index >= head.size) break;
      await walk.take(leaf);
      setting.onProgress?.(walk.tree.size);
    }
    const closing = await closingFindings(walk, ledger, head, key);
    if ((await ledger.log.head()).size !== head.size) continue;
    for (const finding of closing) found(finding);
    if (earlier !== undefined && earlier.size > head.size) {
      const sentence = `The earlier checkpoint has ${earlier.size} leaves and the log has ${head.size}: leaves were removed.`;
      found({ code: 'log_shorter', leaf: undefined, sentence });
    }
    return { ...head, accepted: walk.tally.count('accepted'), timesSetBack: walk.timesSetBack };
  }
  throw new CommandError(
    'log_busy',
    'The log grew whenever it was compared with what is remembered; verify it again when less is asked.',
  );
}

async function closingFindings(
  walk: LogWalk,
  ledger: Ledger,
  head: TreeHead,
  key: TallyKey,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const find = (code: Finding['code'], sentence: string): void => {
    findings.push({ code, leaf: undefined, sentence });
  };
  if (walk.tree.size !== head.size || Buffer.compare(walk.tree.root(), head.root) !== 0) {
    find(
      'root_differs',
      `The ${head.size} leaves don't give the root ${digestText(head.root)} that is stored.`,
    );
  }
  const remembered = new LeafTally(key);
  for await (const request of ledger.requests()) count(request, remembered);
  await countKept(ledger, remembered);
  for (const [kind, words] of Object.entries(KINDS) as [TallyKind, string][]) {
    if (remembered.equals(walk.tally, kind)) continue;
    find(
      kind === 'charge' ? 'charge_differs' : 'leaves_differ',
      `${remembered.count(kind)} ${words} are remembered, and the ${walk.tally.count(kind)} leaves about such are not exactly theirs.`,
    );
  }
  for await (const { requester, scope, counted, charged } of walk.sums.differences(ledger)) {
    find(
      'charge_differs',
      `${requester} is charged with ${charged} records ${scopeWords(scope)}, and the log adds up to ${counted}.`,
    );
  }
  return findings;
}

/** What else must have a leaf. */
async function countKept({ kept }: Ledger, tally: LeafTally): Promise<void> {
  for await (const { digest, since, leafIndex } of kept.adoptions()) {
    const before = tally.count('policy');
    tally.add('policy', policyText(before, digestText(digest), leafIndex, since.toISOString()));
  }
  for await (const { epoch, epochId, announcedAt, leafIndex } of kept.epochs())
    tally.add('epoch', epochText(epoch, digestText(epochId), leafIndex, announcedAt.toISOString()));
  for await (const { requestId, charge } of kept.charges())
    tally.add('charge', chargeText(requestId === undefined ? '' : digestText(requestId), charge));
}

/** A scope in words, even one that somebody has made up. */
function scopeWords(scope: string): string {
  return Object.hasOwn(SCOPE_WORDS, scope) ? SCOPE_WORDS[scope as LimitScope] : `over "${scope}"`;
}

/** What a request must have leaves for. */
function count(request: KnownRequest, tally: LeafTally): void {
  const id = digestText(request.requestId);
  if (request.suspendedAt !== undefined) tally.add('pending', id);
  if (request.state === 'waiting') return;
  if (request.approval !== undefined) tally.add('approval', `${id} ${digestText(request.approval.digest)}`);
  if (request.state === 'expired') tally.add('expired', `${id} ${request.decidedAt.toISOString()}`);
  if (request.state !== 'accepted') return;
  tally.add('accepted', id);
  if (request.completedAt !== undefined) tally.add('finished', `${id} ${request.completedAt.toISOString()}`);
  if (request.waiver !== undefined) tally.add('approval', `${id} ${digestText(request.waiver.digest)}`);
  if (request.accounting !== undefined) tally.add('accounting', `${id} ${digestText(request.accounting)}`);
}
