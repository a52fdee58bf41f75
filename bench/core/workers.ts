import { ELEMENT_BYTES, type EngineName } from '@blindmatch/group';
import { createOprfPool, type Oprf } from '@blindmatch/oprf';
import { median } from './median.ts';
import { fixedBytes, groupInputs, holderKey, type HolderKey } from './inputs.ts';
import { loadLibsodiumWasm } from './libsodium-wasm.ts';
import { sizesOf, type SizeOptions } from './sizes.ts';

const REPETITIONS = 7;
/** Chunks that are under way at once: both of two workers stay busy until the last pair. */
const CHUNKS = 8;

/** Microseconds for an element with one worker and with two, and how much more two get done. */
export interface WorkersResult {
  readonly engine: EngineName;
  readonly one: number;
  readonly two: number;
  readonly speedUp: number;
}

async function evaluateChunks(oprf: Oprf, { key, publicKey }: HolderKey, chunk: Uint8Array): Promise<number> {
  const epochId = fixedBytes('epoch', 32);
  const start = performance.now();
  await Promise.all(
    Array.from({ length: CHUNKS }, (_, chunkIndex) =>
      oprf.evaluate(key, chunk, { publicKey, epochId, chunkIndex }),
    ),
  );
  return performance.now() - start;
}

/**
 * The throughput of whole chunks, proofs included, through a pool of one thread and one of two, in turn, with the
 * engine of the process. Two can only be twice as fast on two cores that are free.
 * @param engine the name of the engine of the process, which is what a pool takes
 */
export async function measureWorkers(engine: EngineName, options: SizeOptions): Promise<WorkersResult> {
  const libsodium = await loadLibsodiumWasm();
  const holder = holderKey(libsodium);
  const { elements } = groupInputs(sizesOf(engine, options).chunk, libsodium);
  const pools = [1, 2].map((workers) => ({ oprf: createOprfPool({ workers }), micros: [] as number[] }));
  try {
    for (let repetition = 0; repetition <= REPETITIONS; repetition++) {
      for (const { oprf, micros } of pools) {
        const millis = await evaluateChunks(oprf, holder, elements);
        // The first starts the threads and warms them up.
        if (repetition > 0) micros.push((millis * 1000) / ((CHUNKS * elements.length) / ELEMENT_BYTES));
      }
    }
  } finally {
    await Promise.all(pools.map(({ oprf }) => oprf.close()));
  }
  const [one = NaN, two = NaN] = pools.map(({ micros }) => median(micros));
  return { engine, one, two, speedUp: one / two };
}
