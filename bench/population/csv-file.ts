import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { stringify } from 'csv-stringify/sync';

/** A CSV file that is written row by row. At most `ROWS_AT_ONCE` rows wait in memory, and the writer waits whenever the disk is behind. */
export interface CsvFile {
  /** Takes a row; the promise of `undefined` need not be awaited. */
  write(fields: readonly string[]): Promise<void> | undefined;
  close(): Promise<void>;
}

const ROWS_AT_ONCE = 1_000;

/** Opens a CSV file for writing, replacing what is there, and writes its header. */
export async function openCsvFile(path: string, header: readonly string[]): Promise<CsvFile> {
  const file = createWriteStream(path);
  await once(file, 'open');
  let rows: (readonly string[])[] = [header];
  const flush = async (): Promise<void> => {
    const text = stringify(rows);
    rows = [];
    if (!file.write(text)) await once(file, 'drain');
  };
  return {
    write: (fields) => (rows.push(fields) < ROWS_AT_ONCE ? undefined : flush()),
    close: async () => {
      await flush();
      file.end();
      await finished(file);
    },
  };
}
