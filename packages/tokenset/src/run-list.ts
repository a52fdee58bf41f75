import { MERGE_FAN_IN, mergeRuns } from './merge.ts';
import { RunWriter } from './run-file.ts';
import type { Run } from './run-file.ts';
import type { Storage } from './storage.ts';

/**
 * The finished runs of a build, in the order of its source, and their files. Invariant: together they cover a
 * beginning of the source without a gap, on the disk as well as here, whenever a call has returned or failed.
 */
export class RunList {
  readonly #storage: Storage;
  readonly #directory: string;
  readonly #source: Uint8Array;
  readonly #runs: Run[];

  /** `runs` are those that are on the disk already; the list owns the array. */
  constructor(storage: Storage, directory: string, source: Uint8Array, runs: Run[]) {
    this.#storage = storage;
    this.#directory = directory;
    this.#source = source;
    this.#runs = runs;
  }

  get count(): number {
    return this.#runs.length;
  }

  /** How many source items they cover. */
  get completed(): number {
    return this.#runs.at(-1)?.completedAfter ?? 0;
  }

  /** Outputs added, repeated ones included. */
  get added(): number {
    return this.#runs.reduce((sum, run) => sum + run.added, 0);
  }

  /** Tokens in all the runs. */
  get tokens(): number {
    return this.#runs.reduce((sum, run) => sum + run.tokens, 0);
  }

  /** Writes one more run, of sorted tokens with owners, which covers the source up to `completedAfter`. */
  async append(sorted: Uint8Array, added: number, completedAfter: number): Promise<void> {
    const previous = this.#runs.at(-1);
    const number = previous === undefined ? 0 : previous.last + 1;
    const range = {
      source: this.#source,
      first: number,
      last: number,
      completedBefore: this.completed,
      completedAfter,
      added,
    };
    this.#runs.push(await this.#write(range, [sorted]));
  }

  /** Merges runs until one merge can read them all. */
  async mergeToFanIn(): Promise<void> {
    while (this.#runs.length > MERGE_FAN_IN) await this.#mergeSome();
  }

  /** All tokens with their owners in ascending order, each once; to be read after `mergeToFanIn`. */
  merged(): AsyncIterable<Uint8Array> {
    return mergeRuns(this.#storage, this.#runs);
  }

  /** Removes the files. Last first: what a crash leaves is a beginning, which the next build can go on from. */
  async remove(): Promise<void> {
    for (let run = this.#runs.at(-1); run !== undefined; run = this.#runs.at(-1)) {
      await this.#storage.remove(run.path);
      this.#runs.pop();
    }
    await this.#storage.syncDirectory(this.#directory);
  }

  /** Merges neighbours, the smallest ones, to bring the number of runs down to what one merge can read. */
  async #mergeSome(): Promise<void> {
    const width = Math.min(MERGE_FAN_IN, this.#runs.length - MERGE_FAN_IN + 1);
    const start = smallestWindow(this.#runs, width);
    const window = this.#runs.slice(start, start + width);
    const [first] = window;
    const last = window.at(-1);
    if (first === undefined || last === undefined) throw new Error('a merge needs runs');
    const range = {
      source: this.#source,
      first: first.first,
      last: last.last,
      completedBefore: first.completedBefore,
      completedAfter: last.completedAfter,
      added: window.reduce((sum, run) => sum + run.added, 0),
    };
    const merged = await this.#write(range, mergeRuns(this.#storage, window));
    for (const run of window) await this.#storage.remove(run.path);
    await this.#storage.syncDirectory(this.#directory);
    this.#runs.splice(start, width, merged);
  }

  async #write(
    range: Omit<Run, 'path' | 'tokens'>,
    batches: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ): Promise<Run> {
    const writer = await RunWriter.create(this.#storage, this.#directory, range);
    try {
      for await (const batch of batches) await writer.append(batch);
      return await writer.finish();
    } catch (error) {
      await writer.discard();
      throw error;
    }
  }
}

/** The start of the `width` neighbouring runs that hold the fewest tokens. */
function smallestWindow(runs: readonly Run[], width: number): number {
  let best = 0;
  let fewest = Infinity;
  for (let start = 0; start + width <= runs.length; start++) {
    const tokens = runs.slice(start, start + width).reduce((sum, run) => sum + run.tokens, 0);
    if (tokens < fewest) {
      fewest = tokens;
      best = start;
    }
  }
  return best;
}
