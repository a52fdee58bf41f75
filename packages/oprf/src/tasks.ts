import type { Engine, Handover, TaskHandlers } from '@blindmatch/group';
import {
  blindSlice,
  evaluateChunk,
  finalizeChunk,
  outputsOfInputs,
  type EvaluateJob,
  type SeededSlice,
  type TokensJob,
} from './chunk.ts';
import type { BlindedChunk, EvaluatedChunk, FinalizeJob } from './oprf.ts';
import { wiping } from './wiping.ts';

/** What the threads of a pool are asked: slices, or a whole chunk where a proof is about all of it. */
export interface OprfTasks {
  readonly blind: { readonly input: SeededSlice; readonly output: BlindedChunk };
  readonly evaluate: { readonly input: EvaluateJob; readonly output: EvaluatedChunk };
  readonly finalize: { readonly input: FinalizeJob; readonly output: Uint8Array };
  readonly tokens: { readonly input: TokensJob; readonly output: Uint8Array };
}

/**
 * The tasks over one engine. Secrets in an input are this thread's own copies, and are wiped whatever
 * happens.
 */
export function oprfTaskHandlers(engine: Engine): TaskHandlers<OprfTasks> {
  return {
    blind: (slice) =>
      wiping((secret) => {
        secret(slice.seed);
        secret(slice.inputs.bytes);
        const chunk = blindSlice(engine, slice);
        return { value: chunk, transfer: buffersOf(chunk.blinded, chunk.blindedRoots) };
      }),
    evaluate: (job) =>
      wiping((secret) => {
        secret(job.key);
        secret(job.random);
        const chunk = evaluateChunk(engine, job);
        const { evaluated, evaluatedRoots, proof } = chunk;
        return { value: chunk, transfer: buffersOf(evaluated, evaluatedRoots, proof) };
      }),
    finalize: (job) =>
      wiping((secret) => {
        secret(job.seed);
        secret(job.inputs.bytes);
        return handOver(finalizeChunk(engine, job));
      }),
    tokens: (job) =>
      wiping((secret) => {
        secret(job.key);
        secret(job.inputs.bytes);
        return handOver(outputsOfInputs(engine, job));
      }),
  };
}

function handOver(result: Uint8Array): Handover<Uint8Array> {
  return { value: result, transfer: buffersOf(result) };
}

/** Results are arrays of their own, over the whole of their buffer, and nobody here needs them again. */
function buffersOf(...results: readonly Uint8Array[]): readonly ArrayBuffer[] {
  return results.flatMap(({ buffer }) => (buffer instanceof ArrayBuffer ? [buffer] : []));
}
