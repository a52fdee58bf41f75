import { Buffer } from 'node:buffer';
import { ELEMENT_BYTES } from '@blindmatch/group';

/** What an engine or a library makes of the shared inputs, encoded: 32 bytes for each. */
export interface Results {
  readonly evaluate: Uint8Array;
  readonly hashToGroup: Uint8Array;
  readonly fixedBase: Uint8Array;
}

/**
 * Check that `results` are what `reference` has for the same inputs; either may have fewer of them.
 * @throws Error that names the engine, the operation and the first element that differs
 */
export function checkAgreement(engine: string, results: Results, reference: Results): void {
  for (const operation of ['evaluate', 'hashToGroup', 'fixedBase'] as const) {
    const length = Math.min(results[operation].length, reference[operation].length);
    if (length === 0) throw new Error(`There is nothing to compare ${engine} with at ${operation}.`);
    for (let start = 0; start < length; start += ELEMENT_BYTES) {
      const mine = results[operation].subarray(start, start + ELEMENT_BYTES);
      if (Buffer.compare(mine, reference[operation].subarray(start, start + ELEMENT_BYTES)) !== 0) {
        throw new Error(
          `${engine} gives another result than libsodium for ${operation}, element ${start / ELEMENT_BYTES}; nothing was timed.`,
        );
      }
    }
  }
}
