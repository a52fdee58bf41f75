import { packByteStrings, type Oprf } from '@blindmatch/oprf';
import { OWNER_BYTES, type TokenSetBuild } from '@blindmatch/tokenset';

/** Match keys that are evaluated in one call. */
const BATCH_KEYS = 512;
/** Calls under way at once, so that every worker has something to do. */
const BATCHES_IN_FLIGHT = 4;
/** A kill costs at most about this much work. */
const CHECKPOINT_MS = 2000;

/** An OPRF input with the one it belongs to. */
export interface OwnedKey {
  readonly value: string;
  /** 8 bytes. */
  readonly owner: Uint8Array;
}

export interface QueueOptions {
  readonly oprf: Oprf;
  readonly now: () => Date;
  /** Called with the number of rows whose match keys have been evaluated. */
  readonly onProgress?: (rows: number) => void;
}

/** Evaluates match keys in batches, several at once, and hands the outputs to the build in the order of the rows. */
export class EvaluationQueue {
  readonly #build: TokenSetBuild;
  readonly #key: Uint8Array;
  readonly #oprf: Oprf;
  readonly #now: () => Date;
  readonly #onProgress: ((rows: number) => void) | undefined;
  #checkpointAt: number;
  #keys: OwnedKey[] = [];
  #rows = 0;
  readonly #underway: {
    readonly outputs: Promise<Uint8Array>;
    readonly owners: Uint8Array;
    readonly rows: number;
  }[] = [];

  constructor(build: TokenSetBuild, key: Uint8Array, { oprf, now, onProgress }: QueueOptions) {
    this.#build = build;
    this.#key = key;
    this.#oprf = oprf;
    this.#now = now;
    this.#onProgress = onProgress;
    this.#checkpointAt = now().getTime() + CHECKPOINT_MS;
  }

  /** Adds the match keys of the row after which `rows` rows are done. */
  async add(keys: readonly OwnedKey[], rows: number): Promise<void> {
    this.#keys.push(...keys);
    this.#rows = rows;
    if (this.#keys.length >= BATCH_KEYS) await this.#evaluate();
  }

  /** Waits until the build has all that was added. */
  async drain(): Promise<void> {
    if (this.#keys.length > 0) await this.#evaluate();
    while (this.#underway.length > 0) await this.#settleOldest();
  }

  async #evaluate(): Promise<void> {
    const outputs = this.#oprf.tokens(this.#key, packByteStrings(this.#keys.map(({ value }) => value)));
    // Its failure is met when its turn comes; until then it must not count as unhandled.
    outputs.catch(() => undefined);
    const owners = new Uint8Array(this.#keys.length * OWNER_BYTES);
    for (const [index, { owner }] of this.#keys.entries()) owners.set(owner, index * OWNER_BYTES);
    this.#underway.push({ outputs, owners, rows: this.#rows });
    this.#keys = [];
    if (this.#underway.length >= BATCHES_IN_FLIGHT) await this.#settleOldest();
  }

  async #settleOldest(): Promise<void> {
    const oldest = this.#underway.shift();
    if (oldest === undefined) return;
    await this.#build.add(await oldest.outputs, oldest.owners, oldest.rows);
    this.#onProgress?.(oldest.rows);
    if (this.#now().getTime() < this.#checkpointAt) return;
    await this.#build.checkpoint();
    this.#checkpointAt = this.#now().getTime() + CHECKPOINT_MS;
  }
}
