import { readFileSync } from 'node:fs';
import { isAgeRecipient, MAX_ORDER_AGE_DAYS } from '@blindmatch/protocol';
import { TIERS, type Tier } from '@blindmatch/records';
import { createReporter, ENGINE_HELP, EXIT_CODE_HELP, runProgram, type Reporter } from '@blindmatch/terminal';
import { Command, InvalidArgumentError } from 'commander';
import { isRecipient } from './age.ts';
import { audit, type AuditOptions } from './commands/audit.ts';
import { authorityOptions } from './commands/authority-options.ts';
import { certify, type CertifyOptions } from './commands/certify.ts';
import { check, type CheckOptions } from './commands/check.ts';
import { keygen, type KeygenOptions } from './commands/keygen.ts';
import { match, type MatchOptions } from './commands/match.ts';
import { prepare, type PrepareOptions } from './commands/prepare.ts';
import { sign, type SignOptions } from './commands/sign.ts';
import { submit, type SubmitOptions } from './commands/submit.ts';
import { verify, type NamedWitness, type VerifyOptions } from './commands/verify.ts';
import { witness, type WitnessOptions } from './commands/witness.ts';
import { explain } from './explain.ts';

const NAME = 'blindmatch';

const EXAMPLES = `
Examples:
  $ blindmatch keygen official.pem
  $ blindmatch check requests.csv
  $ blindmatch match requests.csv --server ws://127.0.0.1:8443 --holder sha256:… \\
      --key official.pem --statute "8 U.S.C. 1253(a)(1)" --reason "Final orders of June" --out results.csv

The same in three steps, so that an official signs on another machine:
  $ blindmatch prepare requests.csv --server ws://127.0.0.1:8443 --holder sha256:… \\
      --statute "8 U.S.C. 1253(a)(1)" --reason "Final orders of June" -o REQUEST/
  $ blindmatch sign REQUEST/ --key official.pem
  $ blindmatch submit REQUEST/ --server ws://127.0.0.1:8443 --out results.csv

What others check, before it is signed and afterwards:
  $ blindmatch certify REQUEST/ --registry orders.csv --key certifier.pem --identity certifier.age
  $ blindmatch audit REQUEST/ --identity auditor.age
  $ blindmatch verify results.csv.receipt.json --holder sha256:…
  $ blindmatch witness checkpoint --holder-key identity.pub.pem --key witness.pem --name court.example/witness \\
      --remember seen.checkpoint -o cosigned.checkpoint

${ENGINE_HELP}

${EXIT_CODE_HELP}`;

/** Runs the command line and gives the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  return await runProgram(createProgram(), argv, explain);
}

interface Json {
  readonly json?: boolean;
}

function createProgram(): Command {
  const program = new Command(NAME)
    .description(
      'The requester: asks a holder which of its own records match what is on file, and shows it none.',
    )
    .version(version())
    .addHelpText('after', EXAMPLES);

  subcommand(
    program,
    'keygen',
    "make an official's key pair (Ed25519): official.pem, and its public half official.pub.pem",
  )
    .argument('<file>', 'where the private key goes (PKCS#8 PEM, 0600)')
    .option('--age', 'an age identity, for those who open what is sealed, in place of a key to sign with')
    .addHelpText(
      'after',
      `
Examples:
  $ blindmatch keygen official.pem        # writes official.pem and official.pub.pem
  $ blindmatch keygen auditor.age --age   # writes auditor.age and auditor.age.pub`,
    )
    .action(async (path: string, options: KeygenOptions & Json) => {
      await keygen(path, options, reporterOf(options));
    });

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

  inspectionOptions(
    subcommand(
      program,
      'certify',
      'check that every record has its order in the registry, and co-sign the request; needs only what is outside REQUEST/private',
    ),
    'certifier',
  )
    .requiredOption(
      '--registry <file>',
      'CSV file of the orders: order_number, order_date, and if it has them given_name, middle_name, surname',
    )
    .requiredOption('--key <file>', "the certifier's private key (PKCS#8 PEM, 0600)")
    .option('--failures <file>', 'write the records that fail and why (CSV)')
    .option(
      '--minimum-order-age-days <number>',
      'the least age of an order, if more is asked for than the holder does (default: 0)',
      parseDays,
    )
    .option('--yes', 'sign without asking')
    .addHelpText(
      'after',
      '\nExample:\n  $ blindmatch certify REQUEST/ --registry orders.csv --key certifier.pem --identity certifier.age',
    )
    .action(async (path: string, options: CertifyOptions & Json) => {
      await certify(path, options, reporterOf(options));
    });

  inspectionOptions(
    subcommand(
      program,
      'audit',
      'check afterwards that a request is what it says; needs only what is outside REQUEST/private',
    ),
    'auditor',
  )
    .option(
      '--sample <number>',
      'of how many records, drawn at random, the elements are computed again',
      parseCount,
      200,
    )
    .option('--drawn <file>', 'write the drawn records (CSV), to compare them with the files of their cases')
    .addHelpText('after', '\nExample:\n  $ blindmatch audit REQUEST/ --identity auditor.age --sample 200')
    .action(async (path: string, options: AuditOptions & Json) => {
      await audit(path, options, reporterOf(options));
    });

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

  subcommand(program, 'verify', 'offline: what a receipt of a holder proves, or why it proves nothing')
    .argument('<receipt>', 'the receipt of a request or of an accounting')
    .requiredOption('--holder <fingerprint>', "the fingerprint of the holder's identity, sha256:…")
    .option('--request <directory>', 'the request that it must be for')
    .option('--checkpoint <file>', "another checkpoint of the holder's log, such as one that was published")
    .option(
      '--consistency <file>',
      'the proof that one of the two logs continues the other (blindmatchd log prove)',
    )
    .option(
      '--witness <name=file>',
      'a witness that must have cosigned the checkpoint, and its public key; may stand several times',
      addWitness,
    )
    .addHelpText(
      'after',
      `
Example:
  $ blindmatch verify results.csv.receipt.json --holder sha256:…`,
    )
    .action((path: string, options: VerifyOptions & Json) => {
      verify(path, options, reporterOf(options));
    });

  subcommand(program, 'witness', "cosign a checkpoint of a holder's log that continues the last one")
    .argument('<checkpoint>', "the holder's checkpoint (blindmatchd log checkpoint)")
    .requiredOption('--holder-key <file>', "the holder's public key (identity.pub.pem)")
    .option('--holder <fingerprint>', 'the fingerprint that this key must have, sha256:…')
    .requiredOption('--key <file>', "the witness's private key (PKCS#8 PEM, 0600)")
    .requiredOption(
      '--name <name>',
      'the name that the witness signs under, without spaces and plus signs',
      parseWitnessName,
    )
    .requiredOption('--remember <file>', 'where this witness keeps the last checkpoint that it saw')
    .option('--consistency <file>', 'the proof that the log continues that one (blindmatchd log prove)')
    .requiredOption('-o, --output <file>', 'where the cosigned checkpoint goes')
    .addHelpText(
      'after',
      `
Example:
  $ blindmatch witness checkpoint --holder-key identity.pub.pem --key witness.pem --name court.example/witness \\
      --remember seen.checkpoint --consistency growth.json -o cosigned.checkpoint`,
    )
    .action((path: string, options: WitnessOptions & Json) => {
      witness(path, options, reporterOf(options), () => new Date());
    });
  return program;
}

function subcommand(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option('--json', 'events as NDJSON on standard output');
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

/** What whoever opens the evidence of a request names: certifiers and auditors. */
function inspectionOptions(command: Command, who: string): Command {
  return command
    .argument('<request>', 'the directory that prepare made')
    .requiredOption('--identity <file>', `the ${who}'s age identity (0600), which opens the evidence`)
    .option('--holder <fingerprint>', 'the holder; the request must have been prepared for it')
    .option('--workers <number>', 'worker threads (default: as many as there are cores)', parseCount);
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
      '--seal-to <recipient>',
      'an age recipient who may open the evidence besides those whom the epoch names; may stand several times',
      addRecipient,
    );
}

function reporterOf(options: Json): Reporter {
  return createReporter({ json: options.json === true, program: NAME });
}

function parseCount(text: string): number {
  if (!/^[1-9][0-9]{0,5}$/.test(text))
    throw new InvalidArgumentError('Give a whole number from 1 to 999999.');
  return Number(text);
}

function parseWitnessName(text: string): string {
  if (!/^[^\s+=]{1,200}$/u.test(text))
    throw new InvalidArgumentError('Give a name without spaces, plus signs and equals signs.');
  return text;
}

function addWitness(text: string, others: readonly NamedWitness[] = []): readonly NamedWitness[] {
  const cut = text.indexOf('=');
  if (cut < 1 || cut === text.length - 1) throw new InvalidArgumentError('Write NAME=KEYFILE.');
  return [...others, { name: parseWitnessName(text.slice(0, cut)), keyFile: text.slice(cut + 1) }];
}

function parseRecipient(text: string): string {
  if (!isAgeRecipient(text)) throw new InvalidArgumentError('Give a recipient of age, age1….');
  return text;
}

function parseDays(text: string): number {
  if (!/^[0-9]{1,5}$/.test(text) || Number(text) > MAX_ORDER_AGE_DAYS)
    throw new InvalidArgumentError(`Give a whole number of days from 0 to ${MAX_ORDER_AGE_DAYS}.`);
  return Number(text);
}

function parseTiers(text: string): readonly Tier[] {
  const names = text.split(',').map((name) => name.trim());
  const tiers = TIERS.filter((tier) => names.includes(tier));
  if (tiers.length !== names.length)
    throw new InvalidArgumentError(`Give one or more of ${TIERS.join(',')}, each once.`);
  return tiers;
}

function addRecipient(text: string, others: readonly string[] = []): readonly string[] {
  if (!isRecipient(text)) throw new InvalidArgumentError('Give an age recipient for X25519 (age1…).');
  return [...others, text];
}

function version(): string {
  const { version: text } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return text;
}
