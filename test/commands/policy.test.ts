import { cpSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanUp, run, startDaemon, succeed } from '../running-program.ts';
import { makeAgencies, signedRequest, type Agencies } from './agencies.ts';
import { requireApproval, setPolicy } from './holder-policy.ts';

let agencies: Agencies;

beforeAll(async () => {
  agencies = await makeAgencies();
});
afterAll(cleanUp);

const at = (name: string): string => join(agencies.home, name);

/** A copy of the holder's directory, in which no policy was ever in force. */
function copyOfHolder(name: string): string {
  cpSync(agencies.holder, at(name), { recursive: true });
  return at(name);
}

/** One whose policy is in force. */
async function holderInForce(name: string): Promise<string> {
  const directory = copyOfHolder(name);
  await succeed('blindmatchd', ['policy', 'reload', directory]);
  return directory;
}

const digestOf = (directory: string): string =>
  `sha256:${createHash('sha256')
    .update(readFileSync(join(directory, 'holder.yaml')))
    .digest('hex')}`;

describe('blindmatchd policy check', () => {
  it('says that a policy is in order before any was in force, and writes nothing', async () => {
    const directory = copyOfHolder('first');
    const { stdout } = await succeed('blindmatchd', ['policy', 'check', directory]);
    expect(stdout).toBe(
      `holder.yaml is in order. No policy is in force yet; put it in force with: blindmatchd policy reload ${directory}\n`,
    );
    expect(existsSync(join(directory, 'ledger.sqlite'))).toBe(false);
  });

  it('says in words what would change', async () => {
    const directory = await holderInForce('changing');
    setPolicy(directory, 'records_per_request', '200');
    await requireApproval(directory, at('changing.pem'));
    const { stdout } = await succeed('blindmatchd', ['policy', 'check', directory]);
    expect(stdout).toMatch(
      new RegExp(
        `^  approval: automatic → human\\n  new: approver Ann Operator \\(sha256:[0-9a-f]{64}\\): may sign\\n  records_per_request of "Requesting Agency": 100 → 200\\nholder.yaml is in order. The above would change; put it in force with: blindmatchd policy reload .*\\n$`,
      ),
    );
  });

  it('says that a policy is in force', async () => {
    const { stdout } = await succeed('blindmatchd', ['policy', 'check', await holderInForce('same')]);
    expect(stdout).toBe('holder.yaml is in order and in force.\n');
  });

  it('warns of what takes effect with the next build only', async () => {
    const directory = await holderInForce('to-be-built');
    setPolicy(directory, 'answered_tiers', '[name_address_dob]');
    const { stdout, stderr } = await succeed('blindmatchd', ['policy', 'check', directory]);
    expect(stdout).toContain('  answered_tiers: name_address_dob, name_address → name_address_dob\n');
    expect(stderr).toMatch(
      /^blindmatchd: The policy was changed since epoch 1 was built; .* next build\.\n$/,
    );
  });

  it('warns of rules that nobody can meet today', async () => {
    const directory = copyOfHolder('unmet');
    const check = async (): Promise<string> =>
      (await succeed('blindmatchd', ['policy', 'check', directory])).stderr;
    await requireApproval(directory, at('unmet.pem'));
    expect(await check()).toBe('');
    const path = join(directory, 'holder.yaml');
    const text = readFileSync(path, 'utf8');
    writeFileSync(
      path,
      text.replace(
        /^([ -]*)public_key: .*$/gm,
        (line: string, indent: string) => `${line}\n${indent.replace('-', ' ')}revoked: 2026-01-01`,
      ),
    );
    const stderr = await check();
    expect(stderr).toContain(
      'Nobody can meet required_signatures of "Requesting Agency" today: it asks for 1 of role official, and none of that role may sign today',
    );
    expect(stderr).toContain('approval is human and no approver may sign today');
  });

  it('warns of requests whose accounting is required and has no room', async () => {
    const directory = await holderInForce('too-many');
    const recipient = await identityToRecipient(await generateIdentity());
    setPolicy(directory, 'accounting', `required\ninspector: {name: Inspector, recipient: ${recipient}}`);
    const check = async (maxElements: number): Promise<string> => {
      setPolicy(directory, 'max_elements', String(maxElements));
      return (await succeed('blindmatchd', ['policy', 'check', directory])).stderr;
    };
    expect(await check(8_388_609)).toContain(
      'blindmatchd: An accounting has room for 8388608 records, and max_elements allows requests of more',
    );
    expect(await check(8_388_608)).not.toContain('An accounting has room');
  });

  it('refuses a key that it does not know, with its line', async () => {
    const directory = copyOfHolder('odd');
    const path = join(directory, 'holder.yaml');
    writeFileSync(path, `quota: 5\n${readFileSync(path, 'utf8')}`);
    const { code, stderr } = await run('blindmatchd', ['policy', 'check', directory]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/holder\.yaml can't be used: line 1: quota: there is no such key; /);
  });

  it("refuses the holder's own key in the place of an official's", async () => {
    const directory = copyOfHolder('own-key');
    const own = join(directory, 'identity.pub.pem');
    const official = ['--requester', 'Another', '--official', own, '--max-records', '5'];
    await succeed('blindmatchd', ['allow', directory, ...official]);
    const { code, stderr } = await run('blindmatchd', ['policy', 'check', directory]);
    expect(code).toBe(1);
    expect(stderr).toContain("it lists the holder's own identity key");
  });

  it('gives the same as events with --json', async () => {
    const directory = await holderInForce('events');
    setPolicy(directory, 'minimum_records', '2');
    const { events } = await succeed('blindmatchd', ['policy', 'check', directory, '--json']);
    expect(events).toEqual([
      { event: 'policy_change', subject: 'minimum_records', before: '1', after: '2' },
      { event: 'policy_checked', digest: digestOf(directory), in_force: false, changes: 1 },
    ]);
  });
});

describe('blindmatchd policy reload', () => {
  it('is noted by a daemon that runs, with the digest, at its next request', async () => {
    const directory = await holderInForce('served');
    const first = digestOf(directory);
    const daemon = await startDaemon(directory);
    setPolicy(directory, 'minimum_records', '2');
    await succeed('blindmatchd', ['policy', 'reload', directory]);
    const request = await signedRequest({ ...agencies, holder: directory }, daemon.url, 'reloaded');
    const to = ['--server', daemon.url, '--out', `${request}.csv`, '--cache', join(agencies.home, 'cache')];
    const seen = ['--checkpoints', join(agencies.home, 'reloaded-checkpoints')];
    await succeed('blindmatch', ['submit', request, ...to, ...seen]);
    const { stderr } = await daemon.program.stop('SIGTERM');
    const lines = stderr.split('\n').filter((line) => line.includes('policy in force'));
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { level: 30, policy: first },
      { level: 30, policy: digestOf(directory) },
    ]);
  });

  it('puts the policy in force once, in the log', async () => {
    const directory = copyOfHolder('reloaded');
    const digest = digestOf(directory);
    const first = await succeed('blindmatchd', ['policy', 'reload', directory]);
    expect(first.stdout).toBe(
      `The policy ${digest} is in force; a daemon that is running takes it at the next request.\n`,
    );
    const again = await succeed('blindmatchd', ['policy', 'reload', directory]);
    expect(again.stdout).toBe(`The policy ${digest} is already in force.\n`);
    await succeed('blindmatchd', ['log', 'export', directory, '-o', at('reloaded.ndjson')]);
    expect(readFileSync(at('reloaded.ndjson'), 'utf8')).toMatch(
      new RegExp(`^{"index":0,"leaf":"{[^\\n]*${digest}[^\\n]*policy[^\\n]*"}\\n$`),
    );
  });

  it('leaves the policy in force where the new one is wrong', async () => {
    const directory = await holderInForce('kept');
    const before = digestOf(directory);
    setPolicy(directory, 'minimum_records', 'many');
    const { code, stderr } = await run('blindmatchd', ['policy', 'reload', directory]);
    expect(code).toBe(1);
    expect(stderr).toContain('minimum_records');
    const { events } = await succeed('blindmatchd', ['policy', 'show', directory, '--in-force', '--json']);
    expect(events.at(-1)).toMatchObject({ event: 'policy', digest: before });
  });
});

describe('blindmatchd policy show', () => {
  it('shows holder.yaml', async () => {
    const { stdout, stderr } = await succeed('blindmatchd', ['policy', 'show', agencies.holder]);
    expect(stdout).toBe(readFileSync(join(agencies.holder, 'holder.yaml'), 'utf8'));
    expect(stderr).toBe(`blindmatchd: This is holder.yaml, ${digestOf(agencies.holder)}.\n`);
  });

  it('shows the policy in force, and the one before by its digest and its time, to the byte', async () => {
    const directory = await holderInForce('shown');
    const before = readFileSync(join(directory, 'holder.yaml'), 'utf8');
    const digest = digestOf(directory);
    const show = ['policy', 'show', directory];
    const { events } = await succeed('blindmatchd', [...show, '--in-force', '--json']);
    expect(events.at(-1)).toMatchObject({ event: 'policy', digest, text: before });
    await succeed('blindmatchd', ['log', 'export', directory, '-o', at('shown.ndjson')]);
    const [whileInForce = ''] = /20\d\d-[\dT:.-]+Z/.exec(readFileSync(at('shown.ndjson'), 'utf8')) ?? [];
    setPolicy(directory, 'minimum_records', '2');
    await succeed('blindmatchd', ['policy', 'reload', directory]);
    expect((await succeed('blindmatchd', [...show, '--in-force'])).stdout).toContain('minimum_records: 2\n');
    expect((await succeed('blindmatchd', [...show, '--at', whileInForce])).stdout).toBe(before);
    const output = ['--digest', digest.slice(7, 15), '-o', at('earlier.yaml')];
    await succeed('blindmatchd', [...show, ...output]);
    expect(readFileSync(at('earlier.yaml'), 'utf8')).toBe(before);
    expect(statSync(at('earlier.yaml')).mode & 0o777).toBe(0o600);
  });

  it.each([
    [
      'a time before the first',
      ['--at', '2020-01-01'],
      /^blindmatchd: No policy was in force on 2020-01-01 23:59 UTC; the log begins on 20\d\d-\d\d-\d\d \d\d:\d\d UTC\.\n$/,
    ],
    [
      'a digest that there is not',
      ['--digest', '00000000'],
      /^blindmatchd: No policy whose digest begins with/,
    ],
  ])('says where nothing is to be shown: %s', async (_, options, sentence) => {
    const { code, stderr } = await run('blindmatchd', [
      'policy',
      'show',
      await holderInForce(options[0] ?? ''),
      ...options,
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(sentence);
  });

  it('refuses two ways to say which at once', async () => {
    const { code } = await run('blindmatchd', [
      'policy',
      'show',
      agencies.holder,
      '--in-force',
      '--at',
      '2026-01-01',
    ]);
    expect(code).toBe(2);
  });
});
