import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  encodeEnvelope,
  encodeRequestManifest,
  openRequest,
  PAYLOAD_TYPES,
  privateKeyFromPem,
  signPayload,
} from '@blindmatch/protocol';
import type { RequestManifest } from '@blindmatch/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { authority, ELEMENTS, makeAgencies, NO_EVIDENCE, RESULTS_CSV, signedRequest } from './agencies.ts';
import type { Agencies } from './agencies.ts';
import { FaultyLine, TURNS } from './faulty-line.ts';
import type { Break } from './faulty-line.ts';
import { cleanUp, run, RunningProgram, startDaemon, succeed } from '../running-program.ts';
import type { Daemon, Ended } from '../running-program.ts';

let agencies: Agencies;
let daemon: Daemon;
/** A request that is signed and was never submitted; tests copy it. */
let signed: string;
/** How many bytes each turn of a submission has. */
let turnBytes: readonly number[];
const lines: FaultyLine[] = [];
/** The request, cache and results of the test at hand. */
let request: string;
let count = 0;

const at = (name: string): string => join(agencies.home, name);
const files = (): string[] => ['--cache', `${request}.cache`, '--out', `${request}.csv`, '--workers', '1'];

beforeAll(async () => {
  agencies = await makeAgencies();
  daemon = await startDaemon(agencies.holder);
  const url = daemon.url;
  // A request of its own shows how long each turn is; it has the same records, so the same lengths.
  const [measured] = await Promise.all([
    signedRequest(agencies, url, 'measured'),
    signedRequest(agencies, url, 'signed'),
  ]);
  signed = at('signed');
  const line = await openLine();
  request = measured;
  expect((await submit(line.url)).code).toBe(0);
  turnBytes = line.turns.slice(0, TURNS.setData + 1);
  expect(turnBytes).toHaveLength(TURNS.setData + 1);
});

beforeEach(() => {
  request = at(`request-${++count}`);
  cpSync(signed, request, { recursive: true });
});

afterAll(async () => {
  for (const line of lines) line.close();
  await cleanUp();
});

async function openLine(where?: Break): Promise<FaultyLine> {
  const line = await FaultyLine.open(daemon.port, where);
  lines.push(line);
  return line;
}

const half = (turn: number): number => Math.floor((turnBytes[turn] ?? 0) / 2);
const whole = (turn: number): number => turnBytes[turn] ?? 0;

async function submit(url: string = daemon.url): Promise<Ended> {
  return await run('blindmatch', ['submit', request, '--server', url, ...files(), '--json']);
}

/** The ledger's lines for the request of a directory. */
function charged(directory: string): { completed: boolean }[] {
  const { requestId } = openRequest(readFileSync(join(directory, 'manifest.dsse.json')));
  const ledger = new DatabaseSync(join(agencies.holder, 'ledger.sqlite'), { readOnly: true });
  try {
    const rows = ledger.prepare('SELECT completed_at FROM request WHERE request_id = ?').all(requestId);
    return rows.map((row) => ({ completed: row['completed_at'] !== null }));
  } finally {
    ledger.close();
  }
}

function expectNetworkFailure({ code, stderr }: Ended): void {
  expect(stderr).toMatch(/^blindmatch: [^\n]*\.\n$/);
  expect(code).toBe(3);
  expect(readdirSync(agencies.home).filter((name) => name.startsWith(`${request}.csv`))).toEqual([]);
}

async function expectResumed(): Promise<void> {
  const { code, stderr } = await submit();
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(readFileSync(`${request}.csv`, 'utf8')).toBe(RESULTS_CSV);
  expect(charged(request)).toEqual([{ completed: true }]);
}

describe('a connection that is cut', () => {
  const table: [string, keyof typeof TURNS, (turn: number) => number][] = [
    ['within the answer to the upgrade', 'upgraded', half],
    ['after hello', 'hello', whole],
    ['within the request', 'request', half],
    ['after the request, before it is known to be accepted', 'request', whole],
    ['after the request was accepted', 'accepted', whole],
    ['within the chunk', 'chunk', half],
    ['while the chunk is evaluated', 'chunk', whole],
    ['within the evaluated chunk', 'evaluated', half],
    ['after the evaluated chunk', 'evaluated', whole],
    ['within the receipt', 'receipt', half],
    ['within the token set', 'setData', half],
  ];

  it.each(table)('%s ends with 3; the same command goes on and is charged once', async (_, name, bytes) => {
    const turn = TURNS[name];
    const line = await openLine({ turn, bytes: bytes(turn), kind: 'cut' });
    expectNetworkFailure(await submit(line.url));
    await expectResumed();
  });

  it('has lost nothing that came back: it is not asked for again', async () => {
    const turn = TURNS.setRead;
    const line = await openLine({ turn, bytes: half(turn), kind: 'cut' });
    expectNetworkFailure(await submit(line.url));
    const { events } = await submit();
    expect(events.at(-1)).toMatchObject({
      event: 'finished',
      elements: ELEMENTS,
      resumed_elements: ELEMENTS,
    });
  });

  it('leaves match with the command that goes on', async () => {
    const line = await openLine({ turn: TURNS.chunk, bytes: half(TURNS.chunk), kind: 'cut' });
    const options = [...authority(agencies, line.url), '--key', agencies.key, '--cache', at('match-cache')];
    const out = ['--out', at('matched.csv')];
    const ended = await run('blindmatch', ['match', agencies.requests, ...options, ...out]);
    expect(ended.code).toBe(3);
    const goOn = /The request is kept; go on with: blindmatch (.*)\n$/.exec(ended.stderr)?.[1] ?? '';
    const args = goOn.replace(line.url, daemon.url).split(' ');
    const { stdout } = await succeed('blindmatch', [...args, '--cache', at('match-cache')]);
    expect(stdout).toContain('2 match, 2 do not, 1 rejected and not submitted.');
    expect(readFileSync(at('matched.csv'), 'utf8')).toBe(RESULTS_CSV);
    expect(charged(at('matched.csv.request'))).toEqual([{ completed: true }]);
  });
});

describe('a requester that is killed', () => {
  it.each([
    ['while its chunk is evaluated', TURNS.chunk, whole],
    ['within the evaluated chunk', TURNS.evaluated, half],
    ['within the token set', TURNS.setData, half],
  ])('%s goes on when it is started again, and is charged once', async (_, turn, bytes) => {
    const line = await openLine({ turn, bytes: bytes(turn), kind: 'hold' });
    const client = new RunningProgram('blindmatch', ['submit', request, '--server', line.url, ...files()]);
    await line.broken;
    expect((await client.stop('SIGKILL')).signal).toBe('SIGKILL');
    expect(existsSync(`${request}.csv`)).toBe(false);
    await expectResumed();
  });
});

describe('a daemon that vanishes', () => {
  // Each with a request of its own, which the ledger has not seen.
  beforeEach(async () => {
    request = await signedRequest(agencies, daemon.url, `fresh-${count}`);
  });

  it.each([
    ['within the chunk', TURNS.chunk, half],
    ['while the chunk is evaluated', TURNS.chunk, whole],
  ])(
    'by a kill -9 %s is told in one sentence; after its restart the request goes on',
    async (_, turn, bytes) => {
      const line = await openLine({ turn, bytes: bytes(turn), kind: 'hold' });
      const client = submit(line.url);
      await line.broken;
      await daemon.program.stop('SIGKILL');
      const ended = await client;
      expectNetworkFailure(ended);
      expect(ended.stderr).toBe(
        'blindmatch: The holder went away before all was done; try again, a request that was accepted goes on where it was.\n',
      );
      daemon = await startDaemon(agencies.holder);
      expect(charged(request)).toEqual([{ completed: false }]);
      await expectResumed();
    },
  );

  it('by SIGTERM says that it is shutting down and ends with 0; after its restart the request goes on', async () => {
    const line = await openLine({ turn: TURNS.chunk, bytes: half(TURNS.chunk), kind: 'hold' });
    const client = submit(line.url);
    await line.broken;
    const [ended, stopped] = await Promise.all([client, daemon.program.stop('SIGTERM')]);
    expectNetworkFailure(ended);
    expect(ended.stderr).toBe(
      'blindmatch: The holder ends the exchange: The holder is shutting down; try again later, the request can be resumed.\n',
    );
    expect(stopped.code).toBe(0);
    expect(stopped.events.at(-1)).toEqual({ event: 'stopped', signal: 'SIGTERM' });
    daemon = await startDaemon(agencies.holder);
    await expectResumed();
  });
});

describe('a request', () => {
  it('that is submitted twice is charged once and gives the same results', async () => {
    await expectResumed();
    const other = `${request}-again`;
    cpSync(signed, other, { recursive: true });
    request = other;
    await expectResumed();
  });

  it('is submitted by one command at a time', async () => {
    const line = await openLine({ turn: TURNS.chunk, bytes: half(TURNS.chunk), kind: 'hold' });
    const first = run('blindmatch', ['submit', request, '--server', line.url, ...files()]);
    await line.broken;
    const second = await submit();
    expect(second).toMatchObject({
      code: 1,
      stderr: `blindmatch: Another command works on ${request} at this moment; wait until it has ended.\n`,
    });
    expect(second.events.at(-1)).toMatchObject({ event: 'error', code: 'request_busy' });
    line.release();
    expect(await first).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(`${request}.csv`, 'utf8')).toBe(RESULTS_CSV);
  });

  it.each([
    ['being prepared', 'epoch', /^blindmatch: Another command prepares a request in [^\n]*\n$/],
    ['being submitted', 'chunk', /^blindmatch: [^\n]* holds a request that is not finished; [^\n]*\n$/],
  ] as const)('of match is not cleared away by another match while it is %s', async (_, turn, sentence) => {
    const out = at(`twice-${turn}.csv`);
    const line = await openLine({ turn: TURNS[turn], bytes: half(TURNS[turn]), kind: 'hold' });
    const matchAt = async (url: string): Promise<Ended> => {
      const options = [...authority(agencies, url), '--key', agencies.key, '--cache', at('twice-cache')];
      return await run('blindmatch', ['match', agencies.requests, ...options, '--out', out]);
    };
    const first = matchAt(line.url);
    await line.broken;
    const second = await matchAt(daemon.url);
    expect(second.stderr).toMatch(sentence);
    expect(second.code).toBe(1);
    line.release();
    expect(await first).toMatchObject({ code: 0, stderr: NO_EVIDENCE });
    expect(readFileSync(out, 'utf8')).toBe(RESULTS_CSV);
    expect(existsSync(`${out}.request`)).toBe(false);
  });

  it('does not disturb another one that fetches the same token set meanwhile', async () => {
    const shared = ['--cache', at('shared-cache'), '--workers', '1'];
    const line = await openLine({ turn: TURNS.setData, bytes: half(TURNS.setData), kind: 'hold' });
    const slow = run('blindmatch', [
      ...['submit', request, '--server', line.url],
      ...['--out', `${request}.csv`, ...shared],
    ]);
    await line.broken;
    const other = await signedRequest(agencies, daemon.url, `quick-${count}`);
    await succeed('blindmatch', [
      ...['submit', other, '--server', daemon.url],
      ...['--out', `${other}.csv`, ...shared],
    ]);
    line.release();
    expect(await slow).toMatchObject({ code: 0, stderr: '' });
    for (const path of [request, other]) expect(readFileSync(`${path}.csv`, 'utf8')).toBe(RESULTS_CSV);
    expect(readdirSync(at('shared-cache'))).toHaveLength(1);
  });

  it('that is finished asks the holder for nothing more', async () => {
    await expectResumed();
    const { events } = await submit('ws://127.0.0.1:1');
    expect(events.at(-1)).toMatchObject({ event: 'finished', bytes_sent: 0, resumed_elements: ELEMENTS });
  });

  it('with the nonce of another one is refused, whoever signed it', async () => {
    await expectResumed();
    const other = `${request}-changed`;
    cpSync(signed, other, { recursive: true });
    request = other;
    changeManifest((manifest) => ({ ...manifest, reason: 'Something else' }));
    const { code, stderr } = await submit();
    expect(code).toBe(1);
    expect(stderr).toBe(
      'blindmatch: The holder refuses: The nonce of this request was spent by another one; prepare the request again.\n',
    );
    expect(existsSync(`${request}.csv`)).toBe(false);
    expect(charged(request)).toEqual([]);
  });

  it('that has expired is refused', async () => {
    changeManifest((manifest) => ({
      ...manifest,
      created: new Date('2020-01-01T00:00:00.000Z'),
      expires: new Date('2020-01-31T00:00:00.000Z'),
    }));
    const { code, stderr } = await submit();
    expect(code).toBe(1);
    expect(stderr).toContain('The request has expired; prepare and sign it again.');
    expect(charged(request)).toEqual([]);
  });
});

/** Changes the manifest of the request at hand and signs it with the official's key. */
function changeManifest(change: (manifest: RequestManifest) => RequestManifest): void {
  const path = join(request, 'manifest.dsse.json');
  const { manifest } = openRequest(readFileSync(path));
  const key = privateKeyFromPem(readFileSync(agencies.key, 'utf8'));
  const payload = encodeRequestManifest(change(manifest));
  writeFileSync(path, encodeEnvelope(signPayload(PAYLOAD_TYPES.requestManifest, payload, key)));
}
