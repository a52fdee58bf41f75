import {
  absentCanary,
  CHUNK_CANARIES,
  CHUNK_ELEMENTS,
  planChunks,
  presentCanary,
  type CanaryCounts,
} from '@blindmatch/protocol';
import { placeCanaries } from './canary-placement.ts';
import { readPreparedRecords, type RecordFile } from './record-file.ts';

/** How many match keys a full chunk holds. */
const KEYS_PER_CHUNK = CHUNK_ELEMENTS - CHUNK_CANARIES;

/** The OPRF inputs of one chunk, in the order of its elements. */
export interface PlannedChunk {
  readonly index: number;
  readonly inputs: readonly string[];
}

/**
 * Lays out the elements of a request: the match keys of its records in input order, in each chunk interspersed with
 * one present and one absent canary at secret positions. The same records and seed give the same chunks each time,
 * which is what lets a request be resumed; one chunk is held at a time.
 *
 * @throws CommandError `request_damaged`
 */
export async function* layOutChunks(
  records: RecordFile,
  canaries: CanaryCounts,
): AsyncIterable<PlannedChunk> {
  let index = 0;
  let keys: string[] = [];
  for await (const record of readPreparedRecords(records)) {
    if (!('keys' in record)) continue;
    for (const key of record.keys) {
      keys.push(key.value);
      if (keys.length < KEYS_PER_CHUNK) continue;
      yield layOut(index++, keys, records.seed, canaries);
      keys = [];
    }
  }
  if (keys.length > 0) yield layOut(index, keys, records.seed, canaries);
}

function layOut(
  index: number,
  keys: readonly string[],
  seed: Uint8Array,
  counts: CanaryCounts,
): PlannedChunk {
  const elements = keys.length + CHUNK_CANARIES;
  const placed = placeCanaries(seed, index, elements, counts);
  const inputs: string[] = [];
  let next = 0;
  for (let at = 0; at < elements; at++) {
    if (at === placed.presentAt) inputs.push(presentCanary(placed.presentIndex));
    else if (at === placed.absentAt) inputs.push(absentCanary(placed.absentIndex));
    else inputs.push(keys[next++] ?? '');
  }
  return { index, inputs };
}

/**
 * The element index of each match key of a request in turn, given the same seed: the inverse of the layout above.
 *
 * @param keys the number of match keys of the whole request
 */
export function* keyElements(keys: number, seed: Uint8Array, counts: CanaryCounts): IterableIterator<number> {
  const { chunks, elements } = planChunks(keys);
  for (let chunk = 0; chunk < chunks; chunk++) {
    const first = chunk * CHUNK_ELEMENTS;
    const size = Math.min(CHUNK_ELEMENTS, elements - first);
    const { presentAt, absentAt } = placeCanaries(seed, chunk, size, counts);
    for (let at = 0; at < size; at++) if (at !== presentAt && at !== absentAt) yield first + at;
  }
  return undefined;
}

/** The element indices of a request's canaries, and what each of them must come back as. */
export function* canaryElements(
  elements: number,
  seed: Uint8Array,
  counts: CanaryCounts,
): IterableIterator<{ element: number; present: boolean }> {
  for (let first = 0, chunk = 0; first < elements; first += CHUNK_ELEMENTS, chunk++) {
    const placed = placeCanaries(seed, chunk, Math.min(CHUNK_ELEMENTS, elements - first), counts);
    yield { element: first + placed.presentAt, present: true };
    yield { element: first + placed.absentAt, present: false };
  }
}
