/** One connection to the ledger's file: statements made once, transactions that are all or nothing, errors by name. */

import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { LedgerError } from './ledger-error.ts';

export type Row = Record<string, SQLOutputValue>;

/** Called before every statement, and with `COMMITTED` after every commit. Tests throw from it as if the program died there. */
export type FaultPoint = (statement: string) => void;

/** What tests set. */
export interface ConnectionOptions {
  readonly faultPoint?: FaultPoint;
  /** How long a statement waits for another program's transaction, in milliseconds. */
  readonly patience?: number;
  /** Whether the ledger was in use before: then none is begun where the file holds no tables. */
  readonly begun?: boolean;
}

/** What a fault point is called with when a transaction has become durable and its caller does not know yet. */
export const COMMITTED = 'COMMITTED';

/** Result codes of SQLite (sqlite.org/rescode.html); the primary code is the low byte of an extended one. */
const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;
const SQLITE_CONSTRAINT = 19;
const SQLITE_IOERR = {
  write: 778,
  truncate: 1546,
  sharedMemorySize: 4874,
} as const;

/** Owns the database handle. Everything is synchronous: nothing of this program runs between BEGIN and COMMIT. */
export class SqliteConnection {
  readonly #path: string;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #faultPoint: FaultPoint;

  constructor(path: string, { faultPoint = () => undefined, patience = 5000 }: ConnectionOptions) {
    this.#path = path;
    this.#faultPoint = faultPoint;
    this.#database = this.#named(() => new DatabaseSync(path, { timeout: patience }));
  }

  /** Runs one or more statements without values. */
  execute(sql: string): void {
    this.#named(() => {
      this.#faultPoint(sql);
      this.#database.exec(sql);
    });
  }

  /** Runs a statement that changes something. */
  run(sql: string, ...values: readonly SQLInputValue[]): void {
    this.#named(() => this.#statement(sql).run(...values));
  }

  /** The first row; undefined where there is none. */
  get(sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
    return this.#named(() => this.#statement(sql).get(...values));
  }

  /** All rows. The statement bounds how many there can be. */
  all(sql: string, ...values: readonly SQLInputValue[]): Row[] {
    return this.#named(() => this.#statement(sql).all(...values));
  }

  /**
   * Runs work in a transaction that has the write lock from its beginning, so that nothing it reads changes before it
   * writes. Durable when this returns; where it throws, nothing was done, unless a fault point threw after the commit.
   */
  transaction<T>(work: () => T): T {
    this.execute('BEGIN IMMEDIATE');
    let result: T;
    try {
      result = work();
      this.execute('COMMIT');
    } catch (error) {
      // Some errors have ended the transaction already.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
    this.#faultPoint(COMMITTED);
    return result;
  }

  close(): void {
    this.#database.close();
  }

  #statement(sql: string): StatementSync {
    this.#faultPoint(sql);
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #named<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw namedError(this.#path, error);
    }
  }
}

/** What SQLite's errors mean for whoever runs the holder. A broken constraint is this program's fault and stays what it is. */
function namedError(path: string, error: unknown): unknown {
  const code = resultCode(error);
  if (code === undefined) return error;
  const primary = code % 256;
  if (primary === SQLITE_CONSTRAINT) return error;
  if (primary === SQLITE_BUSY) {
    return new LedgerError(
      'ledger_busy',
      `Another program holds the ledger ${path} and does not let go; end it or try again.`,
      { cause: error },
    );
  }
  if (primary === SQLITE_FULL || Object.values<number>(SQLITE_IOERR).includes(code)) {
    return new LedgerError(
      'ledger_full',
      `The ledger ${path} can't be written, and nothing was changed; make room on its disk and try again.`,
      { cause: error },
    );
  }
  return new LedgerError(
    'ledger_unusable',
    `The ledger ${path} can't be used; check that it is this holder's own file, and restore a backup if it is damaged.`,
    { cause: error },
  );
}

function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}
