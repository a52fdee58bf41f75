import { parseLeaf, type Checkpoint } from '@blindmatch/protocol';
import type { Policy } from '../policy/policy.ts';
import { beginEntries, endEntries, entryRow } from './entries.ts';
import { gatherFacts, type Facts, type RequesterOf } from './facts.ts';
import { internalPage } from './internal-page.ts';
import { keyNames } from './names.ts';
import { endPage } from './page.ts';
import { isWithin, type Period } from './period.ts';
import { publicPage } from './public-page.ts';
import { publish } from './published.ts';

/** The log that a report is made from: the leaves below one checkpoint, which may be read more than once. */
export interface ReportedLog {
  readonly checkpoint: Checkpoint;
  leaves(): AsyncIterable<{ readonly index: number; readonly leaf: Uint8Array }>;
  readonly requesterOf: RequesterOf;
}

/** What a report is to be. */
export interface ReportTask {
  readonly period: Period;
  readonly policy: Policy;
  /** Fingerprint of the holder's identity key. */
  readonly fingerprint: string;
  readonly madeAt: Date;
  /** For publication: counts below this are not shown. Undefined for the full version. */
  readonly suppressBelow: number | undefined;
}

/**
 * Writes a report as HTML, piece by piece, and gives the facts that it is made from. The table of entries is read from the
 * log a second time, row by row, so that its length needs no memory.
 *
 * @throws ProtocolError `log_invalid` for a log with a leaf that is none
 */
export async function writeReport(
  log: ReportedLog,
  task: ReportTask,
  write: (html: string) => void,
): Promise<Facts> {
  const { period, policy, fingerprint, madeAt, suppressBelow } = task;
  const facts = await gatherFacts(log.leaves(), period, log.requesterOf);
  const heading = { title: 'Report on requests for matches', holder: policy.name, period, madeAt };
  if (suppressBelow !== undefined) {
    const published = publish(facts, policy, suppressBelow);
    const root = Buffer.from(log.checkpoint.root).toString('hex');
    write(publicPage({ heading, fingerprint, facts, published, root }));
    return facts;
  }
  write(internalPage({ heading, fingerprint, facts, policy, checkpoint: log.checkpoint }));
  if (facts.entries > 0) {
    const names = keyNames(policy);
    write(beginEntries().html);
    for await (const { index, leaf: bytes } of log.leaves()) {
      const leaf = parseLeaf(bytes);
      if (isWithin(period, leaf.time)) write(entryRow(index, leaf, names).html);
    }
    write(endEntries().html);
  }
  write(endPage().html);
  return facts;
}
