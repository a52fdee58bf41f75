import { digestText } from '@blindmatch/protocol';
import { setInColumn, type Reporter } from '@blindmatch/terminal';
import { stateText } from '../../requests-description.ts';
import { withLedger } from '../with-ledger.ts';

export interface ListOptions {
  /** Those that are decided too. */
  readonly all?: boolean;
}

/** Digits of an id that are shown: enough to name the request in a command. */
const SHOWN_DIGITS = 12;

/** `blindmatchd requests list`: the requests that wait for approval, or all that wait or are decided, oldest first. */
export async function list(path: string, options: ListOptions, reporter: Reporter): Promise<void> {
  await withLedger(path, async (ledger) => {
    const now = new Date();
    let listed = 0;
    for await (const request of ledger.requests()) {
      if (options.all !== true && (request.state !== 'waiting' || request.expiresAt <= now)) continue;
      listed++;
      const { requester, records, statute, state, epoch } = request;
      const id = digestText(request.requestId);
      reporter.event('request', { request: id, state, requester, epoch, records, statute }, [
        `${id.slice(7, 7 + SHOWN_DIGITS)}  ${stateText(request, now)}`,
        ...setInColumn(' '.repeat(SHOWN_DIGITS + 2), `${requester}: ${records} records under ${statute}`),
      ]);
    }
    const none = options.all === true ? 'No request waits or is decided.' : 'No request waits for approval.';
    reporter.event('listed', { requests: listed }, listed === 0 ? none : undefined);
  });
}
