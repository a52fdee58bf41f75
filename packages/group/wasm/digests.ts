import { createHash } from 'node:crypto';
import { assembleModule, type Variant } from './modules.ts';

const VARIANTS: readonly Variant[] = ['fma', 'int'];

/** SHA-256 of each module as this source builds it, by the name of its file. */
export function moduleDigests(): Record<string, string> {
  return Object.fromEntries(
    VARIANTS.map((variant) => [
      `ristretto255-${variant}.wasm`,
      createHash('sha256').update(assembleModule(variant)).digest('hex'),
    ]),
  );
}
