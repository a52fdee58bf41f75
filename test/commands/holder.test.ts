import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_PROFILE, tellingFields, TIERS } from '@blindmatch/records';
import {
  authority,
  initialise,
  makeAgencies,
  FIRST_SEEN,
  NO_EVIDENCE,
  PEOPLE_CSV,
  PEOPLE_HEADER,
  PEOPLE_UNDERSTOOD,
  RESULTS_CSV,
} from './agencies.ts';
import type { Agencies } from './agencies.ts';
import { setPolicy } from './holder-policy.ts';
import { cleanUp, run, RunningProgram, startDaemon, succeed } from '../running-program.ts';
import type { Ended, RunOptions } from '../running-program.ts';

/** The engine with which a build of some hundred people takes long enough for what happens meanwhile. */
const SLOWLY: RunOptions = { env: { BLINDMATCH_ENGINE: 'noble' } };

/** Match keys of the people on file, in the given tiers. */
const keysIn = (...tiers: readonly string[]): number =>
  PEOPLE_UNDERSTOOD.flatMap(({ keys }) => keys.filter(({ tier }) => tiers.includes(tier))).length;
const peopleIn = (tier: string): number =>
  PEOPLE_UNDERSTOOD.filter(({ keys }) => keys.some((key) => key.tier === tier)).length;
const KEYS = keysIn(...TIERS);
const CANARIES = 64;
const TOKENS = KEYS + CANARIES;

let agencies: Agencies;
/** A directory with a policy and an identity but no epoch built. */
let unbuilt: string;

const at = (name: string): string => join(agencies.home, name);
const mode = (path: string): number => statSync(path).mode & 0o777;

beforeAll(async () => {
  agencies = await makeAgencies();
  unbuilt = at('unbuilt');
  await initialise(unbuilt);
});
afterAll(cleanUp);

/** A copy of the holder's directory for a test to damage. */
function copyOfHolder(name: string): string {
  cpSync(agencies.holder, at(name), { recursive: true });
  return at(name);
}

describe('blindmatchd init', () => {
  it('makes a directory that only its owner can read, its secrets too', () => {
    const secrets = ['holder.yaml', 'identity.pem', 'epochs/1/oprf.key'];
    for (const name of secrets) expect(mode(join(unbuilt, name))).toBe(0o600);
    for (const name of ['.', 'epochs', 'epochs/1']) expect(mode(join(unbuilt, name))).toBe(0o700);
    expect(readFileSync(join(unbuilt, 'identity.pub.pem'), 'utf8')).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
  });

  it('prints the fingerprint on a line of its own', async () => {
    const { stdout } = await succeed('blindmatchd', ['init', at('new'), '--name', 'Tax Agency']);
    expect(stdout).toMatch(/^sha256:[0-9a-f]{64}\n\nThis is the fingerprint of "Tax Agency";/);
  });

  it('refuses a directory that is not empty and leaves it alone', async () => {
    mkdirSync(at('occupied'));
    writeFileSync(at('occupied/notes.txt'), 'mine');
    const { code, stderr } = await run('blindmatchd', ['init', at('occupied'), '--name', 'Tax Agency']);
    expect(code).toBe(1);
    expect(stderr).toContain('is not empty; name a new directory');
    expect(readdirSync(at('occupied'))).toEqual(['notes.txt']);
  });

  it('refuses a name of more than one line', async () => {
    const { code } = await run('blindmatchd', ['init', at('odd'), '--name', 'Tax\nAgency']);
    expect(code).toBe(2);
    expect(existsSync(at('odd'))).toBe(false);
  });
});

describe('blindmatchd check', () => {
  const REASON = 'The street is missing: add house number and street, or the box.';

  it('shows of each person the canonical fields and the names of the keys, and of the rejected why', async () => {
    const { stdout } = await succeed('blindmatchd', ['check', at('people.csv')]);
    const blocks = stdout.split(/^(?=line )/m);
    expect(blocks).toHaveLength(5);
    for (const [index, { fields, keys }] of PEOPLE_UNDERSTOOD.entries()) {
      const [head, ...shown] = blocks[index]?.split('\n') ?? [];
      const tiers = TIERS.filter((tier) => keys.some((key) => key.tier === tier));
      expect(head).toBe(`line ${index + 2}  ${tiers.join(' ')}`);
      const written = tellingFields(fields).map(([name, value]) => `${name}=${value}`);
      expect(shown.join('\n').match(/\w+=\S+(?: \S+)*/g)).toEqual(written);
      for (const { name } of keys) expect(shown.join('\n')).toContain(name);
    }
    expect(blocks[4]).toContain(`line 6  rejected: street_missing\n    ${REASON}\n`);
  });

  it('ends with the totals by tier and by reason, in no more than 100 columns', async () => {
    const { stdout } = await succeed('blindmatchd', ['check', at('people.csv')]);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.slice(-4)).toEqual([
      ...TIERS.map((tier) => `        ${peopleIn(tier)}  ${tier.padEnd(16)}  ${keysIn(tier)} match keys`),
      `        1  street_missing    ${REASON}`,
      "5 people: 4 give match keys, 1 can't be found.",
    ]);
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
  });

  it('shows only the rejected with --rejected-only', async () => {
    const { stdout } = await succeed('blindmatchd', ['check', at('people.csv'), '--rejected-only']);
    expect(stdout.match(/^line .*$/gm)).toEqual(['line 6  rejected: street_missing']);
  });

  it('gives one event a person, one a tier and a reason, and one for all with --json', async () => {
    const { events } = await succeed('blindmatchd', ['check', at('people.csv'), '--json']);
    expect(events.map(({ event }) => event)).toEqual([
      ...['understood', 'understood', 'understood', 'understood', 'rejected'],
      ...['tier', 'tier', 'total', 'checked'],
    ]);
    expect(events[0]).toMatchObject({ line: 2, city: PEOPLE_UNDERSTOOD[0]?.fields['city'] });
    expect(events[4]).toEqual({ event: 'rejected', line: 6, code: 'street_missing', reason: REASON });
    expect(events.at(-1)).toEqual({
      ...{ event: 'checked', people: 5, accepted: 4, rejected: 1, match_keys: KEYS },
      profile: DEFAULT_PROFILE.id,
    });
  });

  it('writes the rejections without a name or an address, and replaces them by the next', async () => {
    for (let time = 0; time < 2; time++) {
      const options = ['--rejections', at('unfindable.csv')];
      const { stdout } = await succeed('blindmatchd', ['check', at('people.csv'), ...options]);
      expect(stdout).toContain(`\nRejections: ${at('unfindable.csv')}\n`);
      expect(readFileSync(at('unfindable.csv'), 'utf8')).toBe(
        `line,record_id,code,reason\n6,,street_missing,"${REASON}"\n`,
      );
      expect(mode(at('unfindable.csv'))).toBe(0o600);
    }
  });

  it.each([
    ['the people themselves', 'people.csv', 'is read by this command'],
    ['another file', 'official.pem', 'exists and holds no earlier rejections'],
    ['a place that is not there', 'nowhere/unfindable.csv', 'does not exist; check the path.'],
  ])('does not write the rejections over or into %s, and shows nothing then', async (_, name, told) => {
    const { code, stdout, stderr } = await run('blindmatchd', [
      ...['check', at('people.csv'), '--rejections', at(name)],
    ]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(told);
    expect(readFileSync(at('people.csv'), 'utf8')).toBe(PEOPLE_CSV);
  });

  it('shows what the answered tiers leave with --tiers', async () => {
    const options = ['--tiers', 'name_address', '--json'];
    const { events } = await succeed('blindmatchd', ['check', at('people.csv'), ...options]);
    expect(events.at(-1)).toMatchObject({ event: 'checked', match_keys: keysIn('name_address') });
  });

  it.each([
    [['--tiers', 'name'], 2, 'Give one or more of name_address_dob,name_address, each once'],
    [['--profile', 'none/9'], 2, 'There is no profile "none/9"'],
  ])('refuses %j', async (options, exit, told) => {
    const { code, stderr } = await run('blindmatchd', ['check', at('people.csv'), ...options]);
    expect(code).toBe(exit);
    expect(stderr).toContain(told);
  });

  it('refuses a file of nobody', async () => {
    writeFileSync(at('nobody.csv'), `${PEOPLE_HEADER}\n`);
    const { code, stderr } = await run('blindmatchd', ['check', at('nobody.csv')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^blindmatchd: [^\n]* holds nobody; check that it is the file of the people on file\.\n$/,
    );
  });
});

describe('blindmatchd build', () => {
  it('gives an account of the people, the match keys and the set, and of who gives no key', async () => {
    const directory = at('account');
    await initialise(directory);
    const { stdout } = await succeed('blindmatchd', ['build', directory, '--source', at('people.csv')]);
    const [head, ...account] = stdout.trimEnd().split('\n');
    expect(head).toMatch(
      new RegExp(
        `^Epoch 1 is built: 5 people on file, ${KEYS} match keys, ${TOKENS} tokens of \\d+ bits, \\d+ bytes\\.$`,
      ),
    );
    expect(account).toEqual([
      ...TIERS.map((tier) => `        ${peopleIn(tier)}  ${tier.padEnd(16)}  ${keysIn(tier)} match keys`),
      '        1  street_missing    rejected',
      "1 people give no match key and can't be found; blindmatchd check says what to mend.",
    ]);
  });

  it('leaves out the match keys that belong to more than one person, and counts them', async () => {
    const directory = at('namesakes');
    await initialise(directory);
    const [header, father = ''] = PEOPLE_CSV.split('\n');
    const son = father.replace('1961-04-02', '1990-11-27');
    const keysOfFather = (tier: string): number =>
      PEOPLE_UNDERSTOOD[0]?.keys.filter((key) => key.tier === tier).length ?? 0;
    const withBirth = keysOfFather('name_address_dob');
    const without = keysOfFather('name_address');
    const built = async (...people: readonly string[]): Promise<unknown> => {
      writeFileSync(at('namesakes.csv'), [header, ...people, ''].join('\n'));
      const build = ['build', directory, '--source', at('namesakes.csv'), '--json'];
      return (await succeed('blindmatchd', build)).events.at(-1);
    };
    const alone = { ambiguous: 0, tokens: CANARIES + withBirth + without };
    expect(await built(father)).toMatchObject(alone);
    // One person on two rows is one person.
    expect(await built(father, father)).toMatchObject({ ...alone, match_keys: 2 * (withBirth + without) });
    // Their dates of birth tell these two apart, and nothing else.
    expect(await built(father, son)).toMatchObject({
      ambiguous: without,
      tokens: CANARIES + 2 * withBirth,
      match_keys: 2 * (withBirth + without),
    });
    const { stdout } = await succeed('blindmatchd', ['inspect', directory]);
    expect(stdout).toContain(
      `${String(without).padStart(9)}  match keys belong to more than one person and are left out\n`,
    );
  });

  it('makes only the keys of the tiers that the policy answers, and says so in the epoch', async () => {
    const directory = at('one-tier');
    await initialise(directory);
    setPolicy(directory, 'answered_tiers', '[name_address]');
    setPolicy(directory, 'minimum_order_age_days', '30');
    const build = ['build', directory, '--source', at('people.csv'), '--json'];
    const { events } = await succeed('blindmatchd', build);
    expect(events.at(-1)).toMatchObject({ event: 'built', match_keys: keysIn('name_address') });
    expect(events.filter(({ event }) => event === 'tier')).toMatchObject([
      { epoch: 1, tier: 'name_address_dob', people: 0, match_keys: 0 },
      { epoch: 1, tier: 'name_address', people: peopleIn('name_address') },
    ]);
    const { stdout, stderr } = await succeed('blindmatchd', ['inspect', directory]);
    expect(stderr).toMatch(/^blindmatchd: No policy is in force yet; [^\n]*\n$/);
    expect(stdout).toMatch(
      /^Epoch 1\n(.*\n)* {2}tiers {9}name_address\n {2}orders {8}at least 30 days old\n/m,
    );
  });

  it('gives a second epoch a key and a set of its own', async () => {
    const directory = copyOfHolder('two-epochs');
    const { events } = await succeed('blindmatchd', [
      'build',
      directory,
      '--source',
      at('people.csv'),
      '--json',
    ]);
    expect(events.at(-1)).toMatchObject({ event: 'built', epoch: 2, people: 5 });
    const keys = [1, 2].map((epoch) => readFileSync(join(directory, `epochs/${epoch}/oprf.key`), 'utf8'));
    expect(keys[0]).not.toBe(keys[1]);
    expect(mode(join(directory, 'epochs/2/oprf.key'))).toBe(0o600);
  });

  it('reads columns of other names', async () => {
    const directory = at('mapped');
    await initialise(directory);
    writeFileSync(at('mapped.csv'), PEOPLE_CSV.replace('surname', 'LAST NAME'));
    writeFileSync(at('mapped.yaml'), 'surname: LAST NAME\n');
    const options = ['--source', at('mapped.csv'), '--columns', at('mapped.yaml'), '--json'];
    const { events } = await succeed('blindmatchd', ['build', directory, ...options]);
    expect(events.at(-1)).toMatchObject({ event: 'built', match_keys: KEYS });
  });

  it('that was killed is finished by the next one, with the same set as an undisturbed build', async () => {
    const directory = at('killed');
    await initialise(directory);
    writeFileSync(at('more-people.csv'), manyPeople(150));
    // The same keys: whatever the kill does, both must come to the same file.
    cpSync(directory, at('undisturbed'), { recursive: true });
    const build = ['--source', at('more-people.csv'), '--workers', '1'];
    const work = join(directory, 'epochs/1/build');
    const begun = appears(work);
    const victim = new RunningProgram('blindmatchd', ['build', directory, ...build], SLOWLY);
    await begun;
    expect((await victim.stop('SIGKILL')).signal).toBe('SIGKILL');
    expect(existsSync(join(directory, 'epochs/1/epoch.dsse.json'))).toBe(false);

    const [again] = await Promise.all([
      succeed('blindmatchd', ['build', directory, ...build, '--json']),
      succeed('blindmatchd', ['build', at('undisturbed'), ...build]),
    ]);
    expect(again.events.at(-1)).toMatchObject({ event: 'built', epoch: 1, people: 150 });
    const set = 'epochs/1/token-set.bmts';
    expect(readFileSync(join(directory, set))).toEqual(readFileSync(join(at('undisturbed'), set)));
    expect(existsSync(work)).toBe(false);
  });
});

describe('blindmatchd build, beside another one', () => {
  it('is refused, and does not disturb it', async () => {
    const directory = at('busy');
    await initialise(directory);
    writeFileSync(at('people-of-busy.csv'), manyPeople(600));
    const begun = appears(join(directory, 'epochs/1/build'));
    const build = ['build', directory, '--source', at('people-of-busy.csv'), '--workers', '1'];
    const first = new RunningProgram('blindmatchd', build, SLOWLY);
    await begun;
    const { code, stderr } = await run('blindmatchd', build);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^blindmatchd: Another process is building a token set [^\n]*\n$/);
    expect((await first.ended).code).toBe(0);
  });
});

describe('blindmatchd allow', () => {
  const allow = async (directory: string, requester: string, key: string): Promise<Ended> =>
    await run('blindmatchd', [
      ...['allow', directory, '--requester', requester],
      ...['--official', key, '--max-records', '7'],
    ]);

  it('adds an official and keeps the comments of the policy', async () => {
    const directory = copyOfHolder('commented');
    const path = join(directory, 'holder.yaml');
    writeFileSync(path, `# Reviewed on 1 May.\n${readFileSync(path, 'utf8')}`, { mode: 0o600 });
    await succeed('blindmatch', ['keygen', at('second.pem')]);
    const { code } = await allow(directory, 'Requesting Agency', at('second.pub.pem'));
    expect(code).toBe(0);
    const text = readFileSync(path, 'utf8');
    expect(text).toMatch(/^# Reviewed on 1 May\.\n/);
    expect(text).toContain('# Who may ask.');
    expect(text.match(/^ +- public_key: MCow/gm)).toHaveLength(2);
    expect(mode(path)).toBe(0o600);
  });

  it('sets the cap of an official who is allowed already', async () => {
    const directory = copyOfHolder('recapped');
    await allow(directory, 'Requesting Agency', at('official.pub.pem'));
    const { events } = await succeed('blindmatchd', ['inspect', directory, '--json']);
    const allowed = events.filter(({ event }) => event === 'allowed');
    expect(allowed).toMatchObject([{ requester: 'Requesting Agency', max_records: 7 }]);
    expect(allowed[0]?.['officials']).toHaveLength(1);
  });

  it('refuses an official of another requester', async () => {
    const { code, stderr } = await allow(agencies.holder, 'Another Agency', at('official.pub.pem'));
    expect(code).toBe(1);
    expect(stderr).toContain('already is an official of "Requesting Agency"');
  });

  it('refuses a private key in place of the public one', async () => {
    const { code, stderr } = await allow(agencies.holder, 'Requesting Agency', at('official.pem'));
    expect(code).toBe(1);
    expect(stderr).toContain('holds a private key, which must stay with its owner; name the .pub.pem file.');
    expect(stderr).not.toContain('BEGIN');
  });
});

describe('blindmatchd inspect', () => {
  it('shows the holder, its epochs and who is allowed', async () => {
    const { stdout } = await succeed('blindmatchd', ['inspect', agencies.holder]);
    expect(stdout).toMatch(/^Tax Agency\n {2}fingerprint {3}sha256:[0-9a-f]{64}\n/);
    expect(stdout).toMatch(
      new RegExp(
        `^Epoch 1\\n(.*\\n)* {2}tokens {8}${TOKENS} of \\d+ bits, \\d+ bytes\\n {2}digest {8}sha256:`,
        'm',
      ),
    );
    expect(stdout).toMatch(
      /^ {2}people {8}5\n( {8}\d {2}name_address.*\n){2} {8}1 {2}street_missing +rejected\n/m,
    );
    expect(stdout).toContain(
      '\n  tiers         name_address_dob, name_address\n  orders        of any age\n',
    );
    expect(stdout).toMatch(/^Allowed: Requesting Agency\n {2}max records {3}100 in one request\n/m);
  });

  it('shows every cap of a requester', async () => {
    const directory = copyOfHolder('capped');
    const caps = [
      '100',
      'records_per_day: 50',
      'records_per_epoch: 70',
      'records_per_investigator: 9',
      'elements_per_record: 6',
      'statutes: [{statute: S, records_per_day: 3, records_per_epoch: 4}]',
    ];
    setPolicy(directory, 'statutes', '[S]');
    setPolicy(directory, 'records_per_request', caps.join('\n      '));
    const { stdout } = await succeed('blindmatchd', ['inspect', directory]);
    expect(stdout).toContain(
      `Allowed: Requesting Agency
  max records   100 in one request
                50 a day
                70 in one epoch
                9 for one investigator in one epoch
                3 a day under S
                4 in one epoch under S
  match keys    6 a record on average
`,
    );
    const { events } = await succeed('blindmatchd', ['inspect', directory, '--json']);
    expect(events.find(({ event }) => event === 'allowed')).toMatchObject({
      ...{ max_records: 100, records_per_day: 50, records_per_epoch: 70 },
      ...{ records_per_investigator: 9, elements_per_record: 6 },
    });
    expect(events.find(({ event }) => event === 'allowed_statute')).toMatchObject({
      ...{ requester: 'Requesting Agency', statute: 'S', records_per_day: 3, records_per_epoch: 4 },
    });
  });

  it('says what is not there yet', async () => {
    const { stdout } = await succeed('blindmatchd', ['inspect', unbuilt]);
    expect(stdout).toContain('Epoch 1\n  not built yet\n');
    expect(stdout).toContain('Nobody is allowed to ask yet');
  });

  it('gives the same as events with --json', async () => {
    const { events } = await succeed('blindmatchd', ['inspect', agencies.holder, '--json']);
    expect(events).toMatchObject([
      {
        ...{ event: 'holder', name: 'Tax Agency', fingerprint: agencies.fingerprint },
        ...{ answered_tiers: TIERS, minimum_order_age_days: 0 },
      },
      ...TIERS.map((tier) => ({
        event: 'tier',
        epoch: 1,
        tier,
        people: peopleIn(tier),
        match_keys: keysIn(tier),
      })),
      { event: 'rejected', epoch: 1, code: 'street_missing', people: 1 },
      {
        ...{ event: 'epoch', epoch: 1, built: true, profile: DEFAULT_PROFILE.id, tiers: TIERS },
        ...{ minimum_order_age_days: 0, people: 5, rejected: 1, ambiguous: 0, tokens: TOKENS },
      },
      { event: 'allowed', requester: 'Requesting Agency', max_records: 100 },
      { event: 'notice', code: 'policy_not_in_force' },
    ]);
  });

  it('says when the policy was changed since the newest epoch was built', async () => {
    const directory = copyOfHolder('changed-policy');
    setPolicy(directory, 'answered_tiers', '[name_address_dob]');
    const { stdout, stderr } = await succeed('blindmatchd', ['inspect', directory]);
    expect(stderr).toMatch(
      /^blindmatchd: The policy was changed since epoch 1 was built; [^\n]* the next build\.\nblindmatchd: No policy is in force yet; [^\n]*\n$/,
    );
    expect(stdout).toMatch(/^Epoch 1\n(.*\n)* {2}tiers {9}name_address_dob, name_address\n/m);
  });

  it('shows an epoch whose counts are gone without them', async () => {
    const directory = copyOfHolder('no-counts');
    rmSync(join(directory, 'epochs/1/build.json'));
    const { stdout } = await succeed('blindmatchd', ['inspect', directory]);
    expect(stdout).toContain(` ${TOKENS} of `);
    expect(stdout).not.toContain('  people ');
  });

  it('refuses a policy with a key that it does not know, and names it', async () => {
    const directory = copyOfHolder('odd-policy');
    const path = join(directory, 'holder.yaml');
    writeFileSync(path, `quota: 5\n${readFileSync(path, 'utf8')}`);
    const { code, stderr } = await run('blindmatchd', ['inspect', directory]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/holder\.yaml can't be used: .*quota.*; correct the file and try again\.\n$/);
  });
});

describe('blindmatchd serve', () => {
  const serve = async (directory: string, listen = '127.0.0.1:0'): Promise<Ended> =>
    await run('blindmatchd', ['serve', directory, '--listen', listen, '--workers', '1']);

  it('refuses a port that is in use, and writes nothing to the log', async () => {
    const directory = copyOfHolder('port-in-use');
    const other = createServer();
    await new Promise<void>((resolve) => {
      other.listen(0, '127.0.0.1', () => {
        resolve();
      });
    });
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await serve(directory, `127.0.0.1:${port}`);
    other.close();
    expect((await run('blindmatchd', ['log', 'verify', directory])).stdout).toContain('consistent: 0 leaves');
    expect(code).toBe(3);
    expect(stderr).toBe(
      `blindmatchd: Another program listens on 127.0.0.1:${port} already; stop it or choose another port with --listen.\n`,
    );
  });

  it.each([
    ['without a certificate an address that others can reach', '0.0.0.0:0', 'so a certificate is needed;'],
    ['what is no address', 'here', 'is not an address to listen on; write HOST:PORT'],
    ['a port that there is not', '127.0.0.1:65536', 'is not an address to listen on;'],
  ])('refuses %s', async (_, listen, sentence) => {
    const { code, stderr } = await serve(agencies.holder, listen);
    expect(stderr).toContain(sentence);
    expect(code).toBe(2);
  });

  it('warns in its log of a policy that takes effect only with the next build', async () => {
    const directory = copyOfHolder('narrowed');
    setPolicy(directory, 'answered_tiers', '[name_address_dob]');
    const daemon = await startDaemon(directory);
    const { stderr } = await daemon.program.stop('SIGTERM');
    expect(stderr.match(/policy needs a build/g)).toHaveLength(1);
    const unchanged = await startDaemon(agencies.holder);
    expect((await unchanged.program.stop('SIGTERM')).stderr).not.toContain('needs a build');
  });

  it('refuses a holder without a token set', async () => {
    const { code, stderr } = await serve(unbuilt);
    expect(code).toBe(1);
    expect(stderr).toContain('has no token set yet; make one with: blindmatchd build');
  });

  it.each(['identity.pem', 'epochs/1/oprf.key'])(
    'refuses a secret that the group can read: %s',
    async (name) => {
      const directory = copyOfHolder(`open-${name.replaceAll('/', '-')}`);
      chmodSync(join(directory, name), 0o640);
      const { code, stderr } = await serve(directory);
      expect(code).toBe(1);
      expect(stderr).toMatch(new RegExp(`so it is no secret; run: chmod 600 ${join(directory, name)}\n$`));
    },
  );

  const set = 'epochs/1/token-set.bmts';
  const descriptor = 'epochs/1/epoch.dsse.json';

  it.each<[string, string, (path: string) => void, string]>([
    [
      'a token set that is gone',
      set,
      (path) => {
        rmSync(path);
      },
      'its token set is missing or is not the one that it names',
    ],
    [
      'a token set that was cut',
      set,
      (path) => {
        truncateSync(path, 300);
      },
      'its token set is missing or is not the one that it names',
    ],
    [
      'a token set that has grown',
      set,
      (path) => {
        writeFileSync(path, 'x', { flag: 'a' });
      },
      'its token set is missing or is not the one that it names',
    ],
    [
      'a token set with a changed header',
      set,
      (path) => {
        flip(path, 20);
      },
      'its token set is missing or is not the one that it names',
    ],
    [
      'a descriptor with a changed byte',
      descriptor,
      (path) => {
        flip(path, 60);
      },
      'its descriptor is not one that this holder signed',
    ],
    [
      'a descriptor that is empty',
      descriptor,
      (path) => {
        truncateSync(path, 0);
      },
      'its descriptor is not one that this holder signed',
    ],
    [
      'a key that is not one',
      'epochs/1/oprf.key',
      (path) => {
        truncateSync(path, 10);
      },
      'is not an OPRF key;',
    ],
  ])('refuses %s, and names it', async (name, damaged, damage, sentence) => {
    const directory = copyOfHolder(name.replaceAll(' ', '-'));
    damage(join(directory, damaged));
    const { code, stderr } = await serve(directory);
    expect(stderr).toContain(sentence);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(code).toBe(1);
  });

  it('serves a token set with a damaged block to no effect: the requester finds it and writes no result', async () => {
    const directory = copyOfHolder('damaged-block');
    flip(join(directory, set), statSync(join(directory, set)).size - 5);
    const daemon = await startDaemon(directory);
    const options = [
      ...authority(agencies, daemon.url),
      '--key',
      agencies.key,
      '--cache',
      at('damaged-cache'),
    ];
    const out = ['--out', at('damaged.csv')];
    const { code, stderr } = await run('blindmatch', ['match', agencies.requests, ...options, ...out]);
    expect(code).toBe(1);
    const told = stderr.replace(FIRST_SEEN, '').replace(NO_EVIDENCE, '');
    expect(told).toMatch(/^blindmatch: [^\n]*token set[^\n]*\n$/);
    expect(existsSync(at('damaged.csv'))).toBe(false);
    await daemon.program.stop('SIGTERM');
  });

  it('refuses the key of another epoch', async () => {
    const directory = copyOfHolder('swapped');
    cpSync(join(unbuilt, 'epochs/1/oprf.key'), join(directory, 'epochs/1/oprf.key'));
    const { code, stderr } = await serve(directory);
    expect(code).toBe(1);
    expect(stderr).toContain('its key is not the one that its descriptor names; restore it from a backup');
  });

  it('refuses a ledger that is not one', async () => {
    const directory = copyOfHolder('no-ledger');
    writeFileSync(join(directory, 'ledger.sqlite'), 'not a database, whatever its name says\n');
    const { code, stderr } = await serve(directory);
    expect(code).toBe(1);
    expect(stderr).toContain("ledger.sqlite can't be used; check that it is this holder's own file");
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends with 0 on %s and says so', async (signal) => {
    const daemon = await startDaemon(agencies.holder);
    const { code, events } = await daemon.program.stop(signal);
    expect(code).toBe(0);
    expect(events.map(({ event }) => event)).toEqual(['listening', 'stopped']);
    expect(events.at(-1)).toEqual({ event: 'stopped', signal });
  });

  it('serves the newest epoch, and a request for an older one is told to be prepared again', async () => {
    const directory = copyOfHolder('renewed');
    const older = await startDaemon(directory);
    const here = { ...agencies, holder: directory };
    // Copies of one holder go on with logs of their own, so what is remembered of one is no good for another.
    const own = { env: { XDG_STATE_HOME: at('state-of-renewed') } };
    const prepared = ['-o', at('for-epoch-1')];
    await succeed(
      'blindmatch',
      ['prepare', agencies.requests, ...authority(here, older.url), ...prepared],
      own,
    );
    await succeed('blindmatch', ['sign', at('for-epoch-1'), '--key', agencies.key, '--yes']);
    await older.program.stop('SIGTERM');
    await succeed('blindmatchd', ['build', directory, '--source', at('people.csv'), '--workers', '1']);
    const newer = await startDaemon(directory);

    const to = ['--server', newer.url, '--cache', at('cache'), '--out', at('old.csv')];
    const { code, stderr } = await run('blindmatch', ['submit', at('for-epoch-1'), ...to], own);
    expect(code).toBe(1);
    expect(stderr).toMatch(/The holder now serves the epoch .*; prepare it again\.\n$/);
    const fresh = [...authority(here, newer.url), '--key', agencies.key, '--cache', at('cache')];
    await succeed('blindmatch', ['match', agencies.requests, ...fresh, '--out', at('new.csv')], own);
    expect(readFileSync(at('new.csv'), 'utf8')).toBe(RESULTS_CSV);
  });
});

/** People, each with two match keys. */
function manyPeople(count: number): string {
  const rows = Array.from(
    { length: count },
    (_, i) => `Ada,,${spelt(i)},,${i + 1} Linden Street,,Springfield,IL,62701`,
  );
  return `${PEOPLE_HEADER}\n${rows.join('\n')}\n`;
}

/** A surname of letters for a number. */
function spelt(number: number): string {
  return `Moss${String(number).replace(/\d/g, (digit) => 'abcdefghij'.charAt(Number(digit)))}`;
}

/** Resolves when there is something of that name. */
async function appears(path: string): Promise<void> {
  await new Promise<void>((resolve) => {
    const watcher = watch(dirname(path), (_, name) => {
      if (name !== basename(path)) return;
      watcher.close();
      resolve();
    });
  });
}

function flip(path: string, position: number): void {
  const bytes = readFileSync(path);
  bytes[position]! ^= 1;
  writeFileSync(path, bytes);
}
