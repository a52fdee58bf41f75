import type { KeyObject } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { AcceptedRequest, DecidedRequest, KnownRequest, WaitingRequest } from '@blindmatch/ledger';
import { digestText, openApproval, parseLeaf } from '@blindmatch/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import type { RequestToDecide } from '../src/decide-request.ts';
import { PolicyInForce } from '../src/policy-in-force.ts';
import { parsePolicy } from '../src/policy/read-policy.ts';
import type { Policy } from '../src/policy/policy.ts';
import { openRemembered } from '../src/remembered-request.ts';
import {
  approverWith,
  requireApprovable,
  requireOwed,
  requireWaiting,
  signDecision,
  type DecisionSetting,
} from '../src/requests-approval.ts';
import { findRequest } from '../src/requests-lookup.ts';
import {
  allowingA,
  APPROVER,
  idOf,
  KeptLog,
  OFFICIAL,
  STRANGER,
  withApproval,
} from './log-verification/kept-log.ts';
import { HOLDER, NOON } from './made-request.ts';
import { requesterEntry, spki, type Entries } from './policy-text.ts';
import { codeOf, temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
const open: KeptLog[] = [];

afterEach(async () => {
  for (const log of open.splice(0)) await log.ledger.close();
});

/** A request that waits, and its log. */
async function waiting(
  signers: readonly KeyObject[] = [OFFICIAL],
): Promise<{ log: KeptLog; asked: RequestToDecide; request: WaitingRequest }> {
  const log = new KeptLog(mkdtempSync(join(directory, 'log-')));
  open.push(log);
  await log.adopt(withApproval());
  await log.announce();
  const asked = await log.submit({}, signers);
  return { log, asked, request: (await found(log, asked)) as WaitingRequest };
}

async function found(log: KeptLog, { request }: RequestToDecide): Promise<KnownRequest> {
  const known = await log.ledger.find(request.requestId);
  if (known === undefined) throw new Error('the request is not remembered');
  return known;
}

const policyWith = (validity: Entries, requester: Entries = {}): Policy =>
  parsePolicy(
    allowingA({
      approval: 'human',
      approvers: [{ name: 'Ann', public_key: spki(APPROVER), ...validity }],
      ...(Object.keys(requester).length === 0 ? {} : { requesters: [requesterEntry(requester)] }),
    }),
  );
const ann = approverWith(APPROVER, policyWith({}), NOON);

/** Why Ann can't decide so about a request, by its code. */
function refusalOf(
  requireDecidable: (request: ReturnType<typeof openRemembered>, setting: DecisionSetting) => void,
  request: KnownRequest,
  changes: Partial<DecisionSetting> = {},
): string | undefined {
  const setting = { approver: ann, policy: policyWith({}), now: NOON, ...changes };
  return codeOf(() => {
    requireDecidable(openRemembered(request), setting);
  });
}

describe('approverWith', () => {
  it('gives the approver whose key it is', () => {
    expect(ann).toMatchObject({ name: 'Ann', fingerprint: idOf(APPROVER) });
  });

  it.each<[string, Entries, string | undefined]>([
    ['on its first day', { valid_from: '2026-11-23' }, undefined],
    ['before its first day', { valid_from: '2026-11-24' }, 'approver_not_valid'],
    ['on its last day', { valid_until: '2026-11-23' }, undefined],
    ['after its last day', { valid_until: '2026-11-22' }, 'approver_not_valid'],
    ['from the day on which it is revoked', { revoked: '2026-11-23' }, 'approver_not_valid'],
  ])('judges a key %s', (_, validity, code) => {
    expect(codeOf(() => approverWith(APPROVER, policyWith(validity), NOON))).toBe(code);
  });

  it('refuses the key of an official and a key of nobody', () => {
    for (const key of [OFFICIAL, STRANGER])
      expect(codeOf(() => approverWith(key, policyWith({}), NOON))).toBe('approver_unknown');
  });
});

describe('requireWaiting', () => {
  it('gives a request that waits until it expires, and not then', async () => {
    const { request } = await waiting();
    const before = new Date(request.expiresAt.getTime() - 1);
    expect(refusalOf(requireWaiting, request, { now: before })).toBeUndefined();
    expect(refusalOf(requireWaiting, request, { now: request.expiresAt })).toBe('request_expired');
  });

  it.each(['approved', 'denied'] as const)('refuses a request that was %s', async (decision) => {
    const { log, asked } = await waiting();
    await log.decide(asked, decision);
    const request = await found(log, asked);
    expect(refusalOf(requireWaiting, request)).toBe('request_decided');
  });

  it('says of a request that was approved that there is nothing left to approve', async () => {
    const { log, asked } = await waiting();
    await log.decide(asked);
    const request = openRemembered(await found(log, asked));
    const setting = { approver: ann, policy: policyWith({}), now: NOON };
    expect(() => {
      requireApprovable(request, setting);
    }).toThrow('This request is approved already; there is nothing to do.');
    expect(() => {
      requireWaiting(request, setting);
    }).toThrow(/was approved on .*; a decision is made once\./);
  });

  it('refuses a request that was accepted', async () => {
    const { log, asked } = await waiting();
    await log.decide(asked);
    await log.resubmit(asked);
    const request = await found(log, asked);
    expect(request.state).toBe('accepted');
    expect(refusalOf(requireWaiting, request)).toBe('request_decided');
    expect(() => {
      requireWaiting(openRemembered(request), { approver: ann, policy: policyWith({}), now: NOON });
    }).toThrow(/was answered on /);
  });

  it('refuses whoever signed the request for its requester', async () => {
    const { request } = await waiting([OFFICIAL, APPROVER]);
    expect(request.officials).toEqual([idOf(OFFICIAL)]);
    expect(refusalOf(requireWaiting, request)).toBe('approver_signed');
  });
});

describe('requireApprovable', () => {
  it('demands signatures that count under the policy in force, which a denial does without', async () => {
    const { request } = await waiting();
    const others = policyWith({}, { officials: [{ public_key: spki(STRANGER) }] });
    expect(refusalOf(requireApprovable, request)).toBeUndefined();
    expect(refusalOf(requireApprovable, request, { policy: others })).toBe('signatures_not_counting');
    expect(refusalOf(requireWaiting, request, { policy: others })).toBeUndefined();
  });

  it('demands that they are of the requester that the ledger remembers', async () => {
    const { request } = await waiting();
    const renamed = { ...request, requester: 'B' };
    expect(refusalOf(requireApprovable, renamed)).toBe('requester_differs');
  });
});

/** A request that was approved, answered and finished, and its log. */
async function finished(
  signers: readonly KeyObject[] = [OFFICIAL],
): Promise<{ log: KeptLog; asked: RequestToDecide; request: KnownRequest }> {
  const { log, asked } = await waiting(signers);
  await log.decide(asked);
  await log.resubmit(asked);
  await log.finish(asked);
  return { log, asked, request: await found(log, asked) };
}

describe('requireOwed', () => {
  const notOwed = (request: KnownRequest): void => {
    expect(refusalOf(requireOwed, request)).toBe('accounting_not_owed');
  };

  it('takes a request that was accepted, finished or not', async () => {
    const { log, asked, request } = await waiting();
    notOwed(request);
    await log.decide(asked);
    notOwed(await found(log, asked));
    await log.resubmit(asked);
    expect(refusalOf(requireOwed, await found(log, asked))).toBeUndefined();
    await log.finish(asked);
    expect(refusalOf(requireOwed, await found(log, asked))).toBeUndefined();
  });

  it('refuses a request that was accepted while no accounting was required', async () => {
    const { log } = await waiting();
    await log.adopt(withApproval({ accounting: 'optional' }));
    const asked = await log.submit();
    await log.decide(asked);
    await log.resubmit(asked);
    await log.finish(asked);
    await log.adopt(withApproval());
    notOwed(await found(log, asked));
  });

  it('refuses a request whose accounting came or was waived', async () => {
    const one = await finished();
    await one.log.account(one.asked);
    notOwed(await found(one.log, one.asked));
    const other = await finished();
    await other.log.waive(other.asked);
    notOwed(await found(other.log, other.asked));
  });

  it('refuses whoever signed the request for its requester', async () => {
    const { request } = await finished([OFFICIAL, APPROVER]);
    expect(refusalOf(requireOwed, request)).toBe('approver_signed');
  });
});

describe('signDecision', () => {
  it('signs the decision, remembers it and logs its digest', async () => {
    const { log, asked } = await waiting();
    const { request } = asked;
    const now = log.now();
    const decision = {
      request,
      decision: 'denied',
      reason: 'Not attached',
      key: APPROVER,
      policy: await new PolicyInForce(log.ledger).current(),
      holder: HOLDER,
    } as const;
    const digest = await signDecision(log.ledger, { ...decision, now });
    const known = await found(log, asked);
    expect(known.state).toBe('denied');
    const { approval } = openApproval((known as DecidedRequest).approval?.envelope ?? new Uint8Array());
    const { requestId } = request;
    expect(approval).toEqual({
      request: requestId,
      holder: HOLDER,
      decision: 'denied',
      reason: 'Not attached',
      time: now,
    });
    const { size } = await log.head();
    for await (const { leaf } of log.ledger.log.leaves(size - 1)) {
      expect(parseLeaf(leaf)).toEqual({
        ...{ type: 'approval', time: now.toISOString(), request: digestText(requestId), decision: 'denied' },
        ...{ approver: idOf(APPROVER), approval: digest },
      });
    }
  });

  it('changes nothing where somebody else was quicker', async () => {
    const { log, asked } = await waiting();
    await log.decide(asked, 'denied');
    const before = await log.head();
    const late = {
      request: asked.request,
      decision: 'approved',
      reason: null,
      key: APPROVER,
      policy: await new PolicyInForce(log.ledger).current(),
      holder: HOLDER,
      now: log.now(),
    } as const;
    await expect(signDecision(log.ledger, late)).rejects.toMatchObject({ code: 'request_decided' });
    expect(await log.head()).toEqual(before);
  });

  it.each(['approved', 'denied', 'accounting_waived'] as const)(
    'changes nothing where another policy came into force: %s',
    async (decision) => {
      const { log, asked } = decision === 'accounting_waived' ? await finished() : await waiting();
      const policy = await new PolicyInForce(log.ledger).current();
      await log.adopt(withApproval({ minimum_records: 2 }));
      const before = await log.head();
      const late = { decision, policy, reason: 'No', key: APPROVER, holder: HOLDER, now: log.now() };
      await expect(signDecision(log.ledger, { ...late, request: asked.request })).rejects.toMatchObject({
        code: 'policy_changed',
      });
      expect(await log.head()).toEqual(before);
    },
  );
});

describe('signDecision of a waiver', () => {
  it('is remembered beside the approval, and logged as what it is', async () => {
    const { log, asked } = await finished();
    await log.waive(asked);
    const known = (await found(log, asked)) as AcceptedRequest;
    expect(openApproval(known.approval?.envelope ?? new Uint8Array()).approval.decision).toBe('approved');
    expect(openApproval(known.waiver?.envelope ?? new Uint8Array()).approval).toMatchObject({
      request: asked.request.requestId,
      decision: 'accounting_waived',
      reason: 'Too late',
    });
    const { size } = await log.head();
    for await (const { leaf } of log.ledger.log.leaves(size - 1))
      expect(parseLeaf(leaf)).toMatchObject({ type: 'approval', decision: 'accounting_waived' });
  });

  it('changes nothing where the accounting came meanwhile', async () => {
    const { log, asked } = await finished();
    await log.account(asked);
    const before = await log.head();
    const late = {
      request: asked.request,
      decision: 'accounting_waived',
      reason: 'Too late',
      key: APPROVER,
      policy: await new PolicyInForce(log.ledger).current(),
      holder: HOLDER,
      now: log.now(),
    } as const;
    await expect(signDecision(log.ledger, late)).rejects.toMatchObject({ code: 'accounting_not_owed' });
    expect(await log.head()).toEqual(before);
  });
});

describe('findRequest', () => {
  it('finds a request by its id and by the beginning of it', async () => {
    const { log, request } = await waiting();
    const id = Buffer.from(request.requestId).toString('hex');
    for (const prefix of [id, id.slice(0, 8)])
      expect((await findRequest(log.ledger, prefix)).requestId).toEqual(request.requestId);
  });

  it('refuses a beginning of none and of several', async () => {
    const { log } = await waiting();
    await log.submit();
    await expect(findRequest(log.ledger, 'f'.repeat(64))).rejects.toMatchObject({ code: 'request_unknown' });
    await expect(findRequest(log.ledger, '')).rejects.toMatchObject({ code: 'request_ambiguous' });
  });
});
