/** Requests that are submitted while the real daemon is killed at random points, again and again. */

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  prepareRequest,
  readStoredRequest,
  requestFiles,
  signRequest,
  submitRequest,
  TokenSetCache,
} from '@blindmatch/client';
import { createOprfPool, type Oprf } from '@blindmatch/oprf';
import { digestText, generateSigningKey, openRequest } from '@blindmatch/protocol';
import { REQUEST_COLUMNS } from '@blindmatch/records';
import { expect } from 'vitest';
import { writeCsv } from './programs.ts';
import { personOnFile } from './small-holder.ts';
import { keyEntry, WatchedHolder } from './watched-holder.ts';

/** Records of a request: more than one chunk of match keys. */
const RECORDS = 2200;
/** Of one request. */
const KILLS_MAX = 2;
const AGENCY = 'Requesting Agency';

/** What an honest requester may see of a daemon that is killed; it comes back then. */
const GONE = ['holder_gone', 'holder_unreachable', 'not_a_holder', 'shutting_down'];

const official = generateSigningKey().privateKey;

/** Numbers from 0 to 1 that a seed gives again. */
function* fractions(seed: number): Generator<number, never, undefined> {
  for (let n = 0; ; n++) {
    yield createHash('sha256').update(`${seed} ${n}`).digest().readUInt32BE() / 2 ** 32;
  }
}

/** How often a daemon was killed, and what was done before and after it. */
export interface KilledRounds {
  readonly kills: number;
  /** Kills after which some of the request's elements were there already. */
  readonly resumed: number;
}

/**
 * Submits `rounds` requests, one after the other, to a daemon that is killed while it serves them. Whatever the point, each
 * request has the right results in the end, was charged once, and the log has all of it and verifies; the requester
 * remembers every checkpoint that it is shown, so a log that lost what it had shown would be found out.
 */
export async function surviveKills(home: string, rounds: number, seed: number): Promise<KilledRounds> {
  const holder = await WatchedHolder.start(home, {
    requesters: [
      {
        name: AGENCY,
        required_signatures: '1 of role official',
        caps: { records_per_request: RECORDS },
        officials: [keyEntry(official)],
      },
    ],
  });
  const random = fractions(seed);
  const oprf = createOprfPool({ workers: 1 });
  let [kills, resumed] = [0, 0];
  try {
    const source = join(home, 'requests.csv');
    writeCsv(source, REQUEST_COLUMNS, recordsToAsk());
    // The first one is not disturbed: it tells how long a submission takes.
    let [took, killsMax] = [0, 0];
    for (let round = 0; round <= rounds; round++) {
      const directory = join(home, `round-${round}`);
      mkdirSync(directory);
      await prepare(holder, source, join(directory, 'request'), oprf);
      for (let killed = 0; ; killed++) {
        const begun = performance.now();
        const submission = submit(holder, home, directory, oprf);
        if (killed < killsMax) {
          const point = random.next().value * took;
          await Promise.race([submission, pause(point)]);
          await holder.killAndRestart();
          kills++;
        }
        const { code, resumedElements } = await submission;
        if (resumedElements > 0) resumed++;
        if (code === undefined) {
          if (round === 0) took = performance.now() - begun;
          break;
        }
        expect(GONE).toContain(code);
      }
      killsMax = KILLS_MAX;
      expectRightResults(join(directory, 'results.csv'));
    }
    // Only now: a ledger that is open elsewhere need not be recovered by the daemon that comes after the killed one.
    for (let round = 0; round <= rounds; round++) {
      await expectLoggedOnce(holder, join(home, `round-${round}/request`));
    }
    expect(await holder.charged(AGENCY)).toBe(RECORDS * (rounds + 1));
    expect(await holder.findings()).toEqual([]);
    return { kills, resumed };
  } finally {
    await oprf.close();
    await holder.stop();
  }
}

/** The one who is on file among many who are not. */
function recordsToAsk(): readonly Record<string, string>[] {
  const order = { order_number: 'A1', order_date: '2024-01-02' };
  return Array.from({ length: RECORDS }, (_, number) => ({
    ...{ record_id: `r${number}`, ...personOnFile, ...order },
    ...(number === RECORDS / 2 ? {} : { street: `${number + 100} Side Street` }),
  }));
}

async function prepare(holder: WatchedHolder, source: string, out: string, oprf: Oprf): Promise<void> {
  await prepareRequest({
    source,
    out,
    epoch: holder.epoch,
    authority: {
      statute: '8 U.S.C. 1253(a)(1)',
      purpose: null,
      reason: 'Final orders of June',
      taxPeriods: [],
      attestation: null,
      investigators: [],
    },
    validDays: 1,
    oprf,
    now: new Date(),
  });
  signRequest(readStoredRequest(requestFiles(out)), official);
}

async function submit(
  holder: WatchedHolder,
  home: string,
  directory: string,
  oprf: Oprf,
): Promise<{ readonly code: string | undefined; readonly resumedElements: number }> {
  try {
    const { resumedElements } = await submitRequest({
      stored: readStoredRequest(requestFiles(join(directory, 'request'))),
      address: {
        server: holder.url,
        holder: holder.fingerprint,
        checkpoints: join(home, 'checkpoints'),
      },
      cache: new TokenSetCache(join(directory, 'cache')),
      out: join(directory, 'results.csv'),
      oprf,
    });
    return { code: undefined, resumedElements };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return { code: String(error.code), resumedElements: 0 };
  }
}

function expectRightResults(path: string): void {
  const [, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const outcomes = lines.map((line) => line.split(',').slice(0, 2).join(' '));
  const expected = Array.from(
    { length: RECORDS },
    (_, number) => `r${number} ${number === RECORDS / 2 ? 'match' : 'no_match'}`,
  );
  expect(outcomes).toEqual(expected);
}

async function expectLoggedOnce(holder: WatchedHolder, request: string): Promise<void> {
  const id = digestText(openRequest(readFileSync(requestFiles(request).manifest)).requestId);
  const about = (await holder.leaves()).filter((leaf) => 'request' in leaf && leaf.request === id);
  expect(about.map(({ type }) => type)).toEqual(['accepted', 'finished']);
}
