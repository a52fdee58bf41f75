import { taskAborted, type ByteStrings, type Engine, type RunOptions } from '@blindmatch/group';
import {
  checkBlindArguments,
  checkEvaluateArguments,
  checkFinalizeArguments,
  checkTokensArguments,
} from './arguments.ts';
import { blindSlice, evaluateChunk, finalizeChunk, outputsOfInputs } from './chunk.ts';
import { PROOF_RANDOM_BYTES, type ProofContext } from './list-proof.ts';
import type { BlindedChunk, EvaluatedChunk, FinalizeJob, Oprf } from './oprf.ts';
import { systemRandomBytes, type RandomBytes } from './randomness.ts';
import { wiping } from './wiping.ts';

class InlineOprf implements Oprf {
  readonly #engine: Engine;
  readonly #randomBytes: RandomBytes;

  constructor(engine: Engine, randomBytes: RandomBytes) {
    this.#engine = engine;
    this.#randomBytes = randomBytes;
  }

  // Each method is async for the interface's sake, so that what it throws rejects.

  async blind(inputs: ByteStrings, seed: Uint8Array, chunkIndex: number): Promise<BlindedChunk> {
    checkBlindArguments(inputs, seed, chunkIndex);
    return Promise.resolve(blindSlice(this.#engine, { inputs, seed, chunkIndex, start: 0 }));
  }

  async evaluate(
    key: Uint8Array,
    elements: Uint8Array,
    context: ProofContext,
    { signal }: RunOptions = {},
  ): Promise<EvaluatedChunk> {
    checkEvaluateArguments(key, elements, context);
    if (signal?.aborted === true) throw taskAborted();
    const chunk = wiping((secret) => {
      const random = secret(this.#randomBytes(PROOF_RANDOM_BYTES));
      return evaluateChunk(this.#engine, { key, elements, context, random });
    });
    return Promise.resolve(chunk);
  }

  async finalize(job: FinalizeJob): Promise<Uint8Array> {
    checkFinalizeArguments(job);
    return Promise.resolve(finalizeChunk(this.#engine, job));
  }

  async tokens(key: Uint8Array, inputs: ByteStrings): Promise<Uint8Array> {
    checkTokensArguments(key, inputs);
    return Promise.resolve(outputsOfInputs(this.#engine, { key, inputs }));
  }

  async close(): Promise<void> {
    // There is nothing to free.
  }
}

/** An Oprf that works on the calling thread, whole batches at once: the obvious twin of the pool. */
export function createInlineOprf(engine: Engine, randomBytes: RandomBytes = systemRandomBytes): Oprf {
  return new InlineOprf(engine, randomBytes);
}
