import { once } from 'node:events';
import { GroupError } from '@blindmatch/oprf';
import { encodeEnvelope, parseEnvelope, PAYLOAD_TYPES, signPayload, SUBPROTOCOL } from '@blindmatch/protocol';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { WAITING_LOCAL_MAX } from '../src/admission.ts';
import {
  breakPart,
  chunk,
  chunks,
  CHUNKS,
  daemon,
  evaluations,
  forgetDaemon,
  logged,
  officials,
  requestEnvelope,
  requests,
  TestRequester,
  untilUnderWay,
} from './daemon-rig.ts';

describe('a daemon', () => {
  it('refuses a fifth chunk while four are under way', async () => {
    const requester = await TestRequester.accepted();
    for (let index = 0; index < CHUNKS; index++) requester.send(chunk(index));
    expect(await requester.next()).toMatchObject({ type: 'refused', code: 'too_many_in_flight' });
    expect(await requester.closed).toBe(1008);
    // None of them is begun any more once the requester is sent away.
    const begun = evaluations.map(({ chunkIndex }) => chunkIndex);
    expect(begun).toEqual([0, 1, 2, 3].slice(0, begun.length));
  });

  it('takes the fifth once one is answered, and answers in any order', async () => {
    const requester = await TestRequester.accepted();
    for (let index = 0; index < 4; index++) requester.send(chunk(index));
    await untilUnderWay(requester, 4);
    evaluations[2]!.answer(chunks[2]!);
    expect(await requester.next()).toMatchObject({
      type: 'evaluated',
      index: 2,
      elements: chunks[2],
      roots: chunks[2]!.map(() => 7),
    });
    requester.send(chunk(4));
    await untilUnderWay(requester, 5);
    for (const index of [4, 0, 3, 1]) {
      evaluations[index]!.answer(chunks[index]!);
      expect(await requester.next()).toMatchObject({ type: 'evaluated', index });
    }
    requester.send({ type: 'finish' });
    expect(await requester.next()).toMatchObject({ type: 'receipt' });
    requester.drop();
  });

  it('tells a requester that the fault is its own when an evaluation fails, and the log why', async () => {
    const requester = await TestRequester.accepted();
    requester.send(chunk(4));
    await untilUnderWay(requester, 1);
    evaluations[0]!.fail(new RangeError('broken inside'));
    const refused = await requester.next();
    expect(refused).toMatchObject({ type: 'refused', code: 'internal_error' });
    expect(refused).not.toHaveProperty('sentence', expect.stringContaining('broken inside'));
    expect(await requester.closed).toBe(1011);
    expect(logged.join('')).toContain('"error":"RangeError"');
    expect(logged.join('')).not.toContain('broken inside');
  });

  it('names the element of a requester that is not valid', async () => {
    const requester = await TestRequester.accepted();
    requester.send(chunk(4));
    await untilUnderWay(requester, 1);
    evaluations[0]!.fail(new GroupError('element_invalid', 'Not valid.', { index: 2 }));
    const refused = await requester.next();
    expect(refused).toMatchObject({ type: 'refused', code: 'element_invalid' });
    expect(JSON.stringify(refused)).toContain('Element 2 of chunk 4');
    expect(await requester.closed).toBe(1008);
  });

  it.each([
    new GroupError('element_invalid', 'An element that was computed here is not valid.'),
    new GroupError('task_failed', 'A task failed in its worker.'),
  ])('blames no element of a requester for $code of its own', async (error) => {
    const requester = await TestRequester.accepted();
    requester.send(chunk(4));
    await untilUnderWay(requester, 1);
    evaluations[0]!.fail(error);
    expect(await requester.next()).toMatchObject({ type: 'refused', code: 'internal_error' });
    expect(await requester.closed).toBe(1011);
  });

  it('tells a requester that it is going away when its workers are stopped under a chunk', async () => {
    const requester = await TestRequester.accepted();
    requester.send(chunk(4));
    await untilUnderWay(requester, 1);
    evaluations[0]!.fail(new GroupError('pool_closed', 'The pool is closed.'));
    expect(await requester.next()).toMatchObject({ type: 'refused', code: 'shutting_down' });
    expect(await requester.closed).toBe(1001);
  });

  it('drops an answer whose requester is gone, and serves the next', async () => {
    const gone = await TestRequester.accepted();
    gone.send(chunk(4));
    await untilUnderWay(gone, 1);
    gone.drop();
    await gone.closed;
    const next = await TestRequester.accepted();
    evaluations[0]!.answer(chunks[4]!);
    next.send(chunk(4));
    await untilUnderWay(next, 2);
    evaluations[1]!.answer(chunks[4]!);
    expect(await next.next()).toMatchObject({ type: 'evaluated', index: 4 });
    next.drop();
    expect(logged.join('')).not.toContain('internal error');
  });

  it('tells every requester that it is going away when it is stopped', async () => {
    const requesters = await Promise.all([TestRequester.connect(), TestRequester.accepted()]);
    const closing = daemon.close();
    for (const requester of requesters) {
      expect(await requester.next()).toMatchObject({ type: 'refused', code: 'shutting_down' });
      expect(await requester.closed).toBe(1001);
    }
    await closing;
    forgetDaemon();
  });

  const toGreeted = (requester: TestRequester): void => {
    requester.send({ type: 'request', envelope: requestEnvelope() });
  };
  const toChunk = (requester: TestRequester): void => {
    requester.send(chunk(4));
  };
  const toFinish = (requester: TestRequester): void => {
    requester.send({ type: 'finish' });
  };
  it.each([
    ['the clock', 'clock', 'accepted', toChunk],
    ['the ledger, looking for a request', 'find', 'greeted', toGreeted],
    ['the ledger, accepting', 'accept', 'greeted', toGreeted],
    ['the ledger, giving the policy', 'policy', 'greeted', toGreeted],
    ['the ledger, completing', 'complete', 'accepted', toFinish],
    ['the log, proving a receipt', 'head', 'accepted', toFinish],
    ['the evaluation', 'evaluate', 'accepted', toChunk],
  ] as const)('ends one connection only when %s fails under it', async (_, part, state, act) => {
    const witness = await TestRequester.accepted();
    const requester = await TestRequester[state]();
    breakPart(part);
    act(requester);
    const told = await requester.last();
    breakPart();
    expect(told).toMatchObject({ type: 'refused', code: 'internal_error' });
    expect(logged.join('')).toContain('"error":"RangeError"');
    expect(logged.join('')).not.toContain('/var/holder');
    witness.send(chunk(4));
    await untilUnderWay(witness, evaluations.length + 1);
    evaluations.at(-1)!.answer(chunks[4]!);
    expect(await witness.next()).toMatchObject({ type: 'evaluated', index: 4 });
    witness.drop();
  });

  it('ends a connection whose log can not be read, and serves the next', async () => {
    const requester = await TestRequester.connect();
    breakPart('head');
    requester.send({ type: 'hello', version: 1, logSize: 0 });
    expect(await requester.last()).toMatchObject({ type: 'refused', code: 'internal_error' });
    breakPart();
    (await TestRequester.accepted()).drop();
  });

  it('goes on when its clock fails under a timer or a new connection', async () => {
    const requester = await TestRequester.accepted();
    breakPart('clock');
    expect(await requester.last()).toMatchObject({ type: 'refused', code: 'internal_error' });
    const refused = new WebSocket(daemon.url, SUBPROTOCOL);
    refused.on('error', () => undefined);
    await once(refused, 'close');
    breakPart();
    (await TestRequester.accepted()).drop();
  });

  it('evaluates in a lane of each requester, and nothing more for a connection that has gone', async () => {
    const [gone, kept] = [await TestRequester.accepted(), await TestRequester.accepted()];
    const other = await TestRequester.accepted(requestEnvelope(1));
    gone.send(chunk(4));
    await untilUnderWay(gone, 1);
    kept.send(chunk(4));
    await untilUnderWay(kept, 2);
    other.send(chunk(4));
    await untilUnderWay(other, 3);
    expect(evaluations.map(({ lane }) => lane)).toEqual(
      [0, 0, 1].map((index) => `Requesting Agency ${index}`),
    );
    gone.drop();
    await once(evaluations[0]!.signal!, 'abort');
    expect(evaluations.map(({ signal }) => signal!.aborted)).toEqual([true, false, false]);
    for (const requester of [kept, other]) requester.drop();
  });

  it('takes a request up on its latest connection and drops the work of the one before', async () => {
    const envelope = requestEnvelope();
    const before = await TestRequester.accepted(envelope);
    before.send(chunk(4));
    await untilUnderWay(before, 1);
    const after = await TestRequester.accepted(envelope);
    expect(await before.last()).toMatchObject({
      type: 'refused',
      code: 'message_unexpected',
      sentence: 'The same request was taken up on another connection; this one ends.',
    });
    expect(await before.closed).toBe(1002);
    expect(evaluations[0]!.signal!.aborted).toBe(true);
    after.send(chunk(4));
    await untilUnderWay(after, 2);
    evaluations[1]!.answer(chunks[4]!);
    expect(await after.next()).toMatchObject({ type: 'evaluated', index: 4 });
    expect(await requests()).toHaveLength(1);
    after.drop();
  });

  it('does not end a connection for a request that it refuses', async () => {
    const envelope = requestEnvelope();
    const kept = await TestRequester.accepted(envelope);
    const signed = parseEnvelope(envelope, PAYLOAD_TYPES.requestManifest);
    const thief = await TestRequester.greeted();
    thief.send({
      type: 'request',
      envelope: encodeEnvelope(signPayload(PAYLOAD_TYPES.requestManifest, signed.payload, officials[1]!)),
    });
    expect(await thief.next()).toMatchObject({ type: 'refused', code: 'nonce_reused' });
    kept.send(chunk(4));
    await untilUnderWay(kept, 1);
    kept.drop();
  });

  it('serves 16 requests of one requester at once, and those of others beside them', async () => {
    const envelopes = Array.from({ length: 16 }, () => requestEnvelope());
    const requesters: TestRequester[] = [];
    for (const envelope of envelopes) requesters.push(await TestRequester.accepted(envelope));
    const late = await TestRequester.greeted();
    late.send({ type: 'request', envelope: requestEnvelope() });
    expect(await late.next()).toMatchObject({ type: 'refused', code: 'shutting_down' });
    expect(await requests()).toHaveLength(16);
    requesters.push(await TestRequester.accepted(requestEnvelope(1)));
    requesters.push(await TestRequester.accepted(envelopes[0]));
    for (const requester of requesters) requester.drop();
  });

  it('evaluates nothing more for a requester that it sends away', async () => {
    const requester = await TestRequester.accepted();
    requester.send(chunk(4));
    await untilUnderWay(requester, 1);
    requester.send({ type: 'hello', version: 1, logSize: 0 });
    expect(await requester.next()).toMatchObject({ code: 'message_unexpected' });
    expect(evaluations[0]!.signal!.aborted).toBe(true);
    requester.drop();
  });

  it('serves accepted requesters although strangers take all the places that an address has', async () => {
    const strangers = await Promise.all(
      Array.from({ length: WAITING_LOCAL_MAX - 1 }, () => TestRequester.greeted()),
    );
    const first = await TestRequester.accepted();
    strangers.push(await TestRequester.connect());
    expect(await statusOf()).toBe(503);
    // The place of one who waited is free once it is accepted, and the accepted one is served on.
    first.send(chunk(4));
    await untilUnderWay(first, 1);
    for (const stranger of strangers) stranger.drop();
    await Promise.all(strangers.map((stranger) => stranger.closed));
    (await TestRequester.accepted()).drop();
    first.drop();
  });

  it('serves 64 requests at once, sends the next away uncharged and lets one of them be taken up again', async () => {
    const envelopes = Array.from({ length: 64 }, (_, index) => requestEnvelope(index % 4));
    const requesters: TestRequester[] = [];
    for (const envelope of envelopes) requesters.push(await TestRequester.accepted(envelope));
    const late = await TestRequester.greeted();
    late.send({ type: 'request', envelope: requestEnvelope(4) });
    expect(await late.next()).toMatchObject({ type: 'refused', code: 'shutting_down' });
    expect(await requests()).toHaveLength(64);
    requesters.push(await TestRequester.accepted(envelopes[0]));
    expect(await requesters[0]!.last()).toMatchObject({ type: 'refused', code: 'message_unexpected' });
    for (const requester of requesters) requester.drop();
  });

  it.each([
    ['another path', '/other', {}, 404],
    ['a web page', '/', { origin: 'https://example.org' }, 403],
  ])('answers %s with a status of its own', async (_, path, headers, status) => {
    expect(await statusOf(path, headers)).toBe(status);
  });

  it('writes no line for a stranger who says nothing and goes, and one for each who is accepted or refused', async () => {
    const stranger = await TestRequester.greeted();
    stranger.drop();
    await stranger.closed;
    const requester = await TestRequester.accepted();
    requester.send({ type: 'hello', version: 1, logSize: 0 });
    await requester.closed;
    const messages = logged.map((line) => (JSON.parse(line) as { message: string }).message);
    expect(messages.slice(0, 2)).toEqual(['request accepted', 'refused']);
  });
});

/** The status that an upgrade is refused with. */
async function statusOf(path = '/', headers: Record<string, string> = {}): Promise<number> {
  const refused = new WebSocket(new URL(path, daemon.url), SUBPROTOCOL, { headers });
  refused.on('error', () => undefined);
  const [, response] = (await once(refused, 'unexpected-response')) as [unknown, { statusCode: number }];
  refused.terminate();
  return response.statusCode;
}
