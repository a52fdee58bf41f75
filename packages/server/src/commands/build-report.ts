import type { Reporter } from '@blindmatch/terminal';
import type { KeptAccount } from '../build-account.ts';

/** What an epoch was built from, as indented lines for people. */
export function accountLines({ tiers, rejected, ambiguous }: KeptAccount): string[] {
  const rows: (readonly [count: number, label: string, text: string])[] = [
    ...tiers.map(({ tier, people, match_keys }) => [people, tier, `${match_keys} match keys`] as const),
    ...rejected.map(({ code, people }) => [people, code, 'rejected'] as const),
  ];
  const width = Math.max(...rows.map(([, label]) => label.length));
  return [
    ...rows.map(([count, label, text]) => `${String(count).padStart(9)}  ${label.padEnd(width)}  ${text}`),
    ...(ambiguous === 0
      ? []
      : [`${String(ambiguous).padStart(9)}  match keys belong to more than one person and are left out`]),
  ];
}

/** Rows that gave no match key. */
export function rejectedPeople({ rejected }: KeptAccount): number {
  return rejected.reduce((sum, { people }) => sum + people, 0);
}

/** Tells the counts as events, one for each tier and each reason; `epoch` says which epoch's they are. */
export function reportCounts(epoch: number, { tiers, rejected }: KeptAccount, reporter: Reporter): void {
  for (const { tier, people, match_keys } of tiers)
    reporter.event('tier', { epoch, tier, people, match_keys });
  for (const { code, people } of rejected) reporter.event('rejected', { epoch, code, people });
}
