/**
 * - `ledger_unusable`: the file can't be opened, is no ledger, or is damaged;
 * - `ledger_version`: written by another version of this program;
 * - `ledger_full`: there is no room to write; nothing of what was asked was done;
 * - `ledger_busy`: another program has held the file for too long; nothing of what was asked was done;
 * - `epoch_not_newer`: another epoch with this number or a higher one was announced before;
 * - `request_state`: a step was asked for that the request's state does not allow.
 */
export type LedgerErrorCode =
  'ledger_unusable' | 'ledger_version' | 'ledger_full' | 'ledger_busy' | 'epoch_not_newer' | 'request_state';

/** The ledger can't do what was asked; the message says what to do. A refused request is a value, never this. */
export class LedgerError extends Error {
  readonly code: LedgerErrorCode;

  constructor(code: LedgerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LedgerError';
    this.code = code;
  }
}
