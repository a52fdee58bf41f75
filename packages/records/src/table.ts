import { basename } from 'node:path';
import type { ColumnMap } from './columns.ts';
import { csvRows } from './csv-rows.ts';
import type { CsvRow } from './csv-rows.ts';
import { RecordsError } from './records-error.ts';

/** The columns that are read of a CSV file; whatever else it holds is left alone. */
export interface TableColumns<Name extends string> {
  readonly required: readonly Name[];
  /** A file may lack these altogether; their values are then ''. */
  readonly optional: readonly Name[];
}

/** One row below the header: its fields by the names of the columns, and the 1-based line on which it begins. */
export interface TableRow<Name extends string> {
  readonly line: number;
  field(name: Name): string;
}

/**
 * Streams the rows of a CSV file with a header, in the order of the file and with memory independent of its length. A
 * file with a header only gives no row.
 *
 * @param map headers that the file uses in place of our column names
 * @throws RecordsError at the first fault of the file, naming it
 */
export async function* readTable<Name extends string>(
  path: string,
  columns: TableColumns<Name>,
  map: ColumnMap = {},
): AsyncGenerator<TableRow<Name>, void, undefined> {
  try {
    let positions: ReadonlyMap<string, number> | undefined;
    for await (const row of csvRows(path)) {
      if (positions === undefined) positions = positionsOf(row.fields, columns, map);
      else yield tableRow(row, positions);
    }
    if (positions === undefined) {
      throw new RecordsError(
        'file_empty',
        'The file is empty; its first line must be a header of column names.',
      );
    }
  } catch (error) {
    throw namingTheFile(path, error);
  }
}

/** The same error; a fault of the file names it. */
export function namingTheFile(path: string, error: unknown): unknown {
  if (!(error instanceof RecordsError) || error.message.includes(basename(path))) return error;
  return new RecordsError(error.code, `${path}: ${error.message}`, {
    ...(error.line === undefined ? {} : { line: error.line }),
    ...(error.column === undefined ? {} : { column: error.column }),
  });
}

function tableRow<Name extends string>(
  { line, fields }: CsvRow,
  positions: ReadonlyMap<string, number>,
): TableRow<Name> {
  return {
    line,
    field: (name) => {
      const index = positions.get(name);
      return index === undefined ? '' : (fields[index] ?? '');
    },
  };
}

/** Where each column stands that the file has. */
function positionsOf<Name extends string>(
  header: readonly string[],
  { required, optional }: TableColumns<Name>,
  map: ColumnMap,
): ReadonlyMap<string, number> {
  const standing = new Map<string, number>();
  for (const [index, raw] of header.entries()) {
    const name = raw.trim();
    if (name !== '' && standing.has(name)) {
      throw new RecordsError(
        'header_duplicate',
        `The header names column ${name} twice; each may stand once.`,
        {
          line: 1,
          column: name,
        },
      );
    }
    standing.set(name, index);
  }
  const positions = new Map<string, number>();
  const missing: Name[] = [];
  for (const name of [...required, ...optional]) {
    const index = standing.get(map[name] ?? name);
    if (index !== undefined) positions.set(name, index);
    // A column that the map promises must be there, optional or not: a misspelt header must not pass for absent data.
    else if (!optional.includes(name) || map[name] !== undefined) missing.push(name);
  }
  const [first] = missing;
  if (first !== undefined) {
    throw new RecordsError(
      'column_missing',
      `The header lacks ${missing.join(', ')}; add the column or name the file's own header with a column map.`,
      { line: 1, column: first },
    );
  }
  return positions;
}
