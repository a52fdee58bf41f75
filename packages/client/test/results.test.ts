import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { planChunks } from '@blindmatch/protocol';
import type { Tier } from '@blindmatch/records';
import { describe, expect, it } from 'vitest';
import { canaryElements, keyElements } from '../src/chunk-plan.ts';
import { writePreparedRecords, type PreparedRecord, type RecordFile } from '../src/record-file.ts';
import { checkCanaries, writeResults, type Findings } from '../src/results.ts';
import { codeOf, temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
const seed = new Uint8Array(32).fill(5);
const canaries = { present: 64, absent: 64 };
let cases = 0;

/** A request of these records: its record file, and the path of results in a directory of their own. */
async function request(records: readonly PreparedRecord[]): Promise<{ records: RecordFile; out: string }> {
  const path = join(directory, `case-${++cases}`);
  mkdirSync(path);
  const file = { path: join(directory, `records-${cases}`), seed };
  await writePreparedRecords(
    file,
    (async function* () {
      await Promise.resolve();
      yield* records;
    })(),
  );
  return { records: file, out: join(path, 'results.csv') };
}

/** What was found when exactly the match keys with these numbers are in the set, and the canaries are as they must be. */
function findings(keys: number, present: readonly number[]): Findings {
  const found = new Uint8Array(planChunks(keys).elements);
  const elements = [...keyElements(keys, seed, canaries)];
  for (const key of present) found[elements[key]!] = 1;
  for (const { element, present: isPresent } of canaryElements(found.length, seed, canaries)) {
    found[element] = isPresent ? 1 : 0;
  }
  return { found, canaries, keys };
}

const twoKeys = (recordId: string, tier: Tier = 'name_address'): PreparedRecord => ({
  recordId,
  tier,
  keys: [
    { name: 'name-postcode', value: `${recordId} 1` },
    { name: 'name-city', value: `${recordId} 2` },
  ],
});
const rejected = (recordId: string): PreparedRecord => ({
  recordId,
  rejected: 'name_missing',
  reason: 'No name.',
});

describe('the results of a request', () => {
  it('have one line for each line of the input, in its order, with its tier and what it matched on, or why it was rejected', async () => {
    const { records, out } = await request([
      twoKeys('both'),
      rejected('refused'),
      twoKeys('none'),
      twoKeys('second', 'name_address_dob'),
      twoKeys('first'),
    ]);
    const counts = await writeResults(out, records, findings(8, [0, 1, 5, 6]));
    expect(readFileSync(out, 'utf8')).toBe(
      'record_id,outcome,tier,matched_on,reason\n' +
        'both,match,name_address,name-postcode name-city,\n' +
        'refused,rejected,,,No name.\n' +
        'none,no_match,name_address,,\n' +
        'second,match,name_address_dob,name-city,\n' +
        'first,match,name_address,name-postcode,\n',
    );
    expect(counts).toMatchObject({ match: 3, no_match: 1, rejected: 1 });
    expect(counts.matchByTier).toEqual({ name_address_dob: 1, name_address: 2 });
  });

  it('name a key once, however many values of it were found', async () => {
    const keys = ['surname', 'surname', 'other'].map((name, at) => ({ name, value: `value ${at}` }));
    const { records, out } = await request([{ recordId: 'r', tier: 'name_address_dob', keys }]);
    await writeResults(out, records, findings(3, [0, 1]));
    expect(readFileSync(out, 'utf8').split('\n')[1]).toBe('r,match,name_address_dob,surname,');
  });

  it('are all rejections where nothing was submitted', async () => {
    const { records, out } = await request([rejected('a'), rejected('b')]);
    expect(await writeResults(out, records, undefined)).toMatchObject({ match: 0, no_match: 0, rejected: 2 });
  });

  it('quote a record id where CSV needs it', async () => {
    const { records, out } = await request([rejected('a,"b"')]);
    await writeResults(out, records, undefined);
    expect(readFileSync(out, 'utf8').split('\n')[1]).toBe('"a,""b""",rejected,,,No name.');
  });

  it('go on into the next chunk', async () => {
    const keys = 2 * 4094 + 2;
    const { records, out } = await request(Array.from({ length: keys / 2 }, (_, at) => twoKeys(`r${at}`)));
    await writeResults(out, records, findings(keys, [4093, 4094, keys - 1]));
    const matches = readFileSync(out, 'utf8')
      .split('\n')
      .filter((line) => line.includes(',match,'));
    expect(matches).toEqual([
      'r2046,match,name_address,name-city,',
      'r2047,match,name_address,name-postcode,',
      `r${keys / 2 - 1},match,name_address,name-city,`,
    ]);
  });

  it('are for their owner only', async () => {
    const { records, out } = await request([rejected('a')]);
    await writeResults(out, records, undefined);
    expect(statSync(out).mode & 0o777).toBe(0o600);
  });

  it('are not written, not even in part, when two records have changed their ids', async () => {
    const { records, out } = await request([twoKeys('a'), twoKeys('b')]);
    const text = readFileSync(records.path, 'utf8');
    const swapped = text
      .replace('"recordId":"a"', '"recordId":"?"')
      .replace('"recordId":"b"', '"recordId":"a"');
    writeFileSync(records.path, swapped.replace('"recordId":"?"', '"recordId":"b"'));
    expect(await codeOf(() => writeResults(out, records, findings(4, [0])))).toBe('request_damaged');
    expect(readdirSync(dirname(out))).toEqual([]);
  });

  it.each([
    ['more', 6],
    ['fewer', 2],
  ])(
    'are not written, not even in part, when the request has %s match keys than the records',
    async (_, keys) => {
      const { records, out } = await request([twoKeys('a'), twoKeys('b')]);
      expect(await codeOf(() => writeResults(out, records, findings(keys, [])))).toBe('request_damaged');
      expect(readdirSync(dirname(out))).toEqual([]);
    },
  );
});

describe('the canaries of a request', () => {
  const { found } = findings(5000, [1, 2, 3]);
  const [present, absent] = [...canaryElements(found.length, seed, canaries)].slice(2);

  it('pass when each present one was found and each absent one was not', () => {
    expect(() => {
      checkCanaries(found, seed, canaries);
    }).not.toThrow();
  });

  it.each([
    ['a present one was not found', present!.element, 0],
    ['an absent one was found', absent!.element, 1],
  ])('fail when %s, in the last chunk too', async (_, element, value) => {
    const wrong = Uint8Array.from(found);
    wrong[element] = value;
    expect(
      await codeOf(() => {
        checkCanaries(wrong, seed, canaries);
      }),
    ).toBe('canary_failed');
  });

  it('fail when nothing or everything was found', async () => {
    for (const value of [0, 1]) {
      const code = await codeOf(() => {
        checkCanaries(new Uint8Array(found.length).fill(value), seed, canaries);
      });
      expect(code).toBe('canary_failed');
    }
  });
});
