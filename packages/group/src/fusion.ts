import type { EngineExports } from './wasm-exports.ts';

/** Compilers replace a routine between two calls, the sooner the more it has looped: so many of both. */
const CALLS = 40;
const PROBES = 50_000;

/**
 * Whether the module's multiply-add rounds once. WebAssembly allows `relaxed_madd` to round twice, where a
 * processor or a compiler has no fused one, and products would then be wrong without any other sign. It is
 * probed so often that the optimising compiler's code is probed as well as the first.
 */
export function isFused(module: EngineExports): boolean {
  const differences = new BigInt64Array(module.memory.buffer, module.output.value, 2);
  for (let call = 0; call < CALLS; call++) {
    module.probeFusion(module.output.value, PROBES);
    if (differences[0] !== 0n || differences[1] !== 0n) {
      differences.fill(0n);
      return false;
    }
  }
  return true;
}
