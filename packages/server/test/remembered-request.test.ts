import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { AcceptedRequest, DecidedRequest, JudgedRequest, KnownRequest } from '@blindmatch/ledger';
import { afterEach, describe, expect, it } from 'vitest';
import type { RequestToDecide } from '../src/decide-request.ts';
import { openRemembered, openRememberedDecision } from '../src/remembered-request.ts';
import { KeptLog, OFFICIAL, withApproval } from './log-verification/kept-log.ts';
import { madeRequest } from './made-request.ts';
import { codeOf, temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
const open: KeptLog[] = [];

afterEach(async () => {
  for (const log of open.splice(0)) await log.ledger.close();
});

/** A log under a policy that demands approvals, and requests that wait. */
async function waiting(requests: number): Promise<{ log: KeptLog; asked: RequestToDecide[] }> {
  const log = new KeptLog(mkdtempSync(join(directory, 'log-')));
  open.push(log);
  await log.adopt(withApproval());
  await log.announce();
  const asked: RequestToDecide[] = [];
  for (let count = 0; count < requests; count++) asked.push(await log.submit());
  return { log, asked };
}

async function found<Known extends KnownRequest>(log: KeptLog, asked: RequestToDecide): Promise<Known> {
  const known = await log.ledger.find(asked.request.requestId);
  if (known === undefined) throw new Error('the request is not remembered');
  return known as Known;
}

describe('openRemembered', () => {
  it('gives the manifest whose id the ledger has', async () => {
    const { log, asked } = await waiting(1);
    const remembered = openRemembered(await found(log, asked[0]!));
    expect(remembered.open.requestId).toEqual(asked[0]!.request.requestId);
    expect(remembered.open.manifest).toEqual(asked[0]!.request.manifest);
  });

  it.each<[string, Partial<JudgedRequest>]>([
    ['the manifest of another request', { envelope: madeRequest([OFFICIAL]).envelopeBytes }],
    ['no manifest', { envelope: new Uint8Array(Buffer.from('{}')) }],
    ['another id', { requestId: new Uint8Array(32) }],
    ['another nonce', { nonce: new Uint8Array(32) }],
    ['other records', { records: 2 }],
    ['other elements', { elements: 7 }],
    ['another statute', { statute: 'Another' }],
  ])('refuses a row with %s', async (_, changes) => {
    const { log, asked } = await waiting(1);
    const known = await found(log, asked[0]!);
    expect(codeOf(() => openRemembered({ ...known, ...changes }))).toBe('request_altered');
  });

  it('refuses an accepted one that is remembered of others than its leaf says', async () => {
    const { log, asked } = await waiting(1);
    await log.decide(asked[0]!);
    await log.resubmit(asked[0]!);
    const known: AcceptedRequest = await found(log, asked[0]!);
    expect(codeOf(() => openRemembered(known))).toBeUndefined();
    for (const changes of [
      { requester: 'B' },
      { officials: [] },
      { certifiers: ['x'] },
      { leaf: known.nonce },
    ])
      expect(codeOf(() => openRemembered({ ...known, ...changes }))).toBe('request_altered');
  });
});

describe('openRememberedDecision', () => {
  it('gives the decision on the request, and refuses the one on another', async () => {
    const { log, asked } = await waiting(2);
    for (const each of asked) await log.decide(each);
    const [own, other] = [
      await found<DecidedRequest>(log, asked[0]!),
      await found<DecidedRequest>(log, asked[1]!),
    ];
    const remembered = openRemembered(own);
    expect(openRememberedDecision(remembered, own.approval!).approval.decision).toBe('approved');
    expect(codeOf(() => openRememberedDecision(remembered, other.approval!))).toBe('request_altered');
    const mixed = { ...own.approval!, envelope: other.approval!.envelope };
    expect(codeOf(() => openRememberedDecision(remembered, mixed))).toBe('request_altered');
  });
});
