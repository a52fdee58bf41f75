import { Buffer } from 'node:buffer';
import { createHash, hash } from 'node:crypto';
import { ELEMENT_BYTES, GroupError, SCALAR_BYTES, type Engine, type Points } from '@blindmatch/group';
import { beyondGate } from './beyond-gate.ts';
import { stringsOfWidth } from './byte-strings.ts';
import { prefixed, u32be, u32beSequence } from './encoding.ts';
import { OprfError } from './errors.ts';
import { generateProof, verifyProof } from './proof.ts';
import { multiplySecret } from './secret-product.ts';
import { CONTEXT_STRING, GENERATOR, PROOF_BYTES } from './suite.ts';
import { wiping } from './wiping.ts';

// The proof that a whole chunk was evaluated with one key. Not the batch proof of RFC 9497: there each
// coefficient depends on its own pair only, which lets a holder search for wrong pairs whose errors cancel.
// Here every coefficient depends on the whole list. protocol-spec/oprf.md has the argument.

const LIST_LABEL = 'Blindmatch-v1-list-proof';
const NONCE_LABEL = 'Blindmatch-v1-proof-nonce';
const COEFFICIENT_BYTES = 16;
const COEFFICIENTS_PER_HASH = 4;
const NOTHING = new Uint8Array();
const NO_ROOTS: ListRoots = { blindedRoots: NOTHING, evaluatedRoots: NOTHING };

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

/**
 * The roots of both lists, as many bytes as the list, or none. Hints for decoding: the transcript leaves them out,
 * since what they are decides nothing.
 */
export interface ListRoots {
  readonly blindedRoots: Uint8Array;
  readonly evaluatedRoots: Uint8Array;
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
export function listCoefficients(engine: Engine, seed: Uint8Array, count: number): Uint8Array {
  const counters = u32beSequence(0, Math.ceil(count / COEFFICIENTS_PER_HASH));
  const parts = engine.sha512Each(seed, stringsOfWidth(counters, 4), NOTHING);
  const scalars = new Uint8Array(count * SCALAR_BYTES);
  // Four bytes at a time: both arrays are their own, and so stand where words may.
  const [from, to] = [new Uint32Array(parts.buffer), new Uint32Array(scalars.buffer)];
  for (let i = 0, at = 0; at < to.length; at += SCALAR_BYTES / 4) {
    for (let word = 0; word < COEFFICIENT_BYTES / 4; word++, i++) to[at + word] = from[i] ?? 0;
  }
  return scalars;
}

/**
 * The secret scalar r of one proof, for the caller to wipe. Hashed from fresh randomness, the key and the
 * transcript, so that a generator that repeats itself can't give two proofs the same r (which would reveal
 * the key), and one that is predictable still leaves r secret.
 */
export function proofNonce(
  engine: Engine,
  random: Uint8Array,
  key: Uint8Array,
  seed: Uint8Array,
): Uint8Array {
  return wiping((secret) => {
    const message = secret(Buffer.concat([prefixed(NONCE_LABEL), random, key, seed]));
    return engine.scalarsFromWide(secret(hash('sha512', message, 'buffer')));
  });
}

/**
 * Prove that `evaluated` is the key times `blinded`, element by element.
 * @param points `list.blinded`, decoded
 * @param random `PROOF_RANDOM_BYTES` fresh bytes
 * @returns 64 bytes
 * @throws OprfError `key_invalid` when the context has another key's public key; a plain Error when the engine
 *   refuses what it computed, which is no fault of the list
 */
export function proveList(
  engine: Engine,
  key: Uint8Array,
  points: Points,
  list: EvaluatedList,
  context: ProofContext,
  random: Uint8Array,
): Uint8Array {
  const seed = transcriptSeed(list, context);
  const sum = engine.multiScalarMultiply(points, listCoefficients(engine, seed, points.count));
  // M can't be the identity but by an accident of probability 2^-128; the engine then refuses to decode it.
  const element = engine.encode(sum);
  const bases = beyondGate(() => engine.decode(Buffer.concat([element, GENERATOR])));
  const products = multiplySecret(engine, bases, key);
  const evaluated = products.subarray(0, ELEMENT_BYTES);
  // A response computed for another public key than the challenge names is of no use to anybody honest.
  if (Buffer.compare(products.subarray(ELEMENT_BYTES), context.publicKey) !== 0) {
    throw new OprfError(
      'key_invalid',
      'The secret key does not belong to the public key of this epoch; load the right one.',
    );
  }
  const claim = { publicKey: context.publicKey, element, evaluated };
  return wiping((secret) => {
    const nonce = secret(proofNonce(engine, random, key, seed));
    return beyondGate(() => generateProof(engine, key, claim, nonce));
  });
}

/** The answer to a chunk whose proof has been verified; nothing but `verifyList` makes one. */
class ProvedList {
  readonly context: ProofContext;
  readonly #evaluated: Points;

  constructor(context: ProofContext, evaluated: Points) {
    this.context = context;
    this.#evaluated = evaluated;
  }

  /** D, decoded: the key of `context.publicKey` times each C. */
  get evaluated(): Points {
    return this.#evaluated;
  }
}

/** The class itself stays here, and its private field keeps any look-alike from being taken for it. */
export type VerifiedList = ProvedList;

/**
 * Verify the proof of a chunk. Only what this returns can be unblinded.
 * @throws OprfError `proof_invalid` for whatever does not hold, `inputs_invalid`, with its index, for an element
 *   of the list as it was sent that is not canonical or is the identity; GroupError `element_invalid`, with its
 *   index, for such a one of the list that came back, `batch_length` for roots that are neither none nor as many as the elements
 */
export function verifyList(
  engine: Engine,
  list: EvaluatedList,
  context: ProofContext,
  proof: Uint8Array,
  roots: ListRoots = NO_ROOTS,
): VerifiedList {
  if (!isList(list) || proof.length !== PROOF_BYTES) throw proofInvalid();
  const blinded = decodeKept(engine, list.blinded, roots.blindedRoots);
  const evaluated = decodeWith(engine, list.evaluated, roots.evaluatedRoots);
  const coefficients = listCoefficients(engine, transcriptSeed(list, context), blinded.count);
  const claim = {
    publicKey: context.publicKey,
    element: engine.encode(engine.multiScalarMultiply(blinded, coefficients)),
    evaluated: engine.encode(engine.multiScalarMultiply(evaluated, coefficients)),
  };
  let holds: boolean;
  try {
    holds = verifyProof(engine, claim, proof);
  } catch (error) {
    // M or Z is the identity, the public key is no element, or c or s is not canonical: no proof of anything.
    if (error instanceof GroupError) throw proofInvalid();
    throw error;
  }
  if (!holds) throw proofInvalid();
  return new ProvedList(context, evaluated);
}

/** The requester's own elements, which no holder is to blame for: they were valid when they were sent. */
function decodeKept(engine: Engine, blinded: Uint8Array, roots: Uint8Array): Points {
  try {
    return decodeWith(engine, blinded, roots);
  } catch (error) {
    if (!(error instanceof GroupError) || error.code !== 'element_invalid') throw error;
    const message = 'The blinded elements that were kept are damaged; prepare the request again.';
    throw new OprfError('inputs_invalid', message, error.index);
  }
}

function decodeWith(engine: Engine, elements: Uint8Array, roots: Uint8Array): Points {
  return roots.length === 0 ? engine.decode(elements) : engine.decodeWithRoots(elements, roots);
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
