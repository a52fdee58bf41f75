import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergeRuns } from '../src/merge.ts';
import { RunWriter } from '../src/run-file.ts';
import type { Run } from '../src/run-file.ts';
import { findFinishedRuns } from '../src/run-recovery.ts';
import { gatherOwned } from '../src/owned-token.ts';
import { tokenOrder } from '../src/token-order.ts';
import { viewOf } from '../src/token.ts';
import { MemoryStorage } from './rig/memory-storage.ts';
import { numbersOf } from './rig/obvious.ts';
import { ownersOf } from './rig/tokens.ts';

const SOURCE = new Uint8Array(32).fill(1);

async function writeRun(
  storage: MemoryStorage,
  number: number,
  tokens: Uint8Array,
  owners: Uint8Array = ownersOf(tokens.length / 16),
  { last = number, completedBefore = number } = {},
): Promise<Run> {
  const range = { source: SOURCE, first: number, last, completedBefore, completedAfter: last + 1, added: 1 };
  const writer = await RunWriter.create(storage, 'build', range);
  await writer.append(gatherOwned(viewOf(tokens), viewOf(owners), tokenOrder(tokens)));
  return writer.finish();
}

/** Tokens of few values in few bytes, so that many share long beginnings or are equal. */
const clashing = fc
  .array(fc.tuple(fc.constantFrom(0, 3, 4, 6, 7, 8, 12, 15), fc.constantFrom(0, 1, 0x80, 0xff)), {
    maxLength: 40,
  })
  .map((parts) => Uint8Array.from(parts.flatMap(([at, value]) => [...new Uint8Array(16).with(at, value)])));

/** What a merge gives, as the tokens with their owners; undefined for the mark of more than one. */
async function merge(storage: MemoryStorage, runs: readonly Run[]): Promise<[bigint, bigint | undefined][]> {
  const merged: [bigint, bigint | undefined][] = [];
  for await (const batch of mergeRuns(storage, runs)) {
    for (let at = 0; at < batch.length; at += 24) {
      const [token = -1n] = numbersOf(batch.subarray(at, at + 16));
      const owner = viewOf(batch).getBigUint64(at + 16);
      merged.push([token, owner === 2n ** 64n - 1n ? undefined : owner]);
    }
  }
  return merged;
}

describe('a merge of runs', () => {
  test('is their tokens in ascending order, each once, with the one owner or the mark of several', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(clashing, { minLength: 1, maxLength: 9 }), fc.nat(), async (parts, seed) => {
        const storage = new MemoryStorage();
        const runs: Run[] = [];
        const expected = new Map<bigint, bigint | undefined>();
        for (const part of parts) {
          const ofPart = numbersOf(part).map((token, i) => ({
            token,
            owner: 1 + ((seed >>> ((i + runs.length) % 31)) & 1),
          }));
          const bytes = ownersOf(ofPart.length, (index) => ofPart[index]!.owner);
          runs.push(await writeRun(storage, runs.length, part, bytes));
          for (const { token, owner } of ofPart) {
            const before = expected.has(token) ? expected.get(token) : BigInt(owner);
            expected.set(token, before === BigInt(owner) ? before : undefined);
          }
        }
        expect(await merge(storage, runs)).toEqual(
          [...expected].sort(([left], [right]) => (left < right ? -1 : 1)),
        );
      }),
    );
  });

  test('keeps the mark of a merge before, whichever owner comes later', async () => {
    const storage = new MemoryStorage();
    const token = new Uint8Array(16);
    const runs: Run[] = [];
    for (const owner of [1, 2, 1]) {
      runs.push(
        await writeRun(
          storage,
          runs.length,
          token,
          ownersOf(1, () => owner),
        ),
      );
    }
    const marked = await writeRun(storage, 9, token, new Uint8Array(8).fill(0xff));
    expect(await merge(storage, runs.slice(0, 1))).toEqual([[0n, 1n]]);
    expect(await merge(storage, runs)).toEqual([[0n, undefined]]);
    for (const order of [[marked, runs[0]!], [runs[1]!, marked], [marked], [marked, marked]]) {
      expect(await merge(storage, order)).toEqual([[0n, undefined]]);
    }
  });

  test('knows an owner whose first token ends a batch and whose second would begin the next', async () => {
    // One batch is 16,384 tokens; the token after it has another owner in another run.
    const tokens = new Uint8Array(16 * 16_385);
    for (let i = 0; i < 16_385; i++) viewOf(tokens).setUint32(16 * i, i);
    for (const shared of [16_383, 16_384]) {
      const storage = new MemoryStorage();
      const first = await writeRun(storage, 0, tokens);
      const second = await writeRun(
        storage,
        1,
        tokens.slice(16 * shared, 16 * shared + 16),
        ownersOf(1, () => 2),
      );
      const merged = await merge(storage, [first, second]);
      expect(merged).toHaveLength(16_385);
      expect(merged.flatMap(([, owner], index) => (owner === undefined ? [index] : []))).toEqual([shared]);
    }
  });
});

describe('finished runs', () => {
  test('are used only as far as each begins in the source where the one before ends', async () => {
    const storage = new MemoryStorage();
    const token = new Uint8Array(16);
    const first = await writeRun(storage, 0, token);
    await writeRun(storage, 1, token, undefined, { completedBefore: 2 });
    expect(await findFinishedRuns(storage, 'build', SOURCE)).toEqual({ runs: [first], discarded: true });
    expect(storage.paths()).toEqual([first.path]);
  });

  test('give way to the run that they were merged into, without a word of lost work', async () => {
    const storage = new MemoryStorage();
    const token = new Uint8Array(16);
    await writeRun(storage, 0, token);
    const merged = await writeRun(storage, 0, token, undefined, { last: 2 });
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
