import type { EngineExports } from './wasm-exports.ts';

/** So many calls that the compiler has optimised the code that is probed: all its versions have to fuse. */
const CALLS = 20_000;

/**
 * Whether the module's multiply-add rounds once. WebAssembly allows `relaxed_madd` to round twice, where a
 * processor or a compiler has no fused one, and products would then be wrong without any other sign. The module
 * computes (1 + 2^-30)² − (1 + 2^-29), which is 2^-60, and would be 0 if the square were rounded first.
 */
export function isFused(module: EngineExports): boolean {
  const results = new Float64Array(module.memory.buffer, module.output.value, 2);
  for (let call = 0; call < CALLS; call++) {
    results.fill(0);
    module.probeFusion(module.output.value);
    if (results[0] !== 2 ** -60 || results[1] !== 2 ** -60) return false;
  }
  results.fill(0);
  return true;
}
