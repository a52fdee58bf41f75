// pnpm bench core [--json] …, pnpm bench timing …, pnpm bench linkage …, pnpm bench addresses …
import { GroupError } from '@blindmatch/group';
import { runCore } from './core/core.ts';
import { runTiming } from './core/timing.ts';
import { UsageError } from './core/usage.ts';
import { runAddresses } from './linkage/addresses.ts';
import { runLinkage } from './linkage/linkage.ts';

const USAGE = `Usage: pnpm bench core [options]       how fast the group and the function are, beside libsodium
       pnpm bench timing [options]     whether the time of a multiplication depends on its secret scalar
       pnpm bench linkage [options]    who is found, and who is wrongly confirmed, in a population
       pnpm bench addresses [options]  whether ways of writing one address are one address
Each answers --help.`;

async function main([command, ...argv]: readonly string[]): Promise<number> {
  if (command === 'core') return runCore(argv);
  if (command === 'timing') return runTiming(argv);
  if (command === 'linkage') return runLinkage(argv);
  if (command === 'addresses') return runAddresses(argv);
  if (command === '--help' || command === '-h') {
    console.log(USAGE);
    return 0;
  }
  if (command === undefined) console.error(USAGE);
  else console.error(`There is no benchmark "${command}"; name core, timing, linkage or addresses.`);
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
