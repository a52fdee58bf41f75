import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openTokenSetBuild } from '../src/build.ts';
import { intersect } from '../src/intersect.ts';
import { TokenQuery } from '../src/token-query.ts';
import { tokenBits } from '../src/token.ts';
import { MemoryStorage } from './rig/memory-storage.ts';
import { buildInMemory, codeOf, inPieces, outputsOf, uniformTokens } from './rig/tokens.ts';

interface Description {
  comment: string;
  public_key: string;
  epoch: number;
  max_elements: number;
  digest: string;
}

interface Vectors {
  bits: { tokens: number; max_elements: number; bits: number }[];
  files: (Description & {
    outputs_first_16_bytes: string[];
    bits: number;
    tokens: string[];
    file: string;
    query: string[];
    flags: number[];
  })[];
  builds: (Omit<Description, 'digest'> & {
    outputs_first_16_bytes: string[];
    owners: string[];
    ambiguous: number;
  } & ({ file: string; digest: string } | { code: string }))[];
  large: (Description & { label: string; count: number; bytes: number; file_sha256: string })[];
  failures: { comment: string; code: string; digest: string; file: string }[];
}

const path = new URL('../../../protocol-spec/vectors/token-set.json', import.meta.url);
const vectors = JSON.parse(readFileSync(path, 'utf8')) as Vectors;

const bytes = (...hex: string[]): Uint8Array => new Uint8Array(Buffer.from(hex.join(''), 'hex'));
const hex = (of: Uint8Array): string => Buffer.from(of).toString('hex');
const identityOf = (
  of: Omit<Description, 'digest'>,
): { publicKey: Uint8Array; epoch: number; maxElements: number } => ({
  publicKey: bytes(of.public_key),
  epoch: of.epoch,
  maxElements: of.max_elements,
});

test.each(vectors.bits)('$tokens tokens and requests of $max_elements elements need $bits bits', (vector) => {
  expect(tokenBits(vector.tokens, vector.max_elements)).toBe(vector.bits);
});

describe('a file of the vectors', () => {
  test.each(vectors.files)('is built, byte for byte: $comment', async (vector) => {
    const { file, summary } = await buildInMemory(bytes(...vector.outputs_first_16_bytes), {
      identity: identityOf(vector),
    });
    expect(hex(file)).toBe(vector.file);
    expect(hex(summary.digest)).toBe(vector.digest);
    expect(summary.header.bits).toBe(vector.bits);
    expect(summary.tokens).toBe(vector.tokens.length);
  });

  test.each(vectors.files)('gives the flags: $comment', async (vector) => {
    // A query has no more elements than the file is made for.
    const flags: number[] = [];
    for (const token of vector.query) {
      const query = new TokenQuery(bytes(token));
      const answer = await intersect(inPieces(bytes(vector.file)), { digest: bytes(vector.digest), query });
      flags.push(...answer);
    }
    expect(flags).toEqual(vector.flags);
    expect(flags).toContain(1);
    expect(flags).toContain(0);
  });

  test.each(vectors.large)('of $count tokens has the digest: $comment', async (vector) => {
    const { file, summary } = await buildInMemory(uniformTokens(vector.count, vector.label), {
      identity: identityOf(vector),
    });
    expect(file.length).toBe(vector.bytes);
    expect(hex(summary.digest)).toBe(vector.digest);
    expect(createHash('sha256').update(file).digest('hex')).toBe(vector.file_sha256);
  });
});

describe('a build of the vectors', () => {
  test.each(vectors.builds)('leaves out what belongs to more than one: $comment', async (vector) => {
    const storage = new MemoryStorage();
    const build = await openTokenSetBuild('build', { source: 'source', runTokens: 2, storage });
    for (const [index, token] of vector.outputs_first_16_bytes.entries()) {
      await build.add(outputsOf(bytes(token)), bytes(vector.owners[index]!), index + 1);
    }
    if ('code' in vector) {
      expect(await codeOf(() => build.finish('set', identityOf(vector)))).toBe(vector.code);
      return;
    }
    const summary = await build.finish('set', identityOf(vector));
    expect(hex(storage.content('set')!)).toBe(vector.file);
    expect(hex(summary.digest)).toBe(vector.digest);
    expect(summary.ambiguous).toBe(vector.ambiguous);
  });
});

test.each(vectors.failures)('refused as $code: $comment', async ({ code, digest, file }) => {
  const query = new TokenQuery(new Uint8Array(16));
  expect(await codeOf(() => intersect(inPieces(bytes(file)), { digest: bytes(digest), query }))).toBe(code);
});
