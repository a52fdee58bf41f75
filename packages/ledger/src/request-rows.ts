/** Requests as rows: what is known of one, read from and written to the table. */

import { bytesIn, numberIn, optional, textIn, textsIn, timeIn } from './column.ts';
import type {
  AcceptedRequest,
  JudgedRequest,
  KnownRequest,
  StoredApproval,
  WaitingRequest,
} from './known-request.ts';
import type { AcceptanceToMake } from './ledger.ts';
import type { Row, SqliteConnection } from './sqlite-connection.ts';

/** A request and the number of its row. */
export interface StoredRequest<Request extends KnownRequest = KnownRequest> {
  readonly sequence: number;
  readonly request: Request;
}

const SELECT = `
  SELECT request.*, leaf.bytes AS leaf, accounting.digest AS accounting,
    waiver.digest AS waiver, waiver.envelope AS waiver_envelope
  FROM request
  LEFT JOIN leaf ON leaf.position = request.accepted_by
  LEFT JOIN accounting ON accounting.request = request.sequence
  LEFT JOIN waiver ON waiver.request = request.sequence`;

/** Reads and writes the rows; who calls decides about the states, within a transaction. */
export class RequestRows {
  readonly #connection: SqliteConnection;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  find(requestId: Uint8Array): StoredRequest | undefined {
    const row = this.#connection.get(`${SELECT} WHERE request.request_id = ?`, requestId);
    return row && storedRequest(row);
  }

  /** Whether the nonce belongs to a request with another id. */
  isNonceOfAnother({ nonce, requestId }: JudgedRequest): boolean {
    const row = this.#connection.get(
      'SELECT 1 FROM request WHERE nonce = ? AND request_id <> ?',
      nonce,
      requestId,
    );
    return row !== undefined;
  }

  /** At most `count` requests, in the order in which they came, after row `sequence`. */
  after(sequence: number, count: number): readonly StoredRequest[] {
    return this.#connection
      .all(`${SELECT} WHERE request.sequence > ? ORDER BY request.sequence LIMIT ?`, sequence, count)
      .map(storedRequest);
  }

  /** At most `count` requests that wait although their time came by `now`. */
  overdue(now: Date, count: number): readonly StoredRequest<WaitingRequest>[] {
    return this.#connection
      .all(
        `${SELECT} WHERE request.state = 'waiting' AND request.expires_at <= ?
         ORDER BY request.expires_at, request.sequence LIMIT ?`,
        now.toISOString(),
        count,
      )
      .map((row) => ({ sequence: numberIn(row, 'sequence'), request: waitingRequest(row) }));
  }

  addWaiting(request: JudgedRequest, now: Date, expires: Date): void {
    this.#connection.run(
      `INSERT INTO request (request_id, nonce, epoch, requester, officials, certifiers, statute, records, elements,
         envelope, state, suspended_at, expires_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?)`,
      ...[
        request.requestId,
        request.nonce,
        ...judgedValues(request),
        now.toISOString(),
        expires.toISOString(),
      ],
    );
  }

  /** A request that waited is accepted with the signatures that were judged last. Gives the number of its row. */
  addAccepted(
    request: JudgedRequest,
    { now, accountingDue }: Pick<AcceptanceToMake, 'now' | 'accountingDue'>,
    leafIndex: number,
  ): number {
    const row = this.#connection.get(
      `INSERT INTO request (request_id, nonce, epoch, requester, officials, certifiers, statute, records, elements,
         envelope, state, accepted_at, accounting_due, accepted_by)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'accepted', ?, ?, ?)
       ON CONFLICT (request_id) DO UPDATE SET officials = excluded.officials, certifiers = excluded.certifiers,
         envelope = excluded.envelope, state = excluded.state, accepted_at = excluded.accepted_at,
         accounting_due = excluded.accounting_due, accepted_by = excluded.accepted_by
       RETURNING sequence`,
      ...[request.requestId, request.nonce, ...judgedValues(request), now.toISOString()],
      ...[accountingDue?.toISOString() ?? null, leafIndex],
    );
    return numberIn(row ?? {}, 'sequence');
  }

  decide(sequence: number, decision: 'approved' | 'denied', now: Date, approval: StoredApproval): void {
    this.#connection.run(
      'UPDATE request SET state = ?, decided_at = ?, approval = ?, approval_envelope = ? WHERE sequence = ?',
      ...[decision, now.toISOString(), approval.digest, approval.envelope, sequence],
    );
  }

  expire(sequence: number, now: Date): void {
    this.#connection.run(
      "UPDATE request SET state = 'expired', decided_at = ? WHERE sequence = ?",
      ...[now.toISOString(), sequence],
    );
  }

  complete(sequence: number, completed: Date): void {
    this.#connection.run(
      'UPDATE request SET completed_at = ? WHERE sequence = ?',
      completed.toISOString(),
      sequence,
    );
  }

  /** The requests of a requester that wait and whose time has not come by `now`, oldest first. */
  waitingOf(requester: string, now: Date): readonly WaitingRequest[] {
    return this.#connection
      .all(
        `${SELECT} WHERE request.state = 'waiting' AND request.requester = ? AND request.expires_at > ?
         ORDER BY request.sequence`,
        requester,
        now.toISOString(),
      )
      .map(waitingRequest);
  }

  countWaitingOf(requester: string, now: Date): number {
    const row = this.#connection.get(
      `SELECT count(*) AS waiting FROM request WHERE state = 'waiting' AND requester = ? AND expires_at > ?`,
      requester,
      now.toISOString(),
    );
    return numberIn(row ?? {}, 'waiting');
  }

  /** The id of the request of a requester whose accounting was due first, before `now`, and neither came nor was waived. */
  unaccounted(requester: string, now: Date): Uint8Array | undefined {
    const row = this.#connection.get(
      `SELECT request_id FROM request
       WHERE requester = ? AND accounting_due < ?
         AND NOT EXISTS (SELECT 1 FROM accounting WHERE accounting.request = request.sequence)
         AND NOT EXISTS (SELECT 1 FROM waiver WHERE waiver.request = request.sequence)
       ORDER BY accounting_due, sequence LIMIT 1`,
      requester,
      now.toISOString(),
    );
    return row && bytesIn(row, 'request_id');
  }
}

function judgedValues(request: JudgedRequest): readonly (string | number | Uint8Array)[] {
  const { epoch, requester, officials, certifiers, statute, records, elements, envelope } = request;
  return [
    epoch,
    requester,
    JSON.stringify(officials),
    JSON.stringify(certifiers),
    statute,
    records,
    elements,
    envelope,
  ];
}

function storedRequest(row: Row): StoredRequest {
  return { sequence: numberIn(row, 'sequence'), request: knownRequest(row) };
}

function knownRequest(row: Row): KnownRequest {
  const state = textIn(row, 'state');
  switch (state) {
    case 'accepted':
      return acceptedRequest(row);
    case 'approved':
    case 'denied':
    case 'expired':
      return {
        ...judgedRequest(row),
        state,
        suspendedAt: timeIn(row, 'suspended_at'),
        expiresAt: timeIn(row, 'expires_at'),
        decidedAt: timeIn(row, 'decided_at'),
        approval: storedApproval(row, 'approval'),
      };
    default:
      return waitingRequest(row);
  }
}

function waitingRequest(row: Row): WaitingRequest {
  return {
    ...judgedRequest(row),
    state: 'waiting',
    suspendedAt: timeIn(row, 'suspended_at'),
    expiresAt: timeIn(row, 'expires_at'),
  };
}

function acceptedRequest(row: Row): AcceptedRequest {
  return {
    ...judgedRequest(row),
    state: 'accepted',
    suspendedAt: optional(row, 'suspended_at', timeIn),
    expiresAt: optional(row, 'expires_at', timeIn),
    approval: storedApproval(row, 'approval'),
    acceptedAt: timeIn(row, 'accepted_at'),
    leafIndex: numberIn(row, 'accepted_by'),
    leaf: bytesIn(row, 'leaf'),
    accountingDue: optional(row, 'accounting_due', timeIn),
    completedAt: optional(row, 'completed_at', timeIn),
    accounting: optional(row, 'accounting', bytesIn),
    waiver: storedApproval(row, 'waiver'),
  };
}

function judgedRequest(row: Row): JudgedRequest {
  return {
    requestId: bytesIn(row, 'request_id'),
    nonce: bytesIn(row, 'nonce'),
    epoch: numberIn(row, 'epoch'),
    requester: textIn(row, 'requester'),
    officials: textsIn(row, 'officials'),
    certifiers: textsIn(row, 'certifiers'),
    statute: textIn(row, 'statute'),
    records: numberIn(row, 'records'),
    elements: numberIn(row, 'elements'),
    envelope: bytesIn(row, 'envelope'),
  };
}

function storedApproval(row: Row, name: 'approval' | 'waiver'): StoredApproval | undefined {
  return optional(row, name, (found) => ({
    envelope: bytesIn(found, `${name}_envelope`),
    digest: bytesIn(found, name),
  }));
}
