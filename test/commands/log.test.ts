import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCheckpoint, parseLeaf, publicKeyFromPem } from '@blindmatch/protocol';
import { cleanUp, run, startDaemon, succeed } from '../running-program.ts';
import { authority, initialise, makeAgencies, PLANTED, type Agencies } from './agencies.ts';

let agencies: Agencies;
/** The id of a request that was answered, without its prefix. */
let answered: string;
let url: string;

const at = (name: string): string => join(agencies.home, name);

async function match(name: string): Promise<void> {
  const options = [...authority(agencies, url), '--key', agencies.key, '--cache', at('cache')];
  const out = ['--checkpoints', at('checkpoints'), '--out', at(`${name}.csv`)];
  await succeed('blindmatch', ['match', agencies.requests, ...options, ...out]);
}

beforeAll(async () => {
  agencies = await makeAgencies();
  ({ url } = await startDaemon(agencies.holder));
  await match('first');
  const { events } = await succeed('blindmatchd', ['requests', 'list', agencies.holder, '--all', '--json']);
  answered = String(events[0]?.['request']).slice('sha256:'.length);
});
afterAll(cleanUp);

const log = (command: string, ...args: readonly string[]): string[] => [
  'log',
  command,
  agencies.holder,
  ...args,
];
const holderKey = (): ReturnType<typeof publicKeyFromPem> =>
  publicKeyFromPem(readFileSync(join(agencies.holder, 'identity.pub.pem'), 'utf8'));

describe('blindmatchd log', () => {
  it('is consistent while the daemon serves, and continues an earlier checkpoint', async () => {
    await succeed('blindmatchd', log('checkpoint', '-o', at('earlier.checkpoint')));
    await match('second');
    const { stdout } = await succeed('blindmatchd', log('verify', '--checkpoint', at('earlier.checkpoint')));
    expect(stdout).toMatch(
      /^The log is consistent: 6 leaves, 2 accepted requests\.\n {2}root {10}sha256:[0-9a-f]{64}\n {2}continues {5}the checkpoint of 4 leaves\n$/,
    );
  });

  it('is exported with a checkpoint of exactly its leaves, which hold no word of any record', async () => {
    const output = ['-o', at('log.ndjson'), '--checkpoint', at('log.checkpoint')];
    await succeed('blindmatchd', log('export', ...output));
    const text = readFileSync(at('log.ndjson'), 'utf8');
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { index: number; leaf: string });
    expect(lines.map(({ index }) => index)).toEqual(lines.map((_, at) => at));
    const leaves = lines.map(({ leaf }) => parseLeaf(new Uint8Array(Buffer.from(leaf))));
    expect(leaves.slice(0, 4).map(({ type }) => type)).toEqual(['policy', 'epoch', 'accepted', 'finished']);
    const { size } = openCheckpoint(readFileSync(at('log.checkpoint'), 'utf8'), holderKey());
    expect(size).toBe(lines.length);
    for (const word of [...PLANTED, 'Final orders']) expect(text).not.toContain(word);
  });

  it('prints its checkpoint as it is signed', async () => {
    const { stdout } = await succeed('blindmatchd', log('checkpoint'));
    expect(openCheckpoint(stdout, holderKey()).note).toBe(stdout);
  });

  it('proves that a request was accepted, and that it has only grown', async () => {
    await succeed('blindmatchd', log('prove', '--request', answered.slice(0, 8), '-o', at('inclusion.json')));
    const inclusion = JSON.parse(readFileSync(at('inclusion.json'), 'utf8')) as Record<string, unknown>;
    expect(Object.keys(inclusion)).toEqual(['leaf', 'index', 'path', 'checkpoint']);
    expect(inclusion).toMatchObject({ index: 2, leaf: expect.stringContaining(answered) as string });
    await succeed('blindmatchd', log('prove', '--from', '1', '--to', '3', '-o', at('consistency.json')));
    const consistency = JSON.parse(readFileSync(at('consistency.json'), 'utf8')) as Record<string, unknown>;
    expect(Object.keys(consistency)).toEqual(['first', 'second', 'proof', 'checkpoint']);
    expect(consistency).toMatchObject({ first: 1, second: 3 });
    const note = String(consistency['checkpoint']);
    expect(openCheckpoint(note, holderKey()).size).toBe(3);
  });

  it.each([
    ['a leaf that there is not', ['--leaf', '99999'], 1, 'numbered from 0; give one of them'],
    ['a size beyond it', ['--from', '1', '--to', '99999'], 1, 'not beyond it, the smaller one first'],
    ['nothing', [], 2, 'say what to prove with --request, --leaf or --from'],
    ['two things at once', ['--leaf', '0', '--from', '1'], 2, 'cannot be used with'],
  ])('refuses to prove %s', async (_, options, exit, sentence) => {
    const { code, stderr } = await run('blindmatchd', log('prove', ...options, '-o', at('nothing.json')));
    expect(code).toBe(exit);
    expect(stderr).toContain(sentence);
    expect(existsSync(at('nothing.json'))).toBe(false);
  });

  it('never replaces a file that is no earlier export', async () => {
    writeFileSync(at('notes.txt'), 'mine\n');
    const { code, stderr } = await run('blindmatchd', log('export', '-o', at('notes.txt')));
    expect(code).toBe(1);
    expect(stderr).toContain('exists and holds no earlier export');
    expect(readFileSync(at('notes.txt'), 'utf8')).toBe('mine\n');
  });

  it('is found inconsistent by name where somebody changed what is charged', async () => {
    cpSync(agencies.holder, at('changed'), { recursive: true });
    const database = new DatabaseSync(at('changed/ledger.sqlite'));
    const triggers = database.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all();
    for (const { name } of triggers) database.exec(`DROP TRIGGER "${String(name)}"`);
    database.exec("UPDATE charged SET records = 1 WHERE scope = 'day'");
    database.close();
    const { code, stdout, stderr } = await run('blindmatchd', ['log', 'verify', at('changed')]);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^charge_differs: Requesting Agency is charged with 1 records a day \(UTC\), and the log /,
    );
    expect(stderr).toMatch(/^blindmatchd: The log is not consistent: 1 thing does not fit; /);
    const { events } = await run('blindmatchd', ['log', 'verify', at('changed'), '--json']);
    expect(events.map(({ event, code: name }) => [event, name])).toEqual([
      ['finding', 'charge_differs'],
      ['error', 'log_inconsistent'],
    ]);
  });

  it('is found to be another one by an earlier checkpoint', async () => {
    cpSync(agencies.holder, at('anew'), { recursive: true });
    await succeed('blindmatchd', log('checkpoint', '-o', at('published.checkpoint')));
    for (const name of ['ledger.sqlite', 'ledger.sqlite-wal', 'ledger.sqlite-shm'])
      if (existsSync(at(`anew/${name}`))) writeFileSync(at(`anew/${name}`), '');
    rmSync(at('anew/log-begun'));
    await succeed('blindmatchd', ['policy', 'reload', at('anew')]);
    const verify = ['log', 'verify', at('anew'), '--checkpoint', at('published.checkpoint')];
    const { code, stdout } = await run('blindmatchd', verify);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^log_shorter: The earlier checkpoint has \d+ leaves and the log has 1: /);
  });

  it('that is lost is not begun anew before somebody says so', async () => {
    cpSync(agencies.holder, at('lost'), { recursive: true });
    for (const name of ['ledger.sqlite', 'ledger.sqlite-wal', 'ledger.sqlite-shm'])
      rmSync(at(`lost/${name}`), { force: true });
    for (const command of [
      ['serve', at('lost'), '--listen', '127.0.0.1:0'],
      ['policy', 'reload', at('lost')],
      ['policy', 'check', at('lost')],
      ['log', 'verify', at('lost')],
      ['requests', 'list', at('lost')],
    ]) {
      const { code, stderr } = await run('blindmatchd', command);
      expect(code).toBe(1);
      expect(stderr).toContain(
        `restore the newest backup; to begin a new log anyway remove ${at('lost/log-begun')}: every requester will then be told that the log forked.`,
      );
    }
    expect(existsSync(at('lost/ledger.sqlite'))).toBe(false);
    const inspected = await succeed('blindmatchd', ['inspect', at('lost'), '--json']);
    expect(inspected.events).toContainEqual(
      expect.objectContaining({ event: 'notice', code: 'ledger_missing' }),
    );
    rmSync(at('lost/log-begun'));
    await succeed('blindmatchd', ['policy', 'reload', at('lost')]);
    await succeed('blindmatchd', ['log', 'verify', at('lost')]);
  });

  it('has not begun before a policy was in force', async () => {
    await initialise(at('unused'));
    const { code, stderr } = await run('blindmatchd', ['log', 'verify', at('unused')]);
    expect(code).toBe(1);
    expect(stderr).toContain(
      'has no log yet; it begins when the policy is put in force with: blindmatchd policy',
    );
  });
});
