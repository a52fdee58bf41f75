import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import { UsageError } from '../core/usage.ts';

/** What a request is: on file at that address, on file at another, not on file, or of no use. */
export type RequestClass = 'same' | 'moved' | 'absent' | 'incomplete';

export const REQUEST_CLASSES: readonly RequestClass[] = ['same', 'moved', 'absent', 'incomplete'];

/** What is true of one request. */
export interface Truth {
  readonly requestClass: RequestClass;
  /** The 1-based row of the person in the holder's file; 0 where there is none. */
  readonly row: number;
  /** The origin of the name, where the file has such a column. */
  readonly origin: string | undefined;
}

/**
 * The truth by record id: a CSV file with the columns record_id, class, holder_row and, in some, origin.
 * @throws UsageError for a class or row that is none
 */
export async function readTruth(path: string): Promise<ReadonlyMap<string, Truth>> {
  const truths = new Map<string, Truth>();
  const rows = createReadStream(path).pipe(parse({ columns: true, bom: true }));
  for await (const row of rows as AsyncIterable<Readonly<Record<string, string>>>) {
    const id = row['record_id'] ?? '';
    const requestClass = REQUEST_CLASSES.find((name) => name === row['class']);
    const holderRow = Number(row['holder_row'] ?? '');
    if (requestClass === undefined || !Number.isSafeInteger(holderRow) || holderRow < 0) {
      throw new UsageError(
        `${path} says of record "${id}" neither a known class nor a row; see bench/linkage/README.md.`,
      );
    }
    if (requestClass === 'same' && holderRow === 0) {
      throw new UsageError(`${path} has no holder_row for "${id}", which it says is on file.`);
    }
    truths.set(id, { requestClass, row: holderRow, origin: row['origin'] });
  }
  return truths;
}
