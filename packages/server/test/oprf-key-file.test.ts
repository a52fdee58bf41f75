import { chmodSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultEngine, generateKey } from '@blindmatch/oprf';
import { describe, expect, it } from 'vitest';
import { readOprfKey, writeOprfKey } from '../src/oprf-key-file.ts';
import { codeOf, temporaryDirectory, thrownBy } from './temporary-directory.ts';

const directory = temporaryDirectory();

describe("an epoch's OPRF key", () => {
  it('is read back as it was written', () => {
    const path = join(directory, 'key');
    const key = generateKey(defaultEngine());
    writeOprfKey(path, key);
    expect(readOprfKey(path)).toEqual(key);
  });

  it('is never overwritten', () => {
    const path = join(directory, 'kept');
    writeOprfKey(path, generateKey(defaultEngine()));
    const before = readFileSync(path);
    expect(
      codeOf(() => {
        writeOprfKey(path, generateKey(defaultEngine()));
      }),
    ).toBe('EEXIST');
    expect(readFileSync(path)).toEqual(before);
  });

  it('leaves nothing beside it, also where a process was killed under it before', () => {
    const own = mkdtempSync(join(directory, 'own-'));
    const path = join(own, 'key');
    writeFileSync(`${path}.${process.pid}.new`, 'half', { mode: 0o600 });
    writeOprfKey(path, generateKey(defaultEngine()));
    expect(readdirSync(own)).toEqual(['key']);
    expect(readOprfKey(path)).toHaveLength(32);
  });

  it('is for its owner only', () => {
    const path = join(directory, 'private');
    writeOprfKey(path, generateKey(defaultEngine()));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    for (const mode of [0o640, 0o604, 0o660]) {
      chmodSync(path, mode);
      expect(codeOf(() => readOprfKey(path))).toBe('secret_file_open_to_others');
    }
  });

  it.each([
    ['empty', ''],
    ['cut', `${'a'.repeat(62)}\n`],
    ['in upper case', `${'A'.repeat(64)}\n`],
    ['without its line feed', 'a'.repeat(64)],
    ['two keys', `${'a'.repeat(64)}\n${'a'.repeat(64)}\n`],
    ['a PEM file', '-----BEGIN PRIVATE KEY-----\n'],
  ])('is refused when it is %s, without a word of what is in it', (name, text) => {
    const path = join(directory, `invalid ${name}`);
    writeFileSync(path, text, { mode: 0o600 });
    const error = thrownBy(() => readOprfKey(path));
    expect(error?.code).toBe('oprf_key_invalid');
    expect(error?.message.toLowerCase()).not.toContain('aaaa');
  });
});
