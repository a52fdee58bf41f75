import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { claimRequestDirectory, removeRequestDirectory, requestFiles } from '../src/request-directory.ts';
import { lockRequest } from '../src/request-lock.ts';
import { codeOf, temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
const children: ChildProcess[] = [];
let requests = 0;
const newPath = (): string => join(directory, `request-${++requests}`);

/** A process that has the request's directory claimed, as a killed preparation leaves it. */
async function claimElsewhere(path: string): Promise<{ kill(): Promise<void> }> {
  const module = new URL('../src/request-directory.ts', import.meta.url).href;
  const program = `
    const { claimRequestDirectory } = await import(${JSON.stringify(module)});
    const { writeFileSync } = await import('node:fs');
    const { files } = claimRequestDirectory(${JSON.stringify(path)});
    writeFileSync(files.private.seed, 'half');
    writeFileSync(files.blinded, 'half');
    console.log('claimed');
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(child);
  await once(child.stdout, 'data');
  return {
    kill: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

describe('the claim of a new request', () => {
  it('makes the directory and is given up with its lock', () => {
    const path = newPath();
    const { files, lock } = claimRequestDirectory(path);
    expect(readdirSync(files.path)).toEqual(['private']);
    lock.release();
    claimRequestDirectory(path).lock.release();
  });

  it('is not taken from a process that lives, and nothing of its is touched', async () => {
    const path = newPath();
    const other = await claimElsewhere(path);
    expect(await codeOf(() => claimRequestDirectory(path))).toBe('request_under_way');
    expect(readdirSync(path).sort()).toEqual(['blinded.bin', 'private']);
    expect(readdirSync(join(path, 'private')).sort()).toEqual(['lock', 'seed']);
    await other.kill();
  });

  it('is taken from a process that was killed, and what it left is cleared away', async () => {
    const path = newPath();
    await (await claimElsewhere(path)).kill();
    const { files, lock } = claimRequestDirectory(path);
    expect(readdirSync(files.path)).toEqual(['private']);
    expect(readdirSync(files.private.path)).toEqual(['lock']);
    lock.release();
  });

  it.each([
    ['a file of somebody', 'notes.txt'],
    ['a whole request', 'manifest.dsse.json'],
    ['a file named as ours that came without a preparation', 'blinded.bin'],
  ])('is refused where the directory holds %s, which stays alone', async (_, name) => {
    const path = newPath();
    mkdirSync(path);
    writeFileSync(join(path, name), 'mine');
    expect(await codeOf(() => claimRequestDirectory(path))).toBe('directory_not_empty');
    expect(readdirSync(path)).toEqual([name]);
  });

  it('is refused where the private directory holds something else', async () => {
    const path = newPath();
    mkdirSync(join(path, 'private'), { recursive: true });
    writeFileSync(join(path, 'private/diary.txt'), 'mine');
    expect(await codeOf(() => claimRequestDirectory(path))).toBe('directory_not_empty');
    expect(readdirSync(join(path, 'private'))).toEqual(['diary.txt']);
  });

  it.each([
    ['files named as ours without the lock that comes first', 'private/records.ndjson'],
    ['files named as ours beside a private directory that is empty', 'epoch.dsse.json'],
  ])('is refused where the directory holds %s', async (_, name) => {
    const path = newPath();
    mkdirSync(join(path, 'private'), { recursive: true });
    writeFileSync(join(path, name), 'mine');
    expect(await codeOf(() => claimRequestDirectory(path))).toBe('directory_not_empty');
    expect(readFileSync(join(path, name), 'utf8')).toBe('mine');
  });

  it('is refused where a file that the command reads lies in it', async () => {
    const path = newPath();
    mkdirSync(path);
    const input = join(path, 'blinded.bin');
    writeFileSync(input, 'mine');
    expect(await codeOf(() => claimRequestDirectory(path, [input]))).toBe('out_is_input');
    expect(readFileSync(input, 'utf8')).toBe('mine');
  });

  it('leaves a directory that the user had made when the request is removed, and takes its own along', () => {
    const theirs = newPath();
    mkdirSync(theirs);
    for (const path of [theirs, newPath()]) {
      const claimed = claimRequestDirectory(path);
      writeFileSync(claimed.files.private.seed, 'seed');
      removeRequestDirectory(claimed);
      claimed.lock.release();
      expect(existsSync(path)).toBe(path === theirs);
    }
    expect(readdirSync(theirs)).toEqual([]);
  });

  it('is refused once the request is whole, though its preparation has ended', async () => {
    const { files, lock } = claimRequestDirectory(newPath());
    writeFileSync(files.private.seed, 'seed');
    writeFileSync(files.manifest, '{}');
    lock.release();
    expect(await codeOf(() => claimRequestDirectory(files.path))).toBe('directory_not_empty');
    expect(existsSync(files.private.seed)).toBe(true);
  });
});

describe('the lock of a request', () => {
  it('is held by one at a time', async () => {
    const { files, lock } = claimRequestDirectory(newPath());
    expect(await codeOf(() => lockRequest(files))).toBe('request_busy');
    lock.release();
    const next = lockRequest(files);
    expect(await codeOf(() => lockRequest(files))).toBe('request_busy');
    next.release();
  });

  it('is not held by a copy of the request', () => {
    const { files, lock } = claimRequestDirectory(newPath());
    const copy = requestFiles(newPath());
    cpSync(files.path, copy.path, { recursive: true });
    lockRequest(copy).release();
    lock.release();
  });

  it('ends with the request', () => {
    const path = newPath();
    const claimed = claimRequestDirectory(path);
    const { lock } = claimed;
    removeRequestDirectory(claimed);
    const next = claimRequestDirectory(path);
    lock.release();
    next.lock.release();
    rmSync(path, { recursive: true });
  });
});
