import type { KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CHUNK_CANARIES,
  digestText,
  encodeApproval,
  encodeEnvelope,
  encodeLeaf,
  fingerprint,
  generateSigningKey,
  openApproval,
  PAYLOAD_TYPES,
  signPayload,
  type Approval,
} from '@blindmatch/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Entries } from '../../packages/server/test/policy-text.ts';
import { blindedElements, handmadeRequest, type HandmadeRequest } from './small-holder.ts';
import { idOf, keyEntry, WatchedHolder } from './watched-holder.ts';

const RECORDS = 3;
const AGENCY = 'Requesting Agency';

const key = (): KeyObject => generateSigningKey().privateKey;
const [official, leaving, approver, second] = [key(), key(), key(), key()];

const home = mkdtempSync(join(tmpdir(), 'hostile-approval-'));
let holder: WatchedHolder;
let elements: Uint8Array;

/** Everybody may do as before, but for who was revoked. */
function policy(revoked: readonly KeyObject[] = []): Entries {
  const entry = (of: KeyObject, more: Entries = {}): Entries =>
    keyEntry(of, { ...more, ...(revoked.includes(of) ? { revoked: '2026-01-01' } : {}) });
  return {
    approval: 'human',
    approvers: [entry(approver, { name: 'Ann Operator' }), entry(second, { name: 'Bob Operator' })],
    requesters: [
      {
        name: AGENCY,
        required_signatures: '1 of role official',
        caps: { records_per_request: RECORDS },
        officials: [entry(official), entry(leaving)],
      },
    ],
  };
}

beforeAll(async () => {
  holder = await WatchedHolder.start(home, policy());
  elements = await blindedElements(RECORDS + CHUNK_CANARIES);
});

afterAll(async () => {
  await holder.stop();
  expect(holder.said).not.toContain('internal error');
  rmSync(home, { recursive: true, force: true });
});

function request(signer: KeyObject = official): HandmadeRequest {
  return handmadeRequest(holder.epoch, holder.fingerprint, elements, [signer]);
}

/** A request that waits. */
async function waiting(signer?: KeyObject): Promise<HandmadeRequest> {
  const made = request(signer);
  expect(await holder.answersTo(made)).toMatchObject([{ type: 'pending', requestId: idOf(made) }]);
  return made;
}

/** Writes to the ledger what somebody with the holder's files could: a decision, whoever signed whatever for it. */
async function decide(
  made: HandmadeRequest,
  signer: KeyObject,
  changes: Partial<Approval> = {},
  decision: 'approved' | 'denied' = 'approved',
): Promise<void> {
  const requestId = idOf(made);
  const now = new Date();
  const approval = { request: requestId, holder: holder.fingerprint, decision, reason: 'Seen', time: now };
  const payload = encodeApproval({ ...approval, ...changes });
  const envelope = encodeEnvelope(signPayload(PAYLOAD_TYPES.approval, payload, signer));
  const { digest } = openApproval(envelope);
  const leaf = encodeLeaf({
    type: 'approval',
    time: now.toISOString(),
    request: digestText(requestId),
    decision,
    approver: fingerprint(signer),
    approval: digestText(digest),
  });
  const policy = (await holder.ledger.policy())?.digest ?? new Uint8Array(32);
  const decided = holder.ledger.decide({ requestId, policy, decision, envelope, digest, now, leaf });
  expect(await decided).toBe('decided');
}

async function typesAbout(made: HandmadeRequest): Promise<readonly string[]> {
  return (await holder.leavesAbout(made)).map(({ type }) => type);
}

describe('a request that waits for approval', () => {
  it('is told so once more whenever it comes back, and nothing is evaluated, charged or logged anew', async () => {
    const made = await waiting();
    for (let again = 0; again < 3; again++) {
      const requester = await holder.greeted();
      requester.send({ type: 'request', envelope: made.envelope });
      expect(await requester.next()).toMatchObject({ type: 'pending' });
      requester.send(made.chunk, { type: 'finish' });
      expect(await requester.rest()).toEqual([]);
    }
    expect(await typesAbout(made)).toEqual(['pending']);
    expect(await holder.find(made)).toMatchObject({ state: 'waiting' });
    expect(await holder.charged(AGENCY)).toBe(0);
  });

  it('is message_unexpected with a chunk that does not wait for the answer', async () => {
    const made = request();
    const requester = await holder.greeted();
    requester.send({ type: 'request', envelope: made.envelope }, made.chunk);
    expect(await requester.rest()).toMatchObject([{ type: 'refused', code: 'message_unexpected' }]);
    expect(await holder.charged(AGENCY)).toBe(0);
  });

  it('is nonce_reused when another one waits with its nonce', async () => {
    const made = await waiting();
    const { nonce } = made.manifest;
    const changes = { nonce, reason: 'Final orders of August' };
    const other = handmadeRequest(holder.epoch, holder.fingerprint, elements, [official], changes);
    await holder.expectRefusal(other, 'nonce_reused', AGENCY);
  });

  it('is accepted, charged and evaluated once an approver has approved exactly it', async () => {
    const made = await waiting();
    const before = await holder.charged(AGENCY);
    await decide(made, approver);
    (await holder.finished(made)).close();
    expect(await typesAbout(made)).toEqual(['pending', 'approval', 'accepted', 'finished']);
    expect(await holder.charged(AGENCY)).toBe(before + RECORDS);
  });

  it('stays denied, with the reason, however often it comes back', async () => {
    const made = await waiting();
    const before = await holder.charged(AGENCY);
    await decide(made, approver, { reason: 'Not under this statute' }, 'denied');
    for (let again = 0; again < 2; again++) {
      const answers = await holder.answersTo(made);
      expect(answers).toMatchObject([{ type: 'refused', code: 'approval_denied' }]);
      expect(JSON.stringify(answers)).toContain('Not under this statute');
    }
    expect(await typesAbout(made)).toEqual(['pending', 'approval']);
    expect(await holder.charged(AGENCY)).toBe(before);
  });
});

describe('an approval that was forged', () => {
  const forgeries: readonly [string, () => KeyObject, (other: HandmadeRequest) => Partial<Approval>][] = [
    ['signed by a stranger', key, () => ({})],
    ["signed by the requester's own official", () => official, () => ({})],
    ['of another request', () => approver, (other) => ({ request: idOf(other) })],
    ['of another holder', () => approver, () => ({ holder: fingerprint(key()) })],
    ['signed as a denial', () => approver, () => ({ decision: 'denied' })],
  ];

  it.each(forgeries)('is approval_invalid when it is %s', async (_, signer, changes) => {
    const [made, other] = [await waiting(), await waiting()];
    const before = await holder.charged(AGENCY);
    await decide(made, signer(), changes(other));
    await holder.expectRefusal(made, 'approval_invalid', AGENCY);
    await holder.expectRefusal(made, 'approval_invalid', AGENCY);
    expect(await typesAbout(made)).toEqual(['pending', 'approval', 'refused', 'refused']);
    expect(await holder.charged(AGENCY)).toBe(before);
  });

  it('is found, and nothing else, when the log is verified', async () => {
    expect(await holder.findings()).toEqual(forgeries.map(() => 'approval_invalid'));
  });
});

it('who was revoked meanwhile counts no more: not for what waits, nor what is approved, nor what was accepted', async () => {
  const accepted = await waiting(leaving);
  await decide(accepted, approver);
  (await holder.accepted(accepted)).close();
  const [waits, approved] = [await waiting(leaving), await waiting()];
  await decide(approved, second);
  await holder.reload(policy([leaving, second]));
  await holder.expectRefusal(waits, 'official_revoked', null);
  await holder.expectRefusal(approved, 'approval_invalid', AGENCY);
  // It is charged already, and still nothing of it is evaluated any more.
  await holder.expectRefusal(accepted, 'official_revoked', null);
});
