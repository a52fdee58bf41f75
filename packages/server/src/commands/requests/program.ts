import type { Command } from 'commander';
import { parseRequestPrefix } from '../option-values.ts';
import { reporterOf, subcommand, type Json } from '../subcommand.ts';
import { accounting, type AccountingOptions } from './accounting.ts';
import { decide, type DecideOptions } from './decide.ts';
import { list, type ListOptions } from './list.ts';
import { show } from './show.ts';

const EXAMPLES = `
Examples:
  $ blindmatchd requests list holder
  $ blindmatchd requests show holder 5f3a09c2
  $ blindmatchd requests approve holder 5f3a09c2 --key operator.pem
  $ blindmatchd requests deny holder 5f3a09c2 --key operator.pem --reason "The orders are not attached"
  $ blindmatchd requests waive holder 5f3a09c2 --key operator.pem --reason "The inspector has left office"`;

/** Adds `blindmatchd requests …`: what waits for approval, and what was decided. */
export function addRequestsCommands(program: Command): void {
  const requests = program
    .command('requests')
    .description('look at requests, approve or deny those that wait, hand over or waive accountings')
    .addHelpText('after', EXAMPLES);

  subcommand(requests, 'list', 'the requests that wait for approval, oldest first')
    .option('--all', 'those that are decided too')
    .addHelpText('after', '\nExample:\n  $ blindmatchd requests list holder --all')
    .action(async (directory: string, options: ListOptions & Json) => {
      await list(directory, options, reporterOf(options));
    });

  request(requests, 'show', 'everything that is known of a request, in plain words')
    .addHelpText('after', '\nExample:\n  $ blindmatchd requests show holder 5f3a09c2')
    .action(async (directory: string, id: string, options: Json) => {
      await show(directory, id, reporterOf(options));
    });

  request(requests, 'accounting', 'write the sealed accounting of a request to a file, for the inspector')
    .requiredOption('-o, --output <file>', 'a new file')
    .addHelpText('after', '\nExample:\n  $ blindmatchd requests accounting holder 5f3a09c2 -o accounting.age')
    .action(async (directory: string, id: string, options: AccountingOptions & Json) => {
      await accounting(directory, id, options, reporterOf(options));
    });

  deciding(request(requests, 'approve', 'approve a request that waits, with your own key'))
    .option('--reason <text>', 'why, for the record')
    .addHelpText(
      'after',
      '\nExample:\n  $ blindmatchd requests approve holder 5f3a09c2 --key operator.pem --reason "Orders seen"',
    )
    .action(async (directory: string, id: string, options: DecideOptions & Json) => {
      await decide('approved', directory, id, options, reporterOf(options));
    });

  deciding(request(requests, 'deny', 'deny a request that waits, with your own key'))
    .requiredOption('--reason <text>', 'why; the requester is told so')
    .addHelpText(
      'after',
      '\nExample:\n  $ blindmatchd requests deny holder 5f3a09c2 --key operator.pem --reason "The orders are not attached"',
    )
    .action(async (directory: string, id: string, options: DecideOptions & Json) => {
      await decide('denied', directory, id, options, reporterOf(options));
    });

  deciding(
    request(requests, 'waive', 'waive the accounting that an accepted request owes, with your own key'),
  )
    .requiredOption('--reason <text>', 'why it can not be returned, for the record')
    .addHelpText(
      'after',
      '\nExample:\n  $ blindmatchd requests waive holder 5f3a09c2 --key operator.pem --reason "The inspector has left office"',
    )
    .action(async (directory: string, id: string, options: DecideOptions & Json) => {
      await decide('accounting_waived', directory, id, options, reporterOf(options));
    });
}

function request(parent: Command, name: string, description: string): Command {
  return subcommand(parent, name, description).argument(
    '<id>',
    "the request's id, or at least its first 8 digits",
    parseRequestPrefix,
  );
}

function deciding(command: Command): Command {
  return command
    .requiredOption('--key <file>', "the approver's private key (PEM, 0600)")
    .option('--yes', 'do not ask; for scripts');
}
