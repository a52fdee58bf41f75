import { packByteStrings, type BlindedChunk, type Oprf } from '@blindmatch/oprf';
import type { Key, PlannedChunk } from './chunk-plan.ts';

/** Chunks that are blinded at once, so that every worker has something to do. */
const CHUNKS_IN_FLIGHT = 2;

/** A chunk with its blinded elements. */
export interface BlindedPlan<K extends Key> {
  readonly chunk: PlannedChunk<K>;
  readonly blinded: BlindedChunk;
}

/**
 * Blinds chunks and gives them in their order, a few held at a time.
 *
 * @param seed the request's, 32 bytes
 */
export async function* blindChunks<K extends Key>(
  chunks: AsyncIterable<PlannedChunk<K>>,
  seed: Uint8Array,
  oprf: Pick<Oprf, 'blind'>,
): AsyncGenerator<BlindedPlan<K>, void, undefined> {
  const underway: Promise<BlindedPlan<K>>[] = [];
  for await (const chunk of chunks) {
    const task = blindChunk(chunk, seed, oprf);
    // It is waited for in its turn; until then its failure is nobody's.
    task.catch(() => undefined);
    underway.push(task);
    const oldest = underway.length >= CHUNKS_IN_FLIGHT ? underway.shift() : undefined;
    if (oldest !== undefined) yield await oldest;
  }
  for (const task of underway) yield await task;
}

async function blindChunk<K extends Key>(
  chunk: PlannedChunk<K>,
  seed: Uint8Array,
  oprf: Pick<Oprf, 'blind'>,
): Promise<BlindedPlan<K>> {
  return { chunk, blinded: await oprf.blind(packByteStrings(chunk.inputs), seed, chunk.index) };
}
