import { AccountingRows } from './accounting-rows.ts';
import { SqliteCharges } from './charges.ts';
import { KeptRows } from './kept-rows.ts';
import { LedgerError } from './ledger-error.ts';
import type { AcceptedRequest, JudgedRequest, KnownRequest, WaitingRequest } from './known-request.ts';
import type {
  Acceptance,
  AcceptanceToMake,
  AccountingToKeep,
  Charge,
  DecisionToMake,
  EpochToAnnounce,
  KeptAccounting,
  Ledger,
  LimitScope,
  PolicyToAdopt,
  StoredPolicy,
  Suspension,
  SuspensionToMake,
  UnidentifiedRefusal,
  WaiverToMake,
} from './ledger.ts';
import { EpochRows, PolicyRows } from './policy-rows.ts';
import { RequestRows } from './request-rows.ts';
import type { StoredRequest } from './request-rows.ts';
import { settled } from './settled.ts';
import type { ConnectionOptions, SqliteConnection } from './sqlite-connection.ts';
import { openLedgerFile } from './sqlite-file.ts';
import { SqliteLog } from './sqlite-log.ts';
import { UnidentifiedRefusals } from './unidentified-refusals.ts';

/** Requests read or ended at once; each may hold an envelope of some size. */
const PAGE = 32;

/**
 * Opens the ledger in a SQLite file (made with mode 0600 where there is none). Write-ahead log with
 * `synchronous=FULL`: a transaction that has returned survives a power cut.
 *
 * @throws LedgerError `ledger_unusable` for a file that can't be opened or is not a ledger, `ledger_version`, `ledger_full`,
 *   `ledger_busy`
 */
export function openSqliteLedger(path: string, options: ConnectionOptions = {}): Ledger {
  return new SqliteLedger(openLedgerFile(path, options));
}

/**
 * Each method is one transaction in one tick, and nothing is remembered between them but statements: what another program
 * did meanwhile is seen. The tables are the state; who writes which is said by the class of its rows.
 */
class SqliteLedger implements Ledger {
  readonly log: SqliteLog;
  readonly kept: KeptRows;
  readonly #connection: SqliteConnection;
  readonly #requests: RequestRows;
  readonly #charges: SqliteCharges;
  readonly #accountings: AccountingRows;
  readonly #policies: PolicyRows;
  readonly #epochs: EpochRows;
  readonly #unidentified: UnidentifiedRefusals;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
    this.log = new SqliteLog(connection);
    this.kept = new KeptRows(connection);
    this.#requests = new RequestRows(connection);
    this.#charges = new SqliteCharges(connection);
    this.#accountings = new AccountingRows(connection);
    this.#policies = new PolicyRows(connection);
    this.#epochs = new EpochRows(connection);
    this.#unidentified = new UnidentifiedRefusals(connection);
  }

  find(requestId: Uint8Array): Promise<KnownRequest | undefined> {
    return settled(() => this.#requests.find(requestId)?.request);
  }

  accept(acceptance: AcceptanceToMake): Promise<Acceptance> {
    return this.#transaction(() => {
      const { request, charge } = acceptance;
      requireOwnCharge(request, charge);
      const known = this.#requests.find(request.requestId)?.request;
      if (known?.state === 'accepted') return { outcome: 'known', request: known };
      if (this.#requests.isNonceOfAnother(request)) return { outcome: 'nonce_reused' };
      if (known !== undefined) requireSameRequest(known, request);
      if (!this.#policies.isInForce(acceptance.policy)) return { outcome: 'policy_changed' };
      if (!isApprovedBy(known, acceptance.approval)) return { outcome: 'approval_changed' };
      const exceeded = this.#charges.exceeded(charge, acceptance.limits);
      if (exceeded !== undefined) return { outcome: 'over_limit', ...exceeded };
      const sequence = this.#requests.addAccepted(request, acceptance, this.log.append(acceptance.leaf));
      this.#charges.add(sequence, charge);
      return { outcome: 'new', request: this.#accepted(request.requestId).request };
    });
  }

  suspend({ request, policy, now, expires, most, leaf }: SuspensionToMake): Promise<Suspension> {
    return this.#transaction(() => {
      const known = this.#requests.find(request.requestId)?.request;
      if (known !== undefined) return { outcome: 'known', request: known };
      if (this.#requests.isNonceOfAnother(request)) return { outcome: 'nonce_reused' };
      if (!this.#policies.isInForce(policy)) return { outcome: 'policy_changed' };
      if (this.#requests.countWaitingOf(request.requester, now) >= most) return { outcome: 'too_many_wait' };
      this.#requests.addWaiting(request, now, expires);
      this.log.append(leaf);
      const waiting = { ...request, state: 'waiting', suspendedAt: now, expiresAt: expires } as const;
      return { outcome: 'waiting', request: waiting };
    });
  }

  waiting(requester: string, now: Date): Promise<readonly WaitingRequest[]> {
    return settled(() => this.#requests.waitingOf(requester, now));
  }

  decide(decision: DecisionToMake): Promise<'decided' | 'not_waiting' | 'policy_changed'> {
    return this.#transaction(() => {
      const found = this.#requests.find(decision.requestId);
      if (found?.request.state !== 'waiting' || found.request.expiresAt <= decision.now) return 'not_waiting';
      if (!this.#policies.isInForce(decision.policy)) return 'policy_changed';
      this.#requests.decide(found.sequence, decision.decision, decision.now, decision);
      this.log.append(decision.leaf);
      return 'decided';
    });
  }

  async expire(now: Date, leafOf: (request: WaitingRequest) => Uint8Array): Promise<number> {
    for (let expired = 0; ;) {
      const page = await this.#transaction(() => {
        const overdue = this.#requests.overdue(now, PAGE);
        for (const { sequence, request } of overdue) {
          this.#requests.expire(sequence, now);
          this.log.append(leafOf(request));
        }
        return overdue.length;
      });
      expired += page;
      if (page < PAGE) return expired;
    }
  }

  refuse(leaf: Uint8Array): Promise<void> {
    return this.#transaction(() => {
      this.log.append(leaf);
    });
  }

  refuseUnidentified(refusal: UnidentifiedRefusal): Promise<void> {
    return this.#transaction(() => {
      this.#summarise(refusal.now, refusal.summaryOf);
      if (this.#unidentified.count(refusal)) this.log.append(refusal.leaf);
    });
  }

  summariseUnidentified(now: Date, summaryOf: UnidentifiedRefusal['summaryOf']): Promise<number> {
    return this.#transaction(() => this.#summarise(now, summaryOf));
  }

  complete(requestId: Uint8Array, now: Date, leafAt: (completed: Date) => Uint8Array): Promise<Date> {
    return this.#transaction(() => {
      const { sequence, request } = this.#accepted(requestId);
      if (request.completedAt !== undefined) return request.completedAt;
      const completed = now < request.acceptedAt ? request.acceptedAt : now;
      this.#requests.complete(sequence, completed);
      this.log.append(leafAt(completed));
      return completed;
    });
  }

  account(accounting: AccountingToKeep): Promise<KeptAccounting> {
    return this.#transaction(() => {
      const { sequence, request } = this.#accepted(accounting.requestId);
      if (request.completedAt === undefined) {
        throw new LedgerError('request_state', 'A request is accounted for once it is finished, not before.');
      }
      const kept = this.#accountings.find(sequence);
      if (kept !== undefined) return kept;
      const index = this.log.append(accounting.leaf);
      this.#accountings.add(sequence, accounting, index);
      return { digest: accounting.digest, index, leaf: accounting.leaf };
    });
  }

  sealedAccounting(requestId: Uint8Array): Promise<Uint8Array | undefined> {
    return settled(() => this.#accountings.sealed(requestId));
  }

  waiveAccounting(waiver: WaiverToMake): Promise<'waived' | 'not_owed' | 'policy_changed'> {
    return this.#transaction(() => {
      const found = this.#requests.find(waiver.requestId);
      if (found === undefined || !owesAccounting(found.request)) return 'not_owed';
      if (!this.#policies.isInForce(waiver.policy)) return 'policy_changed';
      this.#accountings.waive(found.sequence, waiver, this.log.append(waiver.leaf));
      return 'waived';
    });
  }

  unaccounted(requester: string, now: Date): Promise<Uint8Array | undefined> {
    return settled(() => this.#requests.unaccounted(requester, now));
  }

  adoptPolicy(policy: PolicyToAdopt): Promise<boolean> {
    return this.#transaction(() => {
      if (this.#policies.isInForce(policy.digest)) return false;
      this.#policies.adopt(policy, this.log.append(policy.leaf));
      return true;
    });
  }

  policy(): Promise<StoredPolicy | undefined> {
    return settled(() => this.#policies.inForce());
  }

  policyWith(digest: Uint8Array): Promise<StoredPolicy | undefined> {
    return settled(() => this.#policies.find(digest));
  }

  announceEpoch(epoch: EpochToAnnounce): Promise<number> {
    return this.#transaction(() => {
      const announced = this.#epochs.leafOf(epoch.epochId);
      if (announced !== undefined) return announced;
      this.#requireNewer(epoch.epoch);
      const index = this.log.append(epoch.leaf);
      this.#epochs.add(epoch, index);
      return index;
    });
  }

  charged(charge: Charge, scope: LimitScope): Promise<number> {
    return settled(() => this.#charges.charged(charge, scope));
  }

  /** Page by page, like the leaves. */
  async *requests(): AsyncGenerator<KnownRequest> {
    for (let last = 0; ;) {
      const page = await settled(() => this.#requests.after(last, PAGE));
      if (page.length === 0) return;
      for (const { sequence, request } of page) {
        last = sequence;
        yield request;
      }
    }
  }

  close(): Promise<void> {
    return settled(() => {
      this.#connection.close();
    });
  }

  #transaction<T>(work: () => T): Promise<T> {
    return settled(() => this.#connection.transaction(work));
  }

  #summarise(now: Date, summaryOf: UnidentifiedRefusal['summaryOf']): number {
    const ended = this.#unidentified.takeEnded(now);
    for (const { hour, requests } of ended) this.log.append(summaryOf(hour, requests));
    return ended.length;
  }

  #requireNewer(epoch: number): void {
    const newest = this.#epochs.newest();
    if (newest === undefined || epoch > newest) return;
    throw new LedgerError(
      'epoch_not_newer',
      `The log has announced epoch ${newest} before, so another epoch with the number ${epoch} can't be served; build one with a number above ${newest}.`,
    );
  }

  #accepted(requestId: Uint8Array): StoredRequest<AcceptedRequest> {
    const found = this.#requests.find(requestId);
    if (found?.request.state !== 'accepted') {
      throw new LedgerError('request_state', 'A request is finished and accounted for once it is accepted.');
    }
    return { sequence: found.sequence, request: found.request };
  }
}

/** A request that is charged for less than it asks would be evaluated beyond what is counted. */
function requireOwnCharge(request: JudgedRequest, charge: Charge): void {
  const own =
    charge.requester === request.requester &&
    charge.epoch === request.epoch &&
    charge.statute === request.statute &&
    charge.records === request.records;
  if (!own)
    throw new RangeError('a request is charged to its requester, epoch and statute, with its records');
}

/** A request's id is the hash of what it asks: where that differs, somebody has changed the file. */
function requireSameRequest(known: KnownRequest, request: JudgedRequest): void {
  const same =
    Buffer.compare(known.nonce, request.nonce) === 0 &&
    known.epoch === request.epoch &&
    known.requester === request.requester &&
    known.statute === request.statute &&
    known.records === request.records &&
    known.elements === request.elements;
  if (same) return;
  throw new LedgerError(
    'ledger_unusable',
    'The ledger remembers a request otherwise than it was signed; keep it as it is and verify the log.',
  );
}

function owesAccounting(request: KnownRequest): boolean {
  return (
    request.state === 'accepted' &&
    request.accountingDue !== undefined &&
    request.accounting === undefined &&
    request.waiver === undefined
  );
}

function isApprovedBy(known: KnownRequest | undefined, approval: Uint8Array | undefined): boolean {
  if (approval === undefined) return known?.state !== 'denied' && known?.state !== 'expired';
  return known?.state === 'approved' && known.approval !== undefined
    ? Buffer.compare(known.approval.digest, approval) === 0
    : false;
}
