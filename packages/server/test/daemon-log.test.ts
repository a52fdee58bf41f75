import {
  digestText,
  encodeApproval,
  encodeEnvelope,
  encodeLeaf,
  fingerprint,
  generateSigningKey,
  openAccountingReceipt,
  openApproval,
  openCheckpoint,
  openReceipt,
  openRequest,
  PAYLOAD_TYPES,
  requireGrowth,
  signPayload,
  type Checkpoint,
  type HolderMessage,
} from '@blindmatch/protocol';
import { LedgerError } from '@blindmatch/ledger';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Upkeep } from '../src/upkeep.ts';
import {
  adopt,
  breakPart,
  RECORDS_CAP,
  evaluations,
  holder,
  identity,
  leaves,
  ledger,
  logged,
  open,
  requestEnvelope,
  requests,
  setAhead,
  TestRequester,
} from './daemon-rig.ts';
import { spki } from './policy-text.ts';

const approver = generateSigningKey().privateKey;
const HUMAN = { approval: 'human', approvers: [{ name: 'Officer', public_key: spki(approver) }] };
const DAY_MS = 86_400_000;
/** Members of a manifest that was valid for a day. */
const EXPIRED = { created: new Date('2026-01-01T00:00:00Z'), expires: new Date('2026-01-02T00:00:00Z') };

/** What a requester is shown who remembers the first leaves of the log. */
async function shown(logSize = 0): Promise<Extract<HolderMessage, { type: 'epoch' }>> {
  const requester = await TestRequester.connect();
  requester.send({ type: 'hello', version: 1, logSize });
  const message = await requester.next();
  requester.drop();
  if (message.type !== 'epoch') throw new Error(`the holder said ${message.type}`);
  return message;
}

function checkpointOf({ checkpoint }: Extract<HolderMessage, { type: 'epoch' }>): Checkpoint {
  return openCheckpoint(Buffer.from(checkpoint).toString(), identity);
}

/** What a requester with this request is told. */
async function answerTo(envelope: Uint8Array): Promise<HolderMessage> {
  const requester = await TestRequester.greeted();
  requester.send({ type: 'request', envelope });
  const answer = await requester.next();
  requester.drop();
  return answer;
}

/** A requester whose request is finished, with its receipt. */
async function finished(
  envelope = requestEnvelope(),
): Promise<{ requester: TestRequester; receipt: Extract<HolderMessage, { type: 'receipt' }> }> {
  const requester = await TestRequester.accepted(envelope);
  requester.send({ type: 'finish' });
  const receipt = await requester.next();
  if (receipt.type !== 'receipt') throw new Error(`the holder said ${receipt.type}`);
  return { requester, receipt };
}

describe('the log that a daemon shows', () => {
  it('is signed, names the epoch and is proved to continue what a requester remembers', async () => {
    const first = checkpointOf(await shown());
    await answerTo(requestEnvelope());
    const later = await shown(first.size);
    const second = checkpointOf(later);
    expect(second.size).toBe(first.size + 1);
    requireGrowth(first, second, later.consistency);
    expect(Buffer.from(later.leaf).toString()).toContain(digestText(open.epochId));
  });

  it('proves nothing to who remembers nothing or more than there is', async () => {
    const { size } = checkpointOf(await shown());
    for (const remembered of [0, size + 1]) expect((await shown(remembered)).consistency).toHaveLength(0);
  });

  it('is signed once while it does not grow', async () => {
    const [first, second] = [await shown(), await shown()];
    expect(checkpointOf(second).note).toBe(checkpointOf(first).note);
  });
});

describe('a receipt', () => {
  it('proves the acceptance in a log that continues the one that was shown', async () => {
    const envelope = requestEnvelope();
    const before = checkpointOf(await shown());
    const { requester, receipt } = await finished(envelope);
    const opened = openReceipt(receipt.envelope, {
      descriptor: open.descriptor,
      request: openRequest(envelope),
    });
    expect(opened.accepted).toMatchObject({ requester: 'Requesting Agency 0', approval: null });
    // Accepted and finished came behind what was shown at first.
    expect(opened.checkpoint.size).toBe(before.size + 2);
    requireGrowth(before, opened.checkpoint, receipt.consistency);
    requester.drop();
  });

  it('of a request that is finished again says the first time, and is no second leaf', async () => {
    const envelope = requestEnvelope();
    const times: Date[] = [];
    for (const ahead of [0, 60_000]) {
      setAhead(ahead);
      const { requester, receipt } = await finished(envelope);
      const expected = { descriptor: open.descriptor, request: openRequest(envelope) };
      times.push(openReceipt(receipt.envelope, expected).completed);
      requester.drop();
    }
    expect(times[1]).toEqual(times[0]);
    expect((await leaves()).map(({ type }) => type)).toEqual(['accepted', 'finished']);
  });
});

describe('a receipt under a policy', () => {
  it('that was replaced and came back proves the adoption that was the last before the acceptance', async () => {
    await adopt({ minimum_records: 2 });
    await adopt();
    const envelope = requestEnvelope();
    const requester = await TestRequester.accepted(envelope);
    await adopt({ minimum_records: 3 });
    await adopt();
    requester.send({ type: 'finish' });
    const receipt = await requester.next();
    if (receipt.type !== 'receipt') throw new Error(`the holder said ${receipt.type}`);
    const expected = { descriptor: open.descriptor, request: openRequest(envelope) };
    const { policy } = openReceipt(receipt.envelope, expected).accepted;
    expect(policy).toBe(digestText((await ledger.policy())!.digest));
    requester.drop();
  });
});

describe('an accounting', () => {
  const sealed = (byte: number): Uint8Array => new Uint8Array(300).fill(byte);
  const send = (requester: TestRequester, bytes: Uint8Array): void => {
    requester.send({ type: 'accounting', total: bytes.length, offset: 0, bytes });
  };

  it('is kept unread and logged by its hash, with a receipt that continues the first', async () => {
    const envelope = requestEnvelope();
    const { requester, receipt } = await finished(envelope);
    const expected = { descriptor: open.descriptor, request: openRequest(envelope) };
    const first = openReceipt(receipt.envelope, expected);
    send(requester, sealed(1));
    const accounted = await requester.next();
    if (accounted.type !== 'accounted') throw new Error(`the holder said ${accounted.type}`);
    const accounting = new Uint8Array(createHash('sha256').update(sealed(1)).digest());
    const second = openAccountingReceipt(accounted.envelope, { ...expected, accounting });
    requireGrowth(first.checkpoint, second.checkpoint, accounted.consistency);
    expect(second.accounting).toMatchObject({ bytes: 300 });
    const { requestId } = openRequest(envelope);
    expect(Buffer.from((await ledger.sealedAccounting(requestId))!)).toEqual(Buffer.from(sealed(1)));
    requester.drop();
  });

  it('that comes again is answered the same, and another one is refused', async () => {
    const envelope = requestEnvelope();
    for (const byte of [1, 1, 2]) {
      const { requester } = await finished(envelope);
      send(requester, sealed(byte));
      expect(await requester.next()).toMatchObject(
        byte === 1 ? { type: 'accounted' } : { type: 'refused', code: 'accounting_invalid' },
      );
      requester.drop();
    }
    expect((await leaves()).filter(({ type }) => type === 'accounting')).toHaveLength(1);
  });

  it('that can not be kept is not acknowledged', async () => {
    const { requester } = await finished();
    breakPart('account');
    send(requester, sealed(1));
    expect(await requester.next()).toMatchObject({ type: 'refused', code: 'internal_error' });
  });
});

describe('a refusal', () => {
  it.each([
    ['of the policy', {}, { minimum_records: RECORDS_CAP }, 'records_below_minimum'],
    ['of an expired request', EXPIRED, {}, 'manifest_expired'],
    ['of a request for another epoch', { epochId: new Uint8Array(32) }, {}, 'epoch_unknown'],
    ['of a request for another holder', { holder: `sha256:${'1'.repeat(64)}` }, {}, 'holder_unexpected'],
    ['of too many elements', { records: 1 }, {}, 'elements_over_cap'],
  ])('%s is in the log once it is told', async (_, manifest, policy, code) => {
    await adopt(policy);
    const envelope = requestEnvelope(0, manifest);
    expect(await answerTo(envelope)).toMatchObject({ type: 'refused', code });
    const request = digestText(openRequest(envelope).requestId);
    expect(await leaves()).toMatchObject([
      { type: 'refused', code, request, requester: 'Requesting Agency 0' },
    ]);
  });

  it.each([
    ['of the policy', {}],
    ['of the session', { epochId: new Uint8Array(32) }],
  ])('%s that can not be logged is not told', async (_, manifest) => {
    await adopt({ minimum_records: RECORDS_CAP });
    const requester = await TestRequester.greeted();
    breakPart('refuse');
    requester.send({ type: 'request', envelope: requestEnvelope(0, manifest) });
    expect(await requester.closed).toBe(1011);
    expect(await requester.last()).toMatchObject({ type: 'refused', code: 'internal_error' });
    breakPart();
    expect(await leaves()).toEqual([]);
  });

  it('of something that is no manifest leaves no leaf', async () => {
    expect(await answerTo(new Uint8Array(8))).toMatchObject({ type: 'refused', code: 'manifest_malformed' });
    expect(await leaves()).toEqual([]);
  });
});

describe.each(['ledger_full', 'ledger_busy'] as const)('a ledger that fails with %s', (code) => {
  const fault = new LedgerError(code, 'The ledger /var/holder/ledger.sqlite fails; make room.');
  const comeAgain = {
    type: 'refused',
    code: 'shutting_down',
    sentence: expect.stringContaining('submit the request again later') as string,
  };

  it.each([
    ['at an acceptance', 'accept', {}],
    ['at the leaf of a refusal by the policy', 'refuse', { records: RECORDS_CAP + 1 }],
    ['at the leaf of a refusal by the session', 'refuse', { epochId: new Uint8Array(32) }],
  ] as const)('%s, has the requester come again and evaluates nothing', async (_, part, manifest) => {
    const envelope = requestEnvelope(0, manifest);
    const requester = await TestRequester.greeted();
    breakPart(part, fault);
    requester.send({ type: 'request', envelope });
    expect(await requester.closed).toBe(1001);
    expect(await requester.last()).toMatchObject(comeAgain);
    expect(evaluations).toEqual([]);
    expect(await leaves()).toEqual([]);
    expect(logged.map((line) => JSON.parse(line) as unknown)).toContainEqual(
      expect.objectContaining({
        ...{ level: 50, message: 'requests can not be recorded', error: `LedgerError (${code})` },
      }),
    );
    expect(logged.join('')).not.toContain('/var/holder');
    breakPart();
    const again = part === 'accept' ? 'accepted' : 'refused';
    expect(await answerTo(envelope)).toMatchObject({ type: again });
  });

  it('at a receipt, gives it when the requester comes again', async () => {
    const envelope = requestEnvelope();
    const requester = await TestRequester.accepted(envelope);
    breakPart('complete', fault);
    requester.send({ type: 'finish' });
    expect(await requester.next()).toMatchObject(comeAgain);
    breakPart();
    await finished(envelope);
  });

  it('is an error in the log of a daemon that nobody asks', async () => {
    breakPart('policy', fault);
    const upkeep = new Upkeep(holder);
    await upkeep.look();
    await upkeep.end();
    expect(logged.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { level: 50, error: `LedgerError (${code})` },
    ]);
  });
});

describe('a policy that is put in force while the daemon runs', () => {
  it('decides from the next request on', async () => {
    expect(await answerTo(requestEnvelope())).toMatchObject({ type: 'accepted' });
    await adopt({ minimum_records: RECORDS_CAP });
    expect(await answerTo(requestEnvelope())).toMatchObject({ code: 'records_below_minimum' });
    await adopt();
    expect(await answerTo(requestEnvelope())).toMatchObject({ type: 'accepted' });
  });
});

describe('a request that waits', () => {
  it('ends its connection as usual, and is served on another one once it is approved', async () => {
    await adopt(HUMAN);
    const envelope = requestEnvelope();
    const { requestId } = openRequest(envelope);
    const requester = await TestRequester.greeted();
    requester.send({ type: 'request', envelope });
    const pending = await requester.next();
    expect(pending).toMatchObject({ type: 'pending', requestId });
    expect(await requester.closed).toBe(1000);
    const now = new Date();
    const approval = {
      request: requestId,
      holder: fingerprint(identity),
      decision: 'approved',
      reason: null,
      time: now,
    } as const;
    const signed = encodeEnvelope(signPayload(PAYLOAD_TYPES.approval, encodeApproval(approval), approver));
    const { digest } = openApproval(signed);
    const leaf = encodeLeaf({
      type: 'approval',
      time: now.toISOString(),
      request: digestText(requestId),
      decision: 'approved',
      approver: fingerprint(approver),
      approval: digestText(digest),
    });
    const policy = (await ledger.policy())!.digest;
    await ledger.decide({ requestId, policy, decision: 'approved', envelope: signed, digest, now, leaf });
    expect(await answerTo(envelope)).toMatchObject({ type: 'accepted' });
    expect(logged.map((line) => (JSON.parse(line) as { message: string }).message)).toContain(
      'request waits',
    );
  });

  it('is expired by the daemon without anybody asking', async () => {
    await adopt(HUMAN);
    expect(await answerTo(requestEnvelope())).toMatchObject({ type: 'pending' });
    const upkeep = new Upkeep(holder);
    await upkeep.look();
    expect(await requests()).toMatchObject([{ state: 'waiting' }]);
    setAhead(15 * DAY_MS);
    await upkeep.look();
    await upkeep.end();
    expect(await requests()).toMatchObject([{ state: 'expired' }]);
    expect(await leaves()).toMatchObject([
      { type: 'pending' },
      { type: 'refused', code: 'approval_expired' },
    ]);
  });

  it('stays as it is where the daemon can not look after it, which is in its own log', async () => {
    const upkeep = new Upkeep(holder);
    breakPart('policy');
    await upkeep.look();
    await upkeep.end();
    expect(logged.join('')).toContain('internal error');
  });
});
