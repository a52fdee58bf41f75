import { ELEMENT_BYTES, type ByteStrings } from '@blindmatch/group';
import { SEED_BYTES } from './blinds.ts';
import { countByteStrings } from './byte-strings.ts';
import { OprfError } from './errors.ts';
import { checkKey } from './key.ts';
import type { ProofContext } from './list-proof.ts';
import type { FinalizeJob } from './oprf.ts';
import { PROOF_BYTES } from './suite.ts';

// The edge of both implementations of Oprf: what passes here is whole, and each gives the number of elements.

/** @throws OprfError `inputs_invalid`, `input_too_long`, `seed_invalid`, `context_invalid` */
export function checkBlindArguments(inputs: ByteStrings, seed: Uint8Array, chunkIndex: number): number {
  checkSeed(seed);
  checkChunkIndex(chunkIndex);
  return countByteStrings(inputs);
}

/** @throws OprfError `key_invalid`, `context_invalid`, `batch_length` */
export function checkEvaluateArguments(key: Uint8Array, elements: Uint8Array, context: ProofContext): number {
  checkKey(key);
  checkContext(context);
  if (elements.length === 0 || elements.length % ELEMENT_BYTES !== 0) {
    throw new OprfError(
      'batch_length',
      `Send a chunk of whole elements, at least one; got ${elements.length} bytes.`,
    );
  }
  return elements.length / ELEMENT_BYTES;
}

/**
 * @throws OprfError `inputs_invalid`, `input_too_long`, `seed_invalid`, `context_invalid`, `batch_length`,
 * `proof_invalid`
 */
export function checkFinalizeArguments(job: FinalizeJob): number {
  checkSeed(job.seed);
  checkContext(job.context);
  const count = countByteStrings(job.inputs);
  if (count === 0 || job.blinded.length !== count * ELEMENT_BYTES) {
    throw new OprfError(
      'batch_length',
      'Finalize a chunk with one blinded element for each input, at least one.',
    );
  }
  // The proof and the list that came back are from the wire: their lengths are part of what the proof is about.
  if (job.evaluated.length !== job.blinded.length || job.proof.length !== PROOF_BYTES) {
    throw new OprfError('proof_invalid', 'The answer is not as long as its chunk; discard it.');
  }
  for (const roots of [job.blindedRoots, job.evaluatedRoots]) {
    if (roots.length !== 0 && roots.length !== job.blinded.length) {
      throw new OprfError('batch_length', 'Finalize with a root for each element of a list, or with none.');
    }
  }
  return count;
}

/** @throws OprfError `key_invalid`, `inputs_invalid`, `input_too_long` */
export function checkTokensArguments(key: Uint8Array, inputs: ByteStrings): number {
  checkKey(key);
  return countByteStrings(inputs);
}

function checkSeed(seed: Uint8Array): void {
  if (seed.length !== SEED_BYTES) throw new OprfError('seed_invalid', 'Give a blinding seed of 32 bytes.');
}

function checkChunkIndex(chunkIndex: number): void {
  if (!Number.isInteger(chunkIndex) || chunkIndex < 0 || chunkIndex > 0xffff_ffff) {
    throw new OprfError('context_invalid', 'Give a chunk index from 0 to 4,294,967,295.');
  }
}

function checkContext({ publicKey, epochId, chunkIndex }: ProofContext): void {
  checkChunkIndex(chunkIndex);
  if (publicKey.length !== ELEMENT_BYTES || epochId.length !== 32) {
    throw new OprfError('context_invalid', 'Give a public key and an epoch id of 32 bytes each.');
  }
}
