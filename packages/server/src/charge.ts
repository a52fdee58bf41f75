import type { Charge, Limit, LimitScope } from '@blindmatch/ledger';
import type { RequestManifest } from '@blindmatch/protocol';
import { dayOf } from './policy/key-validity.ts';
import type { Requester } from './policy/policy.ts';

/** What accepting a request now charges its requester with. */
export function chargeOf(manifest: RequestManifest, requester: string, epoch: number, now: Date): Charge {
  const { records, statute, investigators } = manifest;
  // Rounded up, so that splitting a request over more requests gives nobody a record for nothing.
  const share = Math.ceil(records / Math.max(1, investigators.length));
  return {
    requester,
    epoch,
    day: dayOf(now),
    statute,
    records,
    investigators: new Map(investigators.map(({ id }) => [id, share])),
  };
}

/** The limits that a charge under this statute must keep. */
export function limitsOf({ caps }: Requester, statute: string): readonly Limit[] {
  const own = caps.statutes.find((entry) => entry.statute === statute);
  const capped: readonly (readonly [LimitScope, number | undefined])[] = [
    ['day', caps.recordsPerDay],
    ['epoch', caps.recordsPerEpoch],
    ['statute_day', own?.recordsPerDay],
    ['statute_epoch', own?.recordsPerEpoch],
    ['investigator_epoch', caps.recordsPerInvestigator],
  ];
  return capped.flatMap(([scope, records]) => (records === undefined ? [] : [{ scope, records }]));
}

/** The charge as a scope sees it: whole, or the share of each investigator by itself. */
export function partsOf(charge: Charge, scope: LimitScope): readonly Charge[] {
  if (scope !== 'investigator_epoch') return [charge];
  return Array.from(charge.investigators, ([investigator, records]) => ({
    ...charge,
    records,
    investigators: new Map([[investigator, records]]),
  }));
}

/** What charges of the same requester, day and epoch as a part of a charge come to over the scope of that part. */
export function sumOver(charges: readonly Charge[], part: Charge, scope: LimitScope): number {
  const counted = charges.map(({ statute, records, investigators }) => {
    if (scope === 'day' || scope === 'epoch') return records;
    if (scope !== 'investigator_epoch') return statute === part.statute ? records : 0;
    const [investigator = ''] = part.investigators.keys();
    return investigators.get(investigator) ?? 0;
  });
  return counted.reduce((sum, records) => sum + records, 0);
}

/** What a scope is in words, to follow "records". */
export const SCOPE_WORDS: Readonly<Record<LimitScope, string>> = {
  day: 'a day (UTC)',
  epoch: 'in one epoch',
  statute_day: 'a day (UTC) under this statute',
  statute_epoch: 'in one epoch under this statute',
  investigator_epoch: 'for one investigator in one epoch',
};

/** What to tell a requester whose charge would exceed a limit, of which `held` are for requests that wait. */
export function quotaSentence(limit: Limit, charged: number, investigator?: string, held = 0): string {
  const left = Math.max(0, limit.records - charged - held);
  const whose = investigator === undefined ? '' : ` for ${investigator}`;
  return `This holder answers ${limit.records} records ${SCOPE_WORDS[limit.scope]} and has ${left} left${whose}${held === 0 ? '' : `, as ${held} are for requests that wait for approval`}; ask for less, later, or for a higher quota.`;
}
