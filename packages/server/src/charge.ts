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

/** What a scope is in words, to follow "records". */
export const SCOPE_WORDS: Readonly<Record<LimitScope, string>> = {
  day: 'a day (UTC)',
  epoch: 'in one epoch',
  statute_day: 'a day (UTC) under this statute',
  statute_epoch: 'in one epoch under this statute',
  investigator_epoch: 'for one investigator in one epoch',
};

/** What to tell a requester whose charge would exceed a limit. */
export function quotaSentence(limit: Limit, charged: number, investigator?: string): string {
  const left = Math.max(0, limit.records - charged);
  const whose = investigator === undefined ? '' : ` for ${investigator}`;
  return `This holder answers ${limit.records} records ${SCOPE_WORDS[limit.scope]} and has ${left} left${whose}; ask for less, later, or for a higher quota.`;
}
