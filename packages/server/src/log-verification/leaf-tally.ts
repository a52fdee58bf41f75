import { createHmac, randomBytes } from 'node:crypto';

/** What has a leaf for each; of `charge`, that of the acceptance. */
export type TallyKind =
  'policy' | 'epoch' | 'accepted' | 'charge' | 'pending' | 'approval' | 'expired' | 'finished' | 'accounting';

interface Sum {
  readonly count: number;
  readonly digest: bigint;
}

const MODULUS = 2n ** 128n;
const NONE: Sum = { count: 0, digest: 0n };

/** The secret of one comparison: with it, two different collections have one sum with probability 2^-128. */
export type TallyKey = Uint8Array;

/** A new secret. */
export function newTallyKey(): TallyKey {
  return new Uint8Array(randomBytes(32));
}

/**
 * A collection of texts by kind, in no order, of which only a count and the sum of keyed hashes are kept: two of them are
 * equal just when every text is as often in one as in the other, whatever was done to make them look equal.
 */
export class LeafTally {
  readonly #key: TallyKey;
  readonly #sums = new Map<TallyKind, Sum>();

  constructor(key: TallyKey) {
    this.#key = key;
  }

  add(kind: TallyKind, text: string): void {
    const { count, digest } = this.#sum(kind);
    const hash = createHmac('sha256', this.#key).update(text).digest('hex').slice(0, 32);
    this.#sums.set(kind, { count: count + 1, digest: (digest + BigInt(`0x${hash}`)) % MODULUS });
  }

  count(kind: TallyKind): number {
    return this.#sum(kind).count;
  }

  /** Whether the other one, made with the same key, has the same texts of this kind. */
  equals(other: LeafTally, kind: TallyKind): boolean {
    return this.count(kind) === other.count(kind) && this.#sum(kind).digest === other.#sum(kind).digest;
  }

  #sum(kind: TallyKind): Sum {
    return this.#sums.get(kind) ?? NONE;
  }
}
