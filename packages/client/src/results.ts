import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { ProtocolError, type CanaryCounts } from '@blindmatch/protocol';
import { TIERS, type Tier } from '@blindmatch/records';
import { canaryElements, keyElements } from './chunk-plan.ts';
import { readPreparedRecords, recordsDamaged, type RecordFile } from './record-file.ts';

/** The outcomes of a request, in counts. */
export interface ResultCounts {
  readonly match: number;
  /** The matches by what they rest on; together they are all. */
  readonly matchByTier: Readonly<Record<Tier, number>>;
  readonly no_match: number;
  readonly rejected: number;
}

/** The columns of the results, in order. */
export const RESULT_COLUMNS: readonly string[] = ['record_id', 'outcome', 'tier', 'matched_on', 'reason'];

/**
 * Checks the canaries of a request: each present one must have been found, each absent one not.
 *
 * @param found one byte an element, 1 where its token is in the set
 * @throws ProtocolError `canary_failed`; then no result may be used
 */
export function checkCanaries(found: Uint8Array, seed: Uint8Array, counts: CanaryCounts): void {
  for (const { element, present } of canaryElements(found.length, seed, counts)) {
    if ((found[element] === 1) !== present) throw new ProtocolError('canary_failed');
  }
}

/** What was found of a request, whose canaries have been checked; undefined where nothing was submitted. */
export interface Findings {
  /** One byte an element, 1 where its token is in the set. */
  readonly found: Uint8Array;
  readonly canaries: CanaryCounts;
  /** The number of match keys of the request. */
  readonly keys: number;
  /** Called for each submitted record in order. */
  readonly onRecord?: (tier: Tier, matched: boolean) => void;
}

/**
 * Writes the results: one line for each input line, in its order. The file appears under its name only when it is
 * whole and the records have turned out to be the request's to their end.
 *
 * @throws CommandError `request_damaged` if the records are not those of the request
 */
export async function writeResults(
  path: string,
  records: RecordFile,
  findings: Findings | undefined,
): Promise<ResultCounts> {
  const counts: Counting = {
    matchByTier: { name_address_dob: 0, name_address: 0 },
    no_match: 0,
    rejected: 0,
  };
  const next = `${path}.${process.pid}.new`;
  try {
    await pipeline(
      resultLines(records, findings, counts),
      stringify({ header: true, columns: [...RESULT_COLUMNS] }),
      createWriteStream(next, { flags: 'wx', mode: 0o600, flush: true }),
    );
    await rename(next, path);
  } finally {
    await rm(next, { force: true });
  }
  const match = TIERS.reduce((sum, tier) => sum + counts.matchByTier[tier], 0);
  return { match, ...counts };
}

interface Counting {
  readonly matchByTier: Record<Tier, number>;
  no_match: number;
  rejected: number;
}

async function* resultLines(
  records: RecordFile,
  findings: Findings | undefined,
  counts: Counting,
): AsyncIterable<readonly string[]> {
  const elements: Iterator<number, undefined> | undefined =
    findings === undefined ? undefined : keyElements(findings.keys, records.seed, findings.canaries);
  for await (const record of readPreparedRecords(records)) {
    if ('rejected' in record) {
      counts.rejected++;
      yield [record.recordId, 'rejected', '', '', record.reason];
      continue;
    }
    // A record may have several keys of one name, such as one for each of two surnames.
    const matchedOn = new Set<string>();
    for (const key of record.keys) {
      const next = elements?.next();
      if (next === undefined || next.done === true || findings === undefined) {
        throw recordsDamaged(records.path);
      }
      if (findings.found[next.value] === 1) matchedOn.add(key.name);
    }
    const { recordId, tier } = record;
    findings?.onRecord?.(tier, matchedOn.size > 0);
    if (matchedOn.size > 0) {
      counts.matchByTier[tier]++;
      yield [recordId, 'match', tier, [...matchedOn].join(' '), ''];
    } else {
      counts.no_match++;
      yield [recordId, 'no_match', tier, '', ''];
    }
  }
  // Every match key of the request has found its record, or lines are missing.
  if (elements !== undefined && elements.next().done !== true) throw recordsDamaged(records.path);
}
