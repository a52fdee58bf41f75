import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { checkIdentity } from './header.ts';
import type { TokenSetHeader, TokenSetIdentity } from './header.ts';
import type { Run } from './run-file.ts';
import { RunList } from './run-list.ts';
import { findFinishedRuns } from './run-recovery.ts';
import { writeSet } from './set-writer.ts';
import { diskStorage } from './disk-storage.ts';
import type { Storage } from './storage.ts';
import { DistinctCount } from './distinct-count.ts';
import { OWNED_TOKEN_BYTES, OWNER_BYTES, Unambiguous, gatherOwned, isAmbiguous } from './owned-token.ts';
import { tokenOrder } from './token-order.ts';
import { OUTPUT_BYTES, TOKEN_BYTES, viewOf } from './token.ts';
import { TokenSetError } from './token-set-error.ts';

/** How a build works. */
export interface TokenSetBuildOptions {
  /** Names the source, the profile and the key together; work found for another one is thrown away. */
  readonly source: string;
  /** Tokens held in memory and sorted at a time, about 60 bytes each; default 2^20. */
  readonly runTokens?: number;
  /** The file system; default the real one. */
  readonly storage?: Storage;
}

/** What was built. */
export interface TokenSetSummary {
  readonly header: TokenSetHeader;
  /** SHA-256 of the header, which identifies the file. */
  readonly digest: Uint8Array;
  /** Length of the file in bytes. */
  readonly length: number;
  /** N, the number of tokens in the file. */
  readonly tokens: number;
  /** Distinct tokens that were left out because they belong to more than one owner. */
  readonly ambiguous: number;
  /** How many outputs were added beyond the first of each distinct token, or are equal to another after cutting. */
  readonly duplicates: number;
}

/** How far `finish` is: tokens passed through a merge, of the tokens that will pass. */
export type BuildProgress = (done: number, total: number) => void;

const DEFAULT_RUN_TOKENS = 1 << 20;
const LOCK_NAME = 'lock';

/**
 * Opens a build in a directory of its own, or goes on with the one that a stopped process left there. The caller adds
 * the outputs of every source item after the first `completed`, in the same order each time, then calls `finish`.
 *
 * @throws TokenSetError `build_locked` if another build has the directory, `argument_invalid`, `disk_full`,
 *   `storage_failed`
 */
export async function openTokenSetBuild(
  directory: string,
  options: TokenSetBuildOptions,
): Promise<TokenSetBuild> {
  const runTokens = options.runTokens ?? DEFAULT_RUN_TOKENS;
  if (!Number.isInteger(runTokens) || runTokens < 1 || runTokens > 2 ** 26) {
    throw new TokenSetError('argument_invalid', 'A run holds 1 to 2^26 tokens.');
  }
  const storage = options.storage ?? diskStorage;
  await storage.makeDirectory(directory);
  const release = await storage.lock(join(directory, LOCK_NAME));
  try {
    const source = new Uint8Array(createHash('sha256').update(options.source, 'utf8').digest());
    const found = await findFinishedRuns(storage, directory, source);
    return new TokenSetBuild({ storage, directory, source, runTokens, release, ...found });
  } catch (error) {
    release();
    throw error;
  }
}

interface BuildState {
  readonly storage: Storage;
  readonly directory: string;
  readonly source: Uint8Array;
  readonly runTokens: number;
  readonly release: () => void;
  readonly runs: Run[];
  readonly discarded: boolean;
}

/**
 * An external-memory build. It owns its directory while it is open. One call at a time; after a call has failed, only
 * `close` is left, and a new build goes on from the finished runs.
 */
export class TokenSetBuild {
  /** Whether work was found here and thrown away, because it belonged to another source or was damaged. */
  readonly restarted: boolean;
  readonly #state: BuildState;
  readonly #runs: RunList;
  /** Tokens not yet in a run, and their owners: `#held` of them. */
  readonly #buffer: Uint8Array;
  readonly #owners: Uint8Array;
  #held = 0;
  #completed: number;
  #condition: 'open' | 'busy' | 'closed' = 'open';

  /** Use openTokenSetBuild. */
  constructor(state: BuildState) {
    this.#state = state;
    this.restarted = state.discarded;
    this.#runs = new RunList(state.storage, state.directory, state.source, state.runs);
    this.#completed = this.completed;
    this.#buffer = new Uint8Array(state.runTokens * TOKEN_BYTES);
    this.#owners = new Uint8Array(state.runTokens * OWNER_BYTES);
  }

  /** How many source items are durably in finished runs, so that they need not be added again. */
  get completed(): number {
    return this.#runs.completed;
  }

  /**
   * Adds OPRF outputs, 64 bytes each, with who each belongs to, and says how many source items are wholly done with
   * them. They are durable when `completed` has reached that number.
   *
   * An output that is added for two different owners is left out of the set. `owners` holds 8 bytes for each output,
   * in their order: the same for one owner and different ones for two, but never eight bytes ff. The runs hold them
   * until the set is written, so they must say nothing about anybody without a secret.
   *
   * @throws TokenSetError `argument_invalid` if outputs or owners have a wrong length, are more than `runTokens`, if an
   *   owner is eight bytes ff, or if `completedAfter` goes back; `disk_full`, `storage_failed`, `build_busy`, `build_closed`
   */
  add(outputs: Uint8Array, owners: Uint8Array, completedAfter: number): Promise<void> {
    return this.#alone(async () => {
      const count = outputs.length / OUTPUT_BYTES;
      if (!Number.isInteger(count) || count > this.#state.runTokens) {
        throw new TokenSetError(
          'argument_invalid',
          `Outputs are added in whole ones of 64 bytes, at most ${this.#state.runTokens} at a time.`,
        );
      }
      checkOwners(owners, count);
      if (!Number.isSafeInteger(completedAfter) || completedAfter < this.#completed) {
        throw new TokenSetError('argument_invalid', 'The number of completed source items never goes back.');
      }
      // A run ends between two calls only, so that what it covers is whole.
      if (this.#held + count > this.#state.runTokens) await this.#closeRun();
      for (let i = 0; i < count; i++) {
        const start = i * OUTPUT_BYTES;
        this.#buffer.set(outputs.subarray(start, start + TOKEN_BYTES), (this.#held + i) * TOKEN_BYTES);
      }
      this.#owners.set(owners, this.#held * OWNER_BYTES);
      this.#held += count;
      this.#completed = completedAfter;
    });
  }

  /** Writes the token set, as `write` does, removes the runs and closes the build. */
  async finish(path: string, identity: TokenSetIdentity, progress?: BuildProgress): Promise<TokenSetSummary> {
    const summary = await this.write(path, identity, progress);
    await this.dispose();
    return summary;
  }

  /**
   * Writes the token set to `path`, replacing a file there at one stroke. The bytes depend on the set of outputs with
   * their owners and on `identity` only. The build keeps its directory and its runs, for a caller that has to publish the set before
   * another build may begin; it then calls `dispose`.
   *
   * @throws TokenSetError `set_empty` also if every token belongs to more than one owner, `tokens_not_uniform`, `run_corrupt`, `argument_invalid`, `disk_full`,
   *   `storage_failed`, `build_busy`, `build_closed`; no file has appeared at `path` then
   */
  write(path: string, identity: TokenSetIdentity, progress?: BuildProgress): Promise<TokenSetSummary> {
    return this.#alone(async () => {
      checkIdentity(identity);
      if (this.#held > 0) await this.#closeRun();
      if (this.#runs.count === 0) {
        throw new TokenSetError(
          'set_empty',
          'A token set needs at least one token; check that the source has records.',
        );
      }
      await this.#runs.mergeToFanIn();
      return this.#write(path, identity, progress);
    });
  }

  /** Removes the runs, which nobody needs once the set is written and published, and closes the build. */
  async dispose(): Promise<void> {
    await this.#alone(() => this.#runs.remove());
    await this.close();
  }

  /**
   * Closes the run at hand early, so that all that was added is durable and `completed` says so. A caller whose tokens
   * come slowly calls it by the clock; each call costs a file, and a merge of it later.
   *
   * @throws TokenSetError `disk_full`, `storage_failed`, `build_busy`, `build_closed`
   */
  checkpoint(): Promise<void> {
    return this.#alone(async () => {
      if (this.#held > 0) await this.#closeRun();
    });
  }

  /** Gives the directory free. Finished runs stay for the next build; what is not in a run is lost. */
  async close(): Promise<void> {
    this.#condition = 'closed';
    this.#buffer.fill(0);
    this.#owners.fill(0);
    this.#state.release();
    await Promise.resolve();
  }

  async #write(path: string, identity: TokenSetIdentity, progress?: BuildProgress): Promise<TokenSetSummary> {
    const runs = this.#runs;
    const total = 2 * runs.tokens;
    let done = 0;
    const merged = async function* (unambiguous: Unambiguous): AsyncGenerator<Uint8Array> {
      for await (const batch of runs.merged()) {
        done += batch.length / OWNED_TOKEN_BYTES;
        progress?.(Math.min(done, total), total);
        yield unambiguous.take(batch);
      }
    };
    // Twice over the same sequence: N decides b, and b decides every bit of the file.
    const count = new DistinctCount();
    const unambiguous = new Unambiguous();
    for await (const batch of merged(unambiguous)) count.add(batch);
    if (count.count === 0) {
      throw new TokenSetError(
        'set_empty',
        'Every token belongs to more than one owner, so that none is left; check that the source tells people apart.',
      );
    }
    const plan = { ...identity, ...count.choose(identity.maxElements) };
    const { header, digest } = await writeSet(this.#state.storage, path, plan, merged(new Unambiguous()));
    progress?.(total, total);
    const ambiguous = unambiguous.leftOut;
    const duplicates = runs.added - header.tokens - ambiguous;
    return { header, digest, length: header.length, tokens: header.tokens, ambiguous, duplicates };
  }

  async #closeRun(): Promise<void> {
    const tokens = this.#buffer.subarray(0, this.#held * TOKEN_BYTES);
    const owned = gatherOwned(viewOf(tokens), viewOf(this.#owners), tokenOrder(tokens));
    await this.#runs.append(owned, this.#held, this.#completed);
    this.#held = 0;
  }

  /** Runs one call; another one meanwhile is refused, and so is every later one once a call has failed. */
  async #alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.#condition === 'busy') {
      throw new TokenSetError('build_busy', 'The build is at work; wait for the call before to end.');
    }
    if (this.#condition === 'closed') {
      throw new TokenSetError('build_closed', 'The build is closed; open it again to go on.');
    }
    this.#condition = 'busy';
    try {
      const result = await work();
      this.#condition = 'open';
      return result;
    } catch (error) {
      this.#condition = 'closed';
      throw error;
    }
  }
}

function checkOwners(owners: Uint8Array, count: number): void {
  if (owners.length !== count * OWNER_BYTES) {
    throw new TokenSetError('argument_invalid', 'Every output is added with an owner of 8 bytes.');
  }
  const view = viewOf(owners);
  for (let at = 0; at < owners.length; at += OWNER_BYTES) {
    if (isAmbiguous(view, at)) {
      throw new TokenSetError('argument_invalid', 'Eight bytes ff stand for no owner; give another one.');
    }
  }
}
