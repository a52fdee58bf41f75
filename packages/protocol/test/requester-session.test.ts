import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRequesterMessage, encodeMessage } from '../src/codec.ts';
import { encodeEnvelope, PAYLOAD_TYPES, signPayload } from '../src/envelope.ts';
import { encodeEpochDescriptor } from '../src/epoch-descriptor.ts';
import { publicKeyToSpki } from '../src/keys.ts';
import {
  EVALUATION_DEADLINE_MS,
  HANDSHAKE_DEADLINE_MS,
  IDLE_DEADLINE_MS,
  SET_READ_MAX,
} from '../src/limits.ts';
import type { HolderMessage } from '../src/messages.ts';
import { RequesterSession } from '../src/requester-session.ts';
import type { RequesterSessionOptions } from '../src/requester-session.ts';
import {
  acceptedLeaf,
  accountingLeaf,
  codeOf,
  descriptor,
  epochLeaf,
  epochOf,
  holderFingerprint,
  patternElements,
  policyLeaf,
  PROFILE_HASH,
  requestOf,
  signedAccountingReceipt,
  signedReceipt,
  strangerKey,
  TestClock,
  TestLog,
} from './setting.ts';

const epoch = epochOf();
const otherEpoch = epochOf({ ...descriptor, epoch: 2 });
const request = requestOf(patternElements(5 * 4096 + 3), { epoch });
const sealed = new Uint8Array(131_072 + 7).fill(5);
// Two leaves when the epoch is shown, three in the receipt, four in the receipt of the accounting.
const log = new TestLog([
  policyLeaf,
  epochLeaf(epoch),
  acceptedLeaf(request.open),
  accountingLeaf(request.open, sealed),
]);

function start(options: Partial<RequesterSessionOptions> = {}) {
  const clock = new TestClock();
  const session = new RequesterSession({
    holder: holderFingerprint,
    profiles: () => PROFILE_HASH,
    now: clock.now,
    monotonic: clock.monotonic,
    ...options,
  });
  return { clock, session, hear: (message: HolderMessage) => session.receive(encodeMessage(message)) };
}

const { checkpoint, ...shown } = log.view(1, 0, 2);
const epochMessage: HolderMessage = {
  type: 'epoch',
  envelope: epoch.envelopeBytes,
  checkpoint: new Uint8Array(Buffer.from(checkpoint)),
  ...shown,
};
const receiptMessage: HolderMessage = {
  type: 'receipt',
  envelope: signedReceipt(log.acceptance(2, 3)),
  consistency: log.consistency(2, 3),
};
const accountedMessage: HolderMessage = {
  type: 'accounted',
  envelope: signedAccountingReceipt(log.logged(3)),
  consistency: log.consistency(3),
};
const pendingMessage: HolderMessage = { type: 'pending', requestId: request.open.requestId, retryAfter: 30 };
const acceptedMessage: HolderMessage = { type: 'accepted', requestId: request.open.requestId };
const evaluated = (
  index: number,
  elements = request.chunk(index).elements,
  roots = new Uint8Array(elements.length),
): HolderMessage => ({
  type: 'evaluated',
  index,
  elements,
  roots,
  proof: new Uint8Array(64),
});

const STAGES = [
  'new',
  'hello',
  'ready',
  'requested',
  'accepted',
  'finishing',
  'finished',
  'accounting',
  'accounted',
] as const;
type Stage = (typeof STAGES)[number];
const WITH_SET: readonly Stage[] = ['accepted', 'finishing', 'finished', 'accounting', 'accounted'];

/** A session that has come to `stage` on the straight way. */
function at(stage: Stage) {
  const setting = start();
  const { session, hear } = setting;
  const moves: (() => unknown)[] = [
    () => session.start(),
    () => hear(epochMessage),
    () => session.request(request.envelopeBytes),
    () => hear(acceptedMessage),
    () => session.finish(),
    () => hear(receiptMessage),
    () => session.account(sealed),
    () => hear(accountedMessage),
  ];
  for (const move of moves.slice(0, STAGES.indexOf(stage))) move();
  return setting;
}

const send = (session: RequesterSession, index: number) => {
  const { elements, path } = request.chunk(index);
  return session.chunk(index, elements, path);
};

describe('a requester session', () => {
  it('begins with hello, its version and the size of the log that it remembers', () => {
    const hello = (options: Partial<RequesterSessionOptions>) =>
      decodeRequesterMessage(start(options).session.start());
    expect(hello({})).toEqual({ type: 'hello', version: 1, logSize: 0 });
    expect(hello({ remembered: log.checkpoint(4) })).toEqual({ type: 'hello', version: 1, logSize: 4 });
  });

  it('gives the epoch of the pinned holder, and its log', () => {
    expect(at('hello').hear(epochMessage)).toEqual([{ kind: 'epoch', epoch, checkpoint: log.checkpoint(2) }]);
  });

  it('stops at another holder, a forged epoch, another epoch, an unknown or a different profile', () => {
    const epochBy = (options: Partial<RequesterSessionOptions>, envelope = epoch.envelopeBytes) => {
      const { session, hear } = start(options);
      session.start();
      const code = codeOf(() => hear({ ...epochMessage, envelope }));
      expect(session.closed).toBe(code !== undefined);
      return code;
    };
    expect(epochBy({ epochId: epoch.epochId })).toBeUndefined();
    expect(epochBy({ holder: `sha256:${'00'.repeat(32)}` })).toBe('holder_unexpected');
    expect(epochBy({ epochId: otherEpoch.epochId })).toBe('epoch_changed');
    expect(epochBy({ profiles: () => undefined })).toBe('profile_unknown');
    expect(epochBy({ profiles: () => `sha256:${'00'.repeat(32)}` })).toBe('profile_mismatch');
    const forged = signPayload(PAYLOAD_TYPES.epochDescriptor, encodeEpochDescriptor(descriptor), strangerKey);
    expect(epochBy({}, encodeEnvelope(forged))).toBe('descriptor_invalid');
    const other = { ...descriptor, holder: { name: 'Tax Agency', key: publicKeyToSpki(strangerKey) } };
    expect(epochBy({}, epochOf(other, strangerKey).envelopeBytes)).toBe('holder_unexpected');
  });

  it('does not send a request that the holder would refuse', () => {
    const refused = (envelope: Uint8Array) => codeOf(() => at('ready').session.request(envelope));
    expect(refused(request.envelopeBytes)).toBeUndefined();
    expect(refused(new Uint8Array(5))).toBe('manifest_malformed');
    expect(refused(requestOf(patternElements(3), { epoch: otherEpoch }).envelopeBytes)).toBe('epoch_changed');
    expect(
      refused(requestOf(patternElements(3), { created: new Date('2026-11-21T12:06:00Z') }).envelopeBytes),
    ).toBe('manifest_expired');
  });

  it('sends a request that has expired, which the holder may have accepted before', () => {
    const expired = requestOf(patternElements(3), { expires: new Date('2026-11-21T11:30:00Z') });
    const { session, hear } = at('ready');
    session.request(expired.envelopeBytes);
    expect(hear({ type: 'accepted', requestId: expired.open.requestId })).toMatchObject([
      { kind: 'accepted' },
    ]);
  });

  it('does not take the acceptance of another request', () => {
    expect(codeOf(() => at('requested').hear({ type: 'accepted', requestId: new Uint8Array(32) }))).toBe(
      'message_unexpected',
    );
  });

  it('ends where its request waits, and says when to ask again, neither at once nor in a day', () => {
    for (const [said, kept] of [
      [30, 30],
      [0, 1],
      [3600, 3600],
      [86_400, 3600],
    ] as const) {
      const { session, hear } = at('requested');
      expect(hear({ ...pendingMessage, retryAfter: said })).toEqual([{ kind: 'pending', retryAfter: kept }]);
      expect(session.closed).toBe(true);
      expect(hear(acceptedMessage)).toEqual([]);
    }
  });

  it('does not take it that another request waits, or its own once it was accepted', () => {
    const other = { ...pendingMessage, requestId: new Uint8Array(32) };
    expect(codeOf(() => at('requested').hear(other))).toBe('message_unexpected');
    expect(codeOf(() => at('accepted').hear(pendingMessage))).toBe('message_unexpected');
  });

  it('gives the refusal of the holder and ends', () => {
    for (const stage of STAGES.slice(1)) {
      const { session, hear } = at(stage);
      const refused = { code: 'records_over_cap', sentence: 'Too many.' } as const;
      expect(hear({ type: 'refused', ...refused })).toEqual([{ kind: 'refused', ...refused }]);
      expect(session.closed).toBe(true);
      expect(hear(epochMessage)).toEqual([]);
    }
  });

  it('sends at most four chunks at once, never one twice, and only the committed bytes', () => {
    const { session, hear } = at('accepted');
    expect(session.chunkSlots).toBe(4);
    for (const index of [0, 1, 2, 5]) {
      expect(decodeRequesterMessage(send(session, index))).toEqual({
        type: 'chunk',
        ...request.chunk(index),
      });
    }
    expect(session.chunkSlots).toBe(0);
    expect(codeOf(() => send(session, 3))).toBe('too_many_in_flight');
    expect(codeOf(() => send(session, 0))).toBe('message_unexpected');
    expect(codeOf(() => session.finish())).toBe('message_unexpected');
    expect(hear(evaluated(5))).toMatchObject([{ kind: 'evaluated', index: 5 }]);
    const { elements, path } = request.chunk(3);
    expect(codeOf(() => session.chunk(4, elements, path))).toBe('chunk_mismatch');
    expect(codeOf(() => session.chunk(6, elements, path))).toBe('chunk_out_of_range');
    expect(send(session, 3).length).toBeGreaterThan(4096 * 32);
  });

  it.each<[string, HolderMessage]>([
    ['to a chunk that is not outstanding', evaluated(1)],
    ['with one element less', evaluated(0, request.chunk(0).elements.slice(32))],
    ['with the length of another chunk', evaluated(0, request.chunk(5).elements)],
  ])('does not take an answer %s', (_, message) => {
    const { session, hear } = at('accepted');
    send(session, 0);
    expect(codeOf(() => hear(message))).toBe('message_unexpected');
    expect(session.closed).toBe(true);
  });

  it('hands on the roots that come with an answer, whatever they are', () => {
    const { session, hear } = at('accepted');
    const { elements } = request.chunk(5);
    for (const roots of [elements.map((byte) => byte ^ 0x55), new Uint8Array()]) {
      send(session, 5);
      expect(hear(evaluated(5, elements, roots))).toMatchObject([{ kind: 'evaluated', elements, roots }]);
    }
  });

  it('does not take an answer twice', () => {
    const { session, hear } = at('accepted');
    send(session, 0);
    hear(evaluated(0));
    expect(codeOf(() => hear(evaluated(0)))).toBe('message_unexpected');
  });

  it('takes only the piece of the token set that it asked for', () => {
    const asked = () => {
      const setting = at('accepted');
      expect(setting.session.readSlots).toBe(4);
      expect(decodeRequesterMessage(setting.session.readSet(8, 4))).toEqual({
        type: 'setRead',
        offset: 8,
        length: 4,
      });
      expect(setting.session.readSlots).toBe(3);
      return setting;
    };
    const data = (offset: number, length: number): HolderMessage => ({
      type: 'setData',
      offset,
      bytes: new Uint8Array(length),
    });
    expect(asked().hear(data(8, 4))).toEqual([{ kind: 'setData', offset: 8, bytes: new Uint8Array(4) }]);
    expect(codeOf(() => asked().hear(data(8, 3)))).toBe('message_unexpected');
    expect(codeOf(() => asked().hear(data(8, 5)))).toBe('message_unexpected');
    expect(codeOf(() => asked().hear(data(9, 4)))).toBe('message_unexpected');
  });

  it('asks only for ranges inside the token set', () => {
    const { bytes } = descriptor.tokenSet;
    for (const [offset, length] of [
      [0, 0],
      [0, SET_READ_MAX + 1],
      [bytes, 1],
      [-1, 1],
      [0.5, 1],
      [0, NaN],
    ] as const) {
      expect(codeOf(() => at('finished').session.readSet(offset, length))).toBe('set_range_invalid');
    }
    const { session } = at('accepted');
    for (const offset of [0, 1, 2, 3]) session.readSet(offset, 1);
    expect(codeOf(() => session.readSet(4, 1))).toBe('too_many_in_flight');
  });

  it('calls a fault of its own internal_error and ends', () => {
    const fault = new TypeError('no table');
    const { session, hear } = start({
      profiles: () => {
        throw fault;
      },
    });
    session.start();
    expect(codeOf(() => hear(epochMessage))).toBe('internal_error');
    expect(session.closed).toBe(true);
  });
});

describe('every message of a holder in every state', () => {
  const legal: Partial<Record<Stage, HolderMessage['type']>> = {
    hello: 'epoch',
    requested: 'accepted',
    finishing: 'receipt',
    accounting: 'accounted',
  };
  const messages: readonly HolderMessage[] = [
    epochMessage,
    acceptedMessage,
    evaluated(0),
    receiptMessage,
    accountedMessage,
    { type: 'setData', offset: 0, bytes: new Uint8Array(1) },
  ];

  it.each(STAGES)('is refused where nothing like it is awaited: %s', (stage) => {
    for (const message of messages) {
      const code = codeOf(() => at(stage).hear(message));
      expect([message.type, code]).toEqual([
        message.type,
        legal[stage] === message.type ? undefined : 'message_unexpected',
      ]);
    }
  });

  it.each(STAGES)('and what the requester may say is what its order allows: %s', (stage) => {
    const allowed = {
      start: stage === 'new',
      request: stage === 'ready',
      chunk: stage === 'accepted',
      finish: stage === 'accepted',
      readSet: WITH_SET.includes(stage),
      account: stage === 'finished',
    };
    const tried = {
      start: codeOf(() => at(stage).session.start()) === undefined,
      request: codeOf(() => at(stage).session.request(request.envelopeBytes)) === undefined,
      chunk: codeOf(() => send(at(stage).session, 0)) === undefined,
      finish: codeOf(() => at(stage).session.finish()) === undefined,
      readSet: codeOf(() => at(stage).session.readSet(0, 1)) === undefined,
      account: codeOf(() => at(stage).session.account(sealed)) === undefined,
    };
    expect(tried).toEqual(allowed);
  });

  it('answers any bytes with an event or a ProtocolError, never anything else', () => {
    fc.assert(
      fc.property(fc.constantFrom(...STAGES), fc.uint8Array({ maxLength: 80 }), (stage, frame) => {
        const { session } = at(stage);
        const code = codeOf(() => session.receive(frame));
        expect(session.closed).toBe(code !== undefined);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the deadlines of a requester session', () => {
  const late = (stage: Stage, ms: number, act: (session: RequesterSession) => unknown = () => undefined) => {
    const { clock, session } = at(stage);
    act(session);
    clock.ms += ms;
    const first = codeOf(() => {
      session.tick();
    });
    clock.ms += 1;
    const second = codeOf(() => {
      session.tick();
    });
    return [first, second, session.closed];
  };

  it('run while the holder owes an answer', () => {
    const exceeded = [undefined, 'deadline_exceeded', true];
    expect(late('hello', HANDSHAKE_DEADLINE_MS)).toEqual(exceeded);
    expect(late('requested', IDLE_DEADLINE_MS)).toEqual(exceeded);
    expect(late('finishing', IDLE_DEADLINE_MS)).toEqual(exceeded);
    expect(late('accounting', IDLE_DEADLINE_MS)).toEqual(exceeded);
    expect(late('accepted', EVALUATION_DEADLINE_MS, (session) => send(session, 0))).toEqual(exceeded);
    expect(late('finished', IDLE_DEADLINE_MS, (session) => session.readSet(0, 1))).toEqual(exceeded);
  });

  it('do not run while the requester works for itself', () => {
    const never = [undefined, undefined, false];
    for (const stage of ['new', 'ready', 'accepted', 'finished', 'accounted'] as const) {
      expect(late(stage, 10 * EVALUATION_DEADLINE_MS)).toEqual(never);
    }
  });

  it('do not move when the time of day is set', () => {
    for (const jump of [-1, 1]) {
      const { clock, session } = at('requested');
      clock.wall += jump * 1000 * IDLE_DEADLINE_MS;
      clock.ms += IDLE_DEADLINE_MS;
      session.tick();
      clock.ms += 1;
      expect(
        codeOf(() => {
          session.tick();
        }),
      ).toBe('deadline_exceeded');
    }
  });

  it('run on a monotonic clock where none is given', () => {
    const clock = new TestClock();
    const options = { holder: holderFingerprint, profiles: () => PROFILE_HASH, now: clock.now };
    const session = new RequesterSession(options);
    session.start();
    clock.wall += 1000 * IDLE_DEADLINE_MS;
    session.tick();
    expect(session.closed).toBe(false);
  });

  it('do not start again with what the requester sends', () => {
    const { clock, session } = at('accepted');
    send(session, 0);
    clock.ms += EVALUATION_DEADLINE_MS;
    send(session, 1);
    session.readSet(0, 1);
    clock.ms += 1;
    expect(
      codeOf(() => {
        session.tick();
      }),
    ).toBe('deadline_exceeded');
  });

  it('start again with every answer', () => {
    const { clock, session, hear } = at('accepted');
    send(session, 0);
    send(session, 1);
    clock.ms += EVALUATION_DEADLINE_MS;
    hear(evaluated(0));
    clock.ms += EVALUATION_DEADLINE_MS;
    session.tick();
    clock.ms += 1;
    expect(
      codeOf(() => {
        session.tick();
      }),
    ).toBe('deadline_exceeded');
  });
});
