/** `ledger_unusable`: the file can't be opened or is no ledger; `ledger_version`: written by a newer program. */
export type LedgerErrorCode = 'ledger_unusable' | 'ledger_version';

/** The ledger can't be used; the message says what to do. A refused request is a value, never this. */
export class LedgerError extends Error {
  readonly code: LedgerErrorCode;

  constructor(code: LedgerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LedgerError';
    this.code = code;
  }
}
