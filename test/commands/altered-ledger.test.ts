import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanUp, run, startDaemon, succeed, type Daemon, type Ended } from '../running-program.ts';
import { authority, makeAgencies, type Agencies } from './agencies.ts';
import { requireApproval } from './holder-policy.ts';

const WAITS = 4;
const SWAP = 'UPDATE request SET envelope = ? WHERE request_id = ?';

let agencies: Agencies;
let daemon: Daemon;
let database: DatabaseSync;
/** The approver's private key. */
let operator: string;
/** The ids of two requests that wait: one that anybody would approve, and another. */
let harmless: string;
let other: string;

const at = (name: string): string => join(agencies.home, name);

async function submit(name: string): Promise<Ended> {
  const to = ['--server', daemon.url, '--out', at(`${name}.csv`), '--cache', at('cache')];
  return await run('blindmatch', [
    ...['submit', at(name), ...to, '--checkpoints', at('checkpoints'), '--no-wait'],
  ]);
}

async function waitingRequest(name: string, reason: string): Promise<string> {
  const options = authority(agencies, daemon.url);
  options[options.indexOf('--reason') + 1] = reason;
  await succeed('blindmatch', ['prepare', agencies.requests, ...options, '-o', at(name)]);
  await succeed('blindmatch', ['sign', at(name), '--key', agencies.key, '--yes']);
  expect((await submit(name)).code).toBe(WAITS);
  const { events } = await succeed('blindmatchd', ['requests', 'list', agencies.holder, '--json']);
  const id = String(events.findLast(({ event }) => event === 'request')?.['request']);
  return id.slice('sha256:'.length);
}

const envelopeOf = (id: string): Uint8Array =>
  database.prepare('SELECT envelope FROM request WHERE request_id = ?').get(Buffer.from(id, 'hex'))?.[
    'envelope'
  ] as Uint8Array;

beforeAll(async () => {
  agencies = await makeAgencies();
  operator = await requireApproval(agencies.holder, at('operator.pem'));
  daemon = await startDaemon(agencies.holder);
  harmless = await waitingRequest('harmless', 'Final orders of May');
  other = await waitingRequest('other', 'A list of journalists');
  database = new DatabaseSync(join(agencies.holder, 'ledger.sqlite'), { timeout: 5000 });
});
afterAll(async () => {
  database.close();
  await cleanUp();
});

describe('an operator who gives a waiting request the manifest of another one while an approver looks at it', () => {
  it('is refused by the file itself', () => {
    const swap = database.prepare(SWAP);
    expect(() => swap.run(envelopeOf(harmless), Buffer.from(other, 'hex'))).toThrow('what was signed stays');
  });

  it('gets neither a showing nor a signature, and is found by log verify', async () => {
    for (const trigger of ['request_signed_stays', 'request_asked_stays'])
      database.exec(`DROP TRIGGER ${trigger}`);
    const own = envelopeOf(other);
    database.prepare(SWAP).run(envelopeOf(harmless), Buffer.from(other, 'hex'));
    for (const command of [
      ['show', agencies.holder, other],
      ['approve', agencies.holder, other, '--key', operator, '--yes'],
      ['deny', agencies.holder, other, '--key', operator, '--yes', '--reason', 'No'],
    ]) {
      const { code, stdout, stderr } = await run('blindmatchd', ['requests', ...command]);
      expect(stderr).toBe(
        `blindmatchd: What the ledger holds of sha256:${other} is not what was signed under this id; decide nothing, keep the ledger as it is and run: blindmatchd log verify\n`,
      );
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    }
    const { code, stdout } = await run('blindmatchd', ['log', 'verify', agencies.holder]);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      new RegExp(`^request_differs: Leaf \\d+, which lets sha256:${other} wait, disagrees `),
    );
    database.prepare(SWAP).run(own, Buffer.from(other, 'hex'));
    expect((await submit('other')).code).toBe(WAITS);
  });

  it('has nothing approved by remembering it as the request of another agency', async () => {
    const rename = database.prepare('UPDATE request SET requester = ? WHERE request_id = ?');
    rename.run('Trusted Agency', Buffer.from(other, 'hex'));
    const shown = await succeed('blindmatchd', ['requests', 'show', agencies.holder, other]);
    expect(shown.stdout).toContain('\n  requester      Requesting Agency\n');
    const approve = ['requests', 'approve', agencies.holder, other, '--key', operator, '--yes'];
    const { code, stderr } = await run('blindmatchd', approve);
    expect(stderr).toContain(
      'sign for Requesting Agency, and the ledger remembers it as one of Trusted Agency;',
    );
    expect(code).toBe(1);
    rename.run('Requesting Agency', Buffer.from(other, 'hex'));
  });

  it('has what was shown approved, and that alone', async () => {
    const approve = ['requests', 'approve', agencies.holder, harmless, '--key', operator, '--yes'];
    await succeed('blindmatchd', approve);
    expect((await submit('harmless')).code).toBe(0);
    expect((await submit('other')).code).toBe(WAITS);
    const { stdout } = await succeed('blindmatchd', ['log', 'verify', agencies.holder]);
    expect(stdout).toMatch(/^The log is consistent: 7 leaves, 1 accepted request\.\n/);
  });
});
