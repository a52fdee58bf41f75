import { join } from 'node:path';
import { openSqliteLedger, type KnownRequest, type Ledger } from '@blindmatch/ledger';
import {
  addSignature,
  digestText,
  encodeApproval,
  encodeEnvelope,
  encodeLeaf,
  fingerprint,
  generateSigningKey,
  isLine,
  openApproval,
  PAYLOAD_TYPES,
  ProtocolError,
  SENTENCE_MAX,
  signPayload,
  type LogLeaf,
  type RequestManifest,
} from '@blindmatch/protocol';
import type { KeyObject } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  decideRequest,
  type DecisionSetting,
  type RequestDecision,
  type RequestToDecide,
} from '../src/decide-request.ts';
import { logRefusal } from '../src/refusal-log.ts';
import { PolicyInForce } from '../src/policy-in-force.ts';
import type { Policy } from '../src/policy/policy.ts';
import { signDecision } from '../src/requests-approval.ts';
import { HOLDER, madeRequest, NOON, received } from './made-request.ts';
import { leavesOf, requestsOf } from './logged-leaves.ts';
import { policyOf, RECIPIENTS, requesterEntry, spki, type Entries } from './policy-text.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
const DAY_MS = 86_400_000;
const after = (days: number): Date => new Date(NOON.getTime() + days * DAY_MS);

const [ada, bob, eve, stranger, approver] = Array.from(
  { length: 5 },
  () => generateSigningKey().privateKey,
) as [KeyObject, KeyObject, KeyObject, KeyObject, KeyObject];
const official = (key: KeyObject, changes: Entries = {}): Entries => ({ public_key: spki(key), ...changes });
const ofA = (changes: Entries = {}): Entries =>
  requesterEntry({ officials: [official(ada), official(bob)], ...changes });
const ofE = requesterEntry({ name: 'E', officials: [official(eve)] });
const approvers = [{ name: 'Officer', public_key: spki(approver) }];
const HUMAN = { approval: 'human', approvers };
const capped = (caps: Entries): Entries => ({
  requesters: [ofA({ caps: { records_per_request: 10, ...caps } }), ofE],
});

let ledgers = 0;
let ledger: Ledger;
let setting: DecisionSetting;
let now: Date;
let room: boolean;

beforeEach(async () => {
  ledger = openSqliteLedger(join(directory, `${++ledgers}.sqlite`));
  now = NOON;
  room = true;
  setting = {
    ledger,
    policies: new PolicyInForce(ledger),
    holder: HOLDER,
    epoch: 1,
    hasInspector: true,
    now: () => now,
    reserve: () => room,
  };
  await adopt();
});

afterEach(async () => {
  await ledger.close();
});

/** Puts a policy in force: A with the officials Ada and Bob, E with Eve, but for the changes. */
async function adopt(changes: Entries = {}): Promise<void> {
  const { digest, text } = policyOf({ requesters: [ofA(), ofE], ...changes });
  const leaf = encodeLeaf({ type: 'policy', time: now.toISOString(), policy: digestText(digest) });
  await ledger.adoptPolicy({ digest, text, now, leaf });
}

async function decide(
  asked: RequestToDecide,
  changes: Partial<DecisionSetting> = {},
): Promise<RequestDecision> {
  const decision = await decideRequest(asked, { ...setting, ...changes });
  if (decision.outcome === 'refused') expect(isLine(decision.sentence, SENTENCE_MAX)).toBe(true);
  return decision;
}

/** Decides on a new request of A's. */
async function ask(
  changes: Partial<RequestManifest> = {},
  signers: readonly KeyObject[] = [ada],
): Promise<RequestDecision> {
  return await decide(madeRequest(signers, changes));
}

async function requests(): Promise<KnownRequest[]> {
  return await requestsOf(ledger);
}

/** The leaves of the log about requests. */
async function leaves(): Promise<LogLeaf[]> {
  return await leavesOf(ledger);
}

async function lastLeaf(): Promise<LogLeaf | undefined> {
  return (await leaves()).at(-1);
}

/** Records an approver's decision, as the command does. */
async function approve(
  { request }: RequestToDecide,
  changes: { decision?: 'approved' | 'denied'; key?: KeyObject; about?: Uint8Array; holder?: string } = {},
): Promise<void> {
  const { decision = 'approved', key = approver, about = request.requestId, holder = HOLDER } = changes;
  const reason = decision === 'denied' ? 'Not this month.' : null;
  const payload = encodeApproval({ request: about, holder, decision, reason, time: now });
  const envelope = encodeEnvelope(signPayload(PAYLOAD_TYPES.approval, payload, key));
  const { digest } = openApproval(envelope);
  const { requestId } = request;
  const leaf = encodeLeaf({
    type: 'approval',
    time: now.toISOString(),
    request: digestText(requestId),
    decision,
    approver: fingerprint(key),
    approval: digestText(digest),
  });
  const policy = (await ledger.policy())!.digest;
  expect(await ledger.decide({ requestId, policy, decision, envelope, digest, now, leaf })).toBe('decided');
}

describe('a new request', () => {
  it('that is in order is accepted, charged and logged', async () => {
    const asked = madeRequest([ada, bob], {
      records: 5,
      purpose: 'P',
      investigators: [{ id: '7', name: 'I' }],
    });
    expect(await decide(asked)).toMatchObject({
      outcome: 'accepted',
      resumed: false,
      accepted: { requester: 'A', records: 5, acceptedAt: NOON },
    });
    expect(await leaves()).toEqual([
      {
        type: 'accepted',
        time: NOON.toISOString(),
        request: digestText(asked.request.requestId),
        records: 5,
        elements: 8,
        policy: digestText((await ledger.policy())!.digest),
        epoch_id: digestText(new Uint8Array(32).fill(1)),
        requester: 'A',
        officials: [fingerprint(ada), fingerprint(bob)],
        certifiers: [],
        statute: null,
        purpose: null,
        investigators: 1,
        approval: null,
      },
    ]);
  });

  it('has its statute and purpose in the log where the policy lists them, and none of its own words otherwise', async () => {
    const own = 'Ada Example, 12 Main Street';
    for (const [terms, asked, logged] of [
      [{ statutes: ['S', 'T'], purposes: ['P'] }, ['S', 'P'], ['S', 'P']],
      [{ statutes: ['S', 'T'] }, ['T', own], ['T', null]],
      [{ purposes: ['P'] }, [own, 'P'], [null, 'P']],
      [{}, [own, own], [null, null]],
    ] as const) {
      await adopt(terms);
      const [statute, purpose] = asked;
      expect(await ask({ statute, purpose })).toMatchObject({ outcome: 'accepted', accepted: { statute } });
      expect(await lastLeaf()).toMatchObject({ statute: logged[0], purpose: logged[1] });
      expect(JSON.stringify(await lastLeaf())).not.toContain(own);
    }
  });

  it('that the policy refuses is in the log under its requester, and nowhere else', async () => {
    const asked = madeRequest([ada], { records: 11 });
    expect(await decide(asked)).toMatchObject({ outcome: 'refused', code: 'records_over_cap' });
    expect(await requests()).toEqual([]);
    expect(await leaves()).toEqual([
      {
        type: 'refused',
        time: NOON.toISOString(),
        request: digestText(asked.request.requestId),
        records: 11,
        elements: 13,
        policy: digestText((await ledger.policy())!.digest),
        code: 'records_over_cap',
        requester: 'A',
      },
    ]);
  });

  it('that no allowed official signed is in the log under nobody, up to 32 an hour and then as a number', async () => {
    for (let count = 0; count < 40; count++) {
      expect(await ask({}, [stranger])).toMatchObject({ outcome: 'refused', code: 'official_unknown' });
    }
    expect(await leaves()).toHaveLength(32);
    expect(await lastLeaf()).toMatchObject({ type: 'refused', code: 'official_unknown', requester: null });
    now = new Date(NOON.getTime() + 3_600_000);
    await ask({}, [stranger]);
    expect((await leaves()).slice(32)).toMatchObject([
      { type: 'unidentified', hour: NOON.toISOString(), requests: 8 },
      { type: 'refused', requester: null },
    ]);
  });

  it('does not spend its nonce when it is refused', async () => {
    const nonce = new Uint8Array(32).fill(0xbb);
    expect(await ask({ nonce, records: 11 })).toMatchObject({ outcome: 'refused' });
    expect(await ask({ nonce })).toMatchObject({ outcome: 'accepted' });
  });

  it('with a nonce that was spent is refused, also for another requester', async () => {
    const nonce = new Uint8Array(32).fill(0xaa);
    await ask({ nonce });
    for (const signers of [[ada], [eve]]) {
      expect(await ask({ nonce, reason: 'Another' }, signers)).toMatchObject({ code: 'nonce_reused' });
    }
    expect(await requests()).toHaveLength(1);
    expect(await lastLeaf()).toMatchObject({ type: 'refused', code: 'nonce_reused', requester: 'E' });
  });

  it('for which there is no room is told to come again: it is neither charged nor logged', async () => {
    const asked = madeRequest([ada]);
    const askedFor: string[] = [];
    const reserve = (requester: string): boolean => askedFor.push(requester) === 0;
    expect(await decide(asked, { reserve })).toMatchObject({ outcome: 'refused', code: 'shutting_down' });
    expect(await decide(madeRequest([stranger]), { reserve })).toMatchObject({ code: 'official_unknown' });
    expect(askedFor).toEqual(['A']);
    expect(await requests()).toEqual([]);
    expect(await decide(asked)).toMatchObject({ outcome: 'accepted', resumed: false });
  });

  it('whose refusal can not be logged is not told', async () => {
    const full = new Proxy(ledger, {
      get: (target, name): unknown => {
        if (name === 'refuse') return () => Promise.reject(new RangeError('the disk is full'));
        const member: unknown = Reflect.get(target, name);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
    const asked = madeRequest([ada], { records: 11 });
    await expect(decide(asked, { ledger: full })).rejects.toThrow('the disk is full');
  });
});

describe('quotas', () => {
  it.each<[string, Entries, string]>([
    ['a day', { records_per_day: 7 }, 'a day'],
    ['in one epoch', { records_per_epoch: 7 }, 'in one epoch'],
  ])('%s are exact, and what is over is refused and logged', async (_, caps, told) => {
    await adopt(capped(caps));
    expect(await ask({ records: 3 })).toMatchObject({ outcome: 'accepted' });
    const over = await ask({ records: 5 });
    expect(over).toMatchObject({ outcome: 'refused', code: 'quota_exceeded' });
    expect(over).toHaveProperty('sentence', expect.stringContaining(`7 records ${told}`));
    expect(over).toHaveProperty('sentence', expect.stringContaining('has 4 left'));
    expect(await lastLeaf()).toMatchObject({ type: 'refused', code: 'quota_exceeded', requester: 'A' });
    expect(await ask({ records: 4 })).toMatchObject({ outcome: 'accepted' });
    expect(await ask({ records: 1 })).toMatchObject({ code: 'quota_exceeded' });
    expect(await ask({ records: 1 }, [eve])).toMatchObject({ outcome: 'accepted' });
  });

  it('of a day begin again on the next, those of an epoch do not', async () => {
    await adopt(capped({ records_per_day: 5, records_per_epoch: 8 }));
    expect(await ask({ records: 5 })).toMatchObject({ outcome: 'accepted' });
    now = new Date('2026-11-24T00:00:00Z');
    expect(await ask({ records: 5 })).toMatchObject({ code: 'quota_exceeded' });
    expect(await ask({ records: 3 })).toMatchObject({ outcome: 'accepted' });
    expect(await decide(madeRequest([ada]), { epoch: 2 })).toMatchObject({ code: 'quota_exceeded' });
    now = after(2);
    expect(await decide(madeRequest([ada]), { epoch: 2 })).toMatchObject({ outcome: 'accepted' });
  });

  it('of a statute count that statute only', async () => {
    const statutes = [{ statute: 'S', records_per_day: 3 }];
    await adopt({ statutes: ['S', 'T'], ...capped({ statutes }) });
    expect(await ask({ statute: 'S' })).toMatchObject({ outcome: 'accepted' });
    expect(await ask({ statute: 'S', records: 1 })).toMatchObject({ code: 'quota_exceeded' });
    expect(await ask({ statute: 'T' })).toMatchObject({ outcome: 'accepted' });
  });

  it('of investigators count the share of each', async () => {
    await adopt(capped({ records_per_investigator: 4 }));
    const [first, second] = ['1', '2'].map((id) => ({ id, name: 'I' }));
    expect(await ask({ records: 6, investigators: [first!, second!] })).toMatchObject({
      outcome: 'accepted',
    });
    const over = await ask({ records: 2, investigators: [second!] });
    expect(over).toMatchObject({ code: 'quota_exceeded' });
    expect(await ask({ records: 1, investigators: [second!] })).toMatchObject({ outcome: 'accepted' });
  });

  it('are not charged by what is refused or comes again', async () => {
    await adopt(capped({ records_per_epoch: 3 }));
    const asked = madeRequest([ada]);
    await ask({ records: 11 });
    for (let time = 0; time < 3; time++) expect(await decide(asked)).toMatchObject({ outcome: 'accepted' });
    expect(await requests()).toHaveLength(1);
  });
});

describe('a request that was accepted', () => {
  it('is known when it comes again, at whatever hour, over whatever quota, with more signatures', async () => {
    const asked = madeRequest([ada]);
    await decide(asked);
    const opening_hours = { days: ['sun'], from: '08:00', to: '09:00', time_zone: 'UTC' };
    await adopt({ opening_hours, minimum_records: 9, ...capped({ records_per_epoch: 1 }) });
    now = after(1);
    const before = (await leaves()).length;
    const signed = received(encodeEnvelope(addSignature(asked.request.envelope, bob)));
    expect(await decide(signed)).toMatchObject({
      outcome: 'accepted',
      resumed: true,
      accepted: { acceptedAt: NOON, officials: [fingerprint(ada)] },
    });
    expect(await leaves()).toHaveLength(before);
  });

  it('goes on after it has expired', async () => {
    const asked = madeRequest([ada], { expires: after(7) });
    await decide(asked);
    now = after(7);
    expect(await decide(asked)).toMatchObject({ outcome: 'accepted', resumed: true });
  });

  it('is stopped, and that logged, when the official was revoked meanwhile', async () => {
    const asked = madeRequest([ada]);
    await decide(asked);
    await adopt({
      requesters: [ofA({ officials: [official(ada, { revoked: '2026-11-23' }), official(bob)] }), ofE],
    });
    expect(await decide(asked)).toMatchObject({ outcome: 'refused', code: 'official_revoked' });
    expect(await lastLeaf()).toMatchObject({ type: 'refused', code: 'official_revoked' });
  });

  it('is refused without its signature', async () => {
    const asked = madeRequest([ada]);
    await decide(asked);
    const stripped = received(encodeEnvelope({ ...asked.request.envelope, signatures: [] }));
    expect(await decide(stripped)).toMatchObject({ code: 'official_unknown' });
  });

  it('is refused under the signature of another requester, who was not charged', async () => {
    const asked = madeRequest([ada]);
    await decide(asked);
    const theirs = addSignature({ ...asked.request.envelope, signatures: [] }, eve);
    const refused = await decide(received(encodeEnvelope(theirs)));
    expect(refused).toMatchObject({ outcome: 'refused', code: 'nonce_reused' });
    expect(refused).toHaveProperty('sentence', expect.stringContaining('another requester'));
    expect(await lastLeaf()).toMatchObject({ requester: 'E' });
  });

  it('without room for it is told to come again', async () => {
    const asked = madeRequest([ada]);
    await decide(asked);
    room = false;
    expect(await decide(asked)).toMatchObject({ outcome: 'refused', code: 'shutting_down' });
  });
});

describe('a request that has expired', () => {
  const expires = after(7);
  const expired = { outcome: 'refused', code: 'manifest_expired' };

  it('is refused from that moment on, with a leaf each time that it comes', async () => {
    const asked = madeRequest([ada], { expires });
    now = expires;
    for (let time = 0; time < 2; time++) expect(await decide(asked)).toMatchObject(expired);
    expect(await leaves()).toMatchObject([
      { type: 'refused', code: 'manifest_expired', requester: 'A' },
      { type: 'refused', code: 'manifest_expired', requester: 'A' },
    ]);
    now = new Date(expires.getTime() - 1);
    expect(await decide(asked)).toMatchObject({ outcome: 'accepted' });
  });

  it('is refused as that although nobody allowed has signed it', async () => {
    expect(await ask({ created: after(-2), expires: after(-1) }, [stranger])).toMatchObject(expired);
    expect(await lastLeaf()).toMatchObject({ code: 'manifest_expired', requester: null });
  });

  it('is refused although it waits, or somebody has approved it', async () => {
    await adopt(HUMAN);
    const waiting = madeRequest([ada], { expires });
    const approved = madeRequest([ada], { expires });
    for (const asked of [waiting, approved]) expect((await decide(asked)).outcome).toBe('pending');
    await approve(approved);
    now = expires;
    for (const asked of [waiting, approved]) expect(await decide(asked)).toMatchObject(expired);
    expect((await requests()).map(({ state }) => state)).toEqual(['waiting', 'approved']);
  });
});

describe('a request that somebody has to approve', () => {
  beforeEach(async () => {
    await adopt(HUMAN);
  });

  /** A request that waits. */
  async function waiting(changes: Partial<RequestManifest> = {}): Promise<RequestToDecide> {
    const asked = madeRequest([ada], changes);
    expect(await decide(asked)).toMatchObject({ outcome: 'pending', requester: 'A' });
    return asked;
  }

  it('waits, with a leaf, and goes on waiting without another one', async () => {
    const asked = await waiting();
    expect(await decide(asked)).toMatchObject({ outcome: 'pending' });
    expect(await leaves()).toMatchObject([{ type: 'pending', requester: 'A', records: 3 }]);
    expect(await requests()).toMatchObject([{ state: 'waiting', expiresAt: after(14) }]);
  });

  it('goes on waiting at night, and is refused where its official was revoked', async () => {
    const asked = await waiting();
    const opening_hours = { days: ['sun'], from: '08:00', to: '09:00', time_zone: 'UTC' };
    await adopt({ ...HUMAN, opening_hours });
    expect(await decide(asked)).toMatchObject({ outcome: 'pending' });
    await adopt({ ...HUMAN, requesters: [ofA({ officials: [official(ada, { revoked: '2026-01-01' })] })] });
    expect(await decide(asked)).toMatchObject({ outcome: 'refused', code: 'official_revoked' });
  });

  it('is accepted once it is approved, and the log says by what', async () => {
    const asked = await waiting();
    await approve(asked);
    expect(await decide(asked)).toMatchObject({ outcome: 'accepted', resumed: false });
    const [, decided, accepted] = await leaves();
    expect(decided).toMatchObject({ type: 'approval', approver: fingerprint(approver) });
    expect(accepted).toMatchObject({
      type: 'accepted',
      approval: decided?.type === 'approval' ? decided.approval : '',
    });
    expect(await decide(asked)).toMatchObject({ outcome: 'accepted', resumed: true });
  });

  it('may come back with more signatures, which then stand in the log and in the ledger', async () => {
    const asked = await waiting();
    await approve(asked);
    const signed = received(encodeEnvelope(addSignature(asked.request.envelope, bob)));
    expect(await decide(signed)).toMatchObject({ outcome: 'accepted' });
    const officials = [fingerprint(ada), fingerprint(bob)];
    expect(await lastLeaf()).toMatchObject({ type: 'accepted', officials });
    expect(await requests()).toMatchObject([
      { state: 'accepted', officials, envelope: signed.envelopeBytes },
    ]);
  });

  it('is judged by all terms once it is approved', async () => {
    const asked = await waiting();
    await approve(asked);
    const opening_hours = { days: ['sun'], from: '08:00', to: '09:00', time_zone: 'UTC' };
    await adopt({ ...HUMAN, opening_hours });
    expect(await decide(asked)).toMatchObject({ outcome: 'refused', code: 'outside_opening_hours' });
    await adopt({ ...HUMAN, ...capped({ records_per_epoch: 2 }) });
    expect(await decide(asked)).toMatchObject({ outcome: 'refused', code: 'quota_exceeded' });
    await adopt(HUMAN);
    expect(await decide(asked)).toMatchObject({ outcome: 'accepted' });
  });

  it('counts what waits beside what is charged, and holds no more requests than may wait', async () => {
    await adopt({ ...HUMAN, max_waiting: 2, ...capped({ records_per_day: 8 }) });
    const [first] = [await waiting(), await waiting()];
    const over = await ask();
    expect(over).toMatchObject({ outcome: 'refused', code: 'quota_exceeded' });
    expect(over).toHaveProperty(
      'sentence',
      expect.stringContaining('has 2 left, as 6 are for requests that wait'),
    );
    const many = await ask({ records: 1 });
    expect(many).toMatchObject({ outcome: 'refused', code: 'quota_exceeded' });
    expect(many).toHaveProperty('sentence', expect.stringContaining('As many requests as may (2) wait'));
    expect(await lastLeaf()).toMatchObject({ type: 'refused', code: 'quota_exceeded', requester: 'A' });
    expect(await ask({}, [eve])).toMatchObject({ outcome: 'pending' });
    await approve(first, { decision: 'denied' });
    expect(await ask({ records: 1 })).toMatchObject({ outcome: 'pending' });
  });

  it('counts what waits for its investigators too', async () => {
    await adopt({ ...HUMAN, ...capped({ records_per_investigator: 4 }) });
    const [one, two] = [
      { id: '1', name: 'I' },
      { id: '2', name: 'J' },
    ];
    await waiting({ investigators: [one] });
    expect(await ask({ investigators: [two, one], records: 4 })).toMatchObject({
      code: 'quota_exceeded',
      sentence: expect.stringContaining('1 left for 1, as 3 are for requests that wait') as string,
    });
    expect(await ask({ investigators: [two] })).toMatchObject({ outcome: 'pending' });
  });

  it('is refused with the reason once it is denied, and the denial is its only leaf', async () => {
    const asked = await waiting();
    await approve(asked, { decision: 'denied' });
    for (let time = 0; time < 2; time++) {
      expect(await decide(asked)).toEqual({
        outcome: 'refused',
        code: 'approval_denied',
        sentence: 'The holder has denied the request: Not this month.',
      });
    }
    expect(await leaves()).toMatchObject([{ type: 'pending' }, { type: 'approval', decision: 'denied' }]);
    await adopt({ ...HUMAN, minimum_records: 2 });
    expect(await decide(asked)).toMatchObject({ code: 'approval_denied' });
  });

  it('is told no words of a denial that does not count any more', async () => {
    const asked = await waiting();
    await approve(asked, { decision: 'denied' });
    await adopt();
    const refused = await decide(asked);
    expect(refused).toMatchObject({ outcome: 'refused', code: 'approval_invalid' });
    expect(JSON.stringify(refused)).not.toContain('Not this month');
  });

  it.each<[string, Parameters<typeof approve>[1]]>([
    ['by somebody who is no approver', { key: stranger }],
    ['about another request', { about: new Uint8Array(32) }],
    ['of another holder', { holder: `sha256:${'1'.repeat(64)}` }],
  ])('is not told that it was denied %s', async (_, changes) => {
    const asked = await waiting();
    await approve(asked, { decision: 'denied', ...changes });
    expect(await decide(asked)).toMatchObject({ outcome: 'refused', code: 'approval_invalid' });
  });

  it('is refused when its time is over, with one leaf', async () => {
    const asked = await waiting();
    now = after(14);
    for (let time = 0; time < 2; time++) {
      expect(await decide(asked)).toMatchObject({ outcome: 'refused', code: 'approval_expired' });
    }
    expect(await leaves()).toMatchObject([
      { type: 'pending' },
      { type: 'refused', code: 'approval_expired', requester: 'A' },
    ]);
  });

  it('waits to its last moment', async () => {
    const asked = await waiting();
    now = new Date(after(14).getTime() - 1);
    expect(await decide(asked)).toMatchObject({ outcome: 'pending' });
  });

  it.each<[string, Parameters<typeof approve>[1]]>([
    ['by somebody who is no approver', { key: stranger }],
    ['by an official', { key: ada }],
    ['of another request', { about: new Uint8Array(32).fill(9) }],
    ['for another holder', { holder: `sha256:${'1'.repeat(64)}` }],
  ])('is refused under an approval %s', async (_, changes) => {
    const asked = await waiting();
    await approve(asked, changes);
    expect(await decide(asked)).toMatchObject({ outcome: 'refused', code: 'approval_invalid' });
    expect(await lastLeaf()).toMatchObject({ type: 'refused', code: 'approval_invalid', requester: 'A' });
    expect(await requests()).toMatchObject([{ state: 'approved' }]);
  });

  it.each<[string, Entries]>([
    ['was revoked', { revoked: '2026-11-23' }],
    ['may not approve any more', { valid_until: '2026-11-22' }],
  ])('is refused when the approver %s meanwhile', async (_, changes) => {
    const asked = await waiting();
    await approve(asked);
    await adopt({ approval: 'human', approvers: [{ ...approvers[0], ...changes }] });
    expect(await decide(asked)).toMatchObject({ code: 'approval_invalid' });
  });

  it('that would exceed a quota does not wait at all', async () => {
    await adopt({ ...HUMAN, ...capped({ records_per_day: 2 }) });
    expect(await ask()).toMatchObject({ outcome: 'refused', code: 'quota_exceeded' });
    await adopt({ ...HUMAN, ...capped({ records_per_investigator: 2 }) });
    const investigators = [{ id: '1', name: 'I' }];
    expect(await ask({ investigators })).toMatchObject({ outcome: 'refused', code: 'quota_exceeded' });
    expect(await ask({ investigators: [...investigators, { id: '2', name: 'I' }] })).toMatchObject({
      outcome: 'pending',
    });
  });

  it('takes no room while it waits', async () => {
    room = false;
    await waiting();
  });

  it('with the nonce of another one does not wait', async () => {
    const nonce = new Uint8Array(32).fill(0xcc);
    await waiting({ nonce });
    expect(await ask({ nonce, reason: 'Another' })).toMatchObject({ code: 'nonce_reused' });
  });

  it('is judged by all terms and accepted when approvals are asked for no more', async () => {
    const asked = await waiting();
    await adopt({ minimum_records: 4 });
    expect(await decide(asked)).toMatchObject({ outcome: 'refused', code: 'records_below_minimum' });
    await adopt();
    expect(await decide(asked)).toMatchObject({ outcome: 'accepted', resumed: false });
    expect(await lastLeaf()).toMatchObject({ type: 'accepted', approval: null });
  });

  it('is refused to another requester who signs it', async () => {
    const asked = await waiting();
    const theirs = addSignature({ ...asked.request.envelope, signatures: [] }, eve);
    expect(await decide(received(encodeEnvelope(theirs)))).toMatchObject({ code: 'nonce_reused' });
  });
});

describe('a requester that owes an accounting', () => {
  const inspector = { name: 'Inspector', recipient: RECIPIENTS[0] };
  const required = { accounting: 'required', inspector };

  /** A request of A's that was finished at noon. */
  async function finished(): Promise<RequestToDecide> {
    const asked = madeRequest([ada]);
    await decide(asked);
    const { requestId } = asked.request;
    await ledger.complete(requestId, now, (time) =>
      encodeLeaf({ type: 'finished', time: time.toISOString(), request: digestText(requestId) }),
    );
    return asked;
  }

  it('gets no new request answered after the days that it has, and is told which one it owes', async () => {
    await adopt(required);
    const owed = await finished();
    now = after(7);
    expect(await ask()).toMatchObject({ outcome: 'accepted' });
    now = new Date(after(7).getTime() + 1);
    const refused = await ask();
    expect(refused).toMatchObject({ outcome: 'refused', code: 'accounting_due' });
    expect(refused).toHaveProperty('sentence', expect.stringContaining(digestText(owed.request.requestId)));
    expect(await lastLeaf()).toMatchObject({ type: 'refused', code: 'accounting_due', requester: 'A' });
    expect(await ask({}, [eve])).toMatchObject({ outcome: 'accepted' });
    // How else could it be returned?
    expect(await decide(owed)).toMatchObject({ outcome: 'accepted', resumed: true });
  });

  it('owes it from the acceptance on: also where it never asks for the receipt', async () => {
    await adopt(required);
    const owed = madeRequest([ada]);
    expect(await decide(owed)).toMatchObject({ accepted: { accountingDue: after(7) } });
    now = new Date(after(7).getTime() + 1);
    expect(await ask()).toMatchObject({ code: 'accounting_due' });
  });

  it('owes what the policy said when its request was accepted, and nothing that a later one says', async () => {
    const early = madeRequest([ada]);
    expect(await decide(early)).toMatchObject({ accepted: { accountingDue: undefined } });
    await adopt({ ...required, accounting_days: 30 });
    expect(await ask()).toMatchObject({ accepted: { accountingDue: after(30) } });
    await adopt({ ...required, accounting_days: 1 });
    now = after(20);
    expect(await ask()).toMatchObject({ outcome: 'accepted' });
    expect(await decide(early)).toMatchObject({ accepted: { accountingDue: undefined }, resumed: true });
  });

  it('is served again when it has returned it', async () => {
    await adopt(required);
    const { requestId } = (await finished()).request;
    now = after(8);
    expect(await ask()).toMatchObject({ code: 'accounting_due' });
    const digest = new Uint8Array(32).fill(5);
    const leaf = encodeLeaf({
      type: 'accounting',
      time: now.toISOString(),
      request: digestText(requestId),
      accounting: digestText(digest),
      bytes: 1,
    });
    await ledger.account({ requestId, sealed: new Uint8Array(1), digest, now, leaf });
    expect(await ask()).toMatchObject({ outcome: 'accepted' });
  });

  it('is told the next one that it owes when one is waived, and is served again when all are', async () => {
    await adopt({ ...required, approvers });
    const owed = [await finished(), await finished()];
    now = after(8);
    for (const { request } of owed) {
      const sentence = expect.stringContaining(digestText(request.requestId)) as string;
      expect(await ask()).toMatchObject({ code: 'accounting_due', sentence });
      const decision = 'accounting_waived';
      const reason = 'The inspector has left office';
      const policy = await new PolicyInForce(ledger).current();
      await signDecision(ledger, { request, decision, reason, key: approver, policy, holder: HOLDER, now });
    }
    expect(await ask()).toMatchObject({ outcome: 'accepted' });
  });

  it('may return it after its request has expired', async () => {
    await adopt(required);
    const owed = madeRequest([ada], { expires: after(1) });
    await decide(owed);
    now = after(8);
    expect(await decide(owed)).toMatchObject({ outcome: 'accepted', resumed: true });
  });

  it.each(['none', 'optional'])('is served on where accounting is %s', async (accounting) => {
    await adopt({ accounting, inspector });
    await finished();
    now = after(30);
    expect(await ask()).toMatchObject({ outcome: 'accepted' });
  });

  it('is served on under an epoch that names no inspector to seal it for', async () => {
    await adopt(required);
    await finished();
    now = after(30);
    expect(await decide(madeRequest([ada]), { hasInspector: false })).toMatchObject({ outcome: 'accepted' });
  });

  it('has nobody look at a request that could not be answered', async () => {
    await adopt({ ...required, ...HUMAN, approval: 'automatic' });
    await finished();
    await adopt({ ...required, ...HUMAN });
    now = after(8);
    expect(await ask()).toMatchObject({ code: 'accounting_due' });
  });
});

describe('a policy that changes under a decision', () => {
  it('has the request judged again by the new one', async () => {
    const policies = new PolicyInForce(ledger);
    let judgedOnce = false;
    const racing = {
      current: async (): Promise<Policy> => {
        const policy = await policies.current();
        if (!judgedOnce) {
          judgedOnce = true;
          await adopt({ minimum_records: 4 });
        }
        return policy;
      },
    };
    expect(await decide(madeRequest([ada]), { policies: racing })).toMatchObject({
      outcome: 'refused',
      code: 'records_below_minimum',
    });
    expect(await requests()).toEqual([]);
  });

  it('again and again ends with being told to come again', async () => {
    let changes = 0;
    const racing = {
      current: async (): Promise<Policy> => {
        const policy = await new PolicyInForce(ledger).current();
        await adopt({ minimum_records: 1, approval_days: (++changes % 300) + 1 });
        return policy;
      },
    };
    expect(await decide(madeRequest([ada]), { policies: racing })).toMatchObject({ code: 'shutting_down' });
    expect(changes).toBe(4);
    expect(await requests()).toEqual([]);
  });
});

describe('a refusal that the session found', () => {
  it.each([
    ['under the requester whose official signed it', [ada], 'A'],
    ['under nobody where none did', [stranger], null],
  ])('is logged %s', async (_, signers, requester) => {
    const { request } = madeRequest(signers);
    await logRefusal(request, new ProtocolError('manifest_expired'), setting);
    expect(await leaves()).toMatchObject([{ type: 'refused', code: 'manifest_expired', requester }]);
  });
});
