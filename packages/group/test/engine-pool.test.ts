import { afterEach, describe, expect, it } from 'vitest';
import { ENGINE_NAMES } from '../src/engine.ts';
import type { EngineSource } from '../src/engine-choice.ts';
import type { GroupError } from '../src/errors.ts';
import { loadEngineNamed } from '../src/node-engine.ts';
import { compileModule } from '../src/webassembly.ts';
import { WorkerPool } from '../src/worker-pool.ts';
import { items } from './byte-batches.ts';
import type { EngineTasks } from './fixtures/engine-tasks.ts';
import { elementsOf } from './known-elements.ts';
import { scalars } from './scalar-arithmetic.ts';

const pools: WorkerPool<EngineTasks>[] = [];

function makePool(workerData: EngineSource, workers: number): WorkerPool<EngineTasks> {
  const module = new URL('./fixtures/engine-worker.ts', import.meta.url);
  const pool = new WorkerPool<EngineTasks>({ module, workerData, workers, queue: 4 });
  pools.push(pool);
  return pool;
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

describe.each(ENGINE_NAMES)('threads that are handed engine %s', (name) => {
  it('work with it, each over an instance of its own of one compiled module', async () => {
    const pool = makePool(loadEngineNamed(name).source, 2);
    // Both threads are there before either gets work.
    const counter = new Int32Array(new SharedArrayBuffer(8));
    counter[1] = 2;
    await Promise.all([1, 2].map(() => pool.run('meet', () => ({ value: counter }))));
    const batches = Array.from({ length: 6 }, (_, i) => i + 2);
    const outputs = await Promise.all(
      batches.map((log) =>
        pool.run('multiply', () => ({ value: { elements: elementsOf(log, 3, 5), scalar: scalars(7) } })),
      ),
    );
    expect(outputs.map(({ products }) => items(products))).toEqual(
      batches.map((log) => items(elementsOf(7 * log, 21, 35))),
    );
    expect(outputs.map((output) => output.name)).toEqual(batches.map(() => name));
  });

  it('say which element they refuse', async () => {
    const pool = makePool(loadEngineNamed(name).source, 1);
    const elements = elementsOf(2, 0, 3);
    await expect(pool.run('multiply', () => ({ value: { elements, scalar: scalars(7) } }))).rejects.toEqual(
      expect.objectContaining({ code: 'element_invalid', index: 1 }),
    );
  });
});

describe('threads that are handed a module', () => {
  it('test it before they work with it: one that is no engine ends them', async () => {
    const nothing = compileModule('wasm', Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
    const pool = makePool({ name: 'wasm', module: nothing! }, 1);
    const error: unknown = await pool
      .run('multiply', () => ({ value: { elements: elementsOf(2), scalar: scalars(7) } }))
      .catch((reason: unknown) => reason);
    expect(error).toEqual(expect.objectContaining({ code: 'worker_died' }));
    expect(String((error as GroupError).cause)).toContain('This WebAssembly module is no engine');
  });
});
