import { readFileSync } from 'node:fs';
import { ENGINE_HELP, EXIT_CODE_HELP, runProgram } from '@blindmatch/terminal';
import { Command } from 'commander';
import { keygen, type KeygenOptions } from './commands/keygen.ts';
import { addEvidenceCommands, addReceiptCommands } from './commands/oversight-commands.ts';
import { addRequestCommands, addSubmitCommand } from './commands/request-commands.ts';
import { NAME, reporterOf, subcommand, type Json } from './commands/subcommand.ts';
import { explain } from './explain.ts';

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
  $ blindmatch audit REQUEST/ --holder sha256:… --identity auditor.age
  $ blindmatch verify results.csv.receipt.json --holder sha256:…
  $ blindmatch witness checkpoint --holder-key identity.pub.pem --key witness.pem --name court.example/witness \\
      --remember seen.checkpoint -o cosigned.checkpoint

${ENGINE_HELP}

${EXIT_CODE_HELP}`;

/** Runs the command line and gives the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  return await runProgram(createProgram(), argv, explain);
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

  addRequestCommands(program);
  addEvidenceCommands(program);
  addSubmitCommand(program);
  addReceiptCommands(program);
  return program;
}

function version(): string {
  const { version: text } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return text;
}
