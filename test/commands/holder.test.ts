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
import { authority, initialise, makeAgencies, PEOPLE_CSV, PEOPLE_HEADER, RESULTS_CSV } from './agencies.ts';
import type { Agencies } from './agencies.ts';
import { cleanUp, run, RunningProgram, startDaemon, succeed } from '../running-program.ts';
import type { Ended, RunOptions } from '../running-program.ts';

/** The engine with which a build of some hundred people takes long enough for what happens meanwhile. */
const SLOWLY: RunOptions = { env: { BLINDMATCH_ENGINE: 'noble' } };

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

describe('blindmatchd build', () => {
  it('gives an account of the people, the match keys and the set, and of who gives no key', async () => {
    const directory = at('account');
    await initialise(directory);
    const { stdout } = await succeed('blindmatchd', ['build', directory, '--source', at('people.csv')]);
    expect(stdout).toMatch(
      /^Epoch 1 is built: 5 people on file, 8 match keys, 72 tokens of \d+ bits, \d+ bytes\.\n/,
    );
    expect(stdout).toContain("1 people give no match key and can't be found:\n  1 street_missing\n");
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
    expect(events.at(-1)).toMatchObject({ event: 'built', match_keys: 8 });
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
      /^Epoch 1\n(.*\n)* {2}tokens {8}72 of \d+ bits, \d+ bytes\n {2}digest {8}sha256:/m,
    );
    expect(stdout).toMatch(/^Allowed: Requesting Agency\n {2}max records {3}100 in one request\n/m);
  });

  it('says what is not there yet', async () => {
    const { stdout } = await succeed('blindmatchd', ['inspect', unbuilt]);
    expect(stdout).toContain('Epoch 1\n  not built yet\n');
    expect(stdout).toContain('Nobody is allowed to ask yet');
  });

  it('gives the same as events with --json', async () => {
    const { events } = await succeed('blindmatchd', ['inspect', agencies.holder, '--json']);
    expect(events).toMatchObject([
      { event: 'holder', name: 'Tax Agency', fingerprint: agencies.fingerprint },
      { event: 'epoch', epoch: 1, built: true, profile: 'us-name-address/1', tokens: 72 },
      { event: 'allowed', requester: 'Requesting Agency', max_records: 100 },
    ]);
  });

  it('refuses a policy with a key that it does not know, and names it', async () => {
    const directory = copyOfHolder('odd-policy');
    writeFileSync(join(directory, 'holder.yaml'), 'name: A\nmax_elements: 10\nrequesters: []\nquota: 5\n');
    const { code, stderr } = await run('blindmatchd', ['inspect', directory]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/holder\.yaml can't be used: .*quota.*; correct the file and try again\.\n$/);
  });
});

describe('blindmatchd serve', () => {
  const serve = async (directory: string, listen = '127.0.0.1:0'): Promise<Ended> =>
    await run('blindmatchd', ['serve', directory, '--listen', listen, '--workers', '1']);

  it('refuses a port that is in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => {
      other.listen(0, '127.0.0.1', () => {
        resolve();
      });
    });
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await serve(agencies.holder, `127.0.0.1:${port}`);
    other.close();
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
    expect(stderr).toMatch(/^blindmatch: [^\n]*token set[^\n]*\n$/);
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
    expect(stderr).toContain("ledger.sqlite can't be opened; check that it is this holder's own file");
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
    const prepared = ['-o', at('for-epoch-1')];
    await succeed('blindmatch', ['prepare', agencies.requests, ...authority(here, older.url), ...prepared]);
    await succeed('blindmatch', ['sign', at('for-epoch-1'), '--key', agencies.key]);
    await older.program.stop('SIGTERM');
    await succeed('blindmatchd', ['build', directory, '--source', at('people.csv'), '--workers', '1']);
    const newer = await startDaemon(directory);

    const to = ['--server', newer.url, '--cache', at('cache'), '--out', at('old.csv')];
    const { code, stderr } = await run('blindmatch', ['submit', at('for-epoch-1'), ...to]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/The holder now serves the epoch .*; prepare it again\.\n$/);
    const fresh = [...authority(here, newer.url), '--key', agencies.key, '--cache', at('cache')];
    await succeed('blindmatch', ['match', agencies.requests, ...fresh, '--out', at('new.csv')]);
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
