import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openTokenSetBuild } from '../src/build.ts';
import type { TokenSetSummary } from '../src/build.ts';
import { MemoryStorage } from './rig/memory-storage.ts';
import { IDENTITY, bytesOf, numbersOf, obviousFile, obviousSet, obviousUnambiguous } from './rig/obvious.ts';
import type { Owned } from './rig/obvious.ts';
import { addTokens, codeOf, outputsOf, ownersOf, uniformTokens } from './rig/tokens.ts';

const KNOWN = numbersOf(uniformTokens(60));

/** Outputs of few people who share some of their tokens, and say some of them twice. */
function outputs(length: { minLength: number; maxLength: number }): fc.Arbitrary<Owned[]> {
  return fc.array(
    fc.record({ token: fc.constantFrom(...KNOWN), owner: fc.integer({ min: 0, max: 3 }) }),
    length,
  );
}

interface Way {
  readonly runTokens: number;
  /** A checkpoint follows each output whose number is a multiple of it. */
  readonly checkpointEvery: number;
  /** The process ends after this many outputs, and another goes on. */
  readonly stopsAfter: number;
}

async function build(
  of: readonly Owned[],
  way: Way,
): Promise<{ file: Uint8Array; summary: TokenSetSummary }> {
  const { runTokens, checkpointEvery, stopsAfter } = way;
  const storage = new MemoryStorage();
  const open = (): ReturnType<typeof openTokenSetBuild> =>
    openTokenSetBuild('build', { source: 'source', runTokens, storage });
  let builder = await open();
  let stop = stopsAfter;
  for (let i = 0; i < of.length; i++) {
    if (i === stop) {
      stop = Infinity;
      await builder.close();
      builder = await open();
      i = builder.completed;
    }
    const { token, owner } = of[i]!;
    await addTokens(builder, bytesOf([token]), i + 1, owner);
    if (i % checkpointEvery === 0) await builder.checkpoint();
  }
  const summary = await builder.finish('out/set', IDENTITY);
  return { file: storage.content('out/set')!, summary };
}

/** What is built is what the twin makes of all the outputs at once. */
async function expectTwin(of: readonly Owned[], way: Way): Promise<void> {
  const { tokens, ambiguous } = obviousUnambiguous(of);
  if (tokens.length === 0) {
    expect(await codeOf(() => build(of, way))).toBe('set_empty');
    return;
  }
  const { file, summary } = await build(of, way);
  expect(Buffer.from(file).equals(obviousFile(tokens))).toBe(true);
  const kept = obviousSet(tokens, IDENTITY.maxElements).values.length;
  expect(summary).toMatchObject({ tokens: kept, ambiguous, duplicates: of.length - kept - ambiguous });
}

describe('a token that two owners have', () => {
  test('is in no file, however the outputs are spread over runs and restarts', async () => {
    await fc.assert(
      fc.asyncProperty(
        outputs({ minLength: 1, maxLength: 40 }),
        fc.record({
          runTokens: fc.integer({ min: 1, max: 12 }),
          checkpointEvery: fc.integer({ min: 1, max: 20 }),
          stopsAfter: fc.integer({ min: 0, max: 40 }),
        }),
        expectTwin,
      ),
      { numRuns: 60 },
    );
  });

  test('stays out through merges of several levels', async () => {
    await fc.assert(
      fc.asyncProperty(outputs({ minLength: 66, maxLength: 200 }), fc.nat(200), (of, stopsAfter) =>
        expectTwin(of, { runTokens: 1, checkpointEvery: 1000, stopsAfter }),
      ),
      { numRuns: 12 },
    );
  });

  test('is marked by a merge that sees both, and left out by a later one that sees only the mark', async () => {
    // 70 runs of one token: the first seven are merged before all others.
    const of = Array.from({ length: 70 }, (_, i) => ({ token: KNOWN[i % 50]!, owner: i % 50 }));
    of[0] = { token: KNOWN[59]!, owner: 1 };
    of[1] = { token: KNOWN[59]!, owner: 2 };
    const { summary } = await build(of, { runTokens: 1, checkpointEvery: 1000, stopsAfter: 1000 });
    expect(summary.ambiguous).toBe(1);
    await expectTwin(of, { runTokens: 1, checkpointEvery: 1000, stopsAfter: 1000 });
  });

  test('is left out though one of them has it in many rows', async () => {
    const [token = 0n, other = 0n] = KNOWN;
    const of = [...Array.from({ length: 9 }, () => ({ token, owner: 1 })), { token: other, owner: 1 }];
    const alone = await build(of, { runTokens: 4, checkpointEvery: 3, stopsAfter: 5 });
    expect(alone.summary).toMatchObject({ tokens: 2, ambiguous: 0, duplicates: 8 });
    const shared = await build([...of, { token, owner: 2 }], {
      runTokens: 4,
      checkpointEvery: 3,
      stopsAfter: 5,
    });
    expect(shared.summary).toMatchObject({ tokens: 1, ambiguous: 1, duplicates: 9 });
  });
});

describe('owners', () => {
  test('change nothing in the file but which tokens are left out', async () => {
    const tokens = uniformTokens(50);
    const files = await Promise.all(
      [1, 7, 2 ** 40].map(async (factor) => {
        const storage = new MemoryStorage();
        const builder = await openTokenSetBuild('build', { source: 'source', runTokens: 9, storage });
        for (let row = 0; row < 50; row++) {
          await addTokens(builder, tokens.subarray(16 * row, 16 * row + 16), row + 1, row * factor);
        }
        await builder.finish('out/set', IDENTITY);
        return storage.content('out/set');
      }),
    );
    for (const file of files) expect(file).toEqual(obviousFile(tokens));
  });

  test('tell two owners apart by any of their eight bytes', async () => {
    for (let byte = 0; byte < 8; byte++) {
      const storage = new MemoryStorage();
      const builder = await openTokenSetBuild('build', { source: 'source', storage });
      await builder.add(outputsOf(uniformTokens(1)), new Uint8Array(8).with(byte, 1), 1);
      await builder.add(outputsOf(uniformTokens(1)), new Uint8Array(8), 2);
      await addTokens(builder, uniformTokens(1, 'another'), 3);
      expect((await builder.finish('out/set', IDENTITY)).ambiguous).toBe(1);
    }
  });

  test.each<[string, Uint8Array]>([
    ['none', new Uint8Array(0)],
    ['one too few', new Uint8Array(8)],
    ['one too many', new Uint8Array(24)],
    ['half of one', new Uint8Array(12)],
    ['the mark of more than one', ownersOf(2).fill(0xff, 8)],
  ])('are refused with %s', async (_, owners) => {
    const builder = await openTokenSetBuild('build', { source: 'source', storage: new MemoryStorage() });
    expect(await codeOf(() => builder.add(outputsOf(uniformTokens(2)), owners, 1))).toBe('argument_invalid');
  });
});

describe('a set in which every token belongs to two owners', () => {
  test('is not written, and the sentence says why', async () => {
    const storage = new MemoryStorage();
    const builder = await openTokenSetBuild('build', { source: 'source', storage });
    for (const owner of [1, 2]) await addTokens(builder, uniformTokens(3), owner, owner);
    await expect(builder.finish('out/set', IDENTITY)).rejects.toThrow('belongs to more than one owner');
    expect(storage.content('out/set')).toBeUndefined();
  });
});
