import fc from 'fast-check';
import { Packr } from 'msgpackr';
import { describe, expect, it } from 'vitest';
import { decodeHolderMessage, decodeRequesterMessage, encodeMessage } from '../src/codec.ts';
import { HOLDER_FRAME_MAX, REQUESTER_FRAME_MAX, SET_READ_MAX } from '../src/limits.ts';
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
const sentence = fc.string({
  minLength: 1,
  maxLength: 120,
  unit: fc.constantFrom('a', 'Z', '7', '.', 'é', '漢', '🙂'),
});

const requesterMessage: fc.Arbitrary<RequesterMessage> = fc.oneof(
  fc.record({ type: fc.constant('hello' as const), version: u32 }),
  fc.record({ type: fc.constant('request' as const), envelope: bytes(1, 400) }),
  fc.record({ type: fc.constant('chunk' as const), index: u32, elements, path: bytes(0, 32 * 32, 32) }),
  fc.record({ type: fc.constant('finish' as const) }),
  fc.record({ type: fc.constant('setRead' as const), offset: u53, length: u32 }),
);
const holderMessage: fc.Arbitrary<HolderMessage> = fc.oneof(
  fc.record({ type: fc.constant('epoch' as const), envelope: bytes(1, 70_000 - 4_465) }),
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
  fc.record({ type: fc.constant('receipt' as const), envelope: bytes(1, 400) }),
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

  it('fit the frame caps at their largest: a chunk, a chunk evaluated, and a piece of the token set', () => {
    const chunk = encodeMessage({
      type: 'chunk',
      index: 0xffff_ffff,
      elements: new Uint8Array(4096 * 32),
      path: new Uint8Array(32 * 32),
    });
    expect(chunk.length).toBeLessThanOrEqual(REQUESTER_FRAME_MAX);
    expect(decodeRequesterMessage(chunk).type).toBe('chunk');
    const data = encodeMessage({
      type: 'setData',
      offset: Number.MAX_SAFE_INTEGER,
      bytes: new Uint8Array(SET_READ_MAX),
    });
    expect(data.length).toBeLessThanOrEqual(HOLDER_FRAME_MAX);
    expect(decodeHolderMessage(data).type).toBe('setData');
    const evaluated = encodeMessage({
      type: 'evaluated',
      index: 0xffff_ffff,
      elements: new Uint8Array(4096 * 32),
      roots: new Uint8Array(4096 * 32),
      proof: new Uint8Array(64),
    });
    expect(evaluated.length).toBeLessThanOrEqual(HOLDER_FRAME_MAX);
    expect(evaluated.length).toBeGreaterThan(data.length);
    expect(decodeHolderMessage(evaluated).type).toBe('evaluated');
  });

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
    expect(codeOf(() => encodeMessage({ type: 'hello', version: -1 }))).toBe('message_malformed');
    expect(codeOf(() => encodeMessage({ type: 'hello', version: 1.5 }))).toBe('message_malformed');
    expect(codeOf(() => encodeMessage({ type: 'hello', version: 2 ** 32 }))).toBe('message_malformed');
    expect(codeOf(() => encodeMessage({ type: 'setRead', offset: 2 ** 53, length: 1 }))).toBe(
      'message_malformed',
    );
    expect(codeOf(() => encodeMessage({ type: 'accepted', requestId: new Uint8Array(31) }))).toBe(
      'message_malformed',
    );
  });
});

describe('a hostile frame', () => {
  const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));

  it('is told apart from a good one: the same bytes without the fault are taken', () => {
    expect(decodeRequesterMessage(hex('92 01 01'))).toEqual({ type: 'hello', version: 1 });
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
