import type { AccountOfRecords } from '@blindmatch/records';
import { setInLines, type Reporter } from '@blindmatch/terminal';

/** Tells how many records each tier has and how many were rejected for each reason, one event each. */
export function reportAccount({ tiers, rejections }: AccountOfRecords, reporter: Reporter): void {
  const labels = [...tiers.map(({ tier }) => tier), ...rejections.map(({ code }) => code)];
  const width = Math.max(...labels.map((label) => label.length));
  const lines = (records: number, label: string, text: string): readonly string[] =>
    setInLines(`${String(records).padStart(9)}  ${label.padEnd(width)}  `, text.split(' '));
  for (const { tier, records, keys } of tiers) {
    reporter.event('tier', { tier, records, keys }, lines(records, tier, `${keys} match keys`));
  }
  for (const { code, reason, records } of rejections) {
    reporter.event('total', { code, records, reason }, lines(records, code, reason));
  }
}
