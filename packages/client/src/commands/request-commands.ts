import { TIERS } from '@blindmatch/records';
import type { Command } from 'commander';
import { authorityOptions } from './authority-options.ts';
import { check, type CheckOptions } from './check.ts';
import { match, type MatchOptions } from './match.ts';
import { addRecipient, parseCount, parseDays, parseRecipient, parseTiers } from './option-values.ts';
import { prepare, type PrepareOptions } from './prepare.ts';
import { sign, type SignOptions } from './sign.ts';
import { reporterOf, subcommand, type Json } from './subcommand.ts';
import { submit, type SubmitOptions } from './submit.ts';

/** Adds what makes a request: `check`, `match`, `prepare`, `sign`. */
export function addRequestCommands(program: Command): void {
  subcommand(program, 'check', 'offline: what is understood of each record, what would be rejected and why')
    .argument('<requests>', 'CSV file of the records (UTF-8, with a header)')
    .option('--columns <file>', 'YAML file that maps our column names to those of the file')
    .option('--profile <id>', 'matching profile (default: the newest that this release has)')
    .option('--tiers <list>', 'the tiers that the holder answers (default: all)', parseTiers)
    .option(
      '--minimum-order-age-days <number>',
      'the least age of an order that the holder asks for (default: 0)',
      parseDays,
    )
    .option('--rejected-only', 'show only what would be rejected')
    .option('--rejections <file>', 'write the rejected records and what to mend (CSV)')
    .addHelpText(
      'after',
      `
Tiers: ${TIERS.join(', ')}. A record with a date of birth asks in the first.

Example:
  $ blindmatch check requests.csv --rejected-only --rejections to-mend.csv`,
    )
    .action(async (path: string, options: CheckOptions & Json) => {
      await check(path, options, reporterOf(options));
    });

  submissionOptions(requestOptions(subcommand(program, 'match', 'prepare, sign and submit in one step')))
    .requiredOption('--key <file>', "the official's private key (PKCS#8 PEM, 0600)")
    .option('--keep', 'keep the request beside the results when it is done (it names people)')
    .addHelpText(
      'after',
      `
Example:
  $ blindmatch match requests.csv --server ws://127.0.0.1:8443 --holder sha256:… \\
      --key official.pem --statute "8 U.S.C. 1253(a)(1)" --reason "Final orders of June" --out results.csv`,
    )
    .action(async (source: string, options: MatchOptions & Json) => {
      await match(source, options, reporterOf(options));
    });

  requestOptions(
    subcommand(program, 'prepare', 'blind the records and write a request for an official to sign'),
  )
    .requiredOption('-o, --output <directory>', 'where the request goes (new or empty)')
    .option('--rejections <file>', 'write the records that are not submitted and what to mend (CSV)')
    .addHelpText(
      'after',
      `
Example:
  $ blindmatch prepare requests.csv --server wss://holder.example:8443 --holder sha256:… \\
      --statute "8 U.S.C. 1253(a)(1)" --reason "Final orders of June" -o REQUEST/`,
    )
    .action(async (source: string, options: PrepareOptions & Json) => {
      await prepare(source, options, reporterOf(options));
    });

  subcommand(
    program,
    'sign',
    "authorise a request with an official's key; needs only what is outside REQUEST/private",
  )
    .argument('<request>', 'the directory that prepare made')
    .requiredOption('--key <file>', "the official's private key (PKCS#8 PEM, 0600)")
    .option('--holder <fingerprint>', 'the holder; the request must have been prepared for it')
    .option('--yes', 'sign without asking')
    .addHelpText('after', '\nExample:\n  $ blindmatch sign REQUEST/ --key official.pem --holder sha256:…')
    .action(async (path: string, options: SignOptions & Json) => {
      await sign(path, options, reporterOf(options));
    });
}

/** Adds `submit`, which sends one. */
export function addSubmitCommand(program: Command): void {
  submissionOptions(
    serverOptions(
      subcommand(
        program,
        'submit',
        'send a signed request and write its results; goes on where an earlier one stopped',
      ).argument('<request>', 'the directory that prepare made'),
    ),
  )
    .option('--holder <fingerprint>', 'the holder; must be the one that the request was prepared for')
    .addHelpText(
      'after',
      '\nExample:\n  $ blindmatch submit REQUEST/ --server ws://127.0.0.1:8443 --out results.csv',
    )
    .action(async (path: string, options: SubmitOptions & Json) => {
      await submit(path, options, reporterOf(options));
    });
}

function serverOptions(command: Command): Command {
  return command
    .requiredOption('--server <url>', 'wss://HOST:PORT of the holder; ws:// for this machine only')
    .option('--ca <file>', "certificates (PEM) to trust for the holder's address in place of the system's")
    .option(
      '--checkpoints <directory>',
      "where the last checkpoint of each holder's log is remembered (default: blindmatch/checkpoints in the user state)",
    )
    .option('--workers <number>', 'worker threads (default: as many as there are cores)', parseCount);
}

/** Options of the commands that submit a request. */
function submissionOptions(command: Command): Command {
  return command
    .requiredOption('--out <file>', 'where the results go (CSV)')
    .option('--cache <directory>', 'where token sets are kept (default: blindmatch in the user cache)')
    .option(
      '--inspector <recipient>',
      'return an accounting of the matches, sealed for the inspector (age1…) whose key this is',
      parseRecipient,
    )
    .option('--no-wait', "don't wait where somebody at the holder has to approve the request (exit code 4)");
}

function requestOptions(command: Command): Command {
  return authorityOptions(
    serverOptions(
      command.argument('<requests>', 'CSV file of the records (UTF-8, with a header)'),
    ).requiredOption('--holder <fingerprint>', "the fingerprint of the holder's identity, sha256:…"),
  )
    .option('--columns <file>', 'YAML file that maps our column names to those of the file')
    .option('--valid-days <number>', 'for how many days the holder may accept the request', parseCount, 30)
    .option(
      '--reader <recipient>',
      'a reader of evidence (age1…) whom the holder may name; may stand several times, and then it may name no other',
      addRecipient,
    )
    .option(
      '--seal-to <recipient>',
      'an age recipient who may open the evidence besides those whom the epoch names; may stand several times',
      addRecipient,
    );
}
