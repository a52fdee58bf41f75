import { availableParallelism } from 'node:os';
import {
  ELEMENT_BYTES,
  loadEngine,
  WorkerPool,
  type ByteStrings,
  type EngineSource,
  type Handover,
  type RunOptions,
  type TaskFailure,
  type WorkerPoolOptions,
} from '@blindmatch/group';
import {
  checkBlindArguments,
  checkEvaluateArguments,
  checkFinalizeArguments,
  checkTokensArguments,
} from './arguments.ts';
import { copyByteStrings } from './byte-strings.ts';
import type { EvaluateJob } from './chunk.ts';
import { isOprfErrorCode, OprfError } from './errors.ts';
import { PROOF_RANDOM_BYTES, type ProofContext } from './list-proof.ts';
import type { BlindedChunk, EvaluatedChunk, FinalizeJob, Oprf } from './oprf.ts';
import { systemRandomBytes, type RandomBytes } from './randomness.ts';
import { OUTPUT_BYTES } from './suite.ts';
import type { OprfTasks } from './tasks.ts';

/** How a pool is made; everything has a default. */
export interface OprfPoolOptions {
  /** Threads; default: as many as the machine has cores. */
  readonly workers?: number;
  /** Tasks that may wait for a thread with their input copied; default: as many as workers. */
  readonly queue?: number;
  /** The engine of every thread; default: the one of this process. */
  readonly engine?: EngineSource;
  /** Where the randomness of proofs comes from; default: the system. */
  readonly randomBytes?: RandomBytes;
}

/**
 * The most elements of one slice: small enough to spread a chunk over the threads, large enough to be worth
 * the trip.
 */
const SLICE_ELEMENTS_MAX = 512;
/** Engines work on this many elements side by side: only the last slice leaves a place empty. */
const ELEMENTS_SIDE_BY_SIDE = 4;

/** Elements `start` to `end` (exclusive) of a chunk. */
interface Slice {
  readonly start: number;
  readonly end: number;
}

class PooledOprf implements Oprf {
  readonly #pool: WorkerPool<OprfTasks>;
  readonly #workers: number;
  readonly #randomBytes: RandomBytes;

  constructor(pool: WorkerPoolOptions, randomBytes: RandomBytes) {
    this.#pool = new WorkerPool(pool);
    this.#workers = pool.workers;
    this.#randomBytes = randomBytes;
  }

  async blind(inputs: ByteStrings, seed: Uint8Array, chunkIndex: number): Promise<BlindedChunk> {
    const count = checkBlindArguments(inputs, seed, chunkIndex);
    const blinded = new Uint8Array(count * ELEMENT_BYTES);
    const blindedRoots = new Uint8Array(count * ELEMENT_BYTES);
    await this.#overSlices(count, async ({ start, end }) => {
      const part = await this.#pool.run('blind', () => {
        const slice = { inputs: copyByteStrings(inputs, start, end), seed: copy(seed), chunkIndex, start };
        return handOver(slice, slice.inputs.bytes, slice.seed);
      });
      blinded.set(part.blinded, start * ELEMENT_BYTES);
      blindedRoots.set(part.blindedRoots, start * ELEMENT_BYTES);
    });
    return { blinded, blindedRoots };
  }

  async evaluate(
    key: Uint8Array,
    elements: Uint8Array,
    context: ProofContext,
    options?: RunOptions,
  ): Promise<EvaluatedChunk> {
    checkEvaluateArguments(key, elements, context);
    const prepare = (): Handover<EvaluateJob> => {
      // Drawn here, so that a task that is run again after its thread died has randomness of its own.
      const drawn = this.#randomBytes(PROOF_RANDOM_BYTES);
      const owned = { key: copy(key), elements: copy(elements), random: copy(drawn) };
      drawn.fill(0);
      const job = { ...owned, context: copyContext(context) };
      return handOver(job, owned.key, owned.elements, owned.random);
    };
    return this.#pool.run('evaluate', prepare, options);
  }

  async finalize(job: FinalizeJob): Promise<Uint8Array> {
    const count = checkFinalizeArguments(job);
    // One task, so that the answer is decoded once, verified and only then unblinded.
    return this.#pool.run('finalize', () => {
      const inputs = copyByteStrings(job.inputs, 0, count);
      const owned = {
        seed: copy(job.seed),
        blinded: copy(job.blinded),
        blindedRoots: copy(job.blindedRoots),
        evaluated: copy(job.evaluated),
        evaluatedRoots: copy(job.evaluatedRoots),
        proof: copy(job.proof),
      };
      const copied = { ...owned, inputs, context: copyContext(job.context) };
      return handOver(copied, inputs.bytes, ...Object.values(owned));
    });
  }

  async tokens(key: Uint8Array, inputs: ByteStrings): Promise<Uint8Array> {
    const count = checkTokensArguments(key, inputs);
    const outputs = new Uint8Array(count * OUTPUT_BYTES);
    await this.#overSlices(count, async ({ start, end }) => {
      const part = await this.#pool.run('tokens', () => {
        const input = { key: copy(key), inputs: copyByteStrings(inputs, start, end) };
        return handOver(input, input.key, input.inputs.bytes);
      });
      outputs.set(part, start * OUTPUT_BYTES);
    });
    return outputs;
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  /**
   * Run a task for each slice, which puts its results in their place. It waits for all of them, so that no work
   * goes on behind a rejection, and then rejects with the error of the first slice that has one: the one that a
   * single batch would give.
   */
  async #overSlices(count: number, run: (slice: Slice) => Promise<void>): Promise<void> {
    const share = Math.ceil(count / this.#workers / ELEMENTS_SIDE_BY_SIDE) * ELEMENTS_SIDE_BY_SIDE;
    const size = Math.min(SLICE_ELEMENTS_MAX, share);
    const tasks: Promise<void>[] = [];
    for (let start = 0; start < count; start += size) {
      tasks.push(run({ start, end: Math.min(start + size, count) }));
    }
    const outcomes = await Promise.allSettled(tasks);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }
}

function revive({ name, message, code, index }: TaskFailure): Error | undefined {
  return name === 'OprfError' && isOprfErrorCode(code) ? new OprfError(code, message, index) : undefined;
}

/** A copy with a buffer of its own; a Buffer may be a window on memory that others share. */
function copy(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

function copyContext({ publicKey, epochId, chunkIndex }: ProofContext): ProofContext {
  return { publicKey: copy(publicKey), epochId: copy(epochId), chunkIndex };
}

/**
 * An input and those of its arrays that were copied for it alone: the thread gets them, and no second copy
 * stays here.
 */
function handOver<Value>(value: Value, ...owned: readonly Uint8Array<ArrayBuffer>[]): Handover<Value> {
  return { value, transfer: owned.map((bytes) => bytes.buffer) };
}

/**
 * An Oprf that spreads its work over worker threads: blinding and the holder's own tokens in slices of at most
 * 512 elements, evaluating and finalizing a chunk in one task, so that several chunks keep several threads
 * busy. Nothing but copying happens on the calling thread.
 *
 * Calls beyond what the threads and the queue hold wait their turn, without copies of their arguments: a
 * caller bounds its memory by the number of chunks it has under way. When a thread dies, its task is run once
 * more in another; if that dies too, the call rejects with GroupError `worker_died`. All threads share the
 * engine's one compiled module.
 * @throws GroupError `engine_unusable`, of `loadEngine`
 */
export function createOprfPool(options: OprfPoolOptions = {}): Oprf {
  const workers = options.workers ?? availableParallelism();
  // Run from source (by a test), the module beside this one has the source's ending.
  const module = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);
  const workerData = options.engine ?? loadEngine().source;
  const pool = { module, workerData, workers, queue: options.queue ?? workers, revive };
  return new PooledOprf(pool, options.randomBytes ?? systemRandomBytes);
}
