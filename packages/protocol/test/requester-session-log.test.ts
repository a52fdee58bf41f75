/** What a requester session takes of its holder's log, receipts and receipts of accountings: each lie by its code. */

import { describe, expect, it } from 'vitest';
import type { TreeHead } from '../src/checkpoint.ts';
import { digestText } from '../src/digest.ts';
import { decodeRequesterMessage, encodeMessage } from '../src/codec.ts';
import type { EpochDescriptor, OpenEpoch } from '../src/epoch-descriptor.ts';
import type { LogView } from '../src/holder-session.ts';
import { ACCOUNTING_PIECE_MAX, MAX_ACCOUNTING } from '../src/limits.ts';
import type { LogLeaf } from '../src/log-leaf.ts';
import type { HolderMessage } from '../src/messages.ts';
import { ProtocolError } from '../src/problem.ts';
import { RequesterSession } from '../src/requester-session.ts';
import {
  acceptedLeaf,
  accountingLeaf,
  codeOf,
  descriptor,
  epochLeaf,
  epochOf,
  holderFingerprint,
  NOON,
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
const request = requestOf(patternElements(3), { epoch });
const sealed = new Uint8Array(9).fill(5);

/** Leaf `n` of a log that other requesters use too. */
const filler = (n: number): LogLeaf => ({
  type: 'finished',
  time: NOON.toISOString(),
  request: digestText(new Uint8Array(32).fill(n)),
});
const beginning: readonly LogLeaf[] = [policyLeaf, epochLeaf(epoch), filler(1), filler(2), filler(3)];
const EPOCH_AT = 1;
/** A log that has the same leaves up to the third, and another fourth. */
const forkOf = (...more: readonly LogLeaf[]) =>
  new TestLog([...beginning.slice(0, 3), filler(9), ...beginning.slice(4), ...more]);

function connect(remembered?: TreeHead) {
  const clock = new TestClock();
  const session = new RequesterSession({
    holder: holderFingerprint,
    profiles: () => PROFILE_HASH,
    now: clock.now,
    monotonic: clock.monotonic,
    ...(remembered === undefined ? {} : { remembered }),
  });
  session.start();
  return { session, hear: (message: HolderMessage) => session.receive(encodeMessage(message)) };
}

function epochMessage({ checkpoint, ...proofs }: LogView, served: OpenEpoch = epoch): HolderMessage {
  const note = new Uint8Array(Buffer.from(checkpoint));
  return { type: 'epoch', envelope: served.envelopeBytes, checkpoint: note, ...proofs };
}

/** The code that a requester who remembers `remembered` ends with when it is shown `view`. */
function showing(view: LogView, remembered?: TreeHead): string | undefined {
  const { session, hear } = connect(remembered);
  const code = codeOf(() => hear(epochMessage(view)));
  expect(session.closed).toBe(code !== undefined);
  return code;
}

/** A session that has sent `finish` and was shown the first five leaves of `log`. */
function finishing(log: TestLog) {
  const setting = connect();
  setting.hear(epochMessage(log.view(EPOCH_AT, 0, beginning.length)));
  setting.session.request(request.envelopeBytes);
  setting.hear({ type: 'accepted', requestId: request.open.requestId });
  setting.session.finish();
  return setting;
}

describe('the log of a holder', () => {
  const log = new TestLog(beginning);

  it('is taken when it is seen for the first time, and whenever it has only grown', () => {
    expect(showing(log.view(EPOCH_AT))).toBeUndefined();
    for (let size = 1; size <= log.size; size += 1) {
      expect(showing(log.view(EPOCH_AT, size), log.checkpoint(size))).toBeUndefined();
    }
  });

  it('is forked when it is shorter than it was, and the sentence gives both sizes', () => {
    const { hear } = connect(log.checkpoint(5));
    const short = new TestLog(beginning.slice(0, 3));
    let sentence = '';
    try {
      hear(epochMessage(short.view(EPOCH_AT, 5)));
    } catch (error) {
      if (error instanceof ProtocolError) sentence = `${error.code}: ${error.message}`;
    }
    expect(sentence).toMatch(/^log_forked: .* had 5 entries and now has 3;/);
  });

  it('is forked when it continues another one', () => {
    const fork = forkOf(filler(4));
    expect(showing(fork.view(EPOCH_AT, 5), log.checkpoint(5))).toBe('log_forked');
    // The same sizes with other roots.
    expect(showing(forkOf().view(EPOCH_AT, 5), log.checkpoint(5))).toBe('log_forked');
    // Up to the third leaf they are one log.
    expect(showing(fork.view(EPOCH_AT, 3), log.checkpoint(3))).toBeUndefined();
  });

  it('is forked when nothing proves that it grew', () => {
    const remembered = log.checkpoint(3);
    const view = log.view(EPOCH_AT, 3);
    const { consistency } = view;
    expect(showing({ ...view, consistency: new Uint8Array(0) }, remembered)).toBe('log_forked');
    expect(showing({ ...view, consistency: consistency.slice(32) }, remembered)).toBe('log_forked');
    expect(showing({ ...view, consistency: log.consistency(2) }, remembered)).toBe('log_forked');
    const more = new Uint8Array([...consistency, ...new Uint8Array(32)]);
    expect(showing({ ...view, consistency: more }, remembered)).toBe('log_forked');
  });

  it('is forked before anything else about it is wrong', () => {
    const view = { ...forkOf().view(EPOCH_AT, 5), leaf: new Uint8Array(3) };
    expect(showing(view, log.checkpoint(5))).toBe('log_forked');
  });

  it.each<[string, Partial<LogView>]>([
    ['a checkpoint by somebody else', { checkpoint: new TestLog(beginning, strangerKey).checkpoint().note }],
    ['no note', { checkpoint: 'nothing' }],
    ['another leaf', { leaf: log.logged(0).leaf }],
    ['another place', { leafIndex: 2 }],
    ['a place behind the end', { leafIndex: 5 }],
    ['the path of another leaf', { path: log.logged(0).path }],
    ['a path with a node too few', { path: log.logged(EPOCH_AT).path.slice(32) }],
    ['no path', { path: new Uint8Array(0) }],
    ['a proof that nobody asked for', { consistency: log.consistency(3) }],
  ])('is invalid with %s', (_, changes) => {
    expect(showing({ ...log.view(EPOCH_AT), ...changes })).toBe('log_invalid');
  });

  it.each<[string, LogLeaf]>([
    ['another id', epochLeaf(epoch, { epoch_id: digestText(new Uint8Array(32)) })],
    ['another number', epochLeaf(epoch, { epoch: 2 })],
    ['no epoch at all', policyLeaf],
  ])('is invalid where the leaf that it shows for the epoch has %s', (_, leaf) => {
    expect(showing(new TestLog([policyLeaf, leaf]).view(EPOCH_AT))).toBe('log_invalid');
  });

  it('is invalid where another epoch is served than the one in it', () => {
    const other = epochOf({ ...descriptor, epoch: 2 });
    expect(codeOf(() => connect().hear(epochMessage(log.view(EPOCH_AT), other)))).toBe('log_invalid');
  });
});

describe('a receipt', () => {
  const log = new TestLog([...beginning, acceptedLeaf(request.open), filler(4)]);
  const ACCEPTED_AT = beginning.length;
  const take = (envelope: Uint8Array, consistency: Uint8Array) => {
    const { session, hear } = finishing(log);
    const code = codeOf(() => hear({ type: 'receipt', envelope, consistency }));
    expect(session.closed).toBe(code !== undefined);
    return code;
  };
  const receiptIn = (other: TestLog, size: number = other.size) =>
    signedReceipt(other.acceptance(ACCEPTED_AT, size));

  it('is handed on with the leaf, the times and the checkpoint that it proves', () => {
    const { hear } = finishing(log);
    const envelope = receiptIn(log);
    expect(hear({ type: 'receipt', envelope, consistency: log.consistency(5) })).toEqual([
      {
        kind: 'receipt',
        envelopeBytes: envelope,
        receipt: { accepted: acceptedLeaf(request.open), completed: NOON, checkpoint: log.checkpoint() },
      },
    ]);
  });

  it('may prove the very log that was shown at the beginning', () => {
    const { session, hear } = connect();
    hear(epochMessage(log.view(EPOCH_AT)));
    session.request(request.envelopeBytes);
    hear({ type: 'accepted', requestId: request.open.requestId });
    session.finish();
    const message: HolderMessage = {
      type: 'receipt',
      envelope: receiptIn(log),
      consistency: new Uint8Array(0),
    };
    expect(hear(message)).toMatchObject([{ kind: 'receipt' }]);
  });

  it('is not taken for another request, with other counts or by another key', () => {
    const withLeaf = (changes: Parameters<typeof acceptedLeaf>[1]) => {
      const other = new TestLog([...beginning, acceptedLeaf(request.open, changes)]);
      return take(receiptIn(other), other.consistency(5));
    };
    expect(withLeaf({})).toBeUndefined();
    expect(withLeaf({ request: digestText(new Uint8Array(32)) })).toBe('receipt_invalid');
    expect(withLeaf({ elements: 5 })).toBe('receipt_invalid');
    const forged = signedReceipt(log.acceptance(ACCEPTED_AT), { key: strangerKey });
    expect(take(forged, log.consistency(5))).toBe('holder_unexpected');
  });

  it('is not taken when its leaf is not in the log that it names', () => {
    const { logged, policy } = log.acceptance(ACCEPTED_AT);
    const misplaced = { logged: { ...logged, path: policy.path }, policy };
    expect(take(signedReceipt(misplaced), log.consistency(5))).toBe('log_invalid');
  });

  it('is not taken when the policy that decided is not in that log', () => {
    const { logged } = log.acceptance(ACCEPTED_AT);
    const { policy } = forkOf(acceptedLeaf(request.open)).acceptance(ACCEPTED_AT);
    expect(take(signedReceipt({ logged, policy }), log.consistency(5))).toBe('log_invalid');
  });

  it('shows a fork when its log is older than the one at the beginning', () => {
    const { session, hear } = connect();
    hear(epochMessage(log.view(EPOCH_AT)));
    session.request(request.envelopeBytes);
    hear({ type: 'accepted', requestId: request.open.requestId });
    session.finish();
    const older: HolderMessage = {
      type: 'receipt',
      envelope: receiptIn(log, 6),
      consistency: new Uint8Array(0),
    };
    expect(codeOf(() => hear(older))).toBe('log_forked');
  });

  it('shows a fork when its log is no continuation of the one at the beginning, or not proved to be', () => {
    const fork = forkOf(acceptedLeaf(request.open));
    expect(take(receiptIn(fork), fork.consistency(5))).toBe('log_forked');
    expect(take(receiptIn(log), new Uint8Array(0))).toBe('log_forked');
    expect(take(receiptIn(log), log.consistency(4))).toBe('log_forked');
  });
});

describe('an accounting', () => {
  const log = new TestLog([
    ...beginning,
    acceptedLeaf(request.open),
    filler(4),
    accountingLeaf(request.open, sealed),
    filler(5),
  ]);
  const ACCOUNTED_AT = 7;

  function finished() {
    const setting = finishing(log);
    setting.hear({
      type: 'receipt',
      envelope: signedReceipt(log.acceptance(5, 7)),
      consistency: log.consistency(5, 7),
    });
    return setting;
  }
  const take = (envelope: Uint8Array, consistency: Uint8Array) => {
    const { session, hear } = finished();
    session.account(sealed);
    const code = codeOf(() => hear({ type: 'accounted', envelope, consistency }));
    expect(session.closed).toBe(code !== undefined);
    return code;
  };

  it('goes out in full pieces in order, the last one the rest', () => {
    for (const length of [1, ACCOUNTING_PIECE_MAX, ACCOUNTING_PIECE_MAX + 1, MAX_ACCOUNTING]) {
      const accounting = Uint8Array.from({ length }, (_, index) => index % 253);
      const messages = finished().session.account(accounting).map(decodeRequesterMessage);
      const pieces = messages.flatMap((message) => (message.type === 'accounting' ? [message] : []));
      expect(pieces.map(({ total, offset }) => [total, offset])).toEqual(
        pieces.map((_, index) => [length, index * ACCOUNTING_PIECE_MAX]),
      );
      expect(Buffer.concat(pieces.map(({ bytes }) => bytes)).equals(accounting)).toBe(true);
      expect(pieces).toHaveLength(Math.ceil(length / ACCOUNTING_PIECE_MAX));
    }
  });

  it('is not sent where the holder would not take it', () => {
    const refused = (accounting: Uint8Array) => codeOf(() => finished().session.account(accounting));
    expect(refused(new Uint8Array(0))).toBe('accounting_invalid');
    expect(refused(new Uint8Array(MAX_ACCOUNTING + 1))).toBe('accounting_invalid');
  });

  it('is not sent to a holder whose epoch names no inspector', () => {
    const changed: EpochDescriptor = { ...descriptor, inspector: null };
    const served = epochOf(changed);
    const other = requestOf(patternElements(3), { epoch: served });
    const itsLog = new TestLog([policyLeaf, epochLeaf(served), acceptedLeaf(other.open)]);
    const { session, hear } = connect();
    hear(epochMessage(itsLog.view(EPOCH_AT), served));
    session.request(other.envelopeBytes);
    hear({ type: 'accepted', requestId: other.open.requestId });
    session.finish();
    hear({ type: 'receipt', envelope: signedReceipt(itsLog.acceptance(2)), consistency: new Uint8Array(0) });
    expect(codeOf(() => session.account(sealed))).toBe('accounting_invalid');
    expect(session.closed).toBe(false);
  });

  it('ends with the receipt of exactly the bytes that were sent', () => {
    const { session, hear } = finished();
    session.account(sealed);
    const envelope = signedAccountingReceipt(log.logged(ACCOUNTED_AT));
    expect(hear({ type: 'accounted', envelope, consistency: log.consistency(7) })).toEqual([
      {
        kind: 'accounted',
        envelopeBytes: envelope,
        receipt: { accounting: accountingLeaf(request.open, sealed), checkpoint: log.checkpoint() },
      },
    ]);
    expect(session.readSlots).toBe(4);
    session.readSet(0, 1);
    expect(hear({ type: 'setData', offset: 0, bytes: new Uint8Array(1) })).toHaveLength(1);
  });

  it('is not accounted for by a receipt of other bytes, of another request, by another key or of another kind', () => {
    const withLeaf = (leaf: LogLeaf) => {
      const other = new TestLog([...beginning, acceptedLeaf(request.open), filler(4), leaf]);
      return take(signedAccountingReceipt(other.logged(ACCOUNTED_AT)), other.consistency(7));
    };
    expect(withLeaf(accountingLeaf(request.open, sealed))).toBeUndefined();
    expect(withLeaf(accountingLeaf(request.open, new Uint8Array(9)))).toBe('receipt_invalid');
    expect(withLeaf(accountingLeaf(request.open, sealed, { request: digestText(new Uint8Array(32)) }))).toBe(
      'receipt_invalid',
    );
    expect(withLeaf(filler(6))).toBe('receipt_invalid');
    expect(take(signedAccountingReceipt(log.logged(ACCOUNTED_AT), strangerKey), log.consistency(7))).toBe(
      'holder_unexpected',
    );
    expect(take(signedReceipt(log.acceptance(5)), log.consistency(7))).toBe('receipt_invalid');
  });

  it('shows a fork when its log continues the one at the beginning, but not the one of the receipt', () => {
    const fork = new TestLog([
      ...beginning,
      filler(7),
      filler(8),
      accountingLeaf(request.open, sealed),
      filler(5),
    ]);
    const envelope = signedAccountingReceipt(fork.logged(ACCOUNTED_AT));
    for (const first of [5, 7]) expect(take(envelope, fork.consistency(first))).toBe('log_forked');
    // The proof has to begin where the receipt's log ends.
    const honest = signedAccountingReceipt(log.logged(ACCOUNTED_AT));
    expect(take(honest, log.consistency(5))).toBe('log_forked');
    expect(take(honest, log.consistency(7))).toBeUndefined();
  });
});
