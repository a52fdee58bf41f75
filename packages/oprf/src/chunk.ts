import type { ByteStrings, Engine } from '@blindmatch/group';
import { beyondGate } from './beyond-gate.ts';
import { deriveBlinds } from './blinds.ts';
import { blindInputs, evaluateInputs, hashOutputs, unblind } from './elements.ts';
import { proveList, verifyList, type ProofContext } from './list-proof.ts';
import type { BlindedChunk, EvaluatedChunk, FinalizeJob } from './oprf.ts';
import { multiplySecretWithRoots } from './secret-product.ts';
import { wiping } from './wiping.ts';

// The four operations on one engine, wherever they run: on the calling thread or as the tasks of a pool. Their
// arguments have passed the checks of arguments.ts, and stay the caller's.

/** Inputs `start` onwards of a chunk, and the seed of their blinds. */
export interface SeededSlice {
  readonly inputs: ByteStrings;
  readonly seed: Uint8Array;
  readonly chunkIndex: number;
  readonly start: number;
}

/** A chunk from the wire, and what its evaluation takes. */
export interface EvaluateJob {
  readonly key: Uint8Array;
  readonly elements: Uint8Array;
  readonly context: ProofContext;
  /** `PROOF_RANDOM_BYTES` fresh bytes. */
  readonly random: Uint8Array;
}

/** What the holder computes of its own inputs. */
export interface TokensJob {
  readonly key: Uint8Array;
  readonly inputs: ByteStrings;
}

/** The blinded elements of a slice, and their roots. */
export function blindSlice(engine: Engine, { inputs, seed, chunkIndex, start }: SeededSlice): BlindedChunk {
  const count = inputs.offsets.length - 1;
  return wiping((secret) => {
    const blinds = secret(deriveBlinds(engine, seed, chunkIndex, start, count));
    const { elements, roots } = blindInputs(engine, inputs, blinds);
    return { blinded: elements, blindedRoots: roots };
  });
}

/** Every element times the key, and the proof of it. What is proved is decoded once, for both. */
export function evaluateChunk(engine: Engine, job: EvaluateJob): EvaluatedChunk {
  const { key, elements, context, random } = job;
  const points = engine.decode(elements);
  const { elements: evaluated, roots } = multiplySecretWithRoots(engine, points, key);
  const list = { blinded: elements, evaluated };
  const proof = proveList(engine, key, points, list, context, random);
  return { evaluated, evaluatedRoots: roots, proof };
}

/** Verify, then unblind and hash: the outputs of a chunk, 64·n bytes. */
export function finalizeChunk(engine: Engine, job: FinalizeJob): Uint8Array {
  const { inputs, seed, context } = job;
  const verified = verifyList(engine, job, context, job.proof, job);
  return wiping((secret) => {
    const blinds = secret(deriveBlinds(engine, seed, context.chunkIndex, 0, verified.evaluated.count));
    const unblinded = secret(beyondGate(() => unblind(engine, verified, blinds)));
    return hashOutputs(engine, inputs, unblinded);
  });
}

/** The outputs of inputs that the holder has itself, 64·n bytes. */
export function outputsOfInputs(engine: Engine, { key, inputs }: TokensJob): Uint8Array {
  return wiping((secret) => hashOutputs(engine, inputs, secret(evaluateInputs(engine, key, inputs))));
}
