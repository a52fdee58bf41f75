import { basename } from 'node:path';
import type { ColumnMap, ColumnName } from './columns.ts';
import { isOptionalColumn, PEOPLE_COLUMNS, REQUEST_COLUMNS } from './columns.ts';
import { csvRows } from './csv-rows.ts';
import type { CsvRow } from './csv-rows.ts';
import type { PersonRecord, RequestRecord } from './record.ts';
import { RecordsError } from './records-error.ts';

/** The longest record id, in characters. */
export const MAX_RECORD_ID_LENGTH = 200;

export interface ReadOptions {
  /** Headers that the file uses in place of our column names. */
  readonly columns?: ColumnMap;
}

type FieldOf = (row: CsvRow, name: ColumnName) => string;

/**
 * Streams the records of a requests file in the order of the file. Memory is bounded by the rows in flight and the set of
 * record ids, which must be unique. A file with a header only gives no record.
 *
 * @throws RecordsError at the first fault of the file, also for a record id that is missing, too long or used twice.
 */
export function readRequests(
  path: string,
  options: ReadOptions = {},
): AsyncGenerator<RequestRecord, void, undefined> {
  return namingTheFile(path, requestRecords(path, options));
}

async function* requestRecords(
  path: string,
  options: ReadOptions,
): AsyncGenerator<RequestRecord, void, undefined> {
  const lineOfId = new Map<string, number>();
  for await (const { row, field } of dataRows(path, REQUEST_COLUMNS, options)) {
    const recordId = field(row, 'record_id');
    checkRecordId(recordId, row.line, lineOfId.get(recordId));
    lineOfId.set(recordId, row.line);
    yield {
      recordId,
      ...person(row, field),
      orderNumber: field(row, 'order_number'),
      orderDate: field(row, 'order_date'),
    };
  }
}

/**
 * Streams the people of a holder's file in the order of the file, with memory independent of its length. A file with a
 * header only gives no record.
 *
 * @throws RecordsError at the first fault of the file.
 */
export function readPeople(
  path: string,
  options: ReadOptions = {},
): AsyncGenerator<PersonRecord, void, undefined> {
  return namingTheFile(path, personRecords(path, options));
}

async function* personRecords(
  path: string,
  options: ReadOptions,
): AsyncGenerator<PersonRecord, void, undefined> {
  for await (const { row, field } of dataRows(path, PEOPLE_COLUMNS, options)) yield person(row, field);
}

async function* dataRows(
  path: string,
  columns: readonly ColumnName[],
  options: ReadOptions,
): AsyncGenerator<{ row: CsvRow; field: FieldOf }, void, undefined> {
  let field: FieldOf | undefined;
  for await (const row of csvRows(path)) {
    if (field === undefined) field = fieldReader(row.fields, columns, options.columns ?? {});
    else yield { row, field };
  }
  if (field === undefined) {
    throw new RecordsError(
      'file_empty',
      'The file is empty; its first line must be a header of column names.',
    );
  }
}

/** The same rows; a fault of the file names it. */
async function* namingTheFile<Row>(
  path: string,
  rows: AsyncIterable<Row>,
): AsyncGenerator<Row, void, undefined> {
  try {
    yield* rows;
  } catch (error) {
    if (!(error instanceof RecordsError) || error.message.includes(basename(path))) throw error;
    throw new RecordsError(error.code, `${path}: ${error.message}`, {
      ...(error.line === undefined ? {} : { line: error.line }),
      ...(error.column === undefined ? {} : { column: error.column }),
    });
  }
}

function fieldReader(header: readonly string[], columns: readonly ColumnName[], map: ColumnMap): FieldOf {
  const position = new Map<string, number>();
  for (const [index, raw] of header.entries()) {
    const name = raw.trim();
    if (name !== '' && position.has(name)) {
      throw new RecordsError(
        'header_duplicate',
        `The header names column ${name} twice; each may stand once.`,
        {
          line: 1,
          column: name,
        },
      );
    }
    position.set(name, index);
  }
  const indexOf = new Map<ColumnName, number>();
  const missing: ColumnName[] = [];
  for (const name of columns) {
    const index = position.get(map[name] ?? name);
    if (index !== undefined) indexOf.set(name, index);
    // A column that the map promises must be there, optional or not: a misspelt header must not pass for absent data.
    else if (!isOptionalColumn(name) || map[name] !== undefined) missing.push(name);
  }
  const [first] = missing;
  if (first !== undefined) {
    throw new RecordsError(
      'column_missing',
      `The header lacks ${missing.join(', ')}; add the column or name the file's own header with a column map.`,
      { line: 1, column: first },
    );
  }
  return (row, name) => {
    const index = indexOf.get(name);
    return index === undefined ? '' : (row.fields[index] ?? '');
  };
}

function person(row: CsvRow, field: FieldOf): PersonRecord {
  return {
    givenName: field(row, 'given_name'),
    middleName: field(row, 'middle_name'),
    surname: field(row, 'surname'),
    dateOfBirth: field(row, 'date_of_birth'),
    street: field(row, 'street'),
    street2: field(row, 'street2'),
    city: field(row, 'city'),
    state: field(row, 'state'),
    postcode: field(row, 'postcode'),
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
