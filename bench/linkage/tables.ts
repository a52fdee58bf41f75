import { aligned } from '../core/rows.ts';
import type { GroupReport, LinkageReport, Share, TierReport } from './report.ts';
import { REQUEST_CLASSES } from './truth.ts';

/** The report for a reader. */
export function tablesOf(report: LinkageReport): string {
  return [
    `${report.profile}, ${report.file.rows} rows on file, ${report.requests.all} requests, read as on ${report.today}`,
    fileTable(report),
    ...report.tiers.flatMap((tier) => tierTables(tier, report)),
    rejectionTable(report),
    faultLines(report),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function fileTable({ file, requests }: LinkageReport): string {
  const lines = [['on file', 'tier', 'tokens/person', 'ambiguous']];
  for (const { name, tier, tokensPerPerson, ambiguous } of file.keys) {
    lines.push([name, tier, tokensPerPerson.toFixed(2), String(ambiguous)]);
  }
  const ambiguous = file.ambiguous.reduce((sum, count) => sum + count, 0);
  lines.push(['together', '', file.tokensPerPerson.toFixed(2), String(ambiguous)]);
  const rejected = file.rows - file.people;
  return `${aligned(lines)}\n${rejected} rows give no key. Elements per record submitted: ${requests.elementsPerRecord.toFixed(2)}`;
}

function tierTables(tier: TierReport, report: LinkageReport): string[] {
  const all = tier.groups.find(({ group }) => group === 'all');
  if (all === undefined) return [`${tier.tier}: no request`];
  return [
    `${tier.tier}: ${all.requests} requests\n${groupTable(tier.groups, report.matchRate)}`,
    keyTable(all),
    collisionTable(tier, report.peopleExtrapolated),
  ];
}

function groupTable(groups: readonly GroupReport[], matchRate: number): string {
  const lines = [
    [
      'group',
      'recall (95 %)',
      'wrong absent (95 %)',
      'of the house',
      'moved',
      `precision at ${percent(matchRate)}`,
    ],
  ];
  for (const { group, recall, wrongAbsent, wrongMoved, classes, precision, precisionAtLeast } of groups) {
    lines.push([
      group,
      `${percent(recall.share)} of ${recall.of} (${percent(recall.interval[0])}–${percent(recall.interval[1])})`,
      rareShare(wrongAbsent),
      String(classes.absent.inTheHouse),
      `${wrongMoved.count} of ${wrongMoved.of}`,
      `${percent(precision)}, at least ${percent(precisionAtLeast)}`,
    ]);
  }
  return aligned(lines);
}

function keyTable({ keys }: GroupReport): string {
  const lines = [
    [
      'key',
      '',
      'finds',
      'adds',
      'lost without',
      'wrong absent',
      'only by it',
      'moved',
      'another of same',
      'elements/record',
    ],
  ];
  for (const key of keys) {
    lines.push([
      key.name,
      '',
      percent(key.recallAlone),
      percent(key.recallAdded),
      percent(key.recallLost),
      String(key.wrongAbsent),
      String(key.onlyWrongAbsent),
      String(key.wrongMoved),
      String(key.wrongSame),
      key.elementsPerRecord.toFixed(2),
    ]);
  }
  return aligned(lines);
}

function collisionTable({ collisions, strangers, household }: TierReport, people: number): string {
  const lines = [
    [
      'strangers who share',
      'pairs on file',
      'name part',
      'address part',
      'direct',
      'at most',
      'factored',
      'at most',
    ],
  ];
  for (const key of collisions) {
    lines.push([
      key.name,
      `${key.onFile.pairs} of ${scientific(key.onFile.trials)}`,
      `${key.names.pairs} of ${scientific(key.names.trials)}`,
      `${key.addresses.pairs} of ${scientific(key.addresses.trials)}`,
      ...[key.direct, key.directUpper, key.factored, key.factoredUpper].map(scientific),
    ]);
  }
  const sums = [strangers.direct, strangers.directUpper, strangers.factored, strangers.factoredUpper];
  lines.push(['together at most', '', '', '', ...sums.map(scientific)]);
  return (
    `Expected wrong confirmations of an absent request with ${String(people)} people on file\n${aligned(lines)}\n` +
    `and by people of the house, however many are on file: ${rareShare(household)}`
  );
}

function rejectionTable({ requests }: LinkageReport): string {
  const codes = new Set(REQUEST_CLASSES.flatMap((name) => Object.keys(requests.classes[name].rejections)));
  if (codes.size === 0) return '';
  const row = (label: string, of: (name: (typeof REQUEST_CLASSES)[number]) => number): string[] => [
    label,
    '',
    ...REQUEST_CLASSES.map((name) => String(of(name))),
  ];
  return aligned([
    ['rejected requests', '', ...REQUEST_CLASSES],
    ...[...codes].sort().map((code) => row(code, (name) => requests.classes[name].rejections[code] ?? 0)),
    row('together', (name) => requests.classes[name].rejected),
    row('of', (name) => requests.classes[name].requests),
  ]);
}

const FAULTS = {
  rejectedSame: 'on file at that address, but rejected',
  acceptedIncomplete: 'incomplete, but not rejected',
  confirmedMoved: 'moved, but confirmed',
  confirmedAbsent: 'absent, but confirmed',
  confirmedByOthers: "on file, but confirmed by another's row only",
} as const;

function faultLines({ faults }: LinkageReport): string {
  return (Object.keys(FAULTS) as (keyof typeof FAULTS)[])
    .filter((kind) => faults[kind].length > 0)
    .map((kind) => `${FAULTS[kind]} (the first): ${faults[kind].join(' ')}`)
    .join('\n');
}

function percent(share: number): string {
  return Number.isNaN(share) ? '–' : `${(100 * share).toFixed(2)} %`;
}

function scientific(value: number): string {
  return value === 0 ? '0' : value.toExponential(1);
}

function rareShare({ count, of, share, interval }: Share): string {
  if (of === 0) return '– of 0';
  return `${count} of ${of} = ${scientific(share)} (${scientific(interval[0])}–${scientific(interval[1])})`;
}
