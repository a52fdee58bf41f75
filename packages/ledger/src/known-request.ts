/** What a ledger knows of a request, in each state that it can be in. */

/** A request whose signatures and terms are in order, as it is to be remembered. */
export interface JudgedRequest {
  /** SHA-256 of the signed manifest, 32 bytes: the request's identity. */
  readonly requestId: Uint8Array;
  /** The manifest's nonce, 32 bytes. */
  readonly nonce: Uint8Array;
  readonly epoch: number;
  readonly requester: string;
  /** Fingerprints of those whose signatures counted. */
  readonly officials: readonly string[];
  readonly certifiers: readonly string[];
  readonly statute: string;
  readonly records: number;
  readonly elements: number;
  /** The signed manifest as received (a DSSE envelope). */
  readonly envelope: Uint8Array;
}

/** A request that waits or is decided. */
export type KnownRequest = WaitingRequest | DecidedRequest | AcceptedRequest;

/** A request that waits for approval. */
export interface WaitingRequest extends JudgedRequest {
  readonly state: 'waiting';
  readonly suspendedAt: Date;
  readonly expiresAt: Date;
}

/** A request that waited, and what became of it. */
export interface DecidedRequest extends JudgedRequest {
  readonly state: 'approved' | 'denied' | 'expired';
  readonly suspendedAt: Date;
  /** Until when it could be decided on. */
  readonly expiresAt: Date;
  readonly decidedAt: Date;
  /** What was decided; undefined where it expired. */
  readonly approval: StoredApproval | undefined;
}

/** A decision about a request: the signed approval as it was made (a DSSE envelope) and the digest of its payload, 32 bytes. */
export interface StoredApproval {
  readonly envelope: Uint8Array;
  readonly digest: Uint8Array;
}

/** A request that was accepted and charged. */
export interface AcceptedRequest extends JudgedRequest {
  readonly state: 'accepted';
  /** Since when it waited for an approval before; undefined where it never did. */
  readonly suspendedAt: Date | undefined;
  /** Until when it could be decided on; undefined where it never waited. */
  readonly expiresAt: Date | undefined;
  /** The approval that it had when it was accepted; undefined where nobody had decided. */
  readonly approval: StoredApproval | undefined;
  readonly acceptedAt: Date;
  /** Index and bytes of its leaf. */
  readonly leafIndex: number;
  readonly leaf: Uint8Array;
  /** When its accounting is due, by the policy that it was accepted under; undefined where it owes none. */
  readonly accountingDue: Date | undefined;
  /** When it was first finished; undefined while it is under way. */
  readonly completedAt: Date | undefined;
  /** Digest of its accounting, 32 bytes; undefined where none came. */
  readonly accounting: Uint8Array | undefined;
  /** The approval that waived its accounting; undefined where none did. */
  readonly waiver: StoredApproval | undefined;
}
