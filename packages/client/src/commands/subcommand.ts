import { createReporter, type Reporter } from '@blindmatch/terminal';
import type { Command } from 'commander';

/** The program's name, as its user types it. */
export const NAME = 'blindmatch';

/** The option that every command has. */
export interface Json {
  readonly json?: boolean;
}

/** Adds a command. */
export function subcommand(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option('--json', 'events as NDJSON on standard output');
}

/** The reporter of a command with these options. */
export function reporterOf(options: Json): Reporter {
  return createReporter({ json: options.json === true, program: NAME });
}
