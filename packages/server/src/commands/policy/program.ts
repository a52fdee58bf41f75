import { Option, type Command } from 'commander';
import { parseDigestPrefix, parseInstant } from '../option-values.ts';
import { reporterOf, subcommand, type Json } from '../subcommand.ts';
import { check } from './check.ts';
import { reload } from './reload.ts';
import { show, type ShowOptions } from './show.ts';

const EXAMPLES = `
Examples:
  $ blindmatchd policy check holder
  $ blindmatchd policy reload holder
  $ blindmatchd policy show holder --in-force`;

/** Adds `blindmatchd policy …`: what the holder allows. */
export function addPolicyCommands(program: Command): void {
  const policy = program
    .command('policy')
    .description('check what holder.yaml allows, put it in force, and show what was in force')
    .addHelpText('after', EXAMPLES);

  subcommand(policy, 'check', 'check holder.yaml and tell what it would change')
    .addHelpText('after', '\nExample:\n  $ blindmatchd policy check holder')
    .action(async (directory: string, options: Json) => {
      await check(directory, reporterOf(options));
    });

  subcommand(policy, 'reload', 'put holder.yaml in force, which is logged; running daemons take it at once')
    .addHelpText('after', '\nExample:\n  $ blindmatchd policy reload holder')
    .action(async (directory: string, options: Json) => {
      await reload(directory, reporterOf(options));
    });

  subcommand(policy, 'show', 'show holder.yaml, or a policy that is or was in force')
    .addOption(new Option('--in-force', 'the policy in force').conflicts(['at', 'digest']))
    .addOption(
      new Option('--at <time>', 'the policy that was in force then (2026-05-31 or 2026-05-31T12:00:00Z)')
        .argParser(parseInstant)
        .conflicts('digest'),
    )
    .option(
      '--digest <digest>',
      'the policy with this digest, or the first 8 of its digits',
      parseDigestPrefix,
    )
    .option('-o, --output <file>', 'write its exact bytes to a new file')
    .addHelpText(
      'after',
      `
Examples:
  $ blindmatchd policy show holder --in-force
  $ blindmatchd policy show holder --at 2026-05-31
  $ blindmatchd policy show holder --digest 5f3a09c2 -o that.yaml`,
    )
    .action(async (directory: string, options: ShowOptions & Json) => {
      await show(directory, options, reporterOf(options));
    });
}
