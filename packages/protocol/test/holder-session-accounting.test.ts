/** What a holder session takes as the accounting of a request, and what it holds in memory for it. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHolderMessage, encodeMessage } from '../src/codec.ts';
import type { EpochDescriptor } from '../src/epoch-descriptor.ts';
import { HolderSession } from '../src/holder-session.ts';
import type { HolderEvent } from '../src/holder-session.ts';
import { ACCOUNTING_PIECE_MAX, IDLE_DEADLINE_MS, MAX_ACCOUNTING } from '../src/limits.ts';
import type { HolderMessage, RequesterMessage } from '../src/messages.ts';
import type { ProblemCode } from '../src/problem.ts';
import {
  acceptedLeaf,
  accountingLeaf,
  descriptor,
  epochLeaf,
  epochOf,
  patternElements,
  policyLeaf,
  requestOf,
  signedAccountingReceipt,
  signedReceipt,
  TestClock,
  TestLog,
} from './setting.ts';

type Piece = Omit<Extract<RequesterMessage, { type: 'accounting' }>, 'type'>;

/** A session whose request is finished. */
function finished(changes: Partial<EpochDescriptor> = {}) {
  const epoch = epochOf({ ...descriptor, ...changes });
  const request = requestOf(patternElements(3), { epoch });
  const log = new TestLog([policyLeaf, epochLeaf(epoch), acceptedLeaf(request.open)]);
  const clock = new TestClock();
  const session = new HolderSession({ epoch, now: clock.now, monotonic: clock.monotonic });
  const say = (message: RequesterMessage) => session.receive(encodeMessage(message));
  say({ type: 'hello', version: 1, logSize: 0 });
  session.logOpened(log.view(1));
  say({ type: 'request', envelope: request.envelopeBytes });
  session.authorised({ outcome: 'accepted' });
  say({ type: 'finish' });
  session.receipt({ envelopeBytes: signedReceipt(log.acceptance(2)), consistency: log.consistency(3) });
  const send = (piece: Piece) => say({ type: 'accounting', ...piece });
  return { clock, session, say, send, request, log };
}

const sealed = Uint8Array.from({ length: 2 * ACCOUNTING_PIECE_MAX + 9 }, (_, index) => index % 251);
const piecesOf = (accounting: Uint8Array): Piece[] =>
  Array.from({ length: Math.ceil(accounting.length / ACCOUNTING_PIECE_MAX) }, (_, index) => {
    const offset = index * ACCOUNTING_PIECE_MAX;
    const bytes = accounting.slice(offset, offset + ACCOUNTING_PIECE_MAX);
    return { total: accounting.length, offset, bytes };
  });
const [first, second, third] = piecesOf(sealed) as [Piece, Piece, Piece];

const said = (events: readonly HolderEvent[]): HolderMessage[] =>
  events.flatMap((event) => (event.kind === 'send' ? [decodeHolderMessage(event.frame)] : []));
const refusal = (events: readonly HolderEvent[]): ProblemCode | undefined => {
  const last = events.at(-1);
  return last?.kind === 'close' ? last.problem?.code : undefined;
};

describe('the accounting of a request', () => {
  it('comes in pieces, is handed on whole and once, and is answered with a receipt', () => {
    const { session, send, request, log } = finished();
    expect(send(first)).toEqual([]);
    expect(send(second)).toEqual([]);
    expect(send(third)).toEqual([{ kind: 'account', request: request.open, accounting: sealed }]);
    const index = log.append(accountingLeaf(request.open, sealed));
    const answer = {
      envelopeBytes: signedAccountingReceipt(log.logged(index)),
      consistency: log.consistency(3),
    };
    expect(said(session.accounted(answer))).toEqual([
      { type: 'accounted', envelope: answer.envelopeBytes, consistency: answer.consistency },
    ]);
    expect(refusal(send(first))).toBe('message_unexpected');
  });

  it('may have any length up to its bound', () => {
    for (const length of [1, ACCOUNTING_PIECE_MAX, ACCOUNTING_PIECE_MAX + 1, MAX_ACCOUNTING]) {
      const { send } = finished();
      const events = piecesOf(new Uint8Array(length).fill(3)).map(send);
      expect(events.slice(0, -1).flat()).toEqual([]);
      expect(events.at(-1)).toMatchObject([{ kind: 'account' }]);
    }
  });

  it('is a copy: a frame that changes later changes nothing of it', () => {
    const { session, request } = finished();
    const frame = encodeMessage({
      type: 'accounting',
      total: 4,
      offset: 0,
      bytes: new Uint8Array(4).fill(6),
    });
    const events = session.receive(frame);
    frame.fill(0);
    expect(events).toEqual([
      { kind: 'account', request: request.open, accounting: new Uint8Array(4).fill(6) },
    ]);
  });

  it('lets the token set be read meanwhile and afterwards', () => {
    const { session, say, send, request, log } = finished();
    const read = (offset: number) => {
      expect(say({ type: 'setRead', offset, length: 1 })).toEqual([{ kind: 'readSet', offset, length: 1 }]);
      expect(said(session.setData(offset, new Uint8Array(1)))).toMatchObject([{ type: 'setData' }]);
    };
    send(first);
    read(0);
    send(second);
    send(third);
    read(1);
    const index = log.append(accountingLeaf(request.open, sealed));
    session.accounted({
      envelopeBytes: signedAccountingReceipt(log.logged(index)),
      consistency: log.consistency(3),
    });
    read(2);
  });
});

describe('what is no accounting', () => {
  const full = new Uint8Array(ACCOUNTING_PIECE_MAX);

  it.each<[string, ProblemCode, readonly Piece[]]>([
    ['that begins in the middle', 'message_unexpected', [second]],
    ['with a piece left out', 'message_unexpected', [first, third]],
    ['with a piece twice', 'message_unexpected', [first, first]],
    ['that begins again', 'message_unexpected', [first, second, first]],
    ['with another total later', 'message_unexpected', [first, { ...second, total: sealed.length + 1 }]],
    ['with a smaller total later', 'accounting_invalid', [first, { ...second, total: second.offset + 1 }]],
    ['of no bytes in all', 'accounting_invalid', [{ total: 0, offset: 0, bytes: full }]],
    ['with more bytes than its total', 'accounting_invalid', [{ total: 3, offset: 0, bytes: full }]],
    ['with a piece behind its end', 'accounting_invalid', [{ total: 3, offset: 4, bytes: full }]],
    [
      'with a short piece that is not the last',
      'accounting_invalid',
      [{ ...first, bytes: first.bytes.slice(1) }],
    ],
    [
      'with a last piece cut short',
      'accounting_invalid',
      [first, second, { ...third, bytes: full.slice(0, 8) }],
    ],
    ['with a byte too many', 'accounting_invalid', [{ total: MAX_ACCOUNTING + 1, offset: 0, bytes: full }]],
    [
      'that claims four gigabytes, for which no memory is taken',
      'accounting_invalid',
      [{ total: 0xffff_ffff, offset: 0, bytes: full }],
    ],
  ])('is one %s', (_, code, pieces) => {
    const { session, send } = finished();
    const results = pieces.map((piece) => refusal(send(piece)));
    expect(results.at(-1)).toBe(code);
    expect(results.slice(0, -1).every((result) => result === undefined)).toBe(true);
    expect(session.closed).toBe(true);
  });

  it('is one for a holder whose epoch names no inspector', () => {
    const { send } = finished({ inspector: null });
    expect(refusal(send({ total: 1, offset: 0, bytes: new Uint8Array(1) }))).toBe('accounting_invalid');
  });

  it('is any sequence of pieces but the one', () => {
    const pieces = fc.array(fc.constantFrom(first, second, third), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(pieces, (order) => {
        const { send } = finished();
        const events = order.map((piece) => send(piece)).flat();
        const handedOn = events.some(({ kind }) => kind === 'account');
        expect(handedOn).toBe(order[0] === first && order[1] === second && order[2] === third);
      }),
      { numRuns: 40 },
    );
  });
});

describe('the deadlines of an accounting', () => {
  it('do not run while the holder keeps it', () => {
    const { clock, session, send } = finished();
    for (const piece of [first, second, third]) send(piece);
    clock.ms += 100 * IDLE_DEADLINE_MS;
    expect(session.tick()).toEqual([]);
  });

  it('give a minute for the next piece, and for whatever comes behind its receipt', () => {
    const late = (act: (setting: ReturnType<typeof finished>) => unknown) => {
      const setting = finished();
      act(setting);
      setting.clock.ms += IDLE_DEADLINE_MS;
      expect(setting.session.tick()).toEqual([]);
      setting.clock.ms += 1;
      return refusal(setting.session.tick());
    };
    expect(late(({ send }) => send(first))).toBe('deadline_exceeded');
    expect(
      late(({ send, session, clock, log, request }) => {
        for (const piece of [first, second, third]) send(piece);
        clock.ms += 5 * IDLE_DEADLINE_MS;
        const index = log.append(accountingLeaf(request.open, sealed));
        session.accounted({
          envelopeBytes: signedAccountingReceipt(log.logged(index)),
          consistency: log.consistency(3),
        });
      }),
    ).toBe('deadline_exceeded');
  });
});
