export { LedgerError, type LedgerErrorCode } from './ledger-error.ts';
export type { AcceptanceRecord, AcceptedRequest, Acceptance, AuthorisedRequest, Ledger } from './ledger.ts';
export { openSqliteLedger } from './sqlite-ledger.ts';
