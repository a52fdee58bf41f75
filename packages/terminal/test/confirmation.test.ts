import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { CommandError } from '../src/command-error.ts';
import { confirm } from '../src/confirmation.ts';

interface Answered {
  /** `yes`, or the code of the error and its exit code. */
  readonly outcome: string;
  readonly said: string;
}

async function ask(typed: string, { yes = false, terminal = true } = {}): Promise<Answered> {
  const input = Object.assign(new PassThrough(), { isTTY: terminal });
  const output = Object.assign(new PassThrough(), { isTTY: terminal });
  input.end(typed);
  const asked = confirm({ question: 'Sign it?', refused: 'Nothing was signed.', yes }, { input, output });
  const outcome = await asked.then(
    () => 'yes',
    (error: unknown) => (error instanceof CommandError ? `${error.code} ${error.exit}` : 'another error'),
  );
  output.end();
  return { outcome, said: (await output.toArray()).join('') };
}

describe('a confirmation', () => {
  it('shows the question on the terminal', async () => {
    expect((await ask('y\n')).said).toBe('Sign it? (y/N) ');
  });

  it.each(['y\n', 'Y\n', 'yes\n', ' Yes \r\n', 'y'])('takes %j for a yes', async (typed) => {
    expect((await ask(typed)).outcome).toBe('yes');
  });

  it.each(['\n', '', 'n\n', 'no\n', 'yep\n', 'y es\n', 'n\ny\n'])('takes %j for a no', async (typed) => {
    expect((await ask(typed)).outcome).toBe('not_confirmed 1');
  });

  it('asks nothing where the user has said yes beforehand', async () => {
    expect(await ask('n\n', { yes: true, terminal: false })).toEqual({ outcome: 'yes', said: '' });
  });

  it('is refused as wrong usage, and nothing asked, where there is no terminal', async () => {
    expect(await ask('y\n', { terminal: false })).toEqual({ outcome: 'confirmation_needed 2', said: '' });
  });
});
