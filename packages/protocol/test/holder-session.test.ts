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
  descriptor,
  epochOf,
  NOON,
  patternElements,
  receiptOf,
  requestOf,
  signedReceipt,
  TestClock,
} from './setting.ts';

const epoch = epochOf();
// Six chunks: more than may be in flight; the last one is short.
const request = requestOf(patternElements(5 * 4096 + 3), { epoch });
const receiptBytes = signedReceipt(receiptOf(request.open));

function start() {
  const clock = new TestClock();
  const session = new HolderSession({ epoch, now: clock.now, monotonic: clock.monotonic });
  return { clock, session, say: (message: RequesterMessage) => session.receive(encodeMessage(message)) };
}

function accepted() {
  const setting = start();
  setting.say({ type: 'hello', version: 1 });
  setting.say({ type: 'request', envelope: request.envelopeBytes });
  setting.session.authorised({ accepted: true });
  return setting;
}

const chunk = (index: number): RequesterMessage => ({ type: 'chunk', ...request.chunk(index) });
const said = (events: readonly HolderEvent[]): HolderMessage[] =>
  events.flatMap((event) => (event.kind === 'send' ? [decodeHolderMessage(event.frame)] : []));
/** The code the session closes with; undefined when it goes on. */
const refusal = (events: readonly HolderEvent[]): ProblemCode | undefined => {
  const last = events.at(-1);
  if (last?.kind !== 'close') return undefined;
  expect(said(events)).toMatchObject([{ type: 'refused', code: last.problem.code }]);
  expect(last.closeCode).toBe(PROBLEMS[last.problem.code].close);
  return last.problem.code;
};
const answer = (session: HolderSession, index: number) =>
  session.evaluated(index, request.chunk(index).elements, request.chunk(index).elements, new Uint8Array(64));

describe('a holder session', () => {
  it('answers hello with the epoch, byte for byte as signed', () => {
    expect(said(start().say({ type: 'hello', version: 1 }))).toEqual([
      { type: 'epoch', envelope: epoch.envelopeBytes },
    ]);
  });

  it('refuses another version and says its own', () => {
    const events = start().say({ type: 'hello', version: 2 });
    expect(refusal(events)).toBe('version_unsupported');
    expect(said(events)).toMatchObject([{ sentence: expect.stringContaining('version 1') as string }]);
  });

  it('asks for a decision on a valid request, and accepts or refuses by it', () => {
    const { session, say } = start();
    say({ type: 'hello', version: 1 });
    const events = say({ type: 'request', envelope: request.envelopeBytes });
    expect(events).toEqual([
      { kind: 'authorise', request: request.open, envelopeBytes: request.envelopeBytes },
    ]);
    expect(said(session.authorised({ accepted: true }))).toEqual([
      { type: 'accepted', requestId: request.open.requestId },
    ]);

    const other = start();
    other.say({ type: 'hello', version: 1 });
    other.say({ type: 'request', envelope: request.envelopeBytes });
    const refused = other.session.authorised({
      accepted: false,
      code: 'nonce_reused',
      sentence: 'Used before.',
    });
    expect(refusal(refused)).toBe('nonce_reused');
    expect(said(refused)).toEqual([{ type: 'refused', code: 'nonce_reused', sentence: 'Used before.' }]);
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
      () => requestOf(patternElements(3), { expires: new Date('2026-11-21T11:30:00Z') }).envelopeBytes,
    ],
    ['elements_over_cap', () => requestOf(patternElements(5), { records: 1 }).envelopeBytes],
  ])('refuses a request with %s before anyone is asked', (code, envelope) => {
    const { say } = start();
    say({ type: 'hello', version: 1 });
    expect(refusal(say({ type: 'request', envelope: envelope() }))).toBe(code);
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
    expect(() => session.receipt(receiptBytes)).toThrow(RangeError);
    expect(() => session.authorised({ accepted: true })).toThrow(RangeError);
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
    session.receive(encodeMessage({ type: 'hello', version: 1 }));
    healthy = false;
    const events = session.receive(encodeMessage({ type: 'request', envelope: request.envelopeBytes }));
    expect(refusal(events)).toBe('internal_error');
    expect(said(events)).toMatchObject([{ sentence: PROBLEMS.internal_error.sentence }]);
    const last = events.at(-1);
    expect(last?.kind === 'close' && last.problem.cause).toBe(fault);
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

  it('give thirty seconds from hello to a request, which no ping lengthens', () => {
    const { clock, session, say } = start();
    clock.ms += HANDSHAKE_DEADLINE_MS;
    say({ type: 'hello', version: 1 });
    for (let second = 0; second < REQUEST_DEADLINE_MS; second += 1000) {
      clock.ms += 1000;
      session.touch();
      expect(session.tick()).toEqual([]);
    }
    clock.ms += 1;
    expect(refusal(session.tick())).toBe('deadline_exceeded');
  });

  it('give a minute from the acceptance on, however late the request came', () => {
    const { clock, session, say } = start();
    say({ type: 'hello', version: 1 });
    clock.ms += REQUEST_DEADLINE_MS;
    say({ type: 'request', envelope: request.envelopeBytes });
    session.authorised({ accepted: true });
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

/** One step of the model: something the requester says or the holder's program answers. */
type Step =
  | { readonly do: 'hello' | 'request' | 'finish' | 'decide' | 'makeReceipt' }
  | { readonly do: 'chunk' | 'answerChunk'; readonly index: number }
  | { readonly do: 'setRead' | 'answerRead'; readonly offset: number };

class Model {
  phase: 'hello' | 'request' | 'authorising' | 'accepted' | 'finishing' | 'finished' = 'hello';
  readonly chunks = new Set<number>();
  readonly reads = new Set<number>();

  /** Whether the holder's program can do this now; what a requester says it can always say. */
  possible(step: Step): boolean {
    if (step.do === 'decide') return this.phase === 'authorising';
    if (step.do === 'makeReceipt') return this.phase === 'finishing';
    if (step.do === 'answerChunk') return this.chunks.has(step.index);
    if (step.do === 'answerRead') return this.reads.has(step.offset);
    return true;
  }

  /** The refusal that must follow; undefined when the step is legal, which is then done. */
  expect(step: Step): ProblemCode | undefined {
    switch (step.do) {
      case 'hello':
        return this.#move('hello', 'request');
      case 'request':
        return this.#move('request', 'authorising');
      case 'decide':
        return this.#move('authorising', 'accepted');
      case 'finish':
        return this.chunks.size > 0 ? 'message_unexpected' : this.#move('accepted', 'finishing');
      case 'makeReceipt':
        return this.#move('finishing', 'finished');
      case 'chunk':
        if (this.phase !== 'accepted' || this.chunks.has(step.index)) return 'message_unexpected';
        if (this.chunks.size === 4) return 'too_many_in_flight';
        this.chunks.add(step.index);
        return undefined;
      case 'answerChunk':
        this.chunks.delete(step.index);
        return undefined;
      case 'setRead':
        if (!['accepted', 'finishing', 'finished'].includes(this.phase)) return 'message_unexpected';
        if (this.reads.has(step.offset)) return 'message_unexpected';
        if (this.reads.size === 4) return 'too_many_in_flight';
        this.reads.add(step.offset);
        return undefined;
      case 'answerRead':
        this.reads.delete(step.offset);
        return undefined;
    }
  }

  #move(from: Model['phase'], to: Model['phase']): ProblemCode | undefined {
    if (this.phase !== from) return 'message_unexpected';
    this.phase = to;
    return undefined;
  }
}

function perform(session: HolderSession, step: Step): HolderEvent[] {
  const say = (message: RequesterMessage) => session.receive(encodeMessage(message));
  switch (step.do) {
    case 'hello':
      return say({ type: 'hello', version: 1 });
    case 'request':
      return say({ type: 'request', envelope: request.envelopeBytes });
    case 'decide':
      return session.authorised({ accepted: true });
    case 'finish':
      return say({ type: 'finish' });
    case 'makeReceipt':
      return session.receipt(receiptBytes);
    case 'chunk':
      return say(chunk(step.index));
    case 'answerChunk':
      return answer(session, step.index);
    case 'setRead':
      return say({ type: 'setRead', offset: step.offset, length: 8 });
    case 'answerRead':
      return session.setData(step.offset, new Uint8Array(8));
  }
}

describe('every message in every state', () => {
  const opening: Step[] = [{ do: 'hello' }, { do: 'request' }, { do: 'decide' }];
  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constantFrom('hello', 'request', 'finish', 'decide', 'makeReceipt') }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('chunk', 'answerChunk'), index: fc.nat(5) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('setRead', 'answerRead'), offset: fc.nat(5) }) },
  );

  const straight: Step[] = [...opening, { do: 'finish' }, { do: 'makeReceipt' }];
  const every: Step[] = [
    { do: 'hello' },
    { do: 'request' },
    { do: 'chunk', index: 0 },
    { do: 'finish' },
    { do: 'setRead', offset: 0 },
  ];

  const run = (steps: readonly Step[]) => {
    const session = new HolderSession({ epoch, now: new TestClock().now });
    const model = new Model();
    for (const next of steps) {
      if (!model.possible(next)) continue;
      const expected = model.expect(next);
      expect(refusal(perform(session, next))).toBe(expected);
      if (expected !== undefined) return expected;
    }
    return undefined;
  };

  it('is taken where it belongs and refused everywhere else', () => {
    const taken = straight.map((_, length) => straight.slice(0, length)).concat([straight]);
    const table = taken.map((prefix) => every.map((next) => run([...prefix, next]) ?? 'taken'));
    const no = 'message_unexpected';
    expect(table).toEqual([
      // hello, request, chunk, finish, set_read
      ['taken', no, no, no, no], // hello
      [no, 'taken', no, no, no], // request
      [no, no, no, no, no], // authorising
      [no, no, 'taken', 'taken', 'taken'], // accepted
      [no, no, no, no, 'taken'], // finishing
      [no, no, no, no, 'taken'], // finished
    ]);
  });

  it('is taken or refused as the model says after any steps', () => {
    fc.assert(
      fc.property(fc.nat(straight.length), fc.array(step, { maxLength: 30 }), (opened, steps) => {
        run([...straight.slice(0, opened), ...steps]);
      }),
      { numRuns: 300 },
    );
  });

  it.each<[ProblemCode, Step[]]>([
    ['message_unexpected', [...opening, { do: 'chunk', index: 0 }, { do: 'finish' }]],
    ['message_unexpected', [...opening, { do: 'chunk', index: 0 }, { do: 'chunk', index: 0 }]],
    ['message_unexpected', [...opening, { do: 'finish' }, { do: 'finish' }]],
    ['message_unexpected', [...opening, { do: 'finish' }, { do: 'makeReceipt' }, { do: 'chunk', index: 0 }]],
    ['too_many_in_flight', [...opening, ...[0, 1, 2, 3, 4].map((index): Step => ({ do: 'chunk', index }))]],
    [
      'too_many_in_flight',
      [...opening, ...[0, 1, 2, 3, 4].map((offset): Step => ({ do: 'setRead', offset }))],
    ],
  ])('gives %s after a known sequence', (code, steps) => {
    const { session } = start();
    const results = steps.map((next) => refusal(perform(session, next)));
    expect(results.at(-1)).toBe(code);
    expect(results.slice(0, -1).every((result) => result === undefined)).toBe(true);
  });
});
