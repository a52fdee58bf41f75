import type { ColumnMap, ColumnName } from './columns.ts';
import { isOptionalColumn, PEOPLE_COLUMNS, REQUEST_COLUMNS } from './columns.ts';
import type { PersonRecord, RequestRecord } from './record.ts';
import { RecordsError } from './records-error.ts';
import { namingTheFile, readTable } from './table.ts';
import type { TableColumns, TableRow } from './table.ts';

/** The longest record id, in characters. */
export const MAX_RECORD_ID_LENGTH = 200;

export interface ReadOptions {
  /** Headers that the file uses in place of our column names. */
  readonly columns?: ColumnMap;
}

/**
 * Streams the records of a requests file in the order of the file. Memory is bounded by the rows in flight and the set of
 * record ids, which must be unique. A file with a header only gives no record.
 *
 * @throws RecordsError at the first fault of the file, also for a record id that is missing, too long or used twice.
 */
export async function* readRequests(
  path: string,
  options: ReadOptions = {},
): AsyncGenerator<RequestRecord, void, undefined> {
  const lineOfId = new Map<string, number>();
  for await (const row of readTable(path, columnsOf(REQUEST_COLUMNS), options.columns)) {
    const recordId = row.field('record_id');
    try {
      checkRecordId(recordId, row.line, lineOfId.get(recordId));
    } catch (error) {
      throw namingTheFile(path, error);
    }
    lineOfId.set(recordId, row.line);
    yield {
      recordId,
      ...person(row),
      orderNumber: row.field('order_number'),
      orderDate: row.field('order_date'),
    };
  }
}

/**
 * Streams the people of a holder's file in the order of the file, with memory independent of its length. A file with a
 * header only gives no record.
 *
 * @throws RecordsError at the first fault of the file.
 */
export async function* readPeople(
  path: string,
  options: ReadOptions = {},
): AsyncGenerator<PersonRecord, void, undefined> {
  for await (const row of readTable(path, columnsOf(PEOPLE_COLUMNS), options.columns)) yield person(row);
}

function columnsOf(columns: readonly ColumnName[]): TableColumns<ColumnName> {
  return {
    required: columns.filter((name) => !isOptionalColumn(name)),
    optional: columns.filter(isOptionalColumn),
  };
}

function person(row: TableRow<ColumnName>): PersonRecord {
  return {
    givenName: row.field('given_name'),
    middleName: row.field('middle_name'),
    surname: row.field('surname'),
    dateOfBirth: row.field('date_of_birth'),
    street: row.field('street'),
    street2: row.field('street2'),
    city: row.field('city'),
    state: row.field('state'),
    postcode: row.field('postcode'),
    line: row.line,
  };
}

function checkRecordId(id: string, line: number, earlier: number | undefined): void {
  const place = { line, column: 'record_id' };
  if (id.trim() === '') {
    throw new RecordsError(
      'record_id_missing',
      `Line ${line} has no record_id; give every record its own.`,
      place,
    );
  }
  // An id is shown and written as it stands, so it holds nothing that steers a terminal or reorders a line.
  if (id.length > MAX_RECORD_ID_LENGTH || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(id)) {
    throw new RecordsError(
      'record_id_invalid',
      `The record_id on line ${line} must be at most ${MAX_RECORD_ID_LENGTH} characters without control or format characters.`,
      place,
    );
  }
  if (earlier !== undefined) {
    throw new RecordsError(
      'record_id_duplicate',
      `Lines ${earlier} and ${line} have the same record_id; give every record its own.`,
      place,
    );
  }
}
