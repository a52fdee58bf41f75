import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPreparedRecords, writePreparedRecords, type PreparedRecord } from '../src/record-file.ts';
import { codeOf, temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
let files = 0;

async function write(records: readonly PreparedRecord[]): Promise<string> {
  const path = join(directory, `records-${++files}`);
  await writePreparedRecords(
    path,
    (async function* () {
      await Promise.resolve();
      yield* records;
    })(),
  );
  return path;
}

async function read(path: string): Promise<PreparedRecord[]> {
  const records: PreparedRecord[] = [];
  for await (const prepared of readPreparedRecords(path)) records.push(prepared);
  return records;
}

const text = fc.string({ unit: 'grapheme' });
const record: fc.Arbitrary<PreparedRecord> = fc.oneof(
  fc.record({
    recordId: text,
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
          path,
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
    ['has no match key', '{"recordId":"r","keys":[]}'],
    ['has a member more', '{"recordId":"r","rejected":"x","reason":"y","z":1}'],
    ['is both', '{"recordId":"r","rejected":"x","reason":"y","keys":[{"name":"n","value":"v"}]}'],
    ['is empty', ''],
  ])('is named as damaged when a line %s', async (_, line) => {
    const path = await write([{ recordId: 'r', rejected: 'x', reason: 'y' }]);
    appendFileSync(path, `${line}\n`);
    expect(await codeOf(() => read(path))).toBe('request_damaged');
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
