export { GrowingTree } from './growing-tree.ts';
export { LedgerError, type LedgerErrorCode } from './ledger-error.ts';
export type {
  Acceptance,
  AcceptanceToMake,
  AcceptedRequest,
  AccountingToKeep,
  Charge,
  DecidedRequest,
  DecisionToMake,
  EpochToAnnounce,
  JudgedRequest,
  KeptAccounting,
  KnownRequest,
  Ledger,
  Limit,
  LimitScope,
  Log,
  PolicyToAdopt,
  StoredApproval,
  StoredLeaf,
  StoredPolicy,
  Suspension,
  SuspensionToMake,
  UnidentifiedRefusal,
  WaitingRequest,
} from './ledger.ts';
export { openSqliteLedger } from './sqlite-ledger.ts';
