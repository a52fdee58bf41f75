import { join } from 'node:path';
import { absentCanary, planChunks, presentCanary } from '@blindmatch/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canaryElements, keyElements, layOutChunks } from '../src/chunk-plan.ts';
import { writePreparedRecords, type PreparedRecord, type RecordFile } from '../src/record-file.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
let files = 0;

/** A record file with `keys` match keys, one to three a record, and a rejected line here and there. */
async function recordFile(keys: number, seed: Uint8Array): Promise<RecordFile> {
  const path = join(directory, `records-${++files}`);
  const records = function* (): Generator<PreparedRecord> {
    for (let next = 0; next < keys;) {
      const count = Math.min(keys - next, 1 + (next % 3));
      const from = next;
      next += count;
      yield {
        recordId: `r${from}`,
        tier: 'name_address',
        keys: Array.from({ length: count }, (_, at) => ({ name: 'name', value: `key ${from + at}` })),
      };
      if (from % 7 === 0) yield { recordId: `x${from}`, rejected: 'name_missing', reason: 'No name.' };
    }
  };
  await writePreparedRecords(
    { path, seed },
    (async function* () {
      await Promise.resolve();
      yield* records();
    })(),
  );
  return { path, seed };
}

async function elementsOf(records: RecordFile, counts: Counts): Promise<string[][]> {
  const chunks: string[][] = [];
  for await (const { index, inputs } of layOutChunks(records, counts)) {
    expect(index).toBe(chunks.length);
    chunks.push([...inputs]);
  }
  return chunks;
}

interface Counts {
  readonly present: number;
  readonly absent: number;
}

const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });
const counts = fc.record({
  present: fc.integer({ min: 1, max: 64 }),
  absent: fc.integer({ min: 1, max: 64 }),
});
/** Numbers of match keys, the edges of chunks (4,094 keys each) among them. */
const keyCounts = fc.oneof(
  fc.integer({ min: 1, max: 40 }),
  fc.constantFrom(4093, 4094, 4095, 8187, 8188, 8189),
  fc.integer({ min: 1, max: 9000 }),
);

describe('the layout of a request', () => {
  it('has each match key where keyElements says, in the order of the input', async () => {
    await fc.assert(
      fc.asyncProperty(keyCounts, seeds, counts, async (keys, seed, epoch) => {
        const inputs = (await elementsOf(await recordFile(keys, seed), epoch)).flat();
        const found = [...keyElements(keys, seed, epoch)].map((element) => inputs[element]);
        expect(found).toEqual(Array.from({ length: keys }, (_, key) => `key ${key}`));
      }),
      { numRuns: 40 },
    );
  });

  it('has a canary of each kind in every chunk where canaryElements says, and nothing else besides the keys', async () => {
    await fc.assert(
      fc.asyncProperty(keyCounts, seeds, counts, async (keys, seed, epoch) => {
        const chunks = await elementsOf(await recordFile(keys, seed), epoch);
        const inputs = chunks.flat();
        const plan = planChunks(keys);
        expect([chunks.length, inputs.length]).toEqual([plan.chunks, plan.elements]);
        expect(chunks.slice(0, -1).every((chunk) => chunk.length === 4096)).toBe(true);
        const present = new Set(Array.from({ length: epoch.present }, (_, at) => presentCanary(at)));
        const absent = new Set(Array.from({ length: epoch.absent }, (_, at) => absentCanary(at)));
        const placed = [...canaryElements(inputs.length, seed, epoch)];
        for (const { element, present: isPresent } of placed) {
          expect((isPresent ? present : absent).has(inputs[element]!)).toBe(true);
        }
        expect(placed.map(({ present: isPresent }) => isPresent)).toEqual(
          chunks.flatMap(() => [true, false]),
        );
        const all = [...placed.map(({ element }) => element), ...keyElements(keys, seed, epoch)];
        expect(all.sort((left, right) => left - right)).toEqual(inputs.map((_, at) => at));
      }),
      { numRuns: 40 },
    );
  });

  it('is the same each time for the same records and seed', async () => {
    const records = await recordFile(5000, new Uint8Array(32).fill(3));
    const epoch = { present: 64, absent: 64 };
    expect(await elementsOf(records, epoch)).toEqual(await elementsOf(records, epoch));
  });

  it('has no chunk where every record was rejected', async () => {
    const records = { path: join(directory, 'all-rejected'), seed: new Uint8Array(32) };
    await writePreparedRecords(
      records,
      (async function* () {
        await Promise.resolve();
        yield { recordId: 'r', rejected: 'name_missing', reason: 'No name.' };
      })(),
    );
    expect(await elementsOf(records, { present: 1, absent: 1 })).toEqual([]);
  });
});
