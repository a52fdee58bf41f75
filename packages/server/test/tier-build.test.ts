import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Oprf } from '@blindmatch/oprf';
import {
  openEpochDescriptor,
  fingerprint,
  generateSigningKey,
  type EpochDescriptor,
  type MatchTier,
  MATCH_TIERS,
} from '@blindmatch/protocol';
import { TIERS } from '@blindmatch/records';
import { readPublicKey, type Reporter } from '@blindmatch/terminal';
import { beforeEach, describe, expect, it } from 'vitest';
import { readAccount } from '../src/build-account.ts';
import { init } from '../src/commands/init.ts';
import { openHolderDirectory, type HolderDirectory } from '../src/holder-directory.ts';
import { readOprfKey } from '../src/oprf-key-file.ts';
import { Owners } from '../src/owners.ts';
import { buildEpoch, type BuildAccount } from '../src/set-build.ts';
import { identifySource } from '../src/source-file.ts';
import { policyOf, RECIPIENTS, spki, type Entries } from './policy-text.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { HashingOprf, tierProfile } from './tier-profile.ts';

const CANARIES = 64;
const BOTH: readonly MatchTier[] = ['name_address_dob', 'name_address'];
const NOON = Date.parse('2026-11-22T12:00:00Z');
const DAY = 86_400_000;

const home = temporaryDirectory();
let cases = 0;
let path: string;
let oprf: HashingOprf;

beforeEach(() => {
  path = join(home, `holder ${++cases}`);
  init(path, { name: 'Tax Agency' }, { event: () => undefined } as unknown as Reporter);
  oprf = new HashingOprf();
});

/** A file of people: each a given name, a surname and a date of birth. */
function peopleFile(people: readonly (readonly [string, string, string])[]): string {
  const rows = people.map(
    ([given, surname, born]) => `${given},${surname},${born},12 Main Street,Springfield,IL,62701`,
  );
  const file = join(home, `people ${++cases}.csv`);
  writeFileSync(
    file,
    ['given_name,surname,date_of_birth,street,city,state,postcode', ...rows, ''].join('\n'),
  );
  return file;
}

interface Changes {
  readonly tiers?: readonly MatchTier[];
  readonly from?: number;
  readonly directory?: HolderDirectory;
  readonly minimumOrderAgeDays?: number;
  /** Members of the policy. */
  readonly entries?: Entries;
}

async function build(source: string, changes: Changes = {}): Promise<BuildAccount> {
  const { tiers = BOTH, from = NOON, minimumOrderAgeDays = 0 } = changes;
  let time = from;
  return await buildEpoch({
    directory: changes.directory ?? openHolderDirectory(path),
    policy: policyOf({
      answered_tiers: tiers,
      minimum_order_age_days: minimumOrderAgeDays,
      ...changes.entries,
    }),
    profile: tierProfile,
    source: await identifySource(source),
    oprf: oprf as unknown as Oprf,
    // Time for a checkpoint whenever it is asked.
    now: () => new Date((time += 3000)),
  });
}

const setOf = (holder: string): Buffer => readFileSync(join(holder, 'epochs/1/token-set.bmts'));

function descriptorOf(holder: string): EpochDescriptor {
  const directory = openHolderDirectory(holder);
  const envelope = readFileSync(directory.epochFiles(1).descriptor);
  const id = fingerprint(readPublicKey(directory.publicIdentity));
  return openEpochDescriptor(envelope, { holder: id }).descriptor;
}

const FATHER = ['John', 'Example', '1950-01-02'] as const;
const SON = ['John', 'Example', '1980-03-04'] as const;
const ADA = ['Ada', 'Other', '1961-05-06'] as const;
const BORN_TOMORROW = ['New', 'Born', '2026-11-23'] as const;

describe('the tiers', () => {
  it('of the protocol are those of the match keys, in their order', () => {
    expect(MATCH_TIERS).toEqual(TIERS);
  });
});

describe('the readers of a build', () => {
  const key = (): string => spki(generateSigningKey().publicKey);
  const [certifier, auditor] = RECIPIENTS;

  it('are certifiers with a recipient and auditors, and nobody where there are none', async () => {
    const entries = {
      certifiers: [
        { name: 'Registry', public_key: key(), recipient: certifier },
        { name: 'Another', public_key: key() },
      ],
      auditors: [{ name: 'Auditor', recipient: auditor }],
    };
    await build(peopleFile([ADA]), { entries });
    expect(descriptorOf(path)).toMatchObject({
      evidenceReaders: [
        { role: 'certifier', name: 'Registry', recipient: certifier },
        { role: 'auditor', name: 'Auditor', recipient: auditor },
      ],
      inspector: null,
    });
  });

  it('are no certifiers who were revoked', async () => {
    const revoked = { name: 'Registry', public_key: key(), recipient: certifier, revoked: '2026-01-01' };
    await build(peopleFile([ADA]), { entries: { certifiers: [revoked] } });
    expect(descriptorOf(path)).toMatchObject({ evidenceReaders: [], inspector: null });
  });

  it.each([
    ['none', null],
    ['optional', { name: 'Inspector', recipient: certifier }],
    ['required', { name: 'Inspector', recipient: certifier }],
  ])('have an inspector beside them where accounting is taken: %s', async (accounting, named) => {
    const inspector = { name: 'Inspector', recipient: certifier };
    await build(peopleFile([ADA]), { entries: { accounting, inspector } });
    expect(descriptorOf(path).inspector).toEqual(named);
  });
});

describe('the tiers of a build', () => {
  it('are in the descriptor, with the least age of an order and the most keys of a request', async () => {
    await build(peopleFile([ADA]), { tiers: ['name_address'], minimumOrderAgeDays: 30 });
    expect(descriptorOf(path)).toMatchObject({
      tiers: ['name_address'],
      minimumOrderAgeDays: 30,
      profile: { id: 'made-up/1', maxKeys: 1 },
    });
  });

  it.each<[readonly MatchTier[], string[]]>([
    [['name_address_dob'], ['Ada Other 1961-05-06']],
    [['name_address'], ['Ada Other']],
    [BOTH, ['Ada Other 1961-05-06', 'Ada Other']],
  ])('%j are the only ones whose keys are made', async (tiers, keys) => {
    const { tokenSet } = await build(peopleFile([ADA]), { tiers });
    expect(oprf.keys).toEqual(keys);
    expect(tokenSet.tokens).toBe(CANARIES + keys.length);
  });

  it('that changed since an interrupted build make the work begin again', async () => {
    const source = peopleFile(many(1500));
    oprf.failsAt = 6;
    await expect(build(source)).rejects.toThrow('the power is gone');
    oprf = new HashingOprf();
    expect(await build(source, { tiers: ['name_address'] })).toMatchObject({ resumedRows: 0 });
    expect(oprf.keys).toHaveLength(1500);
  });
});

describe('a match key that two people have', () => {
  it('is left out and counted; what tells them apart stays', async () => {
    const { tokenSet, ambiguous } = await build(peopleFile([FATHER, ADA, SON]));
    expect(ambiguous).toBe(1);
    expect(tokenSet.tokens).toBe(CANARIES + 4);
  });

  it('is not what one person on two rows has', async () => {
    const { tokenSet, ambiguous } = await build(peopleFile([FATHER, ADA, FATHER]));
    expect({ ambiguous, duplicates: tokenSet.duplicates }).toEqual({ ambiguous: 0, duplicates: 2 });
    expect(tokenSet.tokens).toBe(CANARIES + 4);
  });

  it('gives the same set in whatever order the rows stand', async () => {
    const sets: Buffer[] = [];
    for (const people of [
      [FATHER, ADA, SON, FATHER],
      [SON, FATHER, FATHER, ADA],
    ]) {
      const copy = join(home, `copy ${++cases}`);
      cpSync(path, copy, { recursive: true });
      await build(peopleFile(people), { directory: openHolderDirectory(copy) });
      sets.push(setOf(copy));
    }
    expect(sets[0]?.equals(sets[1]!)).toBe(true);
  });

  it('and nothing else in the file publishes no epoch, and the sentence says why', async () => {
    const source = peopleFile([FATHER, SON]);
    await expect(build(source, { tiers: ['name_address'] })).rejects.toMatchObject({
      code: 'nobody_on_file',
      message: expect.stringContaining('belongs to more than one person') as string,
    });
    expect(openHolderDirectory(path).newestBuilt()).toBeUndefined();
    expect(await build(source)).toMatchObject({ epoch: 1, ambiguous: 1 });
  });

  it('is known by owners that say nothing about anybody without the key', async () => {
    oprf.failsAt = 6;
    const people = many(1500);
    await expect(build(peopleFile(people))).rejects.toThrow('the power is gone');
    const files = openHolderDirectory(path).epochFiles(1);
    const runs = readdirSync(files.build).filter((name) => name.startsWith('run-'));
    const bytes = Buffer.concat(runs.map((name) => readFileSync(join(files.build, name))));
    const [given, surname, born] = people[0]!;
    const identity = `${given} ${surname} ${born}`;
    // That the rig sees owners at all: the keyed one is there.
    expect(bytes.includes(Buffer.from(new Owners(readOprfKey(files.key)).ofPerson(identity)))).toBe(true);
    expect(bytes.includes(identity)).toBe(false);
    for (const hash of ['md5', 'sha1', 'sha256', 'sha512']) {
      for (const text of [identity, `person ${identity}`]) {
        const digest = createHash(hash).update(text).digest();
        // Without its first byte, of which an owner has a bit less.
        expect(bytes.includes(digest.subarray(1, 8))).toBe(false);
      }
    }
  });
});

describe('the day by which a build judges dates', () => {
  /** Everybody else is born tomorrow. */
  const source = (): string => peopleFile(many(1500).flatMap((person, i) => [person, bornTomorrow(i)]));

  it('is the one on which it began, however late it goes on', async () => {
    const undisturbed = join(home, `undisturbed ${cases}`);
    cpSync(path, undisturbed, { recursive: true });
    const people = source();
    oprf.failsAt = 6;
    await expect(build(people)).rejects.toThrow('the power is gone');
    oprf = new HashingOprf();
    const resumed = await build(people, { from: NOON + 2 * DAY });
    expect(resumed.resumedRows).toBeGreaterThan(0);
    expect(resumed.rejected).toEqual([{ code: 'street_missing', people: 1500 }]);
    const whole = await build(people, { directory: openHolderDirectory(undisturbed) });
    expect(whole.resumedRows).toBe(0);
    expect(setOf(path).equals(setOf(undisturbed))).toBe(true);
  });

  it('is a new one for another file', async () => {
    oprf.failsAt = 1;
    await expect(build(peopleFile([ADA, BORN_TOMORROW]))).rejects.toThrow('the power is gone');
    oprf = new HashingOprf();
    const { rejected } = await build(peopleFile([BORN_TOMORROW, ADA]), { from: NOON + DAY });
    expect(rejected).toEqual([]);
  });

  it.each(['', '{}', '{"inputs":1}', 'null'])(
    'is a new one where what was kept is damaged: %j',
    async (text) => {
      const people = peopleFile([ADA, BORN_TOMORROW]);
      oprf.failsAt = 1;
      await expect(build(people)).rejects.toThrow('the power is gone');
      writeFileSync(join(openHolderDirectory(path).epochFiles(1).build, 'day.json'), text);
      oprf = new HashingOprf();
      expect(await build(people, { from: NOON + DAY })).toMatchObject({ rejected: [], resumedRows: 0 });
    },
  );
});

describe('the account of a build', () => {
  it('counts people, match keys by tier, rejections by reason and what was left out', async () => {
    const nameless = ['Nora', 'Nodate', ''] as const;
    const account = await build(peopleFile([FATHER, SON, ADA, nameless, BORN_TOMORROW]));
    expect(account).toMatchObject({
      people: 5,
      tiers: [
        { tier: 'name_address_dob', people: 3, match_keys: 3 },
        { tier: 'name_address', people: 4, match_keys: 4 },
      ],
      rejected: [{ code: 'street_missing', people: 1 }],
      ambiguous: 1,
    });
  });

  it('is kept for its owner alone, and counts the rows of an earlier build too', async () => {
    const people = peopleFile(many(1500));
    oprf.failsAt = 6;
    await expect(build(people)).rejects.toThrow('the power is gone');
    oprf = new HashingOprf();
    const { resumedRows } = await build(people);
    expect(resumedRows).toBeGreaterThan(0);
    const { account } = openHolderDirectory(path).epochFiles(1);
    expect(statSync(account).mode & 0o777).toBe(0o600);
    expect(readAccount(account)).toMatchObject({ people: 1500, ambiguous: 0 });
  });

  it('that is missing or damaged is not there', async () => {
    await build(peopleFile([ADA]));
    const { account } = openHolderDirectory(path).epochFiles(1);
    const text = readFileSync(account, 'utf8');
    for (const damaged of [
      '',
      '[]',
      text.replace('"people":1', '"people":-1'),
      text.replace('people', 'folk'),
    ]) {
      writeFileSync(account, damaged);
      expect(readAccount(account)).toBeUndefined();
    }
    expect(existsSync(join(home, 'nowhere'))).toBe(false);
    expect(readAccount(join(home, 'nowhere'))).toBeUndefined();
  });
});

/** People of whom no two share a key, so many that they take several batches. */
function many(count: number): [string, string, string][] {
  return Array.from({ length: count }, (_, i) => ['Ada', `Number${i}`, '1970-01-01']);
}

function bornTomorrow(number: number): [string, string, string] {
  return ['New', `Born${number}`, BORN_TOMORROW[2]];
}
