import { Option, type Command } from 'commander';
import { parseLeafNumber, parseRequestPrefix } from '../option-values.ts';
import { reporterOf, subcommand, type Json } from '../subcommand.ts';
import { checkpoint, type CheckpointOptions } from './checkpoint.ts';
import { exportLog, type ExportOptions } from './export.ts';
import { prove, type ProveOptions } from './prove.ts';
import { verifyLog, type VerifyOptions } from './verify.ts';

const EXAMPLES = `
Examples:
  $ blindmatchd log verify holder
  $ blindmatchd log checkpoint holder -o today.checkpoint
  $ blindmatchd log export holder -o log.ndjson --checkpoint log.checkpoint
  $ blindmatchd log prove holder --request 5f3a09c2 -o inclusion.json`;

/** Adds `blindmatchd log …`: the append-only log of what was asked and decided. */
export function addLogCommands(program: Command): void {
  const log = program
    .command('log')
    .description('check, publish and prove the log of everything that was asked and decided')
    .addHelpText('after', EXAMPLES);

  subcommand(log, 'verify', 'recompute the whole log and compare it with everything else that is remembered')
    .option('--checkpoint <file>', 'a checkpoint that was published earlier, which the log must continue')
    .addHelpText(
      'after',
      `
Examples:
  $ blindmatchd log verify holder
  $ blindmatchd log verify holder --checkpoint published.checkpoint`,
    )
    .action(async (directory: string, options: VerifyOptions & Json) => {
      await verifyLog(directory, options, reporterOf(options));
    });

  subcommand(log, 'checkpoint', 'sign how far the log goes now')
    .option('-o, --output <file>', 'write it to a file (default: standard output)')
    .addHelpText('after', '\nExample:\n  $ blindmatchd log checkpoint holder -o today.checkpoint')
    .action(async (directory: string, options: CheckpointOptions & Json) => {
      await checkpoint(directory, options, reporterOf(options));
    });

  subcommand(log, 'export', 'write all leaves, for whoever checks the log without this holder')
    .requiredOption('-o, --output <file>', 'where the leaves go, a line each (NDJSON)')
    .option('--checkpoint <file>', 'write the checkpoint of exactly these leaves too')
    .addHelpText(
      'after',
      '\nExample:\n  $ blindmatchd log export holder -o log.ndjson --checkpoint log.checkpoint',
    )
    .action(async (directory: string, options: ExportOptions & Json) => {
      await exportLog(directory, options, reporterOf(options));
    });

  subcommand(log, 'prove', 'prove that a leaf is in the log, or that the log has only grown')
    .requiredOption('-o, --output <file>', 'where the proof goes (JSON)')
    .addOption(
      new Option('--request <id>', 'prove the leaf that accepted this request')
        .argParser(parseRequestPrefix)
        .conflicts(['leaf', 'from', 'to']),
    )
    .addOption(
      new Option('--leaf <number>', 'prove this leaf; the first is 0')
        .argParser(parseLeafNumber)
        .conflicts(['from', 'to']),
    )
    .option('--from <size>', 'prove that the log of --to leaves continues that of so many', parseLeafNumber)
    .option('--to <size>', 'the larger size (default: all leaves)', parseLeafNumber)
    .addHelpText(
      'after',
      `
Examples:
  $ blindmatchd log prove holder --request 5f3a09c2 -o inclusion.json
  $ blindmatchd log prove holder --leaf 0 -o inclusion.json
  $ blindmatchd log prove holder --from 120 -o consistency.json`,
    )
    .action(async (directory: string, options: ProveOptions & Json, command: Command) => {
      if (options.request === undefined && options.leaf === undefined && options.from === undefined) {
        command.error('error: say what to prove with --request, --leaf or --from');
      }
      await prove(directory, options, reporterOf(options));
    });
}
