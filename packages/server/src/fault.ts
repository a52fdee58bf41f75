import { LedgerError } from '@blindmatch/ledger';
import { GroupError } from '@blindmatch/oprf';
import { PROBLEMS, type ProblemCode } from '@blindmatch/protocol';
import { errorText, type Log, type LogFields } from './log.ts';

/** What a requester is told. */
export interface ToldProblem {
  readonly code: ProblemCode;
  readonly sentence: string;
}

/** What a requester is told of a fault of this side's: that it may come again where that is all there is to it. */
export function toldOf(fault: unknown): ToldProblem {
  if (canNotRecord(fault)) {
    return {
      code: 'shutting_down',
      sentence:
        "The holder can't record requests at the moment, and evaluates nothing that it can't record; submit the request again later.",
    };
  }
  // A pool that was closed under a request means that the daemon is going away.
  const closed = fault instanceof GroupError && fault.code === 'pool_closed';
  const code = closed ? 'shutting_down' : 'internal_error';
  return { code, sentence: PROBLEMS[code].sentence };
}

/** Notes a fault in the daemon's log: as an error where nobody is answered until the operator has mended it. */
export function logFault(log: Log, fault: unknown, fields: LogFields = {}): void {
  const noted = { ...fields, error: errorText(fault) };
  if (canNotRecord(fault)) log.error('requests can not be recorded', noted);
  else log.warn('internal error', noted);
}

/** Whether the ledger has no room or is held by another program; then nothing of what was asked was done. */
function canNotRecord(fault: unknown): boolean {
  return fault instanceof LedgerError && (fault.code === 'ledger_full' || fault.code === 'ledger_busy');
}
