import { createReporter, type Reporter } from '@blindmatch/terminal';
import type { Command } from 'commander';
import { parseDirectory } from './option-values.ts';

/** The program's name, as its user types it. */
export const NAME = 'blindmatchd';

/** The option that every command has. */
export interface Json {
  readonly json?: boolean;
}

/** Adds a command that works on a holder's directory. */
export function subcommand(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .argument('<directory>', "the holder's directory", parseDirectory)
    .option('--json', 'events as NDJSON on standard output');
}

/** The reporter of a command with these options. */
export function reporterOf(options: Json): Reporter {
  return createReporter({ json: options.json === true, program: NAME });
}
