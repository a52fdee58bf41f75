import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanUp, run, startDaemon, succeed, type Daemon, type Ended } from '../running-program.ts';
import { makeAgencies, RESULTS_CSV, signedRequest, type Agencies } from './agencies.ts';
import { requireApproval, setPolicy } from './holder-policy.ts';

const WAITS = 4;

let agencies: Agencies;
let daemon: Daemon;
/** The approver's private key. */
let operator: string;

const at = (name: string): string => join(agencies.home, name);

beforeAll(async () => {
  agencies = await makeAgencies();
  operator = await requireApproval(agencies.holder, at('operator.pem'));
  setPolicy(agencies.holder, 'records_per_request', '100\n      records_per_day: 50');
  daemon = await startDaemon(agencies.holder);
});
afterAll(cleanUp);

/** Submits a request once, without waiting; the checkpoints of this file's holder are its own. */
async function submit(request: string): Promise<Ended> {
  const to = ['--server', daemon.url, '--out', `${request}.csv`, '--cache', at('cache')];
  return await run('blindmatch', ['submit', request, ...to, '--checkpoints', at('checkpoints'), '--no-wait']);
}

/** A request that waits for approval: its directory and its id. */
async function waitingRequest(name: string): Promise<{ request: string; id: string }> {
  const request = await signedRequest(agencies, daemon.url, name);
  const { code } = await submit(request);
  expect(code).toBe(WAITS);
  const { events } = await succeed('blindmatchd', ['requests', 'list', agencies.holder, '--json']);
  const id = String(events.findLast(({ event }) => event === 'request')?.['request']);
  return { request, id: id.slice('sha256:'.length) };
}

const requests = (command: string, ...args: readonly string[]): string[] => [
  'requests',
  command,
  agencies.holder,
  ...args,
];

describe('blindmatchd requests', () => {
  it('lists nothing where nothing waits', async () => {
    const { stdout } = await succeed('blindmatchd', requests('list'));
    expect(stdout).toBe('No request waits for approval.\n');
  });

  it('show a request that waits in plain words; once approved it is answered', async () => {
    const { request, id } = await waitingRequest('approved');
    const { stdout: listed } = await succeed('blindmatchd', requests('list'));
    expect(listed).toMatch(
      new RegExp(
        `^${id.slice(0, 12)}  waits for approval until 20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC\\n {14}Requesting Agency: 4 records under 8 U\\.S\\.C\\. 1253\\(a\\)\\(1\\)\\n$`,
      ),
    );
    const { stdout: shown } = await succeed('blindmatchd', requests('show', id.slice(0, 8)));
    expect(shown).toMatch(new RegExp(`^Request sha256:${id}\\n  state {10}waits for approval until `));
    expect(shown).toContain('\n  reason         Final orders of May\n');
    expect(shown).toContain('\n  orders         from 2024-05-01 to 2024-05-05\n');
    expect(shown).toMatch(/\n {2}signed by {6}no name, official \(sha256:[0-9a-f]{64}\)\n/);
    expect(shown).toContain(
      '\n  quota          50 records a day (UTC): 0 are used, this one takes 4 and leaves 46\n',
    );

    const unsure = await run('blindmatchd', requests('approve', id, '--key', operator));
    expect(unsure.code).toBe(2);
    expect(unsure.stderr).toMatch(/^blindmatchd: Nothing was approved\. .* with --yes\.\n$/);
    expect(unsure.stdout).toContain('\nWith this signature Ann Operator approves it.\n');
    expect((await submit(request)).code).toBe(WAITS);

    const sure = ['--key', operator, '--yes', '--reason', 'Orders seen'];
    const { events } = await succeed('blindmatchd', requests('approve', id, ...sure, '--json'));
    expect(events.at(-1)).toMatchObject({ event: 'decided', request: `sha256:${id}`, decision: 'approved' });
    expect((await submit(request)).code).toBe(0);
    expect(readFileSync(`${request}.csv`, 'utf8')).toBe(RESULTS_CSV);

    const { stdout: after } = await succeed('blindmatchd', requests('show', id));
    expect(after).toMatch(/\n {2}state {10}accepted on .* UTC, finished on .* UTC\n/);
    expect(after).toMatch(/\n {2}approved by {4}Ann Operator \(sha256:[0-9a-f]{64}\)\n/);
    expect(after).toContain('\n  because        Orders seen\n');
    expect(after).toMatch(/\n {2}log {12}leaf \d+\n {2}accounting {5}none came\n$/);
  });

  it('are told the reason of a denial, and stay denied', async () => {
    const { request, id } = await waitingRequest('denied');
    const deny = requests('deny', id, '--key', operator, '--yes', '--reason', 'The orders are not attached');
    await succeed('blindmatchd', deny);
    const { code, stderr } = await submit(request);
    expect(code).toBe(1);
    expect(stderr).toContain('The holder has denied the request: The orders are not attached');
    expect(existsSync(`${request}.csv`)).toBe(false);
    const late = await run('blindmatchd', requests('approve', id, '--key', operator, '--yes'));
    expect(late.code).toBe(1);
    expect(late.stderr).toMatch(/^blindmatchd: This request was denied on .* UTC; /);
    const { stdout } = await succeed('blindmatchd', requests('list', '--all'));
    expect(stdout).toMatch(new RegExp(`^${id.slice(0, 12)}  denied on `, 'm'));
  });

  it('are decided by an approver of the policy in force only', async () => {
    const { request, id } = await waitingRequest('undecided');
    for (const key of [agencies.key, join(agencies.holder, 'identity.pem')]) {
      const { code, stderr } = await run('blindmatchd', requests('approve', id, '--key', key, '--yes'));
      expect(code).toBe(1);
      expect(stderr).toMatch(/^blindmatchd: The key sha256:[0-9a-f]{64} is none of an approver /);
    }
    expect((await submit(request)).code).toBe(WAITS);
  });

  it('have no accounting waived that they do not owe', async () => {
    const { events } = await succeed('blindmatchd', requests('list', '--all', '--json'));
    for (const { request } of events.filter(({ event }) => event === 'request')) {
      const waive = requests('waive', String(request), '--key', operator, '--yes', '--reason', 'Gone');
      const { code, stderr } = await run('blindmatchd', waive);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^blindmatchd: This request owes no accounting: /);
    }
  });

  it.each([
    ['an id that there is not', ['show', '00000000'], 1, 'No request whose id begins with 00000000 waits'],
    ['an id that is too short', ['show', '0000'], 2, 'at least the first 8 of its digits'],
    [
      'a waiver without a reason',
      ['waive', '00000000', '--key', 'k.pem'],
      2,
      "'--reason <text>' not specified",
    ],
    [
      'a denial without a reason',
      ['deny', '00000000', '--key', 'k.pem'],
      2,
      "'--reason <text>' not specified",
    ],
  ])('refuse %s', async (_, [command = '', ...args], exit, sentence) => {
    const { code, stderr } = await run('blindmatchd', requests(command, ...args));
    expect(code).toBe(exit);
    expect(stderr).toContain(sentence);
  });

  it('say where no accounting came', async () => {
    const { events } = await succeed('blindmatchd', requests('list', '--all', '--json'));
    const id = String(events[0]?.['request']);
    const { code, stderr } = await run('blindmatchd', requests('accounting', id, '-o', at('none.age')));
    expect(code).toBe(1);
    expect(stderr).toContain('No accounting of this request has come; ');
  });

  it('leave a log that is consistent', async () => {
    const { stdout } = await succeed('blindmatchd', ['log', 'verify', agencies.holder]);
    expect(stdout).toMatch(/^The log is consistent: \d+ leaves, 1 accepted request\.\n/);
  });
});
