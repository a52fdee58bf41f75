export { GrowingTree } from './growing-tree.ts';
export { LedgerError, type LedgerErrorCode } from './ledger-error.ts';
export type {
  AcceptedRequest,
  DecidedRequest,
  JudgedRequest,
  KnownRequest,
  StoredApproval,
  WaitingRequest,
} from './known-request.ts';
export type {
  Acceptance,
  AcceptanceToMake,
  AccountingToKeep,
  AdoptedPolicy,
  AnnouncedEpoch,
  Charge,
  ChargedSum,
  DecisionToMake,
  EpochToAnnounce,
  Kept,
  KeptAccounting,
  KeptCharge,
  Ledger,
  Limit,
  LimitScope,
  Log,
  PolicyToAdopt,
  StoredLeaf,
  StoredPolicy,
  Suspension,
  SuspensionToMake,
  UnidentifiedRefusal,
  WaiverToMake,
} from './ledger.ts';
export { openSqliteLedger } from './sqlite-ledger.ts';
