import { existsSync, readFileSync } from 'node:fs';

const CPU_INFO = '/proc/cpuinfo';

/**
 * Whether this processor has a fused multiply-add, so that a Node.js without flags takes the engine `wasm`: on x86
 * as Linux tells it, elsewhere every processor that Node.js still runs on has it.
 */
export const HAS_FUSED_MULTIPLY_ADD: boolean =
  process.arch !== 'x64' ||
  !existsSync(CPU_INFO) ||
  /^flags.* fma( |$)/m.test(readFileSync(CPU_INFO, 'utf8'));

/** The name of a test that needs it, with the reason where it is skipped. */
export function needingFusedMultiplyAdd(name: string): string {
  return HAS_FUSED_MULTIPLY_ADD ? name : `${name} (skipped: this processor has no fused multiply-add)`;
}
