import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { stringify } from 'csv-stringify';

/** A CSV file that is written row by row, waiting whenever the disk is behind. */
export interface CsvFile {
  write(fields: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** Opens a CSV file for writing, replacing what is there, and writes its header. */
export async function openCsvFile(path: string, header: readonly string[]): Promise<CsvFile> {
  const rows = stringify({ header: true, columns: [...header] });
  const file = rows.pipe(createWriteStream(path));
  await once(file, 'open');
  return {
    write: async (fields) => {
      if (!rows.write(fields)) await once(rows, 'drain');
    },
    close: async () => {
      rows.end();
      await finished(file);
    },
  };
}
