/**
 * What the holder must remember for good about the requests that it accepted. It holds what the requester signed
 * (counts, statute, reason, a commitment to blinded elements) and when; nothing about any record.
 */

/** A request as it was authorised: the manifest's numbers and the names of the policy. */
export interface AuthorisedRequest {
  /** SHA-256 of the signed manifest, 32 bytes: the request's identity. */
  readonly requestId: Uint8Array;
  /** The manifest's nonce, 32 bytes. */
  readonly nonce: Uint8Array;
  readonly epoch: number;
  readonly requester: string;
  /** Fingerprints of the officials whose signatures were valid. */
  readonly officials: readonly string[];
  readonly records: number;
  readonly elements: number;
  /** The signed manifest as received (a DSSE envelope). */
  readonly envelope: Uint8Array;
}

/**
 * What became of an attempt to accept:
 * - `new`: it is now remembered, durably, and its nonce is spent;
 * - `known`: this very request was accepted before, as whose and when the record says; nothing was charged again;
 * - `nonce_reused`: the nonce belongs to another request; nothing changed.
 */
export type Acceptance =
  ({ readonly outcome: 'new' | 'known' } & AcceptanceRecord) | { readonly outcome: 'nonce_reused' };

/** Who was charged with a request, and when. Whoever asks again later, it stays as it was first accepted. */
export interface AcceptanceRecord {
  readonly requester: string;
  readonly officials: readonly string[];
  readonly acceptedAt: Date;
}

/** A line of the ledger, as `blindmatchd inspect` shows it. */
export interface AcceptedRequest extends AuthorisedRequest {
  readonly acceptedAt: Date;
  /** When it was first finished; undefined while it is under way. */
  readonly completedAt: Date | undefined;
}

/**
 * The store of accepted requests. Every change is one transaction and is on the disk when the call returns.
 *
 * Invariants: a request id is accepted at most once; a nonce belongs to one request id for good; a time of
 * acceptance or completion, once written, never changes.
 */
export interface Ledger {
  /** Accepts a request and spends its nonce, in one durable transaction. */
  accept(request: AuthorisedRequest, now: Date): Acceptance;
  /**
   * Notes that an accepted request was finished; gives the first time that this was noted. It is never before the
   * acceptance: where the clock was set back meanwhile, it is the time of the acceptance.
   */
  complete(requestId: Uint8Array, now: Date): Date;
  /** The accepted requests, oldest first. */
  requests(): IterableIterator<AcceptedRequest>;
  close(): void;
}
