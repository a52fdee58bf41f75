import { createInterface } from 'node:readline';
import { CommandError } from './command-error.ts';
import { escapeUnprintable } from './escaping.ts';
import { EXIT } from './exit-codes.ts';

/** Where a question is asked and answered; a test hands in its own. */
export interface Dialogue {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/**
 * Asks whoever sits at the terminal whether to go on, once what it is about has been shown. Only `y` and `yes` are a yes.
 *
 * @param question without the question mark's answers: 'Sign it?'
 * @param refused what is told where the answer is no: 'Nothing was signed.'
 * @param yes that the user has said so beforehand, with `--yes`
 * @throws CommandError `confirmation_needed` (exit code 2) where nobody sits at a terminal; `not_confirmed`
 */
export async function confirm(
  { question, refused, yes }: { readonly question: string; readonly refused: string; readonly yes: boolean },
  dialogue: Dialogue = { input: process.stdin, output: process.stderr },
): Promise<void> {
  if (yes) return;
  const { input, output } = dialogue;
  if (input.isTTY !== true || output.isTTY !== true) {
    throw new CommandError(
      'confirmation_needed',
      `${refused} There is no terminal to ask on; look at what is shown and run the same command with --yes.`,
      EXIT.usage,
    );
  }
  output.write(`${escapeUnprintable(question)} (y/N) `);
  const answer = await readLine(input);
  if (/^y(es)?$/i.test(answer.trim())) return;
  throw new CommandError('not_confirmed', refused);
}

/** One line; nothing where the input ends without one. */
async function readLine(input: NodeJS.ReadableStream): Promise<string> {
  const lines = createInterface({ input, terminal: false });
  try {
    return await new Promise((resolve) => {
      lines.once('line', resolve);
      lines.once('close', () => {
        resolve('');
      });
    });
  } finally {
    lines.close();
  }
}
