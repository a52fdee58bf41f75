import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RequestManifest } from '@blindmatch/protocol';
import { TIERS } from '@blindmatch/records';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  readPreparedRecords,
  verifyPreparedRecords,
  writePreparedRecords,
  type PreparedRecord,
} from '../src/record-file.ts';
import { codeOf, temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
const seed = new Uint8Array(32).fill(5);
let files = 0;

async function write(records: readonly PreparedRecord[]): Promise<string> {
  const path = join(directory, `records-${++files}`);
  await writePreparedRecords(
    { path, seed },
    (async function* () {
      await Promise.resolve();
      yield* records;
    })(),
  );
  return path;
}

async function read(path: string, under = seed): Promise<PreparedRecord[]> {
  const records: PreparedRecord[] = [];
  for await (const prepared of readPreparedRecords({ path, seed: under })) records.push(prepared);
  return records;
}

const text = fc.string({ unit: 'grapheme' });
const record: fc.Arbitrary<PreparedRecord> = fc.oneof(
  fc.record({
    recordId: text,
    tier: fc.constantFrom(...TIERS),
    keys: fc.array(fc.record({ name: text, value: text }), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ recordId: text, rejected: text, reason: text }),
);

describe('a file of prepared records', () => {
  it('gives back what was written, in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 20 }), async (records) => {
        expect(await read(await write(records))).toEqual(records);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['a line feed', 'a\nb'],
    ['a carriage return', 'a\rb'],
    ['a line separator', 'a\u2028b'],
    ['a paragraph separator', 'a\u2029b'],
    ['a next line', 'a\u0085b'],
  ])('keeps a record id with %s in it', async (_, recordId) => {
    const records = [{ recordId, rejected: 'x', reason: 'y' }];
    expect(await read(await write(records))).toEqual(records);
  });

  it('is for its owner only and never overwrites', async () => {
    const path = await write([]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(
      await codeOf(() =>
        writePreparedRecords(
          { path, seed },
          (async function* () {
            await Promise.resolve();
            yield* [];
          })(),
        ),
      ),
    ).toBe('EEXIST');
  });

  it.each([
    ['is not JSON', '{"recordId":"r","rej'],
    ['has no record id', '{"rejected":"x","reason":"y"}'],
    ['has no match key', '{"recordId":"r","tier":"name_address","keys":[]}'],
    ['has no tier', '{"recordId":"r","keys":[{"name":"n","value":"v"}]}'],
    ['has a tier that there is not', '{"recordId":"r","tier":"name","keys":[{"name":"n","value":"v"}]}'],
    ['has a member more', '{"recordId":"r","rejected":"x","reason":"y","z":1}'],
    [
      'is both',
      '{"recordId":"r","rejected":"x","reason":"y","tier":"name_address","keys":[{"name":"n","value":"v"}]}',
    ],
    ['is empty', ''],
  ])('is named as damaged when a line %s', async (_, line) => {
    const path = await write([{ recordId: 'r', rejected: 'x', reason: 'y' }]);
    appendFileSync(path, `${line}\n`);
    expect(await codeOf(() => read(path))).toBe('request_damaged');
  });

  const few: readonly PreparedRecord[] = [
    { recordId: 'a', tier: 'name_address_dob', keys: [{ name: 'n', value: 'v' }] },
    { recordId: 'b', rejected: 'x', reason: 'y' },
    { recordId: 'c', tier: 'name_address', keys: [{ name: 'n', value: 'w' }] },
  ];

  it('is named as damaged when any byte of it was changed', async () => {
    const path = await write(few);
    const sound = readFileSync(path);
    for (const at of sound.keys()) {
      for (const flip of [1, 0x20]) {
        const changed = Buffer.from(sound);
        changed[at]! ^= flip;
        writeFileSync(path, changed);
        expect(await codeOf(() => read(path)), `byte ${at}`).toBe('request_damaged');
      }
    }
    writeFileSync(path, sound);
    expect(await read(path)).toEqual(few);
  });

  it('is named as damaged when it was cut anywhere', async () => {
    const path = await write(few);
    const sound = readFileSync(path);
    for (const at of sound.keys()) {
      writeFileSync(path, sound.subarray(0, at));
      expect(await codeOf(() => read(path)), `cut to ${at}`).toBe('request_damaged');
    }
  });

  it('is named as damaged when two of its lines have changed places', async () => {
    const path = await write(few);
    const [first, second, third, end] = readFileSync(path, 'utf8').split('\n');
    for (const lines of [
      [second, first, third, end],
      [first, third, second, end],
      [first, second, end, third],
    ]) {
      writeFileSync(path, `${lines.join('\n')}\n`);
      expect(await codeOf(() => read(path))).toBe('request_damaged');
    }
  });

  it('is named as damaged when it is of a request with another seed', async () => {
    const path = await write(few);
    expect(await codeOf(() => read(path, new Uint8Array(32).fill(6)))).toBe('request_damaged');
  });

  it('is named as damaged when a line never ends, without taking it in', async () => {
    const path = await write([]);
    writeFileSync(path, 'x'.repeat(5 * 1024 * 1024));
    expect(await codeOf(() => read(path))).toBe('request_damaged');
  });

  it('fits the manifest that counts its records and match keys, and no other', async () => {
    const path = await write(few);
    const counts = (records: number, elements: number): RequestManifest =>
      ({ records, elements, chunks: { count: 1 } }) as RequestManifest;
    const code = (records: number, elements: number): Promise<string | undefined> =>
      codeOf(() => verifyPreparedRecords({ path, seed }, counts(records, elements)));
    expect(await code(2, 4)).toBeUndefined();
    for (const [records, elements] of [
      [3, 4],
      [1, 4],
      [2, 5],
      [2, 3],
    ] as const) {
      expect(await code(records, elements)).toBe('request_damaged');
    }
  });

  it('is named as damaged when it was cut inside a line', async () => {
    const path = await write([{ recordId: 'r', rejected: 'x', reason: 'y' }]);
    writeFileSync(path, readFileSync(path).subarray(0, -3));
    expect(await codeOf(() => read(path))).toBe('request_damaged');
  });

  it('is named as damaged when it lost a line, at its end or before', async () => {
    const records = ['a', 'b', 'c'].map((recordId) => ({ recordId, rejected: 'x', reason: 'y' }));
    const path = await write(records);
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    for (const lost of lines.keys()) {
      writeFileSync(path, `${lines.filter((_, index) => index !== lost).join('\n')}\n`);
      expect(await codeOf(() => read(path)), `line ${lost}`).toBe('request_damaged');
    }
  });

  it('says so when it is not there', async () => {
    expect(await codeOf(() => read(join(directory, 'nowhere')))).toBe('ENOENT');
  });
});
