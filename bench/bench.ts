// pnpm bench core [--json] …, pnpm bench timing …
import { GroupError } from '@blindmatch/group';
import { runCore } from './core/core.ts';
import { runTiming } from './core/timing.ts';
import { UsageError } from './core/usage.ts';

const USAGE = `Usage: pnpm bench core [options]     how fast the group and the function are, beside libsodium
       pnpm bench timing [options]   whether the time of a multiplication depends on its secret scalar
Each answers --help.`;

async function main([command, ...argv]: readonly string[]): Promise<number> {
  if (command === 'core') return runCore(argv);
  if (command === 'timing') return runTiming(argv);
  if (command === '--help' || command === '-h') {
    console.log(USAGE);
    return 0;
  }
  if (command === undefined) console.error(USAGE);
  else console.error(`There is no benchmark "${command}"; name core or timing.`);
  return 2;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  // As in the programs: wrong usage, or an engine that does not exist or can't be used here.
  const isUsage = error instanceof UsageError;
  process.exitCode = isUsage || (error instanceof GroupError && error.code === 'engine_unusable') ? 2 : 1;
}
