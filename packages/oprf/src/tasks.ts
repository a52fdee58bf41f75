import type { Engine, Handover, TaskHandlers } from '@blindmatch/group';
import { deriveBlinds } from './blinds.ts';
import { countByteStrings, type ByteStrings } from './byte-strings.ts';
import { blindInputs, evaluateInputs, finalizeEvaluated } from './elements.ts';
import { proveList, verifyList, type EvaluatedList, type ProofContext } from './list-proof.ts';

/** Inputs `start` onwards of a chunk, and the seed of their blinds. */
interface SeededSlice {
  readonly inputs: ByteStrings;
  readonly seed: Uint8Array;
  readonly chunkIndex: number;
  readonly start: number;
}

/** What the threads of a pool are asked: slices of a chunk, or the proof of a whole one. */
export interface OprfTasks {
  readonly blind: { readonly input: SeededSlice; readonly output: Uint8Array };
  readonly multiply: {
    readonly input: { readonly key: Uint8Array; readonly elements: Uint8Array };
    readonly output: Uint8Array;
  };
  readonly prove: {
    readonly input: EvaluatedList & {
      readonly key: Uint8Array;
      readonly context: ProofContext;
      readonly random: Uint8Array;
    };
    readonly output: Uint8Array;
  };
  readonly verify: {
    readonly input: EvaluatedList & { readonly context: ProofContext; readonly proof: Uint8Array };
    readonly output: undefined;
  };
  readonly finalize: {
    readonly input: SeededSlice & { readonly evaluated: Uint8Array };
    readonly output: Uint8Array;
  };
  readonly tokens: {
    readonly input: { readonly key: Uint8Array; readonly inputs: ByteStrings };
    readonly output: Uint8Array;
  };
}

/**
 * The tasks over one engine. Secrets in an input are this thread's own copies, and are wiped whatever
 * happens.
 */
export function oprfTaskHandlers(engine: Engine): TaskHandlers<OprfTasks> {
  return {
    blind: ({ inputs, seed, chunkIndex, start }) =>
      wiping([seed, inputs.bytes], () => {
        const blinds = deriveBlinds(seed, chunkIndex, start, countByteStrings(inputs));
        return wiping([blinds], () => handOver(blindInputs(engine, inputs, blinds)));
      }),
    multiply: ({ key, elements }) => wiping([key], () => handOver(engine.multiply(elements, key))),
    prove: ({ key, context, random, ...list }) =>
      wiping([key, random], () => handOver(proveList(engine, key, list, context, random))),
    verify: ({ context, proof, ...list }) => {
      verifyList(engine, list, context, proof);
      return { value: undefined };
    },
    finalize: ({ inputs, seed, chunkIndex, start, evaluated }) =>
      wiping([seed, inputs.bytes], () => {
        const blinds = deriveBlinds(seed, chunkIndex, start, countByteStrings(inputs));
        return wiping([blinds], () => handOver(finalizeEvaluated(engine, inputs, blinds, evaluated)));
      }),
    tokens: ({ key, inputs }) =>
      wiping([key, inputs.bytes], () => handOver(evaluateInputs(engine, key, inputs))),
  };
}

/** Results are arrays of their own, over the whole of their buffer, and nobody here needs them again. */
function handOver(result: Uint8Array): Handover<Uint8Array> {
  return result.buffer instanceof ArrayBuffer
    ? { value: result, transfer: [result.buffer] }
    : { value: result };
}

function wiping<Result>(secrets: readonly Uint8Array[], work: () => Result): Result {
  try {
    return work();
  } finally {
    for (const secret of secrets) secret.fill(0);
  }
}
