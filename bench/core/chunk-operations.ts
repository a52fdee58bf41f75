import { Buffer } from 'node:buffer';
import { SCALAR_BYTES, type Engine } from '@blindmatch/group';
import { createInlineOprf, OprfError, type FinalizeJob, type Oprf } from '@blindmatch/oprf';
import { timed, timedBeyond, type Candidate } from './alternation.ts';
import { evaluate } from './group-operations.ts';
import { fixedBytes, matchKeys, type HolderKey } from './inputs.ts';

/** The operations of the function over one engine and chunk. */
export interface ChunkOperations {
  readonly candidates: readonly Candidate[];
  /** The outputs for the match keys of the chunk, 64 bytes each: the same for every engine. */
  readonly tokens: Uint8Array;
}

/**
 * A proof of two canonical scalars that does not hold: the verifier does all its work before it knows. What comes
 * after the proof is never reached.
 */
function withoutProof(job: FinalizeJob): FinalizeJob {
  const [challenge, response] = [job.proof.subarray(0, SCALAR_BYTES), job.proof.subarray(SCALAR_BYTES)];
  return { ...job, proof: Buffer.concat([response, challenge]) };
}

async function verifyOnly(oprf: Oprf, job: FinalizeJob): Promise<void> {
  try {
    await oprf.finalize(job);
  } catch (error) {
    if (error instanceof OprfError && error.code === 'proof_invalid') return;
    throw error;
  }
  throw new Error('A proof with its halves exchanged was accepted; nothing was timed.');
}

/** Verified with them, or with none. */
function withRoots(job: FinalizeJob, roots: boolean): FinalizeJob {
  const none = new Uint8Array();
  return roots ? job : { ...job, blindedRoots: none, evaluatedRoots: none };
}

/**
 * Run a chunk through the function once, and make its operations ready to be timed.
 * @param roots whether the requester has the roots of both lists when it verifies
 * @throws Error when requester and holder do not come to the same outputs
 */
export async function chunkOperations(
  engine: Engine,
  count: number,
  { key, publicKey }: HolderKey,
  roots: boolean,
): Promise<ChunkOperations> {
  const oprf = createInlineOprf(engine);
  const inputs = matchKeys(count);
  const seed = fixedBytes('seed', 32);
  const context = { publicKey, epochId: fixedBytes('epoch', 32), chunkIndex: 0 };
  const chunk = await oprf.blind(inputs, seed, 0);
  const { blinded } = chunk;
  const answer = await oprf.evaluate(key, blinded, context);
  // What is timed is decoding with roots; an engine that does not take them would do the same more slowly.
  if (
    !engine.areRoots(blinded, chunk.blindedRoots) ||
    !engine.areRoots(answer.evaluated, answer.evaluatedRoots)
  ) {
    throw new Error(`With ${engine.name}, the roots are not those of the elements; nothing was timed.`);
  }
  const job = withRoots({ inputs, seed, ...chunk, context, ...answer }, roots);
  const tokens = await oprf.tokens(key, inputs);
  if (Buffer.compare(await oprf.finalize(job), tokens) !== 0) {
    throw new Error(
      `With ${engine.name}, requester and holder get other outputs for the same inputs; nothing was timed.`,
    );
  }
  const forged = withoutProof(job);
  const candidate = (operation: Candidate['operation'], elapsed: Candidate['elapsed']): Candidate => ({
    operation,
    engine: engine.name,
    batch: count,
    elapsed,
  });
  return {
    tokens,
    candidates: [
      candidate(
        'blind',
        timed(() => oprf.blind(inputs, seed, 0)),
      ),
      candidate(
        'proveChunk',
        timedBeyond(
          () => oprf.evaluate(key, blinded, context),
          () => evaluate(engine, key, blinded),
        ),
      ),
      candidate(
        'verifyChunk',
        timed(() => verifyOnly(oprf, forged)),
      ),
      candidate(
        'finalize',
        timedBeyond(
          () => oprf.finalize(job),
          () => verifyOnly(oprf, forged),
        ),
      ),
      candidate(
        'encodeSet',
        timed(() => oprf.tokens(key, inputs)),
      ),
    ],
  };
}
