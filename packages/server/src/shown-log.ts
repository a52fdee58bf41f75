import type { Ledger, Log, StoredLeaf } from '@blindmatch/ledger';
import {
  digestText,
  encodeLeaf,
  parseDigest,
  parseLeaf,
  signCheckpoint,
  type Checkpoint,
  type LoggedLeaf,
  type LogView,
  type OpenEpoch,
  type PlacedLeaf,
} from '@blindmatch/protocol';
import type { KeyObject } from 'node:crypto';

/** A logged leaf together with the size of the log that it is proved to be in. */
export interface ProvedLeaf {
  readonly logged: LoggedLeaf;
  readonly size: number;
}

/** The leaf that accepted a request, and the one that had put the policy in force which decided. */
export interface ProvedAcceptance extends ProvedLeaf {
  readonly policy: PlacedLeaf;
}

/** What a holder shows of its log to requesters, under its signature. The log is read anew each time. */
export class ShownLog {
  readonly #log: Log;
  readonly #identity: KeyObject;
  readonly #epochLeaf: StoredLeaf;
  /** The checkpoint that was signed last: the same head is not signed twice in a row. */
  #last: Checkpoint | undefined;

  /** @param epochLeaf the leaf of the epoch that is served */
  constructor(log: Log, identity: KeyObject, epochLeaf: StoredLeaf) {
    this.#log = log;
    this.#identity = identity;
    this.#epochLeaf = epochLeaf;
  }

  /** The log as it is now for a requester that remembers its first so many leaves; a size beyond the log proves nothing. */
  async open(rememberedSize: number): Promise<LogView & { readonly size: number }> {
    const { size, note } = await this.#checkpoint();
    const { index, leaf } = this.#epochLeaf;
    const path = await this.#log.inclusion(index, size);
    const consistency = rememberedSize > size ? new Uint8Array() : await this.growth(rememberedSize, size);
    return { size, checkpoint: note, leafIndex: index, leaf, path, consistency };
  }

  /** Proves that a leaf is in the log as it is now. */
  async prove({ index, leaf }: StoredLeaf): Promise<ProvedLeaf> {
    const { size, note } = await this.#checkpoint();
    const path = await this.#log.inclusion(index, size);
    return { logged: { leaf, index, path, checkpoint: note }, size };
  }

  /** Proves that the leaf which accepted a request is in the log, and before it its policy's, both in one tree. */
  async proveAcceptance(accepted: StoredLeaf): Promise<ProvedAcceptance> {
    const leaf = parseLeaf(accepted.leaf);
    if (leaf.type !== 'accepted') throw new RangeError(`leaf ${accepted.index} accepts nothing`);
    const policy = await this.#log.adoptionBefore(accepted.index, parseDigest(leaf.policy, 'log_invalid'));
    if (policy === undefined) throw new RangeError(`no leaf before ${accepted.index} has its policy`);
    const proved = await this.prove(accepted);
    const path = await this.#log.inclusion(policy.index, proved.size);
    return { ...proved, policy: { ...policy, path } };
  }

  /** The proof that the first `second` leaves begin with the first `first`; nothing for none or equal ones. */
  async growth(first: number, second: number): Promise<Uint8Array> {
    return first === 0 ? new Uint8Array() : await this.#log.consistency(first, second);
  }

  async #checkpoint(): Promise<Checkpoint> {
    const head = await this.#log.head();
    const last = this.#last;
    if (last?.size === head.size && Buffer.compare(last.root, head.root) === 0) return last;
    this.#last = signCheckpoint(head, this.#identity);
    return this.#last;
  }
}

/** Writes to the log that an epoch is served, unless that stands there already, and gives the leaf. */
export async function announceEpoch(
  ledger: Ledger,
  { descriptor, epochId }: OpenEpoch,
  now: Date,
): Promise<StoredLeaf> {
  const { epoch } = descriptor;
  const leaf = encodeLeaf({ type: 'epoch', time: now.toISOString(), epoch, epoch_id: digestText(epochId) });
  const index = await ledger.announceEpoch({ epochId, epoch, now, leaf });
  // The one that stands there may be of another time than this one.
  for await (const stored of ledger.log.leaves(index)) return stored;
  throw new RangeError(`the log has no leaf ${index}`);
}
