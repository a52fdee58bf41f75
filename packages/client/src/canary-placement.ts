import { createHmac } from 'node:crypto';
import type { CanaryCounts } from '@blindmatch/protocol';

/** Where the two canaries of a chunk stand, and which of the epoch's canaries they are. */
export interface CanaryPlacement {
  /** Position of the present canary in the chunk, 0-based. */
  readonly presentAt: number;
  /** Position of the absent canary in the chunk; never the same. */
  readonly absentAt: number;
  readonly presentIndex: number;
  readonly absentIndex: number;
}

const LABEL = 'blindmatch.v1/canary-placement';

/**
 * Derives the placement of a chunk's canaries from the request's seed, so that a resumed request finds them again.
 * The positions are secret: a holder that knew them could answer just the canaries right. Each value is 64 bits
 * reduced modulo a range of at most 4,096, so its bias is below 2^-52.
 *
 * @param seed the request's 32-byte secret
 * @param chunk index of the chunk
 * @param elements the chunk's elements, canaries included; at least 2
 * @param canaries how many present and absent canaries the epoch has
 */
export function placeCanaries(
  seed: Uint8Array,
  chunk: number,
  elements: number,
  canaries: CanaryCounts,
): CanaryPlacement {
  const input = Buffer.alloc(4);
  input.writeUInt32BE(chunk);
  const random = createHmac('sha512', seed).update(LABEL).update(input).digest();
  const below = (at: number, bound: number): number => Number(random.readBigUInt64BE(8 * at) % BigInt(bound));
  const presentAt = below(0, elements);
  // One position fewer is left for the other; those from presentAt on move up by one.
  const rest = below(1, elements - 1);
  return {
    presentAt,
    absentAt: rest < presentAt ? rest : rest + 1,
    presentIndex: below(2, canaries.present),
    absentIndex: below(3, canaries.absent),
  };
}
