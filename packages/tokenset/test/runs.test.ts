import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergeRuns } from '../src/merge.ts';
import { RunWriter } from '../src/run-file.ts';
import type { Run } from '../src/run-file.ts';
import { findFinishedRuns } from '../src/run-recovery.ts';
import { gatherTokens } from '../src/token-query.ts';
import { tokenOrder } from '../src/token-order.ts';
import { MemoryStorage } from './rig/memory-storage.ts';
import { numbersOf } from './rig/obvious.ts';

const SOURCE = new Uint8Array(32).fill(1);

async function writeRun(
  storage: MemoryStorage,
  number: number,
  tokens: Uint8Array,
  { last = number, completedBefore = number } = {},
): Promise<Run> {
  const range = { source: SOURCE, first: number, last, completedBefore, completedAfter: last + 1, added: 1 };
  const writer = await RunWriter.create(storage, 'build', range);
  await writer.append(gatherTokens(tokens, tokenOrder(tokens)));
  return writer.finish();
}

/** Tokens of few values in few bytes, so that many share long beginnings or are equal. */
const clashing = fc
  .array(fc.tuple(fc.constantFrom(0, 3, 4, 6, 7, 8, 12, 15), fc.constantFrom(0, 1, 0x80, 0xff)), {
    maxLength: 40,
  })
  .map((parts) => Uint8Array.from(parts.flatMap(([at, value]) => [...new Uint8Array(16).with(at, value)])));

describe('a merge of runs', () => {
  test('is their tokens in ascending order, each once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(clashing, { minLength: 1, maxLength: 9 }), async (parts) => {
        const storage = new MemoryStorage();
        const runs: Run[] = [];
        for (const part of parts) runs.push(await writeRun(storage, runs.length, part));
        const merged: bigint[] = [];
        for await (const batch of mergeRuns(storage, runs)) merged.push(...numbersOf(batch));
        const expected = [...new Set(parts.flatMap(numbersOf))].sort((a, b) => (a < b ? -1 : 1));
        expect(merged).toEqual(expected);
      }),
    );
  });
});

describe('finished runs', () => {
  test('are used only as far as each begins in the source where the one before ends', async () => {
    const storage = new MemoryStorage();
    const token = new Uint8Array(16);
    const first = await writeRun(storage, 0, token);
    await writeRun(storage, 1, token, { completedBefore: 2 });
    expect(await findFinishedRuns(storage, 'build', SOURCE)).toEqual({ runs: [first], discarded: true });
    expect(storage.paths()).toEqual([first.path]);
  });

  test('give way to the run that they were merged into, without a word of lost work', async () => {
    const storage = new MemoryStorage();
    const token = new Uint8Array(16);
    await writeRun(storage, 0, token);
    const merged = await writeRun(storage, 0, token, { last: 2 });
    const next = await writeRun(storage, 3, token);
    expect(await findFinishedRuns(storage, 'build', SOURCE)).toEqual({
      runs: [merged, next],
      discarded: false,
    });
    expect(storage.paths()).toEqual([merged.path, next.path]);
  });

  test('that are thrown away do not come back after a loss of power', async () => {
    const storage = new MemoryStorage();
    await writeRun(storage, 0, new Uint8Array(16));
    await findFinishedRuns(storage, 'build', new Uint8Array(32));
    storage.losePower(() => false);
    expect(storage.paths()).toEqual([]);
  });
});
