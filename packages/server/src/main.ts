import { readFileSync } from 'node:fs';
import { TIERS } from '@blindmatch/records';
import { ENGINE_HELP, EXIT_CODE_HELP, runProgram } from '@blindmatch/terminal';
import { Command } from 'commander';
import { allow, type AllowOptions } from './commands/allow.ts';
import { build, type BuildOptions } from './commands/build.ts';
import { check, type CheckOptions } from './commands/check.ts';
import { addLogCommands } from './commands/log/program.ts';
import { addPolicyCommands } from './commands/policy/program.ts';
import { addRequestsCommands } from './commands/requests/program.ts';
import { init } from './commands/init.ts';
import { inspect } from './commands/inspect.ts';
import { parseCount, parseName, parseRole, parseTiers } from './commands/option-values.ts';
import { addReportCommand } from './commands/report.ts';
import { serve, type ServeOptions } from './commands/serve.ts';
import { NAME, reporterOf, subcommand, type Json } from './commands/subcommand.ts';
import { explain } from './explain.ts';

const EXAMPLES = `
Examples:
  $ blindmatchd init holder --name "Tax Agency"
  $ blindmatchd check people.csv --rejected-only
  $ blindmatchd build holder --source people.csv
  $ blindmatchd allow holder --requester "Requesting Agency" --official official.pub.pem --max-records 1000000
  $ blindmatchd policy reload holder
  $ blindmatchd serve holder --listen 127.0.0.1:8443
  $ blindmatchd requests list holder
  $ blindmatchd log verify holder
  $ blindmatchd report holder --from 2026-01-01 --to 2026-12-31 --html report.html
  $ blindmatchd inspect holder

${ENGINE_HELP}

${EXIT_CODE_HELP}`;

/** Runs the command line and gives the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  return await runProgram(createProgram(), argv, explain);
}

function createProgram(): Command {
  const program = new Command(NAME)
    .description('The holder: answers authorised requests whether records match what is on file, blindly.')
    .version(version())
    .addHelpText('after', EXAMPLES);

  subcommand(program, 'init', 'make a new holder: its policy, its identity and its first OPRF key')
    .requiredOption('--name <name>', "the holder's name as requesters see it", parseName)
    .addHelpText('after', '\nExample:\n  $ blindmatchd init holder --name "Tax Agency"')
    .action((directory: string, options: { name: string } & Json) => {
      init(directory, options, reporterOf(options));
    });

  program
    .command('check')
    .description('show what is understood of each person on file, and who can not be found and why')
    .argument('<file>', 'CSV file of the people on file (UTF-8, with a header)')
    .option('--columns <file>', 'YAML file that maps our column names to those of the file')
    .option('--profile <id>', 'matching profile (default: the newest that this release has)')
    .option('--tiers <list>', 'the tiers that are answered (default: all)', parseTiers)
    .option('--rejected-only', 'show only who would be rejected')
    .option('--rejections <file>', 'write the lines of the rejected and what to mend (CSV)')
    .option('--json', 'events as NDJSON on standard output')
    .addHelpText(
      'after',
      `
Tiers: ${TIERS.join(', ')}.

Examples:
  $ blindmatchd check people.csv
  $ blindmatchd check people.csv --rejected-only --rejections rejections.csv`,
    )
    .action(async (file: string, options: CheckOptions & Json) => {
      await check(file, options, reporterOf(options));
    });

  subcommand(
    program,
    'build',
    'build the token set of a new epoch from the people on file; goes on after a kill',
  )
    .requiredOption('--source <file>', 'CSV file of the people on file (UTF-8, with a header)')
    .option('--columns <file>', 'YAML file that maps our column names to those of the source')
    .option('--workers <number>', 'worker threads (default: as many as there are cores)', parseCount)
    .addHelpText('after', '\nExample:\n  $ blindmatchd build holder --source people.csv')
    .action(async (directory: string, options: BuildOptions & Json) => {
      await build(directory, options, reporterOf(options));
    });

  subcommand(program, 'allow', 'allow an official to sign requests of a requester')
    .requiredOption('--requester <name>', "the requester's name", parseName)
    .requiredOption('--official <file>', "the official's public key (SPKI PEM)")
    .requiredOption('--max-records <number>', 'the most records that one request may hold', parseCount)
    .option(
      '--official-name <name>',
      "the official's name, for people who read the policy or a request",
      parseName,
    )
    .option(
      '--role <role>',
      "the official's role, which required_signatures counts (default: official)",
      parseRole,
    )
    .addHelpText(
      'after',
      `
Examples:
  $ blindmatchd allow holder --requester "Requesting Agency" --official official.pub.pem --max-records 1000000
  $ blindmatchd allow holder --requester "Requesting Agency" --official chief.pub.pem --max-records 1000000 --role chief --official-name "Jane Roe"`,
    )
    .action((directory: string, options: AllowOptions & Json) => {
      allow(directory, options, reporterOf(options));
    });

  subcommand(
    program,
    'serve',
    'answer authorised requests until SIGINT or SIGTERM; the log goes to standard error',
  )
    .requiredOption('--listen <address>', 'HOST:PORT; an address that others can reach needs a certificate')
    .option('--tls-cert <file>', 'certificate chain (PEM); together with --tls-key')
    .option('--tls-key <file>', "the certificate's private key (PEM, 0600)")
    .option('--workers <number>', 'worker threads (default: as many as there are cores)', parseCount)
    .addHelpText(
      'after',
      `
Examples:
  $ blindmatchd serve holder --listen 127.0.0.1:8443
  $ blindmatchd serve holder --listen 0.0.0.0:8443 --tls-cert chain.pem --tls-key key.pem`,
    )
    .action(async (directory: string, options: ServeOptions & Json, command: Command) => {
      if ((options.tlsCert === undefined) !== (options.tlsKey === undefined)) {
        command.error('error: --tls-cert and --tls-key go together; give both');
      }
      await serve(directory, options, reporterOf(options));
    });

  subcommand(program, 'inspect', 'show the holder, its epochs and what it allows')
    .addHelpText('after', '\nExample:\n  $ blindmatchd inspect holder')
    .action(async (directory: string, options: Json) => {
      await inspect(directory, reporterOf(options));
    });

  addPolicyCommands(program);
  addRequestsCommands(program);
  addLogCommands(program);
  addReportCommand(program);
  return program;
}

function version(): string {
  const { version: text } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return text;
}
