import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultEngine, generateKey } from '@blindmatch/oprf';
import { fingerprint, generateSigningKey, presentCanary, type EpochDescriptor } from '@blindmatch/protocol';
import { REJECTION_REASONS, REQUEST_COLUMNS } from '@blindmatch/records';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FIRST_SEEN } from '../commands/agencies.ts';
import type { Ended } from '../running-program.ts';
import { buildFakeEpoch, serveFakeEpoch, type FakeHolder } from './fake-holder.ts';
import { run, writeCsv } from './programs.ts';
import { personOnFile } from './small-holder.ts';

const home = mkdtempSync(join(tmpdir(), 'tiers-'));
const requests = join(home, 'requests.csv');
const HEADER = 'line,record_id,code,reason\n';
let strict: ServedHolder;
let cases = 0;

interface ServedHolder extends FakeHolder {
  readonly fingerprint: string;
}

/** A holder of its own whose epoch answers as `changes` say. */
async function holderThat(changes: Partial<EpochDescriptor>): Promise<ServedHolder> {
  const identity = generateSigningKey().privateKey;
  const directory = join(home, `epoch-${++cases}`);
  mkdirSync(directory);
  const key = generateKey(defaultEngine());
  const epoch = await buildFakeEpoch(directory, identity, key, [presentCanary(0)], changes);
  return { ...(await serveFakeEpoch(epoch)), fingerprint: fingerprint(identity) };
}

/** Prepares the records, into a directory of that name, for a holder. */
async function prepare(
  source: string,
  holder: ServedHolder,
  name: string,
  more: string[] = [],
): Promise<Ended> {
  const law = ['--statute', '8 U.S.C. 1253(a)(1)', '--reason', 'Final orders of June'];
  const pinned = ['--server', holder.url.href, '--holder', holder.fingerprint, '--workers', '1'];
  return await run(
    'blindmatch',
    ['prepare', source, ...pinned, ...law, '-o', join(home, name), ...more],
    home,
  );
}

beforeAll(async () => {
  const order = { order_number: 'A1', order_date: '2024-01-02' };
  writeCsv(requests, REQUEST_COLUMNS, [
    { record_id: 'no-birth', ...personOnFile, ...order },
    { record_id: 'no-surname', ...personOnFile, ...order, surname: '' },
    { record_id: 'no-birth-either', ...personOnFile, ...order, given_name: 'Bea' },
  ]);
  strict = await holderThat({ tiers: ['name_address_dob'], minimumOrderAgeDays: 90 });
});

afterAll(async () => {
  await strict.close();
  rmSync(home, { recursive: true, force: true });
});

describe('a holder that answers only requests with a date of birth', () => {
  it('is asked for nothing where no record has one, and the requester is told what to do', async () => {
    const { code, stdout, stderr } = await prepare(requests, strict, 'none');
    expect(code).toBe(1);
    expect(stderr.replace(FIRST_SEEN, '')).toBe(
      'blindmatch: None of the records (3) can be submitted. ' +
        `Most often (2): ${REJECTION_REASONS.tier_not_answered} ` +
        `See each with: blindmatch check ${requests} --profile ${profileOf(stderr)} ` +
        '--tiers name_address_dob --minimum-order-age-days 90\n',
    );
    expect(stdout).toMatch(/^ +2 {2}tier_not_answered /m);
    expect(existsSync(join(home, 'none'))).toBe(false);
  });

  it('gives the same rejections to the check that prepare suggests', async () => {
    const { stderr } = await prepare(requests, strict, 'none');
    const [, suggestion = ''] = stderr.trimEnd().split('See each with: blindmatch ');
    const { events } = await run('blindmatch', [...suggestion.split(' '), '--json'], home);
    expect(events.filter(({ event }) => event === 'total')).toEqual([
      totalOf('tier_not_answered', 2),
      totalOf('surname_missing', 1),
    ]);
  });

  it('leaves the rejections where they were asked for, and nothing else', async () => {
    const path = join(home, 'to-mend.csv');
    const before = readdirSync(home);
    const { code, stderr } = await prepare(requests, strict, 'none', ['--rejections', path]);
    expect(code).toBe(1);
    expect(stderr).toContain(`Each is in ${path}.`);
    expect(readFileSync(path, 'utf8')).toBe(
      HEADER +
        `2,no-birth,tier_not_answered,"${REJECTION_REASONS.tier_not_answered}"\n` +
        `3,no-surname,surname_missing,${REJECTION_REASONS.surname_missing}\n` +
        `4,no-birth-either,tier_not_answered,"${REJECTION_REASONS.tier_not_answered}"\n`,
    );
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(home).filter((name) => !before.includes(name))).toEqual(['to-mend.csv']);
  });
});

describe('a holder that answers both tiers', () => {
  let lenient: ServedHolder;

  beforeAll(async () => {
    lenient = await holderThat({});
  });
  afterAll(async () => {
    await lenient.close();
  });

  it('is asked in the tier of each record, and the counts say so', async () => {
    const { code, events } = await prepare(requests, lenient, 'both', ['--json']);
    expect(code).toBe(0);
    expect(events.filter(({ event }) => event === 'tier')).toMatchObject([
      { tier: 'name_address_dob', records: 0, keys: 0 },
      { tier: 'name_address', records: 2 },
    ]);
    expect(events.filter(({ event }) => event === 'total')).toEqual([totalOf('surname_missing', 1)]);
    expect(events.at(-1)).toMatchObject({ event: 'prepared', lines: 3, records: 2 });
  });

  it('keeps the tier of each record for its results', () => {
    const lines = readFileSync(join(home, 'both/private/records.ndjson'), 'utf8').trimEnd().split('\n');
    const records = lines.slice(0, -1).map((line) => JSON.parse(line) as { tier?: string });
    expect(records.map(({ tier }) => tier)).toEqual(['name_address', undefined, 'name_address']);
  });

  it.each([
    ['a file of something else', 'requests-copy.csv', 'exists and holds no earlier rejections'],
    ['what the command reads', 'requests.csv', 'is read by this command'],
    ['a place that is not there', 'nowhere/to-mend.csv', 'does not exist; check the path'],
    ['a directory', '.', 'is a directory; name a file for the rejections'],
    ['a file in the request', 'faulty/to-mend.csv', 'which is for the request alone'],
  ])('is not even connected to where the rejections would go to %s', async (_, name, told) => {
    writeCsv(join(home, 'requests-copy.csv'), REQUEST_COLUMNS, []);
    const gone = { ...lenient, url: new URL('ws://127.0.0.1:9') };
    const { code, stderr } = await prepare(requests, gone, 'faulty', ['--rejections', join(home, name)]);
    expect(code).toBe(1);
    expect(stderr).toContain(told);
    expect(existsSync(join(home, 'faulty'))).toBe(false);
    expect(readdirSync(home).filter((left) => left.endsWith('.new'))).toEqual([]);
  });
});

/** The profile that a suggested command names. */
function profileOf(text: string): string {
  return /--profile (\S+)/.exec(text)?.[1] ?? '';
}

function totalOf(code: keyof typeof REJECTION_REASONS, records: number): object {
  return { event: 'total', code, records, reason: REJECTION_REASONS[code] };
}
