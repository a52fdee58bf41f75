import { Buffer } from 'node:buffer';
import { createHash, hash } from 'node:crypto';
import { ELEMENT_BYTES, GroupError, SCALAR_BYTES, scalarsFromWide, type Engine } from '@blindmatch/group';
import { prefixed, u32be } from './encoding.ts';
import { OprfError } from './errors.ts';
import { generateProof, verifyProof } from './proof.ts';
import { CONTEXT_STRING, PROOF_BYTES } from './suite.ts';

// The proof that a whole chunk was evaluated with one key. Not the batch proof of RFC 9497: there each
// coefficient depends on its own pair only, which lets a holder search for wrong pairs whose errors cancel.
// Here every coefficient depends on the whole list. protocol-spec/oprf.md has the argument.

const LIST_LABEL = 'Blindmatch-v1-list-proof';
const NONCE_LABEL = 'Blindmatch-v1-proof-nonce';
const COEFFICIENT_BYTES = 16;
const COEFFICIENTS_PER_HASH = 4;

/** Bytes of fresh randomness that one proof takes. */
export const PROOF_RANDOM_BYTES = 32;

/** What a chunk's proof is bound to, besides its elements. */
export interface ProofContext {
  /** The holder's public key for the epoch, 32 bytes, from a source that the requester trusts. */
  readonly publicKey: Uint8Array;
  /** 32 bytes. */
  readonly epochId: Uint8Array;
  /** An unsigned 32-bit integer. */
  readonly chunkIndex: number;
}

/** A chunk as the requester sent it (C) and as it came back (D): 32·n bytes each. */
export interface EvaluatedList {
  readonly blinded: Uint8Array;
  readonly evaluated: Uint8Array;
}

/** The 64-byte transcript seed: a hash of everything that the proof is about. */
export function transcriptSeed(list: EvaluatedList, context: ProofContext): Uint8Array {
  return createHash('sha512')
    .update(prefixed(LIST_LABEL))
    .update(prefixed(CONTEXT_STRING))
    .update(prefixed(context.publicKey))
    .update(prefixed(context.epochId))
    .update(u32be(context.chunkIndex))
    .update(u32be(list.blinded.length / ELEMENT_BYTES))
    .update(list.blinded)
    .update(list.evaluated)
    .digest();
}

/** ρ_0 to ρ_{n−1}: 128 bits each, as scalars of 32 bytes. */
export function listCoefficients(seed: Uint8Array, count: number): Uint8Array {
  const scalars = new Uint8Array(count * SCALAR_BYTES);
  let block: Uint8Array = new Uint8Array();
  for (let i = 0; i < count; i++) {
    const within = i % COEFFICIENTS_PER_HASH;
    if (within === 0)
      block = hash('sha512', Buffer.concat([seed, u32be(i / COEFFICIENTS_PER_HASH)]), 'buffer');
    const start = within * COEFFICIENT_BYTES;
    scalars.set(block.subarray(start, start + COEFFICIENT_BYTES), i * SCALAR_BYTES);
  }
  return scalars;
}

/**
 * The secret scalar r of one proof, for the caller to wipe. Hashed from fresh randomness, the key and the
 * transcript, so that a generator that repeats itself can't give two proofs the same r (which would reveal
 * the key), and one that is predictable still leaves r secret.
 */
export function proofNonce(random: Uint8Array, key: Uint8Array, seed: Uint8Array): Uint8Array {
  const message = Buffer.concat([prefixed(NONCE_LABEL), random, key, seed]);
  const wide = hash('sha512', message, 'buffer');
  const nonce = scalarsFromWide(wide);
  message.fill(0);
  wide.fill(0);
  return nonce;
}

/**
 * Prove that `evaluated` is the key times `blinded`, element by element.
 * @param random `PROOF_RANDOM_BYTES` fresh bytes
 * @returns 64 bytes
 * @throws OprfError `batch_length` for lists that are empty or of different sizes, `key_invalid` when the
 *   context has another key's public key; GroupError `element_invalid`
 */
export function proveList(
  engine: Engine,
  key: Uint8Array,
  list: EvaluatedList,
  context: ProofContext,
  random: Uint8Array,
): Uint8Array {
  if (!isList(list))
    throw new OprfError('batch_length', 'Prove two lists of the same number of elements, at least one.');
  // A response computed for another public key than the challenge names is of no use to anybody honest.
  if (Buffer.compare(engine.multiplyBase(key), context.publicKey) !== 0) {
    throw new OprfError(
      'key_invalid',
      'The secret key does not belong to the public key of this epoch; load the right one.',
    );
  }
  const seed = transcriptSeed(list, context);
  const element = engine.multiScalarMultiply(list.blinded, listCoefficients(seed, countOf(list)));
  // M can't be the identity but by an accident of probability 2^-128; the engine's gate then refuses it.
  const evaluated = engine.multiply(element, key);
  const nonce = proofNonce(random, key, seed);
  const proof = generateProof(engine, key, { publicKey: context.publicKey, element, evaluated }, nonce);
  nonce.fill(0);
  return proof;
}

/**
 * Verify the proof of a chunk. Until it has returned, nothing of `evaluated` may be used.
 * @throws OprfError `proof_invalid` for whatever does not hold; GroupError `element_invalid`, with its index,
 *   for an element of either list that is not canonical or is the identity
 */
export function verifyList(
  engine: Engine,
  list: EvaluatedList,
  context: ProofContext,
  proof: Uint8Array,
): void {
  if (!isList(list) || proof.length !== PROOF_BYTES) throw proofInvalid();
  const seed = transcriptSeed(list, context);
  const coefficients = listCoefficients(seed, countOf(list));
  const element = engine.multiScalarMultiply(list.blinded, coefficients);
  const evaluated = engine.multiScalarMultiply(list.evaluated, coefficients);
  let holds: boolean;
  try {
    holds = verifyProof(engine, { publicKey: context.publicKey, element, evaluated }, proof);
  } catch (error) {
    // M or Z is the identity, the public key is no element, or c or s is not canonical: no proof of anything.
    if (error instanceof GroupError) throw proofInvalid();
    throw error;
  }
  if (!holds) throw proofInvalid();
}

function countOf(list: EvaluatedList): number {
  return list.blinded.length / ELEMENT_BYTES;
}

function isList({ blinded, evaluated }: EvaluatedList): boolean {
  return blinded.length > 0 && blinded.length % ELEMENT_BYTES === 0 && blinded.length === evaluated.length;
}

function proofInvalid(): OprfError {
  return new OprfError(
    'proof_invalid',
    'The proof does not hold for this chunk; discard it, and ask the holder for an explanation.',
  );
}
