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

/** A match key: what it is made of in the OPRF, and whatever else whoever lays it out knows of it. */
export interface Key {
  /** The OPRF input. */
  readonly value: string;
}

/** The elements of one chunk, in order. */
export interface PlannedChunk<K extends Key = Key> {
  readonly index: number;
  /** The OPRF inputs, canaries among them. */
  readonly inputs: readonly string[];
  /** The match key of each element; undefined of a canary. */
  readonly keys: readonly (K | undefined)[];
}

/**
 * Lays out the elements of a request: the match keys of its records in order, in each chunk interspersed with one
 * present and one absent canary at secret positions. The same keys and seed give the same chunks each time, which is what
 * lets a request be resumed, certified and audited; one chunk is held at a time.
 *
 * @param records the match keys of each record
 */
export async function* layOutKeys<K extends Key>(
  records: AsyncIterable<readonly K[]>,
  seed: Uint8Array,
  canaries: CanaryCounts,
): AsyncGenerator<PlannedChunk<K>, void, undefined> {
  let index = 0;
  let keys: K[] = [];
  for await (const record of records) {
    for (const key of record) {
      keys.push(key);
      if (keys.length < KEYS_PER_CHUNK) continue;
      yield layOut(index++, keys, seed, canaries);
      keys = [];
    }
  }
  if (keys.length > 0) yield layOut(index, keys, seed, canaries);
}

/**
 * The same from the file of a request's prepared records.
 *
 * @throws CommandError `request_damaged`
 */
export function layOutChunks(
  records: RecordFile,
  canaries: CanaryCounts,
): AsyncGenerator<PlannedChunk, void, undefined> {
  return layOutKeys(keysOf(records), records.seed, canaries);
}

async function* keysOf(records: RecordFile): AsyncGenerator<readonly Key[], void, undefined> {
  for await (const record of readPreparedRecords(records)) if ('keys' in record) yield record.keys;
}

function layOut<K extends Key>(
  index: number,
  keys: readonly K[],
  seed: Uint8Array,
  counts: CanaryCounts,
): PlannedChunk<K> {
  const elements = keys.length + CHUNK_CANARIES;
  const placed = placeCanaries(seed, index, elements, counts);
  const inputs: string[] = [];
  const laid: (K | undefined)[] = [];
  let next = 0;
  for (let at = 0; at < elements; at++) {
    const key = at === placed.presentAt || at === placed.absentAt ? undefined : keys[next++];
    laid.push(key);
    if (key !== undefined) inputs.push(key.value);
    else if (at === placed.presentAt) inputs.push(presentCanary(placed.presentIndex));
    else inputs.push(absentCanary(placed.absentIndex));
  }
  return { index, inputs, keys: laid };
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
