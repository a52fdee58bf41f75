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
import type { EvaluatedChunk, FinalizeJob } from './oprf.ts';
import { wiping } from './wiping.ts';

/** What the threads of a pool are asked: slices, or a whole chunk where a proof is about all of it. */
export interface OprfTasks {
  readonly blind: { readonly input: SeededSlice; readonly output: Uint8Array };
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
        return handOver(blindSlice(engine, slice));
      }),
    evaluate: (job) =>
      wiping((secret) => {
        secret(job.key);
        secret(job.random);
        const chunk = evaluateChunk(engine, job);
        return { value: chunk, transfer: [...buffersOf(chunk.evaluated), ...buffersOf(chunk.proof)] };
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
function buffersOf({ buffer }: Uint8Array): readonly ArrayBuffer[] {
  return buffer instanceof ArrayBuffer ? [buffer] : [];
}
