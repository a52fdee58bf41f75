import { CommanderError, type Command } from 'commander';
import { CommandError, systemErrorSentence } from './command-error.ts';
import { escapeWithinLines } from './escaping.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { endOnInterrupt } from './interrupt.ts';
import { createReporter, type Streams } from './reporter.ts';

/** Turns an error of a package into what the user is told; undefined for one that it does not know. */
export type Explain = (error: unknown) => CommandError | undefined;

/**
 * Runs a commander program to its end and gives its exit code; nothing is thrown and no stack trace is printed
 * (`BLINDMATCH_DEBUG=1` adds one, for whoever reports a fault of ours).
 *
 * @param program the root command, its subcommands' actions returning promises
 * @param argv the arguments after the program's own name
 * @param explain says what errors of the program's packages mean to its user
 */
export async function runProgram(
  program: Command,
  argv: readonly string[],
  explain: Explain,
  streams: Streams = process,
): Promise<ExitCode> {
  const reporter = createReporter({ json: argv.includes('--json'), program: program.name(), streams });
  if (streams === process) endOnInterrupt(reporter);
  let wrongUsage: string | undefined;
  exitByThrowing(program, streams, (sentence) => {
    wrongUsage = sentence;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return EXIT.done;
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and version are also "errors" to commander, with exit code 0; no command at all has shown the help.
      if (wrongUsage !== undefined) reporter.failure('usage_wrong', wrongUsage, EXIT.usage);
      return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    }
    if (process.env['BLINDMATCH_DEBUG'] === '1')
      streams.stderr.write(`${escapeWithinLines(debugText(error))}\n`);
    const told = toCommandError(error, explain);
    reporter.failure(told.code, told.message, told.exit);
    return told.exit;
  }
}

function toCommandError(error: unknown, explain: Explain): CommandError {
  if (error instanceof CommandError) return error;
  const explained = explain(error);
  if (explained !== undefined) return explained;
  const system = systemErrorSentence(error);
  if (system !== undefined) return new CommandError(system.code, system.sentence);
  return new CommandError(
    'internal_error',
    'Something went wrong that this program did not expect; run it again with BLINDMATCH_DEBUG=1 and report what it prints.',
  );
}

function debugText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Makes commander throw in place of ending the process; `wrong` gets the sentence for a wrong command line. */
function exitByThrowing(command: Command, streams: Streams, wrong: (sentence: string) => void): void {
  command.exitOverride();
  command.configureOutput({
    writeOut: (text) => {
      streams.stdout.write(text);
    },
    writeErr: (text) => {
      streams.stderr.write(text);
    },
    outputError: (text) => {
      wrong(usageSentence(command, text));
    },
  });
  for (const child of command.commands) exitByThrowing(child, streams, wrong);
}

/** What commander says of a wrong command line, as one sentence that ends in the command that tells more. */
function usageSentence(command: Command, text: string): string {
  const what = text
    .replace(/^error: /, '')
    .replace('(Did you', '(did you')
    .trim()
    .replace(/\.$/, '')
    .replaceAll('\n', ' ');
  const names = [command.name()];
  for (let at = command.parent; at !== null; at = at.parent) names.unshift(at.name());
  return `${what}; see: ${names.join(' ')} --help`;
}
