import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

/** A CSV file that is written row by row, waiting whenever the disk is behind. */
export interface CsvFile {
  write(fields: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** Opens a CSV file for writing, replacing what is there, and writes its header. */
export async function openCsvFile(path: string, header: readonly string[]): Promise<CsvFile> {
  const stream = createWriteStream(path, { highWaterMark: 262_144 });
  await once(stream, 'open');
  const write = async (fields: readonly string[]): Promise<void> => {
    if (!stream.write(`${fields.map(quoted).join(',')}\n`)) await once(stream, 'drain');
  };
  await write(header);
  return {
    write,
    close: async () => {
      stream.end();
      await finished(stream);
    },
  };
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
