import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { Info } from 'csv-parse';
import { RecordsError } from './records-error.ts';
import { checkedLines } from './text-lines.ts';

/** The longest field that is read, in characters (UTF-16 code units). */
export const MAX_FIELD_LENGTH = 1_000;

/** The longest CSV row, in bytes: the bound on memory when a quote is never closed. */
const MAX_ROW_BYTES = 262_144;

/** One row of a CSV file: its fields, and the 1-based line on which it begins. */
export interface CsvRow {
  readonly line: number;
  readonly fields: readonly string[];
}

/**
 * Streams the rows of a CSV file in UTF-8, with or without a byte order mark, LF or CRLF, quoted fields. The first row
 * is the header; rows with nothing on them are skipped.
 *
 * @throws RecordsError for a file that cannot be read, bad text, bad quoting, a field over the limit or a row
 * that has not as many fields as the header.
 */
export async function* csvRows(path: string): AsyncGenerator<CsvRow, void, undefined> {
  const file = await openFile(path);
  const source = file.createReadStream({ highWaterMark: 262_144 });
  const parser = parse({
    bom: true,
    info: true,
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: MAX_ROW_BYTES,
  });
  const text = Readable.from(checkedLines(fileBytes(source)));
  text.on('error', (error) => parser.destroy(error));
  text.pipe(parser);
  let width = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
      const line = info.lines - lineFeedsWithin(record);
      if (width === 0) width = record.length;
      checkRow(record, line, width);
      yield { line, fields: record };
    }
  } catch (error) {
    throw plainError(error);
  } finally {
    text.destroy();
    source.destroy();
  }
}

async function* fileBytes(source: AsyncIterable<unknown>): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of source) {
    if (chunk instanceof Uint8Array) yield chunk;
  }
}

async function openFile(path: string): Promise<FileHandle> {
  const name = basename(path);
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    throw openFault(error, name);
  }
  const stats = await file.stat();
  if (stats.isDirectory()) {
    await file.close();
    throw new RecordsError('file_is_directory', `${name} is a directory; give the path of a CSV file.`);
  }
  return file;
}

function openFault(error: unknown, name: string): RecordsError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new RecordsError('file_missing', `There is no file ${name}; check the path.`);
  }
  if (code === 'EISDIR') {
    return new RecordsError('file_is_directory', `${name} is a directory; give the path of a CSV file.`);
  }
  return new RecordsError('file_unreadable', `${name} cannot be opened for reading; check its permissions.`);
}

function lineFeedsWithin(fields: readonly string[]): number {
  let count = 0;
  for (const field of fields) {
    for (let at = field.indexOf('\n'); at >= 0; at = field.indexOf('\n', at + 1)) count++;
  }
  return count;
}

function checkRow(fields: readonly string[], line: number, width: number): void {
  if (fields.length !== width) {
    throw new RecordsError(
      'row_length',
      `Line ${line} has ${fields.length} fields where the header has ${width}; quote fields that hold a comma.`,
      { line },
    );
  }
  const long = fields.findIndex((field) => field.length > MAX_FIELD_LENGTH);
  if (long >= 0) {
    throw new RecordsError(
      'field_too_long',
      `Field ${long + 1} on line ${line} is longer than ${MAX_FIELD_LENGTH} characters; shorten it.`,
      { line },
    );
  }
}

function plainError(error: unknown): unknown {
  if (error instanceof CsvError) {
    const line = typeof error['lines'] === 'number' ? error['lines'] : undefined;
    const where = line === undefined ? 'The file' : `The row that ends or breaks off at line ${line}`;
    return new RecordsError(
      'csv_malformed',
      `${where} is not well-formed CSV; check its quotes.`,
      line === undefined ? {} : { line },
    );
  }
  if (error instanceof Error && 'syscall' in error) {
    return new RecordsError(
      'file_unreadable',
      'The file could not be read to its end; check the disk and try again.',
    );
  }
  return error;
}
