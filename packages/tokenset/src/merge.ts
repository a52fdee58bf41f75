import { RunReader } from './run-file.ts';
import type { Run } from './run-file.ts';
import type { Storage } from './storage.ts';
import { OWNED_TOKEN_BYTES, joinOwners } from './owned-token.ts';
import { compareTokens, viewOf } from './token.ts';

/** Most runs that one merge reads at once. */
export const MERGE_FAN_IN = 64;
const RUN_BUFFER_TOKENS = 4096;
const BATCH_TOKENS = 16_384;

/**
 * Merges up to MERGE_FAN_IN runs into one ascending sequence of distinct tokens with their owners, in batches. Equal
 * tokens of one owner become one; of different owners, or marked already, one that is marked. A batch is overwritten
 * by the next one. Memory: 96 KiB a run and 384 KiB for the batch.
 *
 * @throws TokenSetError `run_corrupt` before the sequence ends, if any run is not what was written
 */
export async function* mergeRuns(storage: Storage, runs: readonly Run[]): AsyncGenerator<Uint8Array> {
  const readers: RunReader[] = [];
  try {
    for (const run of runs) readers.push(await RunReader.open(storage, run, RUN_BUFFER_TOKENS));
    const heap = new ReaderHeap();
    for (const reader of readers) if (await reader.fill()) heap.push(reader);
    const batch = new OwnedTokenBatch();
    while (heap.top !== undefined) {
      const empty = drain(heap, batch);
      if (empty !== undefined) heap.replaceTop((await empty.fill()) ? empty : undefined);
      if (batch.full) {
        yield batch.settled;
        batch.dropSettled();
      }
    }
    yield batch.all;
  } finally {
    for (const reader of readers) await reader.close();
  }
}

/** Moves tokens from the heap to the batch until the batch is full or a reader, which it gives, needs filling. */
function drain(heap: ReaderHeap, batch: OwnedTokenBatch): RunReader | undefined {
  for (;;) {
    const top = heap.top;
    if (top === undefined || batch.full) return undefined;
    batch.add(top.view, top.at);
    if (!top.step()) return top;
    heap.replaceTop(top);
  }
}

/** Distinct tokens in the order they come. The last of them may still turn out to have another owner. */
class OwnedTokenBatch {
  readonly #bytes = new Uint8Array((BATCH_TOKENS + 1) * OWNED_TOKEN_BYTES);
  readonly #view: DataView = viewOf(this.#bytes);
  #end = 0;

  get full(): boolean {
    return this.#end === this.#bytes.length;
  }

  add(view: DataView, at: number): void {
    const last = this.#end - OWNED_TOKEN_BYTES;
    if (last >= 0 && compareTokens(view, at, this.#view, last) === 0) {
      joinOwners(this.#view, last, view, at);
      return;
    }
    for (let i = 0; i < OWNED_TOKEN_BYTES; i += 4)
      this.#view.setUint32(this.#end + i, view.getUint32(at + i));
    this.#end += OWNED_TOKEN_BYTES;
  }

  /** All but the last, of a batch that is not empty. */
  get settled(): Uint8Array {
    return this.#bytes.subarray(0, this.#end - OWNED_TOKEN_BYTES);
  }

  /** Keeps the last alone. */
  dropSettled(): void {
    this.#bytes.copyWithin(0, this.#end - OWNED_TOKEN_BYTES, this.#end);
    this.#end = OWNED_TOKEN_BYTES;
  }

  get all(): Uint8Array {
    return this.#bytes.subarray(0, this.#end);
  }
}

/** A binary heap of readers by their current token. */
class ReaderHeap {
  readonly #readers: RunReader[] = [];

  get top(): RunReader | undefined {
    return this.#readers[0];
  }

  push(reader: RunReader): void {
    let at = this.#readers.length;
    this.#readers.push(reader);
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      const above = this.#readers[parent];
      if (above === undefined || !isBefore(reader, above)) break;
      this.#readers[at] = above;
      at = parent;
    }
    this.#readers[at] = reader;
  }

  /** Puts a reader, or the last one if there is none, in place of the top and restores the order. */
  replaceTop(reader: RunReader | undefined): void {
    const moved = reader ?? this.#readers.pop();
    if (moved === undefined || this.#readers.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      const left = this.#readers[child];
      if (left === undefined) break;
      const right = this.#readers[child + 1];
      let least = left;
      if (right !== undefined && isBefore(right, left)) {
        least = right;
        child++;
      }
      if (!isBefore(least, moved)) break;
      this.#readers[at] = least;
      at = child;
    }
    this.#readers[at] = moved;
  }
}

function isBefore(a: RunReader, b: RunReader): boolean {
  return a.key === b.key ? compareTokens(a.view, a.at, b.view, b.at) < 0 : a.key < b.key;
}
