import { ProtocolError } from '@blindmatch/protocol';
import { CommandError, EXIT } from '@blindmatch/terminal';
import { describe, expect, it } from 'vitest';
import { untilDecided, type ApprovalWait } from '../src/approval-wait.ts';
import { codeOf } from './temporary-directory.ts';

const START = new Date('2026-11-22T12:00:00.000Z').getTime();
const REQUEST = { id: 'sha256:1234', expires: new Date(START + 100_000) };

/** A wait whose clock only its own sleep moves, and what it was told. */
class CountedWait implements ApprovalWait {
  readonly slept: number[] = [];
  readonly unreachable: unknown[] = [];
  readonly asksAt: string[] = [];
  #now = START;
  readonly now = (): Date => new Date(this.#now);
  readonly sleep = (milliseconds: number): Promise<void> => {
    this.slept.push(milliseconds);
    this.#now += milliseconds;
    return Promise.resolve();
  };
  readonly onPending = (askAgain: Date): void => {
    this.asksAt.push(askAgain.toISOString().slice(11, 19));
  };
  readonly onUnreachable = (error: unknown): void => {
    this.unreachable.push(error);
  };
}

type Answer = 'accepted' | { readonly kind: 'pending'; readonly retryAfter: number };

/** Gives the answers in turn, and throws those that are errors. */
function answering(...answers: readonly (Answer | Error)[]): () => Promise<Answer> {
  const left = [...answers];
  return () => {
    const next = left.shift();
    if (next === undefined) throw new Error('asked too often');
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  };
}

function pending(retryAfter: number): Answer {
  return { kind: 'pending', retryAfter };
}

const unreachable = new CommandError('holder_unreachable', 'Nobody answers.', EXIT.network);

describe('the wait for an approval', () => {
  it('does not wait for an answer that needs no approval', async () => {
    const wait = new CountedWait();
    expect(await untilDecided(answering('accepted'), REQUEST, wait)).toBe('accepted');
    expect(wait.slept).toEqual([]);
  });

  it('asks again after as long as the holder says each time', async () => {
    const wait = new CountedWait();
    expect(await untilDecided(answering(pending(10), pending(30), 'accepted'), REQUEST, wait)).toBe(
      'accepted',
    );
    expect(wait.slept).toEqual([10_000, 30_000]);
    expect(wait.asksAt).toEqual(['12:00:10', '12:00:40']);
  });

  it('waits a second where the holder says none', async () => {
    const wait = new CountedWait();
    await untilDecided(answering(pending(0), 'accepted'), REQUEST, wait);
    expect(wait.slept).toEqual([1000]);
  });

  it('ends with exit code 4 where nobody waits', async () => {
    const waiting = untilDecided(answering(pending(10)), REQUEST, undefined);
    await expect(waiting).rejects.toMatchObject({
      code: 'approval_pending',
      exit: 4,
      message: expect.stringContaining(REQUEST.id) as string,
    });
  });

  it('asks a last time when the request expires, and not after', async () => {
    const wait = new CountedWait();
    const asked = answering(pending(60), pending(60), pending(60));
    expect(await codeOf(() => untilDecided(asked, REQUEST, wait))).toBe('manifest_expired');
    expect(wait.slept).toEqual([60_000, 40_000]);
  });

  it('goes on when the holder is away meanwhile', async () => {
    const wait = new CountedWait();
    const closed = new ProtocolError('outside_opening_hours');
    const asked = answering(pending(10), unreachable, closed, 'accepted');
    expect(await untilDecided(asked, REQUEST, wait)).toBe('accepted');
    expect(wait.unreachable).toEqual([unreachable, closed]);
    expect(wait.slept).toEqual([10_000, 10_000, 10_000]);
  });

  it('does not wait for a holder that is away from the beginning', async () => {
    const wait = new CountedWait();
    expect(await codeOf(() => untilDecided(answering(unreachable), REQUEST, wait))).toBe(
      'holder_unreachable',
    );
    expect(wait.slept).toEqual([]);
  });

  it.each(['approval_denied', 'approval_expired', 'log_forked'] as const)('ends with %s', async (code) => {
    const asked = answering(pending(1), new ProtocolError(code));
    expect(await codeOf(() => untilDecided(asked, REQUEST, new CountedWait()))).toBe(code);
  });
});
