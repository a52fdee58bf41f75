import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSeed, readSeed } from '../src/request-seed.ts';
import { codeOf, temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();

describe("a request's seed", () => {
  it('is 32 bytes that are read back as they were made', () => {
    const path = join(directory, 'seed');
    const seed = createSeed(path);
    expect(seed).toHaveLength(32);
    expect(readSeed(path)).toEqual(seed);
  });

  it('is another one each time', () => {
    expect(createSeed(join(directory, 'one'))).not.toEqual(createSeed(join(directory, 'two')));
  });

  it('is for its owner only', async () => {
    const path = join(directory, 'private');
    createSeed(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    chmodSync(path, 0o640);
    expect(await codeOf(() => readSeed(path))).toBe('secret_file_open_to_others');
  });

  it('is never overwritten', async () => {
    const path = join(directory, 'kept');
    createSeed(path);
    const before = readFileSync(path);
    expect(await codeOf(() => createSeed(path))).toBe('EEXIST');
    expect(readFileSync(path)).toEqual(before);
  });

  it.each([
    ['cut', `${'a'.repeat(63)}\n`],
    ['too long', `${'a'.repeat(66)}\n`],
    ['in upper case', `${'A'.repeat(64)}\n`],
    ['without its line feed', 'a'.repeat(64)],
    ['empty', ''],
  ])('is named as damaged when it is %s', async (name, text) => {
    const path = join(directory, `damaged ${name}`);
    writeFileSync(path, text, { mode: 0o600 });
    expect(await codeOf(() => readSeed(path))).toBe('request_damaged');
  });
});
