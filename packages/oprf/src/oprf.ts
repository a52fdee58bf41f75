import type { ByteStrings, RunOptions } from '@blindmatch/group';
import type { ProofContext } from './list-proof.ts';

/** A chunk as the requester sends it, 32·n bytes. */
export interface BlindedChunk {
  readonly blinded: Uint8Array;
  /**
   * The root of each element (`ElementsWithRoots` of the group), 32·n bytes. Whoever has the elements can compute
   * them; kept, they make `finalize` cheaper.
   */
  readonly blindedRoots: Uint8Array;
}

/**
 * What the requester has when a chunk comes back. The roots of either list may be empty, and are not trusted: the
 * outcome is the same whatever they are, and reached sooner with good ones.
 */
export interface FinalizeJob {
  readonly inputs: ByteStrings;
  /** The seed and, in `context`, the chunk index that the chunk was blinded with. */
  readonly seed: Uint8Array;
  /** The chunk as it was sent, 32·n bytes. */
  readonly blinded: Uint8Array;
  /** As `blind` gave them, or empty. */
  readonly blindedRoots: Uint8Array;
  /** The chunk as it came back, from the wire. */
  readonly evaluated: Uint8Array;
  /** From the wire, as many bytes as `evaluated`, or empty. */
  readonly evaluatedRoots: Uint8Array;
  /** From the wire. */
  readonly proof: Uint8Array;
  readonly context: ProofContext;
}

/** The answer to a chunk: 32·n bytes, the root of each, and a proof of 64 bytes for all of them. */
export interface EvaluatedChunk {
  readonly evaluated: Uint8Array;
  /** 32·n bytes that follow from `evaluated` alone. The proof is not about them. */
  readonly evaluatedRoots: Uint8Array;
  readonly proof: Uint8Array;
}

/**
 * The verifiable OPRF of RFC 9497 over ristretto255-SHA512, a chunk at a time. Arguments must not change
 * until the promise has settled; they are not kept after that, and secrets in them are the caller's to wipe.
 * Results are the caller's.
 *
 * Every method rejects with OprfError or GroupError: `inputs_invalid`, `input_too_long`, `seed_invalid`,
 * `key_invalid`, `context_invalid` for arguments that are not what their types say, besides what is named
 * below.
 */
export interface Oprf {
  /**
   * Requester: the blinded elements of a chunk, and their roots. The same seed, chunk index and inputs give
   * the same bytes.
   * @param seed 32 secret bytes, new for each request
   */
  blind(inputs: ByteStrings, seed: Uint8Array, chunkIndex: number): Promise<BlindedChunk>;

  /**
   * Holder: multiply a chunk's elements, from the wire, by the key, and prove it.
   * @param options whose work it is, so that those who wait take turns, and a signal that ends it: what has
   *   not been begun by then is not done
   * @throws (rejects) GroupError `element_invalid` with the index of the first that is not canonical or is
   *   the identity; OprfError `batch_length` for no elements or a broken one, `key_invalid` when the context
   *   has another public key; GroupError `task_aborted`. When the engine refuses an element that it computed
   *   itself, the error is a plain one (of a pool: GroupError `task_failed`): it is no fault of the elements
   */
  evaluate(
    key: Uint8Array,
    elements: Uint8Array,
    context: ProofContext,
    options?: RunOptions,
  ): Promise<EvaluatedChunk>;

  /**
   * Requester: verify the proof, and only then unblind: the outputs of a chunk, 64·n bytes.
   * @throws (rejects) OprfError `proof_invalid` for any answer that is not exactly the evaluation of this
   *   chunk in this context; GroupError `element_invalid` with its index for an element of the answer that is not
   *   canonical or is the identity; OprfError `inputs_invalid` with its index for such a one of `blinded`, which
   *   is no fault of the holder, `batch_length` when `blinded` does not have an element for each input, or when
   *   roots are neither empty nor as many as the elements
   */
  finalize(job: FinalizeJob): Promise<Uint8Array>;

  /**
   * Holder: the outputs of its own inputs, 64·n bytes, equal to what a requester gets for the same inputs.
   */
  tokens(key: Uint8Array, inputs: ByteStrings): Promise<Uint8Array>;

  /**
   * Free the threads. Work that has no answer yet rejects with GroupError `pool_closed`. Safe to call again.
   */
  close(): Promise<void>;
}
