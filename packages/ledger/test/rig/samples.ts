/** Requests, charges and leaves to try a ledger with. */

import { createHash } from 'node:crypto';
import type { JudgedRequest } from '../../src/known-request.ts';
import type { AcceptanceToMake, Charge, LimitScope } from '../../src/ledger.ts';

export const SCOPES: readonly LimitScope[] = [
  'day',
  'epoch',
  'statute_day',
  'statute_epoch',
  'investigator_epoch',
];

export const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
export const digest = (text: string): Uint8Array =>
  new Uint8Array(createHash('sha256').update(text).digest());
export const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex');
/** Everything that a list gives, page by page as it comes. */
export async function collected<T>(list: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of list) items.push(item);
  return items;
}

/** Minutes after a day began. */
export const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 1, 0, minute));

/** The leaf that accepts a request, by which the checks know it again. */
export const acceptedLeaf = (requestId: Uint8Array): Uint8Array => bytes(`accepted ${hex(requestId)}`);

export const POLICY: Uint8Array = digest('policy');

export function request(name: string, changes: Partial<JudgedRequest> = {}): JudgedRequest {
  return {
    requestId: digest(`request ${name}`),
    nonce: digest(`nonce ${name}`),
    epoch: 1,
    requester: 'Requesting Agency',
    officials: ['sha256:00', 'sha256:11'],
    certifiers: ['sha256:22'],
    statute: '26 U.S.C. 6103(i)(2)',
    records: 10,
    elements: 22,
    envelope: bytes(`envelope of ${name}`),
    ...changes,
  };
}

export function charge(
  of: JudgedRequest,
  changes: Partial<Pick<Charge, 'day' | 'investigators'>> = {},
): Charge {
  const { requester, epoch, statute, records } = of;
  return { requester, epoch, statute, records, day: '2026-01-01', investigators: new Map(), ...changes };
}

export function acceptance(of: JudgedRequest, changes: Partial<AcceptanceToMake> = {}): AcceptanceToMake {
  const leaf = acceptedLeaf(of.requestId);
  return { request: of, charge: charge(of), limits: [], policy: POLICY, now: at(0), leaf, ...changes };
}
