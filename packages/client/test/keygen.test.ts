import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { createReporter } from '@blindmatch/terminal';
import { describe, expect, it } from 'vitest';
import { isRecipient } from '../src/age.ts';
import { readAgeIdentity } from '../src/age-identity-file.ts';
import { keygen } from '../src/commands/keygen.ts';
import { codeOf, temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
let keys = 0;

const newPath = (): string => join(directory, `key-${++keys}`);

async function makeIdentity(path: string): Promise<string> {
  const stdout = new PassThrough();
  const streams = { stdout, stderr: new PassThrough() };
  await keygen(path, { age: true }, createReporter({ json: false, program: 'blindmatch', streams }));
  stdout.end();
  return (await stdout.toArray()).join('');
}

describe('an age identity', () => {
  it('is made for its owner only, in the text form of age, with its recipient beside it', async () => {
    const path = newPath();
    const said = await makeIdentity(path);
    const recipient = readFileSync(`${path}.pub`, 'utf8').trim();
    expect(isRecipient(recipient)).toBe(true);
    expect(said.startsWith(`${recipient}\n`)).toBe(true);
    expect(said).toContain('to those who are to seal for you');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toMatch(
      new RegExp(`^# public key: ${recipient}\nAGE-SECRET-KEY-1[0-9A-Z]{58}\n$`),
    );
    expect((await readAgeIdentity(path)).recipient).toBe(recipient);
  });

  it('is never overwritten', async () => {
    const path = newPath();
    await makeIdentity(path);
    const made = readFileSync(path, 'utf8');
    expect(await codeOf(() => makeIdentity(path))).toBe('eexist');
    expect(readFileSync(path, 'utf8')).toBe(made);
    const other = newPath();
    writeFileSync(`${other}.pub`, '');
    expect(await codeOf(() => makeIdentity(other))).toBe('eexist');
    expect(existsSync(other)).toBe(false);
  });

  it('is not read where others can read it', async () => {
    const path = newPath();
    await makeIdentity(path);
    chmodSync(path, 0o640);
    expect(await codeOf(() => readAgeIdentity(path))).toBe('secret_file_open_to_others');
  });

  it.each<[string, (text: string) => string]>([
    ['is empty', () => ''],
    ['holds a recipient', (text) => text.slice('# public key: '.length).split('\n')[0]!],
    ['holds two', (text) => `${text}${text}`],
    ['has a wrong letter', (text) => text.replace(/.\n$/, (end) => (end[0] === 'Q' ? 'P\n' : 'Q\n'))],
    ['was cut', (text) => text.slice(0, -3)],
  ])('is refused where its file %s', async (_, change) => {
    const path = newPath();
    await makeIdentity(path);
    writeFileSync(path, change(readFileSync(path, 'utf8')));
    expect(await codeOf(() => readAgeIdentity(path))).toBe('identity_invalid');
  });

  it('is read with line ends of another system and notes of its owner', async () => {
    const path = newPath();
    await makeIdentity(path);
    const recipient = readFileSync(`${path}.pub`, 'utf8').trim();
    writeFileSync(path, `# kept since May\r\n\r\n${readFileSync(path, 'utf8').replaceAll('\n', '\r\n')}`);
    expect((await readAgeIdentity(path)).recipient).toBe(recipient);
  });
});
