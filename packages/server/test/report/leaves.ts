/** Leaves of a made-up log, and reading them. */

import { createHash } from 'node:crypto';
import { encodeLeaf, type LeafOf, type LogLeaf } from '@blindmatch/protocol';
import { gatherFacts, type Facts } from '../../src/report/facts.ts';
import type { Period } from '../../src/report/period.ts';

export const YEAR: Period = { from: '2026-01-01', to: '2026-12-31' };
export const STATUTE = '8 U.S.C. 1253(a)(1)';

/** A digest as text, of a word. */
export function digest(word: string): string {
  return `sha256:${createHash('sha256').update(word).digest('hex')}`;
}

/** Noon of a day, in UTC. */
function noon(day: string): string {
  return `${day}T12:00:00.000Z`;
}

const asked = (request: string, day: string, records: number) => ({
  time: noon(day),
  request: digest(request),
  records,
  elements: 5 * records + 2,
  policy: digest('policy'),
});

/** What may be said of an accepted request beside its name, day and records. */
export type Terms = Partial<LeafOf<'accepted'>>;

export function accepted(request: string, day: string, records: number, terms: Terms = {}): LogLeaf {
  return {
    type: 'accepted',
    ...asked(request, day, records),
    epoch_id: digest('epoch 1'),
    requester: 'Requesting Agency',
    officials: [digest('official')],
    certifiers: [],
    statute: STATUTE,
    purpose: null,
    investigators: 0,
    approval: null,
    ...terms,
  };
}

export function refused(
  request: string,
  day: string,
  code: LeafOf<'refused'>['code'],
  requester: string | null = 'Requesting Agency',
): LogLeaf {
  return { type: 'refused', ...asked(request, day, 7), code, requester };
}

export function pending(request: string, day: string, requester = 'Requesting Agency'): LogLeaf {
  return { type: 'pending', ...asked(request, day, 7), epoch_id: digest('epoch 1'), requester };
}

export function approval(request: string, day: string, decision: LeafOf<'approval'>['decision']): LogLeaf {
  return {
    type: 'approval',
    ...{ time: noon(day), request: digest(request), decision },
    approver: digest('approver'),
    approval: digest(`${decision} ${request}`),
  };
}

export function finished(request: string, day: string): LogLeaf {
  return { type: 'finished', time: noon(day), request: digest(request) };
}

export function accounting(request: string, day: string): LogLeaf {
  return {
    type: 'accounting',
    ...{ time: noon(day), request: digest(request), accounting: digest('sealed'), bytes: 300 },
  };
}

export function epoch(number: number, day: string): LogLeaf {
  return { type: 'epoch', time: noon(day), epoch: number, epoch_id: digest(`epoch ${number}`) };
}

export function policy(word: string, day: string): LogLeaf {
  return { type: 'policy', time: noon(day), policy: digest(word) };
}

/** The leaves as a ledger gives them. */
export async function* stored(
  leaves: readonly LogLeaf[],
): AsyncIterable<{ readonly index: number; readonly leaf: Uint8Array }> {
  for (const [index, leaf] of leaves.entries())
    yield await Promise.resolve({ index, leaf: encodeLeaf(leaf) });
}

/** Whose a request is, as a ledger knows it. */
export function requesterIn(leaves: readonly LogLeaf[]): (request: string) => Promise<string | undefined> {
  return async (request) => {
    const known = leaves.find((leaf) => 'requester' in leaf && leaf.request === request);
    return await Promise.resolve(
      known !== undefined && 'requester' in known ? (known.requester ?? undefined) : undefined,
    );
  };
}

export async function factsOf(leaves: readonly LogLeaf[], period: Period = YEAR): Promise<Facts> {
  return await gatherFacts(stored(leaves), period, requesterIn(leaves));
}
