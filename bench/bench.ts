// pnpm bench core [--json] …, pnpm bench timing …
import { runCore } from './core/core.ts';
import { runTiming } from './core/timing.ts';
import { UsageError } from './core/usage.ts';

const USAGE = `Usage: pnpm bench core [options]     how fast the group and the function are, beside libsodium
       pnpm bench timing [options]   whether the time of a multiplication depends on its secret scalar
Each answers --help.`;

async function main([command, ...argv]: readonly string[]): Promise<number> {
  if (command === 'core') return runCore(argv);
  if (command === 'timing') return runTiming(argv);
  const asked = command === '--help';
  (asked ? console.log : console.error)(USAGE);
  return asked ? 0 : 2;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
