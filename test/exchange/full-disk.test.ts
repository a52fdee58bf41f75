import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHUNK_CANARIES, generateSigningKey } from '@blindmatch/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { blindedElements, handmadeRequest, type HandmadeRequest } from './small-holder.ts';
import { keyEntry, WatchedHolder } from './watched-holder.ts';

/** No file of the daemon's may grow beyond this: a full disk, for one process only. */
const LIMIT_KIB = 512;
/** Far more than fit. */
const TRIES = 400;

const RECORDS_NOTHING: unknown = expect.stringContaining("evaluates nothing that it can't record");

const official = generateSigningKey().privateKey;
const home = mkdtempSync(join(tmpdir(), 'full-disk-'));
let holder: WatchedHolder;
let elements: Uint8Array;

beforeAll(async () => {
  const limited = ['-c', `ulimit -S -f ${LIMIT_KIB} && exec "$@"`, 'bash', process.execPath];
  holder = await WatchedHolder.start(
    home,
    {
      requesters: [
        {
          name: 'Requesting Agency',
          required_signatures: '1 of role official',
          caps: { records_per_request: 3 },
          officials: [keyEntry(official)],
        },
      ],
    },
    { node: { path: '/bin/bash', flags: limited } },
  );
  elements = await blindedElements(3 + CHUNK_CANARIES);
});

afterAll(async () => {
  await holder.stop();
  rmSync(home, { recursive: true, force: true });
});

function request(signed = true): HandmadeRequest {
  return handmadeRequest(holder.epoch, holder.fingerprint, elements, signed ? [official] : []);
}

/** Requests, one after the other, until one is not accepted; that one, and what was said to it. */
async function untilFull(): Promise<{ made: HandmadeRequest; accepted: number; said: unknown }> {
  for (let accepted = 0; accepted < TRIES; accepted++) {
    const made = request();
    const requester = await holder.greeted();
    requester.send({ type: 'request', envelope: made.envelope });
    const first = await requester.next();
    requester.close();
    if (first.type !== 'accepted') return { made, accepted, said: first };
  }
  throw new Error(`${TRIES} requests were accepted`);
}

it('a daemon whose disk is full accepts and tells nothing that it can not log, says why, and goes on when there is space', async () => {
  const { made, accepted, said } = await untilFull();
  expect(accepted).toBeGreaterThan(0);
  // The requester is to come again; the operator is told why.
  const later = { type: 'refused', code: 'shutting_down', sentence: RECORDS_NOTHING };
  expect(said).toMatchObject(later);
  expect(await holder.answersTo(made)).toMatchObject([later]);
  // Nor is a refusal told as what it is that can't be logged; one needs less space than an acceptance.
  for (;;) {
    const stranger = request(false);
    const answers = await holder.answersTo(stranger);
    const logged = await holder.leavesAbout(stranger);
    if (logged.length === 0) {
      expect(answers).toMatchObject([later]);
      break;
    }
    expect(answers).toMatchObject([{ type: 'refused', code: 'official_unknown' }]);
  }
  expect(holder.said).toContain('LedgerError (ledger_full)');
  expect(await holder.find(made)).toBeUndefined();
  expect(await holder.leavesAbout(made)).toEqual([]);
  expect(await holder.charged('Requesting Agency')).toBe(3 * accepted);

  execFileSync('/usr/bin/prlimit', ['--pid', String(holder.pid), '--fsize=unlimited']);
  (await holder.finished(made)).close();
  expect((await holder.leavesAbout(made)).map(({ type }) => type)).toEqual(['accepted', 'finished']);
  expect(await holder.charged('Requesting Agency')).toBe(3 * (accepted + 1));
  expect(await holder.findings()).toEqual([]);
});
