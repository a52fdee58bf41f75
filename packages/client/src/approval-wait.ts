import { setTimeout as pause } from 'node:timers/promises';
import { PROBLEMS, ProtocolError } from '@blindmatch/protocol';
import { CommandError, EXIT } from '@blindmatch/terminal';

/** How a submission waits for somebody's approval at the holder. */
export interface ApprovalWait {
  /** Called each time that the holder says that the request waits, and when this asks again. */
  readonly onPending: (askAgain: Date) => void;
  /** Called with each failure to reach the holder meanwhile; the wait goes on. */
  readonly onUnreachable: (error: unknown) => void;
  /** The clock, and what waits for so many milliseconds. */
  readonly now: () => Date;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** The real clock and the real sleep. */
export const realTime: Pick<ApprovalWait, 'now' | 'sleep'> = {
  now: () => new Date(),
  sleep: async (milliseconds) => {
    await pause(milliseconds);
  },
};

/** What the holder said of a request: how many seconds it waits at least. */
interface Pending {
  readonly kind: 'pending';
  readonly retryAfter: number;
}

/**
 * Asks until the answer is not that the request waits. Once it was, a holder that can't be reached or answers at other
 * hours is asked again like one that says so. A request that expires is not asked for any more.
 *
 * @param ask asks the holder once
 * @param request what is asked for, its id as text
 * @param wait undefined where nobody waits
 * @throws CommandError `approval_pending` (exit code 4) where nobody waits; ProtocolError `manifest_expired`; what `ask`
 *   throws
 */
export async function untilDecided<Answer>(
  ask: () => Promise<Answer | Pending>,
  request: { readonly id: string; readonly expires: Date },
  wait: ApprovalWait | undefined,
): Promise<Answer> {
  let seconds = 0;
  for (;;) {
    const waited = seconds > 0;
    try {
      const answer = await ask();
      if (!isPending(answer)) return answer;
      if (wait === undefined) throw approvalPending(request.id);
      seconds = Math.max(1, answer.retryAfter);
    } catch (error) {
      if (!waited || wait === undefined || !isOfTheNetwork(error)) throw error;
      wait.onUnreachable(error);
    }
    const now = wait.now().getTime();
    const left = request.expires.getTime() - now;
    if (left <= 0) {
      throw new ProtocolError(
        'manifest_expired',
        'Nobody at the holder approved the request before it expired; prepare and sign it again.',
      );
    }
    const milliseconds = Math.min(1000 * seconds, left);
    wait.onPending(new Date(now + milliseconds));
    await wait.sleep(milliseconds);
  }
}

function isPending(answer: unknown): answer is Pending {
  return typeof answer === 'object' && answer !== null && 'kind' in answer && answer.kind === 'pending';
}

function isOfTheNetwork(error: unknown): boolean {
  if (error instanceof ProtocolError) return PROBLEMS[error.code].exit === EXIT.network;
  return error instanceof CommandError && error.exit === EXIT.network;
}

function approvalPending(id: string): CommandError {
  return new CommandError(
    'approval_pending',
    `The request ${id} waits for somebody's approval at the holder.`,
    EXIT.waiting,
  );
}
