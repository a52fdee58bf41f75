import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import {
  calendarDateOf,
  DEFAULT_PROFILE,
  readPeople,
  readRequests,
  TIERS,
  understandPerson,
  understandRequest,
  type RequestRules,
} from '@blindmatch/records';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDaemon, succeed } from './programs.ts';
import { makeHolder } from './small-holder.ts';

// The development data lies beside the repository; it is for measuring and is no part of it.
const DATA = fileURLToPath(new URL('../../../shared/data/us-people', import.meta.url));
const PEOPLE = join(DATA, 'holder.csv');
const REQUESTS = join(DATA, 'requests.csv');
const WORKERS = 2;
const DEADLINE_MS = 300_000;

interface Result {
  readonly recordId: string;
  readonly outcome: string;
  /** '' where the record was rejected. */
  readonly tier: string;
  readonly matchedOn: string;
}

/** The lines of a CSV file without quoted fields, behind its header. */
function plainLines(path: string): string[][] {
  const [, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
  return lines.map((line) => line.trimEnd().split(','));
}

const rules: RequestRules = {
  profile: DEFAULT_PROFILE,
  tiers: TIERS,
  minimumOrderAgeDays: 0,
  today: calendarDateOf(new Date()),
};

/** What a join of the match keys in one place finds: the same results, without any cryptography. */
async function joinInOnePlace(): Promise<Result[]> {
  // The identity that a key belongs to; undefined where there are two.
  const owners = new Map<string, string | undefined>();
  for await (const person of readPeople(PEOPLE)) {
    const understood = understandPerson(person, rules);
    if (understood.kind !== 'keys') continue;
    const { identity, keys } = understood;
    for (const { value } of keys) {
      owners.set(value, owners.has(value) && owners.get(value) !== identity ? undefined : identity);
    }
  }
  const results: Result[] = [];
  for await (const request of readRequests(REQUESTS)) {
    const understood = understandRequest(request, rules);
    const { recordId } = request;
    if (understood.kind === 'rejected') {
      results.push({ recordId, outcome: 'rejected', tier: '', matchedOn: '' });
      continue;
    }
    const found = understood.keys.filter(({ value }) => owners.get(value) !== undefined);
    const matchedOn = new Set(found.map(({ name }) => name));
    results.push({
      recordId,
      outcome: matchedOn.size > 0 ? 'match' : 'no_match',
      tier: understood.tier,
      matchedOn: [...matchedOn].join(' '),
    });
  }
  return results;
}

describe.skipIf(!existsSync(DATA))(
  'the real programs on the development people (needs ../shared/data/us-people)',
  () => {
    const home = mkdtempSync(join(tmpdir(), 'us-people-'));
    const classOf = new Map<string, string>();
    let expected: readonly Result[];
    let found: readonly Result[];

    const timings: string[] = [];
    const timed = async <T>(what: string, work: Promise<T>): Promise<T> => {
      const begun = performance.now();
      const result = await work;
      timings.push(`${what} ${((performance.now() - begun) / 1000).toFixed(1)} s`);
      return result;
    };
    const countOf = (requestClass: string, outcome?: string): number =>
      found.filter(
        (result) =>
          classOf.get(result.recordId) === requestClass &&
          (outcome === undefined || result.outcome === outcome),
      ).length;

    beforeAll(async () => {
      for (const [id = '', requestClass = ''] of plainLines(join(DATA, 'truth.csv')))
        classOf.set(id, requestClass);
      expected = await joinInOnePlace();
      const holder = await makeHolder(home, 10_000);
      const workers = ['--workers', String(WORKERS)];
      await timed(
        'build',
        succeed('blindmatchd', ['build', holder.path, '--source', PEOPLE, ...workers], home),
      );
      const daemon = await startDaemon(holder.path, home, WORKERS);
      const out = join(home, 'results.csv');
      await timed(
        'match',
        succeed(
          'blindmatch',
          [
            ...['match', REQUESTS, '--server', daemon.url.href, '--holder', holder.fingerprint, '--out', out],
            ...[
              '--key',
              holder.officialPath,
              '--statute',
              '8 U.S.C. 1253(a)(1)',
              '--reason',
              'Development data',
            ],
            ...workers,
          ],
          home,
        ),
      );
      expect(await daemon.stop()).toBe(0);
      found = plainLines(out).map(([recordId = '', outcome = '', tier = '', matchedOn = '']) => ({
        recordId,
        outcome,
        tier,
        matchedOn,
      }));
      process.stdout.write(
        `us-people over a socket: ${timings.join(', ')}; ` +
          `recall ${((100 * countOf('same', 'match')) / countOf('same')).toFixed(1)}% of ${countOf('same')} same; ` +
          `wrong confirmations ${countOf('absent', 'match')} of ${countOf('absent')} absent\n`,
      );
    }, DEADLINE_MS);

    afterAll(() => {
      rmSync(home, { recursive: true, force: true });
    });

    it('give one line for every line of the input, in its order', () => {
      expect(found.map(({ recordId }) => recordId)).toEqual(
        plainLines(REQUESTS).map(([recordId]) => recordId),
      );
    });

    it('find exactly the records that a plain join of the match keys finds, in the same tier and on the same keys', () => {
      const matches = (results: readonly Result[]): readonly Result[] =>
        results.filter(({ outcome }) => outcome === 'match');
      expect(matches(expected).length).toBeGreaterThan(1000);
      expect(matches(found)).toEqual(matches(expected));
    });

    it('reject exactly what the profile rejects', () => {
      const rejected = (results: readonly Result[]): readonly string[] =>
        results.filter(({ outcome }) => outcome === 'rejected').map(({ recordId }) => recordId);
      expect(rejected(found)).toEqual(rejected(expected));
    });

    it('confirm nobody who has moved', () => {
      expect(countOf('moved')).toBeGreaterThan(400);
      expect(countOf('moved', 'match')).toBe(0);
    });

    it('confirm no incomplete record', () => {
      expect(countOf('incomplete')).toBeGreaterThan(10);
      expect(countOf('incomplete', 'match')).toBe(0);
    });
  },
);

if (!existsSync(DATA)) {
  process.stdout.write(
    'The development people are not there (../shared/data/us-people): the programs are not run on them.\n',
  );
}
