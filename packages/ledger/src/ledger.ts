import type {
  AcceptedRequest,
  JudgedRequest,
  KnownRequest,
  StoredApproval,
  WaitingRequest,
} from './known-request.ts';

/**
 * What a holder must remember for good: every decision about a request, what was charged, and the log that shows it. It
 * holds what requesters and officials signed (counts, statute, reason, a commitment to blinded elements) and when; nothing
 * about any record.
 *
 * Leaves are bytes that the caller makes; the ledger gives them their place. The log is a hash tree (RFC 6962) over them.
 *
 * Invariants, each kept by every transaction and whatever process is killed when:
 * - a nonce belongs to one request id for good; a request id is accepted at most once;
 * - a request is charged in the transaction that accepts it, once, and never given back;
 * - what was charged against a limit never exceeds it;
 * - every change that has a leaf is in the log in the same transaction, and leaves are never changed or removed.
 *
 * Several processes may use one ledger at once. Every change is durable when its promise resolves; where it is rejected
 * with `ledger_full` or `ledger_busy`, nothing was changed and it may be tried again.
 */
export interface Ledger {
  readonly log: Log;
  readonly kept: Kept;

  /** What is known of a request; undefined where it is neither waiting nor decided. */
  find(requestId: Uint8Array): Promise<KnownRequest | undefined>;

  /**
   * Accepts a request: spends its nonce, charges it, appends its leaf, all or nothing. A request that was accepted before
   * stays as it was, whatever is handed in now, and is charged nothing. Throws `ledger_unusable` where a request that
   * waited is remembered as one that asks something else.
   */
  accept(acceptance: AcceptanceToMake): Promise<Acceptance>;

  /** Lets a request wait for approval, with its leaf. One that waits already, or is decided, stays as it is. */
  suspend(suspension: SuspensionToMake): Promise<Suspension>;

  /** The requests of one requester that wait and have not expired by `now`, oldest first: as many as were let wait. */
  waiting(requester: string, now: Date): Promise<readonly WaitingRequest[]>;

  /**
   * Records an approval or denial of a request that waits and has not expired, with its leaf; `policy_changed` where
   * another policy is in force than the one by which the approver may decide.
   */
  decide(decision: DecisionToMake): Promise<'decided' | 'not_waiting' | 'policy_changed'>;

  /** Ends the waiting of every request whose time has come by `now`; `leafOf` makes the leaf of each. Gives how many. */
  expire(now: Date, leafOf: (request: WaitingRequest) => Uint8Array): Promise<number>;

  /** Appends the leaf of a refusal. */
  refuse(leaf: Uint8Array): Promise<void>;

  /**
   * Counts a refusal of a request that no allowed official signed. The first `each` of an hour get a leaf of their own;
   * what was above in earlier hours is appended as one leaf for each hour, so that strangers can't fill the disk.
   */
  refuseUnidentified(refusal: UnidentifiedRefusal): Promise<void>;

  /**
   * Appends those leaves of hours before the one of `now` although no further refusal came; to be called now and then.
   * Gives how many.
   */
  summariseUnidentified(now: Date, summaryOf: UnidentifiedRefusal['summaryOf']): Promise<number>;

  /**
   * Notes that an accepted request was finished, with its leaf the first time. Gives the first time: never before the
   * acceptance, whose time it is where the clock was set back meanwhile. Throws `request_state` for any other request.
   */
  complete(requestId: Uint8Array, now: Date, leafAt: (completed: Date) => Uint8Array): Promise<Date>;

  /**
   * Keeps the sealed accounting of a finished request, with its leaf. The first one stays; gives its digest and place.
   * Throws `request_state` for a request that is not finished.
   */
  account(accounting: AccountingToKeep): Promise<KeptAccounting>;

  /** The sealed accounting of a request, for the inspector; undefined where none came. */
  sealedAccounting(requestId: Uint8Array): Promise<Uint8Array | undefined>;

  /**
   * Records that an approver has waived the accounting that an accepted request owes, with its leaf: none is missing from
   * then on, though one may still come. Changes nothing where the request owes none, or its accounting came or was waived.
   */
  waiveAccounting(waiver: WaiverToMake): Promise<'waived' | 'not_owed' | 'policy_changed'>;

  /**
   * The request of a requester whose accounting was due first, before `now`, and neither came nor was waived, whether it
   * was finished or not; undefined if none.
   */
  unaccounted(requester: string, now: Date): Promise<Uint8Array | undefined>;

  /** Puts a policy in force, with its leaf, unless it is in force already. Gives whether it was put in force now. */
  adoptPolicy(policy: PolicyToAdopt): Promise<boolean>;

  /** The policy in force; undefined before the first. */
  policy(): Promise<StoredPolicy | undefined>;

  /** The policy with this digest (32 bytes), in force or not; undefined where there never was one. */
  policyWith(digest: Uint8Array): Promise<StoredPolicy | undefined>;

  /**
   * Notes that an epoch is served, with its leaf, unless that is noted. Gives the index of its leaf. Numbers only rise and
   * each belongs to one epoch: throws `epoch_not_newer` for another epoch whose number is not above all announced ones.
   */
  announceEpoch(epoch: EpochToAnnounce): Promise<number>;

  /**
   * What a requester has been charged, for a policy's caps; the same sums that `accept` compares with limits. Over
   * `investigator_epoch`, the most that any one of the charge's investigators has.
   */
  charged(charge: Charge, scope: LimitScope): Promise<number>;

  /** All requests that wait or are decided, oldest first. */
  requests(): AsyncIterable<KnownRequest>;

  close(): Promise<void>;
}

/** The log. Indices and sizes are those of RFC 6962: leaf 0 is the first, and the tree of size n has leaves 0 to n − 1. */
export interface Log {
  /** Size and root as of now. */
  head(): Promise<{ readonly size: number; readonly root: Uint8Array }>;
  /** The root of the first `size` leaves. Throws RangeError beyond the log. */
  rootAt(size: number): Promise<Uint8Array>;
  /** Inclusion proof of leaf `index` in the first `size` leaves, 32 bytes a node. Throws RangeError. */
  inclusion(index: number, size: number): Promise<Uint8Array>;
  /** Consistency proof from the first `first` to the first `second` leaves, 32 bytes a node. Throws RangeError. */
  consistency(first: number, second: number): Promise<Uint8Array>;
  /**
   * The stored hashes of the perfect subtrees that leaf `index` completed, from its own hash upwards; undefined in the
   * place of one that is missing. Whoever verifies the tree compares them; proofs are made of them.
   */
  completedBy(index: number): Promise<readonly (Uint8Array | undefined)[]>;
  /** The leaves from `begin` on, oldest first, with their indices. */
  leaves(begin?: number): AsyncIterable<StoredLeaf>;
  /** The index of the leaf that accepted a request; undefined where none did. */
  indexOfAcceptance(requestId: Uint8Array): Promise<number | undefined>;
  /**
   * The last leaf before leaf `before` that put the policy with this digest (32 bytes) in force; undefined where none did.
   * A policy that was replaced and came back has several.
   */
  adoptionBefore(before: number, policy: Uint8Array): Promise<StoredLeaf | undefined>;
}

/** What is kept beside requests, row by row: whoever verifies the log compares it. */
export interface Kept {
  /** Each time that a policy came in force, the last one last: that one is in force. */
  adoptions(): AsyncIterable<AdoptedPolicy>;
  /** The epochs that were announced, by number. */
  epochs(): AsyncIterable<AnnouncedEpoch>;
  /** The sums that limits are compared with, by requester, scope, period and subject. */
  sums(): AsyncIterable<ChargedSum>;
  /** What each accepted request was charged. */
  charges(): AsyncIterable<KeptCharge>;
}

export interface AdoptedPolicy {
  /** 32 bytes. */
  readonly digest: Uint8Array;
  readonly since: Date;
  readonly leafIndex: number;
}

export interface AnnouncedEpoch {
  readonly epoch: number;
  /** 32 bytes. */
  readonly epochId: Uint8Array;
  readonly announcedAt: Date;
  readonly leafIndex: number;
}

export interface ChargedSum {
  readonly requester: string;
  /** A LimitScope, unless somebody has written another text. */
  readonly scope: string;
  /** The day or the epoch's number. */
  readonly period: string;
  /** The statute or the investigator's id; empty where the sum is over all. */
  readonly subject: string;
  readonly records: number;
}

export interface KeptCharge {
  /** 32 bytes; undefined where no request of the ledger is charged so. */
  readonly requestId: Uint8Array | undefined;
  readonly charge: Charge;
}

export interface StoredLeaf {
  readonly index: number;
  readonly leaf: Uint8Array;
}

/** Over what a limit sums up records: always of one requester. Days are in UTC. */
export type LimitScope = 'day' | 'epoch' | 'statute_day' | 'statute_epoch' | 'investigator_epoch';

/** What a request is charged for. */
export interface Charge {
  readonly requester: string;
  /** The holder's number of the epoch. */
  readonly epoch: number;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly statute: string;
  readonly records: number;
  /** By investigator's id, the records of the request that count as that investigator's. */
  readonly investigators: ReadonlyMap<string, number>;
}

/** The most records that may be charged over a scope, this request included. */
export interface Limit {
  readonly scope: LimitScope;
  readonly records: number;
}

export interface AcceptanceToMake {
  readonly request: JudgedRequest;
  /** Of the request's own requester, epoch, statute and records; `accept` throws RangeError otherwise. */
  readonly charge: Charge;
  readonly limits: readonly Limit[];
  /** Digest of the policy that the decision rests on, 32 bytes: where another is in force by now, nothing changes. */
  readonly policy: Uint8Array;
  /**
   * Digest of the approval that it rests on, 32 bytes; undefined where none is needed. Where the request is not approved by
   * exactly this one, nothing changes; nor, where none is needed, if it was denied or has expired.
   */
  readonly approval?: Uint8Array;
  /** When the accounting of the request is due, for good; left out where it owes none. */
  readonly accountingDue?: Date;
  readonly now: Date;
  readonly leaf: Uint8Array;
}

/**
 * What became of an attempt to accept:
 * - `new`: it is remembered, charged and logged, durably;
 * - `known`: this very request was accepted before, and nothing changed;
 * - `nonce_reused`: the nonce belongs to another request;
 * - `over_limit`: charging it would exceed a limit; `charged` is what had been charged without it;
 * - `policy_changed`, `approval_changed`: judge the request again.
 */
export type Acceptance =
  | { readonly outcome: 'new' | 'known'; readonly request: AcceptedRequest }
  | {
      readonly outcome: 'over_limit';
      readonly limit: Limit;
      readonly charged: number;
      readonly investigator?: string;
    }
  | { readonly outcome: 'nonce_reused' | 'policy_changed' | 'approval_changed' };

export interface SuspensionToMake {
  readonly request: JudgedRequest;
  readonly policy: Uint8Array;
  readonly now: Date;
  /** When the request is refused unless somebody has approved it. */
  readonly expires: Date;
  /** How many requests of the requester may wait at once. */
  readonly most: number;
  readonly leaf: Uint8Array;
}

export type Suspension =
  | { readonly outcome: 'waiting' | 'known'; readonly request: KnownRequest }
  | { readonly outcome: 'nonce_reused' | 'policy_changed' | 'too_many_wait' };

export interface WaiverToMake extends StoredApproval {
  readonly requestId: Uint8Array;
  /** Digest of the policy that names the approver, 32 bytes: where another is in force by now, nothing changes. */
  readonly policy: Uint8Array;
  readonly now: Date;
  readonly leaf: Uint8Array;
}

export interface DecisionToMake extends WaiverToMake {
  readonly decision: 'approved' | 'denied';
}

/** A refusal of a request that no allowed official signed. */
export interface UnidentifiedRefusal {
  readonly now: Date;
  /** How many of one hour get a leaf of their own. */
  readonly each: number;
  readonly leaf: Uint8Array;
  /** The leaf for those of an earlier hour that got none. */
  readonly summaryOf: (hour: Date, requests: number) => Uint8Array;
}

export interface AccountingToKeep {
  readonly requestId: Uint8Array;
  /** Sealed: the holder can't read it. */
  readonly sealed: Uint8Array;
  /** SHA-256 of it, 32 bytes. */
  readonly digest: Uint8Array;
  readonly now: Date;
  readonly leaf: Uint8Array;
}

export interface KeptAccounting {
  readonly digest: Uint8Array;
  /** Index and bytes of its leaf. */
  readonly index: number;
  readonly leaf: Uint8Array;
}

export interface PolicyToAdopt {
  /** SHA-256 of the text, 32 bytes. */
  readonly digest: Uint8Array;
  readonly text: string;
  readonly now: Date;
  readonly leaf: Uint8Array;
}

export interface StoredPolicy {
  readonly digest: Uint8Array;
  readonly text: string;
  /** Since when it is, or when it first was, in force. */
  readonly since: Date;
}

export interface EpochToAnnounce {
  /** The holder's number of it. */
  readonly epoch: number;
  /** 32 bytes. */
  readonly epochId: Uint8Array;
  readonly now: Date;
  readonly leaf: Uint8Array;
}
