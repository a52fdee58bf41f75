import { chmodSync, closeSync, constants, openSync } from 'node:fs';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { LedgerError } from './ledger-error.ts';
import type { AcceptanceRecord, AcceptedRequest, Acceptance, AuthorisedRequest, Ledger } from './ledger.ts';

/** Counts up with every change of the tables; kept in the file's `user_version`. */
const SCHEMA_VERSION = 1;

const SCHEMA = `
  CREATE TABLE request (
    sequence     INTEGER PRIMARY KEY,
    request_id   BLOB    NOT NULL UNIQUE CHECK (length(request_id) = 32),
    nonce        BLOB    NOT NULL UNIQUE CHECK (length(nonce) = 32),
    epoch        INTEGER NOT NULL CHECK (epoch > 0),
    requester    TEXT    NOT NULL,
    officials    TEXT    NOT NULL CHECK (json_valid(officials)),
    records      INTEGER NOT NULL CHECK (records > 0),
    elements     INTEGER NOT NULL CHECK (elements > 0),
    envelope     BLOB    NOT NULL,
    accepted_at  TEXT    NOT NULL,
    completed_at TEXT
  ) STRICT;
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/**
 * Opens the ledger in a SQLite file (made with mode 0600 where there is none). Write-ahead log with
 * `synchronous=FULL`: a transaction that has returned survives a power cut.
 *
 * @throws LedgerError `ledger_unusable` for a file that can't be opened or is not a ledger, `ledger_version`
 */
export function openSqliteLedger(path: string): Ledger {
  let database: DatabaseSync | undefined;
  try {
    // SQLite would make the file with the process's umask; what it holds is for the holder alone.
    closeSync(openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600));
    chmodSync(path, 0o600);
    database = new DatabaseSync(path, { timeout: 5000 });
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    prepareSchema(database, path);
    return new SqliteLedger(database);
  } catch (cause) {
    database?.close();
    if (cause instanceof LedgerError) throw cause;
    throw new LedgerError(
      'ledger_unusable',
      `The ledger ${path} can't be opened; check that it is this holder's own file and that the disk is not full.`,
      { cause },
    );
  }
}

function prepareSchema(database: DatabaseSync, path: string): void {
  const version = database.prepare('PRAGMA user_version').get()?.['user_version'];
  if (version === SCHEMA_VERSION) return;
  if (version !== 0) {
    throw new LedgerError(
      'ledger_version',
      `The ledger ${path} was written by another version of this program; use that version.`,
    );
  }
  inTransaction(database, () => {
    database.exec(SCHEMA);
  });
}

function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

class SqliteLedger implements Ledger {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  accept(request: AuthorisedRequest, now: Date): Acceptance {
    return inTransaction(this.#database, () => {
      const known = this.#database
        .prepare(
          'SELECT request_id, requester, officials, accepted_at FROM request WHERE request_id = ? OR nonce = ?',
        )
        .all(request.requestId, request.nonce);
      const same = known.find((row) => equal(blob(row['request_id']), request.requestId));
      if (same !== undefined) return { outcome: 'known', ...acceptanceRecord(same) };
      if (known.length > 0) return { outcome: 'nonce_reused' };
      this.#database
        .prepare(
          `INSERT INTO request (request_id, nonce, epoch, requester, officials, records, elements, envelope, accepted_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(
          request.requestId,
          request.nonce,
          request.epoch,
          request.requester,
          JSON.stringify(request.officials),
          request.records,
          request.elements,
          request.envelope,
          now.toISOString(),
        );
      return { outcome: 'new', requester: request.requester, officials: request.officials, acceptedAt: now };
    });
  }

  complete(requestId: Uint8Array, now: Date): Date {
    return inTransaction(this.#database, () => {
      this.#database
        // Times are ISO 8601 in UTC with milliseconds, so the later one is the greater text.
        .prepare(
          'UPDATE request SET completed_at = max(?, accepted_at) WHERE request_id = ? AND completed_at IS NULL',
        )
        .run(now.toISOString(), requestId);
      const row = this.#database
        .prepare('SELECT completed_at FROM request WHERE request_id = ?')
        .get(requestId);
      if (row === undefined) {
        throw new LedgerError('ledger_unusable', 'A request that was never accepted can not be completed.');
      }
      return time(row['completed_at']);
    });
  }

  *requests(): IterableIterator<AcceptedRequest> {
    for (const row of this.#database.prepare('SELECT * FROM request ORDER BY sequence').iterate()) {
      yield {
        requestId: blob(row['request_id']),
        nonce: blob(row['nonce']),
        epoch: Number(row['epoch']),
        records: Number(row['records']),
        elements: Number(row['elements']),
        envelope: blob(row['envelope']),
        ...acceptanceRecord(row),
        completedAt: row['completed_at'] === null ? undefined : time(row['completed_at']),
      };
    }
  }

  close(): void {
    this.#database.close();
  }
}

function acceptanceRecord(row: Record<string, SQLOutputValue>): AcceptanceRecord {
  return {
    requester: String(row['requester']),
    officials: JSON.parse(String(row['officials'])) as string[],
    acceptedAt: time(row['accepted_at']),
  };
}

function blob(value: SQLOutputValue | undefined): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new LedgerError(
    'ledger_unusable',
    'The ledger holds a line that is not of its own making; restore a backup.',
  );
}

function time(value: SQLOutputValue | undefined): Date {
  return new Date(String(value));
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
