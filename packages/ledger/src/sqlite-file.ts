/** Opening the ledger's file: its mode, its journal, its tables. */

import { chmodSync, closeSync, constants, openSync } from 'node:fs';
import { LedgerError } from './ledger-error.ts';
import { SCHEMA, SCHEMA_VERSION } from './schema.ts';
import { SqliteConnection } from './sqlite-connection.ts';
import type { ConnectionOptions } from './sqlite-connection.ts';

/** Opens the file, made with mode 0600 and empty tables where there is none. Throws LedgerError. */
export function openLedgerFile(path: string, options: ConnectionOptions): SqliteConnection {
  makePrivate(path);
  const connection = new SqliteConnection(path, options);
  try {
    // A write-ahead log that is synced at every commit: what was committed survives a power cut.
    connection.execute('PRAGMA journal_mode = WAL');
    connection.execute('PRAGMA synchronous = FULL');
    if (versionOf(connection) === 0) {
      if (options.begun === true) throw holdsNothing(path);
      connection.transaction(() => {
        prepareTables(connection, path);
      });
    }
    requireVersion(connection, path);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** SQLite would make the file with the process's umask; what it holds is for the holder alone. */
function makePrivate(path: string): void {
  try {
    closeSync(openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600));
    chmodSync(path, 0o600);
  } catch (cause) {
    throw new LedgerError(
      'ledger_unusable',
      `The ledger ${path} can't be opened; check that its directory exists and that the file is this user's own.`,
      { cause },
    );
  }
}

/** What a copy without its write-ahead log looks like: what was committed stood in that alone. */
function holdsNothing(path: string): LedgerError {
  return new LedgerError(
    'ledger_unusable',
    `The ledger ${path} holds nothing though its log was begun; restore the newest backup, with its ${path}-wal where it has one.`,
  );
}

/** Another program may have made the tables before the transaction began. */
function prepareTables(connection: SqliteConnection, path: string): void {
  if (versionOf(connection) !== 0) return;
  if (connection.get('SELECT 1 FROM sqlite_schema LIMIT 1') !== undefined) {
    throw new LedgerError(
      'ledger_unusable',
      `${path} is another program's database; name the ledger of this holder.`,
    );
  }
  connection.execute(SCHEMA);
}

function requireVersion(connection: SqliteConnection, path: string): void {
  if (versionOf(connection) === SCHEMA_VERSION) return;
  throw new LedgerError(
    'ledger_version',
    `The ledger ${path} was written by another version of this program; use that version.`,
  );
}

function versionOf(connection: SqliteConnection): unknown {
  return connection.get('PRAGMA user_version')?.['user_version'];
}
