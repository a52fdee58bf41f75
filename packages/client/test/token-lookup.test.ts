import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EpochDescriptor } from '@blindmatch/protocol';
import { openTokenSetBuild } from '@blindmatch/tokenset';
import { beforeAll, describe, expect, it } from 'vitest';
import { lookUpTokens } from '../src/token-lookup.ts';
import { TokenSetCache } from '../src/token-set-cache.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
const publicKey = new Uint8Array(32).fill(7);
const MAX_ELEMENTS = 8;
const TOKENS = 20;
let set: Buffer;
let bits: number;
let cases = 0;

/** The 64-byte output with this number: uniform, as a set needs it. */
const output = (number: number): Buffer => createHash('sha512').update(`token ${number}`).digest();

beforeAll(async () => {
  const build = await openTokenSetBuild(join(directory, 'build'), { source: 'people on file' });
  const outputs = Array.from({ length: TOKENS }, (_, number) => output(number));
  const owners = new BigUint64Array(TOKENS).map((_, number) => BigInt(number));
  await build.add(new Uint8Array(Buffer.concat(outputs)), new Uint8Array(owners.buffer), TOKENS);
  const path = join(directory, 'set.bmts');
  bits = (await build.finish(path, { publicKey, epoch: 1, maxElements: MAX_ELEMENTS })).header.bits;
  await build.close();
  set = readFileSync(path);
});

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** Byte lengths of the parts of a file of one page and one block (token-set.md). */
const FIXED = 96;
const HASH = 32;
const HEADER = FIXED + HASH + HASH;
const ENTRY = 36;

/** The set with its block changed and every hash above it made to fit again, as a holder can sign it. */
function withBlock(change: (block: Buffer) => void): Buffer {
  const changed = Buffer.from(set);
  const page = changed.subarray(HEADER, HEADER + ENTRY);
  const block = changed.subarray(HEADER + ENTRY);
  const rehash = (): void => {
    sha256(block).copy(page);
    sha256(page).copy(changed, FIXED);
    sha256(changed.subarray(0, FIXED + HASH)).copy(changed, FIXED + HASH);
  };
  rehash();
  expect(changed).toEqual(set);
  change(block);
  rehash();
  return changed;
}

/** A set in a cache, and the descriptor that signs it. */
function cached(file: Buffer): { path: string; descriptor: EpochDescriptor; cache: TokenSetCache } {
  const digest = new Uint8Array(sha256(file.subarray(0, HEADER)));
  const home = join(directory, `cache-${++cases}`);
  mkdirSync(home);
  const path = join(home, `${Buffer.from(digest).toString('hex')}.bmts`);
  writeFileSync(path, file);
  const descriptor = {
    epoch: 1,
    publicKey,
    maxElements: MAX_ELEMENTS,
    tokenSet: { digest, bytes: file.length, tokens: TOKENS, bits },
  } as EpochDescriptor;
  return { path, descriptor, cache: new TokenSetCache(home) };
}

const query = (...numbers: number[]): Uint8Array =>
  new Uint8Array(Buffer.concat(numbers.map((number) => output(number).subarray(0, 16))));

async function failure(
  tokens: Uint8Array,
  { path, descriptor, cache }: ReturnType<typeof cached>,
): Promise<{ code?: unknown; message?: unknown }> {
  try {
    await lookUpTokens(tokens, path, descriptor, cache);
    return {};
  } catch (error) {
    return error as Error;
  }
}

describe('looking tokens up in a cached set', () => {
  it('finds those that are in it and wipes what it was given', async () => {
    const { path, descriptor, cache } = cached(set);
    const tokens = query(3, 100, 0);
    expect(await lookUpTokens(tokens, path, descriptor, cache)).toEqual(Uint8Array.of(1, 0, 1));
    expect(tokens.every((byte) => byte === 0)).toBe(true);
  });

  it.each<[string, (path: string) => void]>([
    [
      'a byte of its block is another',
      (path) => {
        flip(path, -1);
      },
    ],
    [
      'a byte of its header is another',
      (path) => {
        flip(path, 20);
      },
    ],
    [
      'a byte of its index is another',
      (path) => {
        flip(path, HEADER + 3);
      },
    ],
    [
      'it was cut',
      (path) => {
        truncateSync(path, 150);
      },
    ],
    [
      'it goes on',
      (path) => {
        copyFileSync(import.meta.filename, path);
      },
    ],
  ])('blames the cache, and forgets the set, when %s', async (_, damage) => {
    const here = cached(set);
    damage(here.path);
    const { code, message } = await failure(query(1), here);
    expect(code).toBe('token_set_invalid');
    expect(message).toMatch(/^The token set in the cache is damaged and was removed .* to fetch it anew\.$/);
    expect(existsSync(here.path)).toBe(false);
  });

  it('blames the holder, and advises no other download, when the hashes fit a block that is none', async () => {
    const here = cached(withBlock((block) => block.fill(0xff)));
    const { code, message } = await failure(query(1), here);
    expect(code).toBe('token_set_invalid');
    expect(message).toBe(
      "The holder's token set is the one that it signed and is made wrongly (block_corrupt); do not use anything and report it to the holder.",
    );
    expect(existsSync(here.path)).toBe(true);
  });

  it('keeps the set when the request is too large for it', async () => {
    const here = cached(set);
    const numbers = Array.from({ length: MAX_ELEMENTS + 1 }, (_, number) => number);
    expect((await failure(query(...numbers), here)).code).toBe('query_too_large');
    expect(existsSync(here.path)).toBe(true);
  });

  it('says that the disk failed, and removes nothing, when the set can not be read', async () => {
    const here = cached(set);
    const unreadable = join(here.path, '..', 'a-directory');
    mkdirSync(unreadable);
    expect((await failure(query(1), { ...here, path: unreadable })).code).toBe('storage_failed');
    expect(existsSync(here.path)).toBe(true);
  });
});

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at < 0 ? bytes.length + at : at]! ^= 1;
  writeFileSync(path, bytes);
}
