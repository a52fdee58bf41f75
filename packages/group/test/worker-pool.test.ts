import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { GroupError } from '../src/errors.ts';
import { WorkerPool, type WorkerPoolOptions } from '../src/worker-pool.ts';
import type { PoolTasks } from './fixtures/pool-tasks.ts';

const module = new URL('./fixtures/pool-worker.ts', import.meta.url);
const pools: WorkerPool<PoolTasks>[] = [];

function makePool(options: Partial<WorkerPoolOptions> = {}): WorkerPool<PoolTasks> {
  const pool = new WorkerPool<PoolTasks>({ module, workers: 1, queue: 1, ...options });
  pools.push(pool);
  return pool;
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

/** Counters that the threads share. */
function counters(second: number): Int32Array {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  shared[1] = second;
  return shared;
}

function release(calls: Int32Array): void {
  Atomics.store(calls, 1, 1);
  Atomics.notify(calls, 1);
}

const refusal = (fields: Partial<GroupError>): unknown => expect.objectContaining(fields) as unknown;

describe('WorkerPool', () => {
  it('runs a task in a thread and gives its output', async () => {
    const output = await makePool().run('echo', () => ({ value: Uint8Array.of(1, 2, 3) }));
    expect([...output]).toEqual([1, 2, 3]);
  });

  it('moves the buffers that are handed over, and copies the rest', async () => {
    const [moved, copied] = [Uint8Array.of(1), Uint8Array.of(2)];
    const pool = makePool();
    await pool.run('echo', () => ({ value: moved, transfer: [moved.buffer] }));
    await pool.run('echo', () => ({ value: copied }));
    expect([moved.length, copied.length]).toEqual([0, 1]);
  });

  it('spreads tasks over its threads', async () => {
    const pool = makePool({ workers: 2, queue: 2 });
    const calls = counters(0);
    const holding = [1, 2].map(() => pool.run('hold', () => ({ value: calls })));
    while (Atomics.load(calls, 0) < 2) await new Promise(setImmediate);
    release(calls);
    await Promise.all(holding);
    expect(calls[0]).toBe(2);
  });

  it('prepares no more than workers + queue inputs, and the rest in order as places get free', async () => {
    const pool = makePool({ workers: 1, queue: 2 });
    const calls = counters(0);
    const prepared: number[] = [];
    const holding = pool.run('hold', () => ({ value: calls }));
    const waiting = [1, 2, 3, 4, 5].map((i) =>
      pool.run('echo', () => {
        prepared.push(i);
        return { value: Uint8Array.of(i) };
      }),
    );
    while (Atomics.load(calls, 0) < 1) await new Promise(setImmediate);
    expect(prepared).toEqual([1, 2]);
    release(calls);
    await holding;
    const outputs = await Promise.all(waiting);
    expect(outputs.map(([i]) => i)).toEqual([1, 2, 3, 4, 5]);
    expect(prepared).toEqual([1, 2, 3, 4, 5]);
  });

  it('gives a GroupError of a task with its code and index', async () => {
    const error: unknown = await makePool()
      .run('refuseElement', () => ({ value: 7 }))
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(GroupError);
    expect(error).toEqual(refusal({ code: 'element_invalid', index: 7, message: 'An element is wrong.' }));
  });

  it('gives another error as its reviver makes it, and else as task_failed with what it said', async () => {
    const reviving = makePool({ revive: ({ name, code }) => new RangeError(`${name} ${String(code)}`) });
    await expect(reviving.run('refuseOtherwise', () => ({ value: 'odd' }))).rejects.toThrow(
      new RangeError('TypeError odd'),
    );
    await expect(makePool().run('refuseOtherwise', () => ({ value: 'odd' }))).rejects.toEqual(
      refusal({
        code: 'task_failed',
        message: expect.stringContaining('TypeError: Something else.') as string,
      }),
    );
  });

  it('goes on after an error', async () => {
    const pool = makePool();
    await expect(pool.run('refuseElement', () => ({ value: 0 }))).rejects.toThrow();
    await expect(pool.run('echo', () => ({ value: Uint8Array.of(9) }))).resolves.toEqual(Uint8Array.of(9));
  });

  it('gives the error of an input that cannot be prepared or sent, and goes on', async () => {
    const pool = makePool();
    const unprepared = pool.run('echo', () => {
      throw new RangeError('no input');
    });
    const unsent = pool.run('echo', () => ({ value: (() => 0) as unknown as Uint8Array }));
    await expect(unprepared).rejects.toThrow(new RangeError('no input'));
    await expect(unsent).rejects.toThrow(/clone/);
    await expect(pool.run('echo', () => ({ value: Uint8Array.of(9) }))).resolves.toEqual(Uint8Array.of(9));
  });

  it('runs a task once more, with its input prepared afresh, when its thread ends', async () => {
    const calls = counters(1);
    let prepared = 0;
    const pool = makePool();
    const answer = pool.run('die', () => {
      prepared += 1;
      return { value: calls };
    });
    await expect(answer).resolves.toBe('alive');
    expect([calls[0], prepared]).toEqual([2, 2]);
  });

  it('fails with worker_died when its thread ends twice, and has a fresh thread for the next task', async () => {
    const pool = makePool();
    const calls = counters(99);
    await expect(pool.run('die', () => ({ value: calls }))).rejects.toEqual(refusal({ code: 'worker_died' }));
    expect(calls[0]).toBe(2);
    await expect(pool.run('echo', () => ({ value: Uint8Array.of(9) }))).resolves.toEqual(Uint8Array.of(9));
  });

  it('gives what ended the thread as the cause', async () => {
    const pool = makePool({ module: new URL('./fixtures/absent.ts', import.meta.url) });
    const error: unknown = await pool
      .run('thread', () => ({ value: undefined }))
      .catch((reason: unknown) => reason);
    expect(error).toEqual(refusal({ code: 'worker_died' }));
    expect(String((error as GroupError).cause)).toMatch(/Cannot find module .*absent\.ts/);
  });

  it('fails with task_failed for an output that cannot be sent', async () => {
    const answer = makePool().run('uncloneable', () => ({ value: undefined }));
    await expect(answer).rejects.toEqual(refusal({ code: 'task_failed' }));
  });

  it('lets lanes take turns, so that much work of one does not keep another waiting', async () => {
    const pool = makePool({ workers: 1, queue: 0 });
    const calls = counters(0);
    const order: string[] = [];
    const holding = pool.run('hold', () => ({ value: calls }));
    const queue = (lane: string): Promise<unknown> =>
      pool.run(
        'echo',
        () => {
          order.push(lane);
          return { value: Uint8Array.of(0) };
        },
        { lane },
      );
    const waiting = [...Array.from({ length: 8 }, () => queue('much')), queue('one'), queue('other')];
    while (Atomics.load(calls, 0) < 1) await new Promise(setImmediate);
    release(calls);
    await Promise.all([holding, ...waiting]);
    expect(order.slice(0, 4)).toEqual(['much', 'one', 'other', 'much']);
  });

  it('drops what waits, prepared or not, when its signal is aborted, and runs the rest', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }),
        fc.nat(3),
        async (gone, queue) => {
          const pool = makePool({ workers: 1, queue });
          const calls = counters(0);
          const aborting = new AbortController();
          const secrets: Uint8Array[] = [];
          const holding = pool.run('hold', () => ({ value: calls }));
          while (Atomics.load(calls, 0) < 1) await new Promise(setImmediate);
          const run: number[] = [];
          const outcomes = gone.map((abandoned, i) =>
            pool
              .run(
                'echo',
                () => {
                  const value = Uint8Array.of(7);
                  if (abandoned) secrets.push(value);
                  else run.push(i);
                  return { value, transfer: [value.buffer] };
                },
                abandoned ? { signal: aborting.signal } : {},
              )
              .then(
                () => 'done',
                (error: unknown) => (error as GroupError).code,
              ),
          );
          aborting.abort();
          // Before the thread is free: what is aborted does not wait for it.
          const aborted = outcomes.filter((_, i) => gone[i]);
          expect(new Set(await Promise.all(aborted))).toEqual(
            new Set(aborted.length > 0 ? ['task_aborted'] : []),
          );
          // What was prepared was never handed over, and is wiped.
          for (const secret of secrets) expect([...secret]).toEqual([0]);
          release(calls);
          expect(await Promise.all(outcomes)).toEqual(
            gone.map((abandoned) => (abandoned ? 'task_aborted' : 'done')),
          );
          expect(run).toEqual(gone.flatMap((abandoned, i) => (abandoned ? [] : [i])));
          await holding;
          await pool.close();
        },
      ),
      { numRuns: 15 },
    );
  });

  it('lets a running task end when its signal is aborted, and drops what it gives', async () => {
    const pool = makePool();
    const calls = counters(0);
    const aborting = new AbortController();
    const held = pool.run('hold', () => ({ value: calls }), { signal: aborting.signal });
    while (Atomics.load(calls, 0) < 1) await new Promise(setImmediate);
    aborting.abort();
    release(calls);
    await expect(held).rejects.toEqual(refusal({ code: 'task_aborted' }));
    await expect(pool.run('echo', () => ({ value: Uint8Array.of(9) }))).resolves.toEqual(Uint8Array.of(9));
  });

  it('does not run a task again whose thread ended when nobody waits for it any more', async () => {
    const pool = makePool();
    const calls = counters(1);
    const aborting = new AbortController();
    const answer = pool.run('die', () => ({ value: calls }), { signal: aborting.signal });
    aborting.abort();
    await expect(answer).rejects.toEqual(refusal({ code: 'task_aborted' }));
    expect(calls[0]).toBe(1);
  });

  it('does not begin a task whose signal is aborted already', async () => {
    const prepare = (): never => {
      throw new Error('prepared');
    };
    const answer = makePool().run('echo', prepare, { signal: AbortSignal.abort() });
    await expect(answer).rejects.toEqual(refusal({ code: 'task_aborted' }));
  });

  it('rejects running, waiting and later tasks with pool_closed, and can be closed again', async () => {
    const pool = makePool({ workers: 1, queue: 1 });
    const calls = counters(0);
    const unanswered = [1, 2, 3].map(() => pool.run('hold', () => ({ value: calls })));
    const outcomes = Promise.allSettled(unanswered);
    while (Atomics.load(calls, 0) < 1) await new Promise(setImmediate);
    await Promise.all([pool.close(), pool.close()]);
    await pool.close();
    const codes = (await outcomes).map(
      (outcome) => (outcome.status === 'rejected' ? outcome.reason : outcome) as unknown,
    );
    expect(codes).toEqual([1, 2, 3].map(() => refusal({ code: 'pool_closed' })));
    await expect(pool.run('thread', () => ({ value: undefined }))).rejects.toEqual(
      refusal({ code: 'pool_closed' }),
    );
    expect(calls[0]).toBe(1);
  });

  it('does not keep the process alive with idle threads, closed or not', async () => {
    // A worker thread stands for the process: it ends when nothing holds its event loop.
    const host = new Worker(new URL('./fixtures/idle-pool.ts', import.meta.url), { stdout: true });
    const messages: unknown[] = [];
    host.on('message', (message) => messages.push(message));
    expect(await once(host, 'exit')).toEqual([0]);
    expect(messages).toEqual(['idle']);
  });
});
