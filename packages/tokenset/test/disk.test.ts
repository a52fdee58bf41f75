import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTokenSetBuild } from '../src/build.ts';
import { diskStorage } from '../src/disk-storage.ts';
import { intersect } from '../src/intersect.ts';
import { resumeDownload } from '../src/partial-download.ts';
import { TokenQuery } from '../src/token-query.ts';
import { openTokenSet } from '../src/token-set-file.ts';
import { IDENTITY, digestOf, obviousFile } from './rig/obvious.ts';
import { addTokens, codeOf, uniformTokens } from './rig/tokens.ts';

const TARGET = fileURLToPath(new URL('./rig/kill-target.ts', import.meta.url));
let directory = '';
let places = 0;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'blindmatch-tokenset-'));
});

afterAll(() => rm(directory, { recursive: true }));

function place(): string {
  return join(directory, String(++places));
}

async function placeWith(bytes: Uint8Array): Promise<string> {
  const path = place();
  await writeFile(path, bytes);
  return path;
}

describe('an open file', () => {
  const file = obviousFile(uniformTokens(9000));

  test('gives its header, its digest and ranges of itself', async () => {
    const opened = await openTokenSet(await placeWith(file), { digest: digestOf(file) });
    expect(opened.digest).toEqual(digestOf(file));
    expect(opened.length).toBe(file.length);
    expect(opened.header).toMatchObject({ tokens: 9000, epoch: IDENTITY.epoch, blocks: 3, pages: 1 });
    expect(await opened.read(100, 5000)).toEqual(file.subarray(100, 5100));
    expect(await opened.read(file.length, 0)).toEqual(new Uint8Array(0));
    for (const [offset, length] of [
      [0, file.length + 1],
      [-1, 2],
      [file.length, 1],
      [0.5, 1],
      [2 ** 53, 1],
    ] as const) {
      expect(await codeOf(() => opened.read(offset, length))).toBe('argument_invalid');
    }
    await opened.close();
  });

  test('can be intersected as it is', async () => {
    const opened = await openTokenSet(await placeWith(file));
    const query = new TokenQuery(Buffer.concat([uniformTokens(2, 'absent'), uniformTokens(2)]));
    expect([...(await intersect(opened.chunks(), { digest: opened.digest, query }))]).toEqual([0, 0, 1, 1]);
    await opened.close();
  });

  test('is named as truncated when it is cut while it is open', async () => {
    const path = await placeWith(file);
    const opened = await openTokenSet(path);
    await truncate(path, 1000);
    expect(await codeOf(() => opened.read(900, 200))).toBe('truncated');
    await opened.close();
  });

  test.each<[string, Uint8Array]>([
    ['truncated', file.subarray(0, -1)],
    ['truncated', file.subarray(0, 100)],
    ['truncated', file.subarray(0, 5)],
    ['trailing_bytes', Buffer.concat([file, Uint8Array.of(0)])],
    ['not_a_token_set', Buffer.from('record_id,given_name\n')],
    ['not_a_token_set', Buffer.alloc(500, 'record_id,given_name\n')],
    ['header_corrupt', file.with(130, 1)],
  ])('is refused as %s', async (code, bytes) => {
    const path = await placeWith(bytes);
    expect(await codeOf(() => openTokenSet(path))).toBe(code);
  });

  test('is refused as foreign when another one is wanted', async () => {
    const path = await placeWith(file);
    expect(await codeOf(() => openTokenSet(path, { digest: new Uint8Array(32) }))).toBe('foreign');
  });

  test('is refused in one sentence when there is none, or a directory', async () => {
    expect(await codeOf(() => openTokenSet(place()))).toBe('storage_failed');
    expect(await codeOf(() => openTokenSet(directory))).toBe('storage_failed');
  });
});

describe('an interrupted download', () => {
  test('keeps what is verified, and goes on from there', async () => {
    const file = obviousFile(uniformTokens(9000));
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length), fc.option(fc.nat(file.length - 1)), async (length, damage) => {
        const part = file.slice(0, length);
        if (damage !== null && damage < length) part[damage]! ^= 1;
        const path = await placeWith(part);
        const stream = await resumeDownload(path, digestOf(file));
        const kept = new Uint8Array(await readFile(path));
        expect(kept).toEqual(file.subarray(0, stream.verifiedLength));
        expect(stream.receivedLength).toBe(stream.verifiedLength);
        // At most one part is lost: no part of this file is longer than its largest block.
        expect(stream.verifiedLength).toBeGreaterThan(Math.min(length, damage ?? length) - 40_000);
        stream.push(file.subarray(stream.verifiedLength));
        stream.end();
      }),
      { numRuns: 40 },
    );
  });

  test('of another file is cut to nothing', async () => {
    const path = await placeWith(obviousFile(uniformTokens(10)));
    const stream = await resumeDownload(path, new Uint8Array(32));
    expect([stream.verifiedLength, (await stat(path)).size]).toEqual([0, 0]);
  });
});

describe('a build on the disk', () => {
  test('is for its owner only, and leaves nothing but the lock', async () => {
    const path = place();
    const build = await openTokenSetBuild(path, { source: 'source', runTokens: 4 });
    await addTokens(build, uniformTokens(4), 1);
    await addTokens(build, uniformTokens(4, 'more'), 2);
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    const names = await readdir(path);
    expect(names).toContain('run-0000000000-0000000000');
    for (const name of names) expect((await stat(join(path, name))).mode & 0o777).toBe(0o600);
    await build.finish(join(path, 'set'), IDENTITY);
    expect((await readdir(path)).sort()).toEqual(['lock', 'set']);
  });

  test('replaces the file of a build before at one stroke', async () => {
    const path = place();
    for (const label of ['one', 'two']) {
      const build = await openTokenSetBuild(`${path}.build`, { source: label });
      await addTokens(build, uniformTokens(10, label), 1);
      await build.finish(path, IDENTITY);
    }
    expect(new Uint8Array(await readFile(path))).toEqual(obviousFile(uniformTokens(10, 'two')));
  });

  test('refuses a directory that another build has', async () => {
    const path = place();
    const build = await openTokenSetBuild(path, { source: 'source' });
    expect(await codeOf(() => openTokenSetBuild(path, { source: 'source' }))).toBe('build_locked');
    await build.close();
    await (await openTokenSetBuild(path, { source: 'source' })).close();
  });

  test.runIf(existsSync('/dev/full'))('names a full disk', async () => {
    const full = await diskStorage.open('/dev/full', 'write');
    expect(await codeOf(() => full.write(Uint8Array.of(1), 0))).toBe('disk_full');
    await full.close();
  });
});

describe('a process that is killed', () => {
  const ROWS = 150; // 1,200 tokens in 75 runs, so two merges
  const expected = obviousFile(uniformTokens(ROWS * 8));

  /** Runs the build and kills it when it has written `lines` lines; gives what it wrote. */
  async function killedAfter(path: string, lines: number): Promise<string[]> {
    const child = spawn(process.execPath, [TARGET, path, String(ROWS)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    const seen: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      seen.push(line);
      if (seen.length === lines) child.kill('SIGKILL');
    }
    await ended;
    return seen;
  }

  test('again and again leaves no lock and no wrong file, and the last one finishes the work', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 3, maxLength: 3 }),
        async (kills) => {
          const path = place();
          await diskStorage.makeDirectory(path);
          for (const lines of kills) {
            await killedAfter(path, lines);
            const file = await readFile(join(path, 'set')).catch(() => undefined);
            if (file !== undefined) expect(file.equals(expected)).toBe(true);
          }
          const seen = await killedAfter(path, Infinity);
          expect(seen.at(-1)).toBe('finished');
          expect((await readFile(join(path, 'set'))).equals(expected)).toBe(true);
          expect(await readdir(join(path, 'build'))).toEqual(['lock']);
        },
      ),
      { numRuns: 2 },
    );
  });
});
