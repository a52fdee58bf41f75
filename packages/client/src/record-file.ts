import { createHmac, timingSafeEqual } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { CHUNK_CANARIES, type RequestManifest } from '@blindmatch/protocol';
import { TIERS, type MatchKey, type Tier } from '@blindmatch/records';
import { CommandError } from '@blindmatch/terminal';
import { z } from 'zod';
import { linesOf } from './lines.ts';
import { subkey } from './request-seed.ts';

/*
 * The format: one line of JSON for each line of the input, in its order, each ended by 0x0a, then the line
 * {"end": n, "hmac": hex}, where n counts the lines before it and hmac is HMAC-SHA256 over all bytes before it, under
 * the subkey "record-file" of the request's seed. Results tell records apart by this file alone, so whoever reads it
 * concludes nothing before its end has been reached.
 */

/** What became of one input line: the tier that it asks in with its match keys, or why it was not submitted. */
export type PreparedRecord =
  | { readonly recordId: string; readonly tier: Tier; readonly keys: readonly PreparedKey[] }
  | { readonly recordId: string; readonly rejected: string; readonly reason: string };

/** A match key of a record whose tier is known. */
type PreparedKey = Pick<MatchKey, 'name' | 'value'>;

/** A file of prepared records, and the seed of the request that it belongs to. */
export interface RecordFile {
  readonly path: string;
  readonly seed: Uint8Array;
}

const recordLine = z.union([
  z.strictObject({
    recordId: z.string(),
    tier: z.enum(TIERS),
    keys: z.array(z.strictObject({ name: z.string(), value: z.string() })).min(1),
  }),
  z.strictObject({ recordId: z.string(), rejected: z.string(), reason: z.string() }),
]);

const endLine = z.strictObject({ end: z.int().min(0), hmac: z.string().regex(/^[0-9a-f]{64}$/) });

const line = z.union([recordLine, endLine]);

/** Far above what a row of the largest size gives; it bounds the memory that a damaged file can take. */
const MAX_LINE_BYTES = 4 * 1024 * 1024;

/** Writes the prepared records to a new file, 0600, which is on the disk when this resolves. */
export async function writePreparedRecords(
  { path, seed }: RecordFile,
  records: AsyncIterable<PreparedRecord>,
): Promise<void> {
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
  // A failed write (a full disk) must reject here and not as an unhandled event.
  const done = finished(file);
  done.catch(() => undefined);
  const hmac = recordFileHmac(seed);
  try {
    let count = 0;
    for await (const record of records) {
      count++;
      const bytes = Buffer.from(`${JSON.stringify(record)}\n`);
      hmac.update(bytes);
      if (!file.write(bytes)) await Promise.race([once(file, 'drain'), done]);
    }
    file.end(`${JSON.stringify({ end: count, hmac: hmac.digest('hex') })}\n`);
    await done;
  } finally {
    file.destroy();
  }
}

/**
 * Reads the prepared records again, in order, one at a time. That they are what `prepare` wrote is known only once the
 * last one has been asked for and nothing was thrown.
 *
 * @throws CommandError `request_damaged` for anything that `prepare` did not write for this request
 */
export async function* readPreparedRecords({ path, seed }: RecordFile): AsyncIterable<PreparedRecord> {
  const hmac = recordFileHmac(seed);
  let count = 0;
  let ended = false;
  const pieces = createReadStream(path) as AsyncIterable<Buffer>;
  for await (const bytes of linesOf(pieces, MAX_LINE_BYTES, () => recordsDamaged(path))) {
    const read = parse(path, bytes);
    if (ended) throw recordsDamaged(path);
    if ('end' in read) {
      if (read.end !== count || !timingSafeEqual(hmac.digest(), Buffer.from(read.hmac, 'hex'))) {
        throw recordsDamaged(path);
      }
      ended = true;
    } else {
      hmac.update(bytes);
      count++;
      yield read;
    }
  }
  if (!ended) throw recordsDamaged(path);
}

/**
 * Reads a request's records through, to know before anything is asked or concluded that they are the ones that its
 * manifest counts.
 *
 * @throws CommandError `request_damaged`
 */
export async function verifyPreparedRecords(
  file: RecordFile,
  { records, elements, chunks }: RequestManifest,
): Promise<void> {
  let withKeys = 0;
  let keys = 0;
  for await (const record of readPreparedRecords(file)) {
    if (!('keys' in record)) continue;
    withKeys++;
    keys += record.keys.length;
  }
  const fits = withKeys === records && keys + CHUNK_CANARIES * chunks.count === elements;
  if (!fits) throw recordsDamaged(file.path);
}

function recordFileHmac(seed: Uint8Array): ReturnType<typeof createHmac> {
  const key = subkey(seed, 'record-file');
  try {
    return createHmac('sha256', key);
  } finally {
    key.fill(0);
  }
}

function parse(path: string, bytes: Buffer): z.infer<typeof line> {
  try {
    return line.parse(JSON.parse(bytes.toString('utf8')));
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
