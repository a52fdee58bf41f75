import type { Tier } from '@blindmatch/records';
import type { LinkageReport, Share } from './report.ts';

/** What is asked of the figures; the recalls depend on the population. */
export const LIMITS = {
  recallWithDate: 0.9,
  recallWithoutDate: 0.78,
  wrongAbsentWithDate: 3.5e-5,
  wrongAbsentWithoutDate: 2.5e-3,
  rejectedSame: 0.001,
  tokensPerPerson: 10,
  elementsPerRecord: 6,
  recordsPerSecond: 25_000,
  agreement: 0.985,
} as const;

/** The least recall of each tier, for a population. */
export interface LeastRecall {
  readonly recallWithDate: number;
  readonly recallWithoutDate: number;
}

/** How one figure compares with its limit. */
export interface Verdict {
  readonly limit: string;
  /** Undefined where nothing was measured; then the limit does not hold. */
  readonly value: number | undefined;
  readonly bound: number;
  readonly holds: boolean;
  /** What has to be known beside it. */
  readonly note: string;
}

type LimitedReport = Pick<LinkageReport, 'tiers' | 'requests' | 'file'>;

/**
 * Hold a report against the limits. A tier that was not asked for has none; one without a record to tell by does not hold.
 */
export function judge(report: LimitedReport, least: LeastRecall): Verdict[] {
  const { same, incomplete } = report.requests.classes;
  return [
    ...judgeTier(report, 'name_address_dob', least.recallWithDate, LIMITS.wrongAbsentWithDate),
    ...judgeTier(report, 'name_address', least.recallWithoutDate, LIMITS.wrongAbsentWithoutDate),
    atMost('accepted incomplete', 0, shareOf(incomplete.requests - incomplete.rejected, incomplete.requests)),
    atMost('rejected same', LIMITS.rejectedSame, shareOf(same.rejected, same.requests)),
    atMost('tokens per person', LIMITS.tokensPerPerson, report.file.tokensPerPerson),
    atMost('elements per record', LIMITS.elementsPerRecord, report.requests.elementsPerRecord),
  ];
}

function judgeTier({ tiers }: LimitedReport, tier: Tier, leastRecall: number, mostWrong: number): Verdict[] {
  const found = tiers.find((report) => report.tier === tier);
  if (found === undefined) return [];
  const all = found.groups.find(({ group }) => group === 'all');
  const moved = atMost(`${tier}: confirmed moved`, 0, all?.wrongMoved.share);
  return [
    atLeast(`${tier}: recall`, leastRecall, all?.recall.share),
    {
      ...atMost(`${tier}: wrong / absent`, mostWrong, all?.wrongAbsent.share),
      note: all === undefined ? '' : countsOf(all.wrongAbsent),
    },
    // Without a date of birth a namesake of the new address can't be told from the one who moved.
    ...(tier === 'name_address_dob' ? [moved] : []),
  ];
}

function shareOf(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole;
}

function countsOf({ count, of, interval }: Share): string {
  return `${count} of ${of}, 95 % up to ${interval[1].toExponential(1)}`;
}

/** A verdict on a figure that must not be larger. */
export function atMost(limit: string, bound: number, value: number | undefined): Verdict {
  return { limit, value, bound, holds: value !== undefined && value <= bound, note: '' };
}

/** A verdict on a figure that must not be smaller. */
export function atLeast(limit: string, bound: number, value: number | undefined): Verdict {
  return { limit, value, bound, holds: value !== undefined && value >= bound, note: '' };
}

/** One line for each limit. */
export function verdictLines(verdicts: readonly Verdict[]): string[][] {
  return verdicts.map(({ limit, value, bound, holds, note }) => [
    holds ? 'pass' : 'FAIL',
    limit,
    value === undefined || Number.isNaN(value) ? 'nothing to tell by' : String(Number(value.toPrecision(4))),
    `limit ${String(bound)}`,
    note,
  ]);
}
