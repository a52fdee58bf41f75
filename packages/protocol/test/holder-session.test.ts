import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHolderMessage, encodeMessage } from '../src/codec.ts';
import { HolderSession } from '../src/holder-session.ts';
import type { HolderEvent } from '../src/holder-session.ts';
import {
  HANDSHAKE_DEADLINE_MS,
  IDLE_DEADLINE_MS,
  REQUEST_DEADLINE_MS,
  SENTENCE_MAX,
  SET_READ_MAX,
} from '../src/limits.ts';
import type { HolderMessage, RequesterMessage } from '../src/messages.ts';
import { PROBLEMS } from '../src/problem.ts';
import type { ProblemCode } from '../src/problem.ts';
import {
  acceptedLeaf,
  accountingLeaf,
  descriptor,
  epochLeaf,
  epochOf,
  NOON,
  patternElements,
  policyLeaf,
  requestOf,
  signedAccountingReceipt,
  signedReceipt,
  TestClock,
  TestLog,
} from './setting.ts';

const epoch = epochOf();
// Six chunks: more than may be in flight; the last one is short.
const request = requestOf(patternElements(5 * 4096 + 3), { epoch });
const sealed = new Uint8Array(7).fill(5);
const log = new TestLog([
  policyLeaf,
  epochLeaf(epoch),
  acceptedLeaf(request.open),
  accountingLeaf(request.open, sealed),
]);
const view = log.view(1, 0, 2);
const receipt = { envelopeBytes: signedReceipt(log.acceptance(2, 3)), consistency: log.consistency(2, 3) };
const accountingReceipt = {
  envelopeBytes: signedAccountingReceipt(log.logged(3)),
  consistency: log.consistency(3),
};
const hello: RequesterMessage = { type: 'hello', version: 1, logSize: 0 };
const requestMessage: RequesterMessage = { type: 'request', envelope: request.envelopeBytes };

function start() {
  const clock = new TestClock();
  const session = new HolderSession({ epoch, now: clock.now, monotonic: clock.monotonic });
  return { clock, session, say: (message: RequesterMessage) => session.receive(encodeMessage(message)) };
}

/** A session that has sent its epoch and awaits a request. */
function greeted() {
  const setting = start();
  setting.say(hello);
  setting.session.logOpened(view);
  return setting;
}

function deciding() {
  const setting = greeted();
  setting.say(requestMessage);
  return setting;
}

function accepted() {
  const setting = deciding();
  setting.session.authorised({ outcome: 'accepted' });
  return setting;
}

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text));
const chunk = (index: number): RequesterMessage => ({ type: 'chunk', ...request.chunk(index) });
const said = (events: readonly HolderEvent[]): HolderMessage[] =>
  events.flatMap((event) => (event.kind === 'send' ? [decodeHolderMessage(event.frame)] : []));
/** The code the session closes with; undefined when it goes on. */
const refusal = (events: readonly HolderEvent[]): ProblemCode | undefined => {
  const last = events.at(-1);
  if (last?.kind !== 'close' || last.problem === undefined) return undefined;
  expect(said(events)).toMatchObject([{ type: 'refused', code: last.problem.code }]);
  expect(last.closeCode).toBe(PROBLEMS[last.problem.code].close);
  return last.problem.code;
};
const answer = (session: HolderSession, index: number) =>
  session.evaluated(index, request.chunk(index).elements, request.chunk(index).elements, new Uint8Array(64));

describe('a holder session', () => {
  it('has the log opened at the size that the requester remembers, whatever it is', () => {
    for (const logSize of [0, 1, 0xffff_ffff]) {
      expect(start().say({ ...hello, logSize })).toEqual([{ kind: 'openLog', rememberedSize: logSize }]);
    }
  });

  it('answers hello with the epoch, byte for byte as signed, and the log as it is shown', () => {
    const { session, say } = start();
    say(hello);
    const { checkpoint, ...proofs } = log.view(1, 2);
    expect(said(session.logOpened({ checkpoint, ...proofs }))).toEqual([
      { type: 'epoch', envelope: epoch.envelopeBytes, checkpoint: bytesOf(checkpoint), ...proofs },
    ]);
  });

  it('takes nothing while the log is opened', () => {
    for (const message of [hello, requestMessage]) {
      const { say } = start();
      say(hello);
      expect(refusal(say(message))).toBe('message_unexpected');
    }
  });

  it('refuses another version and says its own', () => {
    const events = start().say({ ...hello, version: 2 });
    expect(refusal(events)).toBe('version_unsupported');
    expect(said(events)).toMatchObject([{ sentence: expect.stringContaining('version 1') as string }]);
  });

  it('asks for a decision on a valid request, and accepts or refuses by it', () => {
    const events = greeted().say(requestMessage);
    expect(events).toEqual([
      { kind: 'authorise', request: request.open, envelopeBytes: request.envelopeBytes },
    ]);
    expect(said(deciding().session.authorised({ outcome: 'accepted' }))).toEqual([
      { type: 'accepted', requestId: request.open.requestId },
    ]);
    const refused = deciding().session.authorised({
      outcome: 'refused',
      code: 'nonce_reused',
      sentence: 'Used before.',
    });
    expect(refusal(refused)).toBe('nonce_reused');
    expect(said(refused)).toEqual([{ type: 'refused', code: 'nonce_reused', sentence: 'Used before.' }]);
  });

  it('says that a request waits, and ends as if all were done', () => {
    const { session, say } = deciding();
    const events = session.authorised({ outcome: 'pending', retryAfter: 30 });
    expect(said(events)).toEqual([{ type: 'pending', requestId: request.open.requestId, retryAfter: 30 }]);
    expect(events.at(-1)).toEqual({ kind: 'close', closeCode: 1000, problem: undefined });
    expect(session.closed).toBe(true);
    expect(say(requestMessage)).toEqual([]);
  });

  it('stays able to refuse where the answer that it was given can not be sent', () => {
    const { session } = deciding();
    expect(() => session.authorised({ outcome: 'pending', retryAfter: -1 })).toThrow();
    expect(refusal(session.fail('internal_error'))).toBe('internal_error');
    const opening = start();
    opening.say(hello);
    expect(() => opening.session.logOpened({ ...view, leaf: new Uint8Array(0) })).toThrow();
    expect(refusal(opening.session.fail('internal_error'))).toBe('internal_error');
  });

  it.each<[ProblemCode, () => Uint8Array]>([
    ['manifest_malformed', () => new Uint8Array(10)],
    ['epoch_unknown', () => requestOf(patternElements(3), { epochId: new Uint8Array(32) }).envelopeBytes],
    [
      'holder_unexpected',
      () => requestOf(patternElements(3), { holder: `sha256:${'00'.repeat(32)}` }).envelopeBytes,
    ],
    [
      'manifest_expired',
      () => requestOf(patternElements(3), { created: new Date('2026-11-21T12:06:00Z') }).envelopeBytes,
    ],
    ['elements_over_cap', () => requestOf(patternElements(5), { records: 1 }).envelopeBytes],
  ])('refuses a request with %s before anyone is asked', (code, envelope) => {
    const events = greeted().say({ type: 'request', envelope: envelope() });
    expect(refusal(events)).toBe(code);
    expect(events.some(({ kind }) => kind === 'authorise')).toBe(false);
  });

  it('asks for a decision on a request that has expired, which may have been accepted before', () => {
    const { open, envelopeBytes } = requestOf(patternElements(3), {
      expires: new Date('2026-11-21T11:30:00Z'),
    });
    const events = greeted().say({ type: 'request', envelope: envelopeBytes });
    expect(events).toEqual([{ kind: 'authorise', request: open, envelopeBytes }]);
  });

  it('hands on the manifest that it refuses, for the log, where there is a well-formed one', () => {
    const { open, envelopeBytes } = requestOf(patternElements(5), { records: 1 });
    const refused = (envelope: Uint8Array) => greeted().say({ type: 'request', envelope }).at(-1);
    expect(refused(envelopeBytes)).toMatchObject({ kind: 'close', request: open });
    expect(refused(new Uint8Array(10))).not.toHaveProperty('request');
    // What the caller has decided itself, it knows.
    const decided = deciding().session.authorised({ outcome: 'refused', code: 'quota_exceeded' });
    expect(decided.at(-1)).not.toHaveProperty('request');
  });

  it('has a chunk evaluated, the short last one too, and the same one again later', () => {
    const { session, say } = accepted();
    for (const index of [5, 0, 0]) {
      expect(say(chunk(index))).toEqual([
        { kind: 'evaluate', index, elements: request.chunk(index).elements },
      ]);
      expect(said(answer(session, index))).toMatchObject([{ type: 'evaluated', index }]);
    }
  });

  it.each<[string, ProblemCode, RequesterMessage]>([
    [
      'an index that the request does not have',
      'chunk_out_of_range',
      { ...request.chunk(0), type: 'chunk', index: 6 },
    ],
    ['the elements of another chunk', 'chunk_mismatch', { ...request.chunk(1), type: 'chunk', index: 0 }],
    [
      'the path of another chunk',
      'chunk_mismatch',
      { ...request.chunk(0), type: 'chunk', path: request.chunk(1).path },
    ],
    [
      'one element less',
      'chunk_mismatch',
      { ...request.chunk(0), type: 'chunk', elements: request.chunk(0).elements.slice(32) },
    ],
    ['a full last chunk', 'chunk_mismatch', { ...request.chunk(0), type: 'chunk', index: 5 }],
    ['no path', 'chunk_mismatch', { ...request.chunk(0), type: 'chunk', path: new Uint8Array(0) }],
  ])('refuses a chunk with %s', (_, code, message) => {
    expect(refusal(accepted().say(message))).toBe(code);
  });

  it('refuses a chunk with any bit changed', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(7), (at, bit) => {
        const altered = request.chunk(5);
        altered.elements = Uint8Array.from(altered.elements);
        altered.elements[at % altered.elements.length]! ^= 1 << bit;
        expect(refusal(accepted().say({ type: 'chunk', ...altered }))).toBe('chunk_mismatch');
      }),
      { numRuns: 20 },
    );
  });

  it('serves exactly the ranges of the token set', () => {
    const { bytes } = descriptor.tokenSet;
    const read = (offset: number, length: number) => accepted().say({ type: 'setRead', offset, length });
    expect(read(0, SET_READ_MAX)).toEqual([{ kind: 'readSet', offset: 0, length: SET_READ_MAX }]);
    expect(read(bytes - 1, 1)).toEqual([{ kind: 'readSet', offset: bytes - 1, length: 1 }]);
    expect(refusal(read(0, 0))).toBe('set_range_invalid');
    expect(refusal(read(0, SET_READ_MAX + 1))).toBe('set_range_invalid');
    expect(refusal(read(bytes - 1, 2))).toBe('set_range_invalid');
    expect(refusal(read(bytes, 1))).toBe('set_range_invalid');
    expect(refusal(read(Number.MAX_SAFE_INTEGER, 1))).toBe('set_range_invalid');
  });

  it('refuses malformed and oversized frames with their close codes, and then takes nothing', () => {
    const { session } = accepted();
    const events = session.receive(Uint8Array.of(0x91));
    expect(refusal(events)).toBe('message_malformed');
    expect(events.at(-1)).toMatchObject({ closeCode: 1002 });
    expect(session.closed).toBe(true);
    expect(session.receive(encodeMessage({ type: 'finish' }))).toEqual([]);
    expect(session.fail('internal_error')).toEqual([]);
    expect(refusal(accepted().session.receive(new Uint8Array(200_000)))).toBe('frame_too_large');
  });

  it('drops the results of work that ends after the close', () => {
    const { session, say } = accepted();
    say(chunk(0));
    expect(refusal(session.fail('shutting_down'))).toBe('shutting_down');
    expect(answer(session, 0)).toEqual([]);
  });

  it('never sends a sentence that a requester would not take', () => {
    for (const sentence of ['x'.repeat(SENTENCE_MAX + 1), 'two\nlines', '']) {
      expect(said(start().session.fail('internal_error', sentence))).toEqual([
        { type: 'refused', code: 'internal_error', sentence: PROBLEMS.internal_error.sentence },
      ]);
    }
  });

  it('takes no answer that it does not wait for', () => {
    const { session, say } = accepted();
    say(chunk(0));
    expect(() => answer(session, 1)).toThrow(RangeError);
    expect(() => session.evaluated(0, new Uint8Array(32), new Uint8Array(32), new Uint8Array(64))).toThrow(
      RangeError,
    );
    expect(() => session.setData(0, new Uint8Array(1))).toThrow(RangeError);
    expect(() => session.logOpened(view)).toThrow(RangeError);
    expect(() => session.receipt(receipt)).toThrow(RangeError);
    expect(() => session.accounted(accountingReceipt)).toThrow(RangeError);
    expect(() => session.authorised({ outcome: 'accepted' })).toThrow(RangeError);
  });
});

describe('a fault of the holder itself', () => {
  it('is internal_error for that one connection, with its cause for the log and not for the requester', () => {
    const fault = new TypeError('secret detail');
    let healthy = true;
    const session = new HolderSession({
      epoch,
      now: () => {
        if (healthy) return NOON;
        throw fault;
      },
    });
    session.receive(encodeMessage(hello));
    session.logOpened(view);
    healthy = false;
    const events = session.receive(encodeMessage(requestMessage));
    expect(refusal(events)).toBe('internal_error');
    expect(said(events)).toMatchObject([{ sentence: PROBLEMS.internal_error.sentence }]);
    const last = events.at(-1);
    expect(last?.kind === 'close' && last.problem?.cause).toBe(fault);
  });
});

describe('the deadlines of a holder session', () => {
  it('give ten seconds for hello, which a ping does not lengthen', () => {
    const { clock, session } = start();
    clock.ms += HANDSHAKE_DEADLINE_MS;
    session.touch();
    expect(session.tick()).toEqual([]);
    clock.ms += 1;
    expect(refusal(session.tick())).toBe('deadline_exceeded');
  });

  it('give the holder ten seconds to open its log, and say whose fault it was', () => {
    const { clock, session, say } = start();
    clock.ms += HANDSHAKE_DEADLINE_MS;
    say(hello);
    clock.ms += HANDSHAKE_DEADLINE_MS;
    session.touch();
    expect(session.tick()).toEqual([]);
    clock.ms += 1;
    const events = session.tick();
    expect(refusal(events)).toBe('deadline_exceeded');
    expect(said(events)).toMatchObject([{ sentence: expect.stringContaining('log') as string }]);
    expect(session.logOpened(view)).toEqual([]);
  });

  it('give thirty seconds from the epoch to a request, which no ping lengthens', () => {
    const { clock, session, say } = start();
    say(hello);
    clock.ms += HANDSHAKE_DEADLINE_MS;
    session.logOpened(view);
    for (let second = 0; second < REQUEST_DEADLINE_MS; second += 1000) {
      clock.ms += 1000;
      session.touch();
      expect(session.tick()).toEqual([]);
    }
    clock.ms += 1;
    expect(refusal(session.tick())).toBe('deadline_exceeded');
  });

  it('give a minute from the acceptance on, however late the request came', () => {
    const { clock, session, say } = greeted();
    clock.ms += REQUEST_DEADLINE_MS;
    say(requestMessage);
    session.authorised({ outcome: 'accepted' });
    clock.ms += IDLE_DEADLINE_MS;
    expect(session.tick()).toEqual([]);
    clock.ms += 1;
    expect(refusal(session.tick())).toBe('deadline_exceeded');
  });

  it('do not move when the time of day is set', () => {
    for (const jump of [-1, 1]) {
      const { clock, session } = accepted();
      clock.wall += jump * 1000 * IDLE_DEADLINE_MS;
      clock.ms += IDLE_DEADLINE_MS;
      expect(session.tick()).toEqual([]);
      clock.ms += 1;
      expect(refusal(session.tick())).toBe('deadline_exceeded');
    }
  });

  it('run on a monotonic clock where none is given', () => {
    const clock = new TestClock();
    const session = new HolderSession({ epoch, now: clock.now });
    clock.wall += 1000 * IDLE_DEADLINE_MS;
    expect(session.tick()).toEqual([]);
  });

  it('give a minute between messages, which a message or a ping starts again', () => {
    const { clock, session, say } = accepted();
    clock.ms += IDLE_DEADLINE_MS;
    expect(session.tick()).toEqual([]);
    session.touch();
    clock.ms += IDLE_DEADLINE_MS;
    expect(session.tick()).toEqual([]);
    say({ type: 'setRead', offset: 0, length: 1 });
    session.setData(0, new Uint8Array(1));
    clock.ms += IDLE_DEADLINE_MS;
    expect(session.tick()).toEqual([]);
    clock.ms += 1;
    expect(refusal(session.tick())).toBe('deadline_exceeded');
  });

  it('do not run while the requester waits for the holder', () => {
    const { clock, session, say } = accepted();
    say(chunk(0));
    clock.ms += 100 * IDLE_DEADLINE_MS;
    expect(session.tick()).toEqual([]);
    answer(session, 0);
    clock.ms += IDLE_DEADLINE_MS;
    expect(session.tick()).toEqual([]);
  });
});
