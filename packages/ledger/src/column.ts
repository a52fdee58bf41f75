/** Reads what the ledger wrote. A value of another kind than the table allows means that the file is damaged. */

import type { SQLOutputValue } from 'node:sqlite';
import { LedgerError } from './ledger-error.ts';
import type { Row } from './sqlite-connection.ts';

export function bytesIn(row: Row, column: string): Uint8Array {
  const value = row[column];
  return value instanceof Uint8Array ? value : damaged(column);
}

export function numberIn(row: Row, column: string): number {
  const value = row[column];
  return typeof value === 'number' ? value : damaged(column);
}

export function textIn(row: Row, column: string): string {
  const value = row[column];
  return typeof value === 'string' ? value : damaged(column);
}

export function timeIn(row: Row, column: string): Date {
  const time = new Date(textIn(row, column));
  return Number.isNaN(time.getTime()) ? damaged(column) : time;
}

export function textsIn(row: Row, column: string): readonly string[] {
  const texts: unknown = JSON.parse(textIn(row, column));
  return Array.isArray(texts) && texts.every((text) => typeof text === 'string') ? texts : damaged(column);
}

/** A column that may be empty. */
export function optional<T>(row: Row, column: string, read: (row: Row, column: string) => T): T | undefined {
  const value: SQLOutputValue | undefined = row[column];
  return value === null ? undefined : read(row, column);
}

function damaged(column: string): never {
  throw new LedgerError(
    'ledger_unusable',
    `The ledger holds a value that is not of its own making (${column}); restore a backup.`,
  );
}
