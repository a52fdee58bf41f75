import { nobleEngine, taskAborted, type Engine, type RunOptions } from '@blindmatch/group';
import {
  checkBlindArguments,
  checkEvaluateArguments,
  checkFinalizeArguments,
  checkTokensArguments,
} from './arguments.ts';
import { deriveBlinds } from './blinds.ts';
import type { ByteStrings } from './byte-strings.ts';
import { blindInputs, evaluateInputs, finalizeEvaluated } from './elements.ts';
import { PROOF_RANDOM_BYTES, proveList, verifyList, type ProofContext } from './list-proof.ts';
import type { EvaluatedChunk, FinalizeJob, Oprf } from './oprf.ts';
import { systemRandomBytes, type RandomBytes } from './randomness.ts';

class InlineOprf implements Oprf {
  readonly #engine: Engine;
  readonly #randomBytes: RandomBytes;

  constructor(engine: Engine, randomBytes: RandomBytes) {
    this.#engine = engine;
    this.#randomBytes = randomBytes;
  }

  // Each method is async for the interface's sake, so that what it throws rejects.

  async blind(inputs: ByteStrings, seed: Uint8Array, chunkIndex: number): Promise<Uint8Array> {
    const count = checkBlindArguments(inputs, seed, chunkIndex);
    const blinds = deriveBlinds(seed, chunkIndex, 0, count);
    const blinded = blindInputs(this.#engine, inputs, blinds);
    blinds.fill(0);
    return Promise.resolve(blinded);
  }

  async evaluate(
    key: Uint8Array,
    elements: Uint8Array,
    context: ProofContext,
    { signal }: RunOptions = {},
  ): Promise<EvaluatedChunk> {
    checkEvaluateArguments(key, elements, context);
    if (signal?.aborted === true) throw taskAborted();
    const evaluated = this.#engine.multiply(elements, key);
    const random = this.#randomBytes(PROOF_RANDOM_BYTES);
    const proof = proveList(this.#engine, key, { blinded: elements, evaluated }, context, random);
    random.fill(0);
    return Promise.resolve({ evaluated, proof });
  }

  async finalize(job: FinalizeJob): Promise<Uint8Array> {
    const count = checkFinalizeArguments(job);
    verifyList(this.#engine, job, job.context, job.proof);
    const blinds = deriveBlinds(job.seed, job.context.chunkIndex, 0, count);
    const outputs = finalizeEvaluated(this.#engine, job.inputs, blinds, job.evaluated);
    blinds.fill(0);
    return Promise.resolve(outputs);
  }

  async tokens(key: Uint8Array, inputs: ByteStrings): Promise<Uint8Array> {
    checkTokensArguments(key, inputs);
    return Promise.resolve(evaluateInputs(this.#engine, key, inputs));
  }

  async close(): Promise<void> {
    // There is nothing to free.
  }
}

/** An Oprf that works on the calling thread, whole batches at once: the slow obvious twin of the pool. */
export function createInlineOprf(
  engine: Engine = nobleEngine,
  randomBytes: RandomBytes = systemRandomBytes,
): Oprf {
  return new InlineOprf(engine, randomBytes);
}
