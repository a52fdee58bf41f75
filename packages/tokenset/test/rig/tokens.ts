import { createHash } from 'node:crypto';
import { openTokenSetBuild } from '../../src/build.ts';
import type { TokenSetBuild, TokenSetSummary } from '../../src/build.ts';
import { TokenSetError } from '../../src/token-set-error.ts';
import { MemoryStorage } from './memory-storage.ts';
import { IDENTITY } from './obvious.ts';
import type { Identity } from './obvious.ts';

/** `count` uniform 16-byte tokens, the same ones for the same label. */
export function uniformTokens(count: number, label = 'tokens'): Uint8Array {
  const bytes = createHash('shake256', { outputLength: count * 16 })
    .update(label)
    .digest();
  return new Uint8Array(bytes);
}

/** OPRF outputs whose first 16 bytes are the tokens; the rest must not matter. */
export function outputsOf(tokens: Uint8Array): Uint8Array {
  const count = tokens.length / 16;
  const outputs = new Uint8Array(count * 64).fill(0xee);
  for (let i = 0; i < count; i++) outputs.set(tokens.subarray(16 * i, 16 * i + 16), 64 * i);
  return outputs;
}

/** Owners for `count` outputs, the same one for the same number; by default all of one owner. */
export function ownersOf(count: number, ownerOf: (index: number) => number = () => 1): Uint8Array {
  const owners = new Uint8Array(count * 8);
  const view = new DataView(owners.buffer);
  for (let i = 0; i < count; i++) view.setBigUint64(8 * i, BigInt(ownerOf(i)));
  return owners;
}

/** Adds tokens of one owner as outputs. */
export function addTokens(
  build: TokenSetBuild,
  tokens: Uint8Array,
  completedAfter: number,
  owner = 1,
): Promise<void> {
  return build.add(
    outputsOf(tokens),
    ownersOf(tokens.length / 16, () => owner),
    completedAfter,
  );
}

/** Builds a file in memory, `step` tokens to a call. */
export async function buildInMemory(
  tokens: Uint8Array,
  options: { runTokens?: number; step?: number; identity?: Identity } = {},
): Promise<{ file: Uint8Array; summary: TokenSetSummary }> {
  const { runTokens = 1 << 16, step = Math.min(runTokens, 4096), identity = IDENTITY } = options;
  const storage = new MemoryStorage();
  const build = await openTokenSetBuild('build', { source: 'source', runTokens, storage });
  for (let at = 0; at < tokens.length; at += 16 * step) {
    const part = tokens.subarray(at, at + 16 * step);
    await addTokens(build, part, (at + part.length) / 16);
  }
  const summary = await build.finish('out/set', identity);
  return { file: storage.content('out/set')!, summary };
}

/** The code of the TokenSetError that `work` throws, or what it did instead. */
export async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    return error instanceof TokenSetError ? error.code : `not a TokenSetError: ${String(error)}`;
  }
  return 'no error';
}

/** The bytes in pieces of the given sizes, over and over. */
export async function* inPieces(
  bytes: Uint8Array,
  sizes: readonly number[] = [bytes.length],
): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length]!;
    // Each piece in memory that is overwritten afterwards, as a network buffer would be.
    const piece = bytes.slice(at, at + size);
    yield piece;
    await Promise.resolve();
    piece.fill(0xff);
    at += size;
  }
}
