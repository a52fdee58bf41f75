import fc from 'fast-check';
import { Packr } from 'msgpackr';
import { describe, expect, it } from 'vitest';
import { decodeHolderMessage, decodeRequesterMessage, encodeMessage } from '../src/codec.ts';
import {
  ACCOUNTING_PIECE_MAX,
  HOLDER_FRAME_MAX,
  LOG_PROOF_MAX_NODES,
  MAX_CHECKPOINT,
  MAX_ENVELOPE,
  MAX_LEAF,
  REQUESTER_FRAME_MAX,
  SET_READ_MAX,
} from '../src/limits.ts';
import type { HolderMessage, RequesterMessage } from '../src/messages.ts';
import { PROBLEM_CODES } from '../src/problem.ts';
import { codeOf } from './setting.ts';

const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const u53 = fc.oneof(
  u32,
  fc.maxSafeNat(),
  fc.constantFrom(0, 127, 128, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER),
);
const bytes = (min: number, max: number, multiple = 1) =>
  fc
    .uint8Array({ minLength: min / multiple, maxLength: max / multiple })
    .map((seed) => new Uint8Array(seed.length * multiple).fill(seed[0] ?? 0));
const elements = bytes(32, 32 * 40, 32);
const logProof = bytes(0, 32 * LOG_PROOF_MAX_NODES, 32);
const sentence = fc.string({
  minLength: 1,
  maxLength: 120,
  unit: fc.constantFrom('a', 'Z', '7', '.', 'é', '漢', '🙂'),
});

const requesterMessage: fc.Arbitrary<RequesterMessage> = fc.oneof(
  fc.record({ type: fc.constant('hello' as const), version: u32, logSize: u32 }),
  fc.record({ type: fc.constant('request' as const), envelope: bytes(1, 400) }),
  fc.record({ type: fc.constant('chunk' as const), index: u32, elements, path: bytes(0, 32 * 32, 32) }),
  fc.record({ type: fc.constant('finish' as const) }),
  fc.record({ type: fc.constant('setRead' as const), offset: u53, length: u32 }),
  fc.record({ type: fc.constant('accounting' as const), total: u32, offset: u32, bytes: bytes(1, 400) }),
);
const holderMessage: fc.Arbitrary<HolderMessage> = fc.oneof(
  fc.record({
    type: fc.constant('epoch' as const),
    envelope: bytes(1, 400),
    checkpoint: bytes(1, 400),
    leafIndex: u32,
    leaf: bytes(1, 400),
    path: logProof,
    consistency: logProof,
  }),
  fc.record({ type: fc.constant('accepted' as const), requestId: bytes(32, 32) }),
  fc.record({ type: fc.constant('refused' as const), code: fc.constantFrom(...PROBLEM_CODES), sentence }),
  fc
    .record({
      type: fc.constant('evaluated' as const),
      index: u32,
      elements,
      hasRoots: fc.boolean(),
      proof: bytes(64, 64),
    })
    .map(({ hasRoots, ...message }) => ({
      ...message,
      roots: hasRoots ? message.elements.map((byte) => byte ^ 0xff) : new Uint8Array(),
    })),
  fc.record({
    type: fc.constantFrom('receipt' as const, 'accounted' as const),
    envelope: bytes(1, 400),
    consistency: logProof,
  }),
  fc.record({ type: fc.constant('pending' as const), requestId: bytes(32, 32), retryAfter: u32 }),
  fc.record({ type: fc.constant('setData' as const), offset: u53, bytes: bytes(1, 400) }),
);

describe('messages on the wire', () => {
  it('come back from their frames as they went in', () => {
    fc.assert(
      fc.property(requesterMessage, (message) => {
        expect(decodeRequesterMessage(encodeMessage(message))).toEqual(message);
      }),
    );
    fc.assert(
      fc.property(holderMessage, (message) => {
        expect(decodeHolderMessage(encodeMessage(message))).toEqual(message);
      }),
    );
  });

  it('have the shortest msgpack form at every length where the form changes', () => {
    for (const length of [1, 31, 32, 255, 256, 65_535, 65_536, 65_537, SET_READ_MAX]) {
      const message: HolderMessage = { type: 'setData', offset: 0, bytes: new Uint8Array(length).fill(3) };
      expect(decodeHolderMessage(encodeMessage(message))).toEqual(message);
    }
    for (const length of [1, 31, 32, 33, 255, 256, 512]) {
      const message: HolderMessage = {
        type: 'refused',
        code: 'internal_error',
        sentence: 'x'.repeat(length),
      };
      expect(decodeHolderMessage(encodeMessage(message))).toEqual(message);
    }
  });

  /** The largest frame of every message that carries more than a few numbers. */
  const largest = {
    chunk: encodeMessage({
      type: 'chunk',
      index: 0xffff_ffff,
      elements: new Uint8Array(4096 * 32),
      path: new Uint8Array(32 * 32),
    }),
    request: encodeMessage({ type: 'request', envelope: new Uint8Array(MAX_ENVELOPE) }),
    accounting: encodeMessage({
      type: 'accounting',
      total: 0xffff_ffff,
      offset: 0xffff_ffff,
      bytes: new Uint8Array(ACCOUNTING_PIECE_MAX),
    }),
    evaluated: encodeMessage({
      type: 'evaluated',
      index: 0xffff_ffff,
      elements: new Uint8Array(4096 * 32),
      roots: new Uint8Array(4096 * 32),
      proof: new Uint8Array(64),
    }),
    setData: encodeMessage({
      type: 'setData',
      offset: Number.MAX_SAFE_INTEGER,
      bytes: new Uint8Array(SET_READ_MAX),
    }),
    epoch: encodeMessage({
      type: 'epoch',
      envelope: new Uint8Array(MAX_ENVELOPE),
      checkpoint: new Uint8Array(MAX_CHECKPOINT),
      leafIndex: 0xffff_ffff,
      leaf: new Uint8Array(MAX_LEAF),
      path: new Uint8Array(32 * LOG_PROOF_MAX_NODES),
      consistency: new Uint8Array(32 * LOG_PROOF_MAX_NODES),
    }),
    receipt: encodeMessage({
      type: 'receipt',
      envelope: new Uint8Array(MAX_ENVELOPE),
      consistency: new Uint8Array(32 * LOG_PROOF_MAX_NODES),
    }),
    accounted: encodeMessage({
      type: 'accounted',
      envelope: new Uint8Array(MAX_ENVELOPE),
      consistency: new Uint8Array(32 * LOG_PROOF_MAX_NODES),
    }),
  };

  it.each(['chunk', 'request', 'accounting'] as const)(
    'fit the cap of a requester at their largest: %s',
    (name) => {
      expect(largest[name].length).toBeLessThanOrEqual(REQUESTER_FRAME_MAX);
      expect(largest[name].length).toBeLessThanOrEqual(largest.chunk.length);
      expect(decodeRequesterMessage(largest[name]).type).toBe(name);
    },
  );

  it.each(['evaluated', 'setData', 'epoch', 'receipt', 'accounted'] as const)(
    'fit the cap of a holder at their largest: %s',
    (name) => {
      expect(largest[name].length).toBeLessThanOrEqual(HOLDER_FRAME_MAX);
      expect(largest[name].length).toBeLessThanOrEqual(largest.evaluated.length);
      expect(decodeHolderMessage(largest[name]).type).toBe(name);
    },
  );

  it.each([1, 2, 4])('of an evaluated chunk of three elements have no %i roots', (count) => {
    const message: HolderMessage = {
      type: 'evaluated',
      index: 0,
      elements: new Uint8Array(96),
      roots: new Uint8Array(96),
      proof: new Uint8Array(64),
    };
    const good = encodeMessage(message);
    expect(decodeHolderMessage(good)).toEqual(message);
    expect(codeOf(() => encodeMessage({ ...message, roots: new Uint8Array(32 * count) }))).toBe(
      'message_malformed',
    );
    // 5 bytes stand before the elements, and 2 before the roots.
    const rootsAt = 5 + 96;
    const head = [...good.subarray(0, rootsAt), 0xc4, 32 * count];
    const frame = Uint8Array.from([
      ...head,
      ...new Uint8Array(32 * count),
      ...good.subarray(rootsAt + 2 + 96),
    ]);
    expect(codeOf(() => decodeHolderMessage(frame))).toBe('message_malformed');
  });

  it('hold copies: a frame that changes later changes no message', () => {
    const frame = encodeMessage({ type: 'request', envelope: new Uint8Array(10).fill(5) });
    const message = decodeRequesterMessage(frame);
    frame.fill(0);
    expect(message).toEqual({ type: 'request', envelope: new Uint8Array(10).fill(5) });
    if (message.type === 'request') expect(message.envelope.buffer.byteLength).toBe(10);
  });

  it('of one role are not messages of the other', () => {
    fc.assert(
      fc.property(requesterMessage, (message) => {
        expect(codeOf(() => decodeHolderMessage(encodeMessage(message)))).toBe('message_malformed');
      }),
    );
    fc.assert(
      fc.property(holderMessage, (message) => {
        const code = codeOf(() => decodeRequesterMessage(encodeMessage(message)));
        expect(['message_malformed', 'frame_too_large']).toContain(code);
      }),
    );
  });

  it('are refused at the source when no reader would take them', () => {
    const one = new Uint8Array(1);
    const none = new Uint8Array(0);
    const epoch = { envelope: one, checkpoint: one, leafIndex: 0, leaf: one, path: none, consistency: none };
    const faulty: (RequesterMessage | HolderMessage)[] = [
      { type: 'hello', version: -1, logSize: 0 },
      { type: 'hello', version: 1.5, logSize: 0 },
      { type: 'hello', version: 2 ** 32, logSize: 0 },
      { type: 'hello', version: 1, logSize: 2 ** 32 },
      { type: 'hello', version: 1, logSize: NaN },
      { type: 'setRead', offset: 2 ** 53, length: 1 },
      { type: 'accepted', requestId: new Uint8Array(31) },
      { type: 'accounting', total: 1, offset: 0, bytes: none },
      { type: 'accounting', total: 1, offset: -1, bytes: one },
      { type: 'accounting', total: 2 ** 21, offset: 0, bytes: new Uint8Array(ACCOUNTING_PIECE_MAX + 1) },
      { type: 'epoch', ...epoch, envelope: none },
      { type: 'epoch', ...epoch, checkpoint: none },
      { type: 'epoch', ...epoch, checkpoint: new Uint8Array(MAX_CHECKPOINT + 1) },
      { type: 'epoch', ...epoch, leafIndex: 2 ** 32 },
      { type: 'epoch', ...epoch, leaf: none },
      { type: 'epoch', ...epoch, leaf: new Uint8Array(MAX_LEAF + 1) },
      { type: 'epoch', ...epoch, path: new Uint8Array(33) },
      { type: 'epoch', ...epoch, consistency: new Uint8Array(32 * (LOG_PROOF_MAX_NODES + 1)) },
      { type: 'receipt', envelope: one, consistency: one },
      { type: 'accounted', envelope: none, consistency: none },
      { type: 'pending', requestId: new Uint8Array(32), retryAfter: 0.5 },
      { type: 'pending', requestId: new Uint8Array(33), retryAfter: 1 },
    ];
    for (const message of faulty) expect(codeOf(() => encodeMessage(message))).toBe('message_malformed');
    // The same without a fault is taken.
    expect(decodeHolderMessage(encodeMessage({ type: 'epoch', ...epoch }))).toEqual({
      type: 'epoch',
      ...epoch,
    });
  });
});

describe('a hostile frame', () => {
  const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));

  it('is told apart from a good one: the same bytes without the fault are taken', () => {
    expect(decodeRequesterMessage(hex('93 01 01 00'))).toEqual({ type: 'hello', version: 1, logSize: 0 });
    expect(decodeRequesterMessage(hex('91 04'))).toEqual({ type: 'finish' });
    expect(decodeRequesterMessage(hex('93 05 cf 001fffffffffffff 01'))).toEqual({
      type: 'setRead',
      offset: Number.MAX_SAFE_INTEGER,
      length: 1,
    });
  });

  it('made by a packer that uses records is refused', () => {
    const records = new Packr({ useRecords: true });
    expect(codeOf(() => decodeRequesterMessage(records.pack([2, { payload: 1 }])))).toBe('message_malformed');
    expect(codeOf(() => decodeRequesterMessage(records.pack({ type: 1 })))).toBe('message_malformed');
  });

  it('above the cap of its role is refused before a look inside', () => {
    expect(codeOf(() => decodeRequesterMessage(new Uint8Array(REQUESTER_FRAME_MAX + 1)))).toBe(
      'frame_too_large',
    );
    expect(codeOf(() => decodeHolderMessage(new Uint8Array(HOLDER_FRAME_MAX + 1)))).toBe('frame_too_large');
  });

  it('that refuses with an unknown code, a bad text or control characters is refused', () => {
    const refused = (code: string, text: Buffer) =>
      Buffer.concat([
        Buffer.from([0x93, 19, 0xa0 + code.length]),
        Buffer.from(code),
        Buffer.from([0xa0 + text.length]),
        text,
      ]);
    expect(decodeHolderMessage(refused('nonce_reused', Buffer.from('Used.')))).toMatchObject({
      sentence: 'Used.',
    });
    for (const frame of [
      refused('no_such_code', Buffer.from('Used.')),
      refused('nonce_reused', Buffer.from('\u001b[2J')),
      refused('nonce_reused', Buffer.from('a\nb')),
      refused('nonce_reused', Buffer.from('\u202eback')),
      refused('nonce_reused', Buffer.from([0xc3, 0x28])),
      refused('nonce_reused', Buffer.alloc(0)),
    ]) {
      expect(codeOf(() => decodeHolderMessage(frame))).toBe('message_malformed');
    }
  });

  it('of any bytes gives a message that encodes to the same bytes, or a refusal', () => {
    const nearly = fc
      .tuple(requesterMessage, fc.nat(), fc.nat({ max: 255 }), fc.boolean())
      .map(([message, at, byte, cut]) => {
        const frame = encodeMessage(message);
        const place = at % frame.length;
        if (cut) return frame.slice(0, place);
        frame[place] = byte;
        return frame;
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), nearly), (frame) => {
        let message: RequesterMessage | undefined;
        const code = codeOf(() => {
          message = decodeRequesterMessage(frame);
        });
        if (message === undefined) expect(code).toBe('message_malformed');
        else expect(encodeMessage(message)).toEqual(new Uint8Array(frame));
      }),
      { numRuns: 1000 },
    );
  });
});
