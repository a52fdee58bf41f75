import { createReadStream, createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import type { MatchKey } from '@blindmatch/records';
import { CommandError } from '@blindmatch/terminal';
import { z } from 'zod';

/** What became of one input line: its match keys, or why it was not submitted. */
export type PreparedRecord =
  | { readonly recordId: string; readonly keys: readonly MatchKey[] }
  | { readonly recordId: string; readonly rejected: string; readonly reason: string };

const line = z.union([
  z.strictObject({
    recordId: z.string(),
    keys: z.array(z.strictObject({ name: z.string(), value: z.string() })).min(1),
  }),
  z.strictObject({ recordId: z.string(), rejected: z.string(), reason: z.string() }),
  z.strictObject({ end: z.int().min(0) }),
]);

/**
 * Writes the prepared records, one line of JSON each, in the order of the input, and a last line that counts them, so
 * that a file that lost its end is noticed. The file is new and 0600.
 */
export async function writePreparedRecords(
  path: string,
  records: AsyncIterable<PreparedRecord>,
): Promise<void> {
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
  // A failed write (a full disk) must reject here and not as an unhandled event.
  const done = finished(file);
  done.catch(() => undefined);
  try {
    let count = 0;
    for await (const record of records) {
      count++;
      if (!file.write(`${lineOf(record)}\n`)) await Promise.race([once(file, 'drain'), done]);
    }
    file.end(`${JSON.stringify({ end: count })}\n`);
    await done;
  } finally {
    file.destroy();
  }
}

/** JSON leaves U+2028 and U+2029 as they are, and readline ends a line at them. */
function lineOf(record: PreparedRecord): string {
  return JSON.stringify(record).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

/**
 * Reads the prepared records again, in order, one at a time.
 *
 * @throws CommandError `request_damaged` for a line that `prepare` did not write, or where lines are missing
 */
export async function* readPreparedRecords(path: string): AsyncIterable<PreparedRecord> {
  const file = createReadStream(path, 'utf8');
  // readline drops the stream's errors; this keeps the first one for after the loop.
  let failure: Error | undefined;
  file.on('error', (error) => {
    failure = error;
  });
  let count = 0;
  let ended = false;
  for await (const text of createInterface({ input: file, crlfDelay: Infinity })) {
    const read = parse(path, text);
    if (ended) throw recordsDamaged(path);
    if ('end' in read) {
      if (read.end !== count) throw recordsDamaged(path);
      ended = true;
    } else {
      count++;
      yield read;
    }
  }
  if (failure !== undefined) throw failure;
  if (!ended) throw recordsDamaged(path);
}

function parse(path: string, text: string): PreparedRecord | { readonly end: number } {
  try {
    return line.parse(JSON.parse(text));
  } catch (cause) {
    throw recordsDamaged(path, cause);
  }
}

/** The error for a record file that is not as `prepare` wrote it. */
export function recordsDamaged(path: string, cause?: unknown): CommandError {
  return new CommandError(
    'request_damaged',
    `${path} is damaged, so the results could not be told apart; prepare the request again.`,
    undefined,
    { cause },
  );
}
