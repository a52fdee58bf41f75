import { existsSync, statSync } from 'node:fs';
import { openSqliteLedger, type Ledger } from '@blindmatch/ledger';
import { CommandError } from '@blindmatch/terminal';
import type { HolderDirectory } from './holder-directory.ts';
import { replaceFile } from './replace-file.ts';

const MARK = `The log of this holder has begun. Without ledger.sqlite, blindmatchd begins no other one while this file is here.
`;

/**
 * Opens the holder's ledger, with an empty one made where no log was ever begun.
 *
 * @throws CommandError `ledger_missing`; LedgerError
 */
export function openHolderLedger(directory: HolderDirectory): Ledger {
  requireLedgerKept(directory);
  return openSqliteLedger(directory.ledger, { begun: existsSync(directory.logBegun) });
}

/**
 * Demands that a log which was begun is still there: another one in its place would look like a fork to every requester.
 *
 * @throws CommandError `ledger_missing`
 */
export function requireLedgerKept(directory: HolderDirectory): void {
  if (isLedgerLost(directory)) throw new CommandError('ledger_missing', ledgerLostText(directory));
}

/** Whether a log was begun and its ledger is gone, or has nothing in it. */
export function isLedgerLost({ ledger, logBegun }: HolderDirectory): boolean {
  // A write-ahead log beside an empty file is no help: SQLite throws it away.
  return existsSync(logBegun) && isEmpty(ledger);
}

/** What to do about a ledger that is lost. */
export function ledgerLostText({ ledger, logBegun }: HolderDirectory): string {
  return `The log of this holder was begun and its ledger ${ledger} is gone: restore the newest backup; to begin a new log anyway remove ${logBegun}: every requester will then be told that the log forked.`;
}

/** Notes that the log has begun; to be called before anything of it is shown to anybody. */
export function markLogBegun({ logBegun }: HolderDirectory): void {
  if (!existsSync(logBegun)) replaceFile(logBegun, MARK);
}

function isEmpty(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0;
}
