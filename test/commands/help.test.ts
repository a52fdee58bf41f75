import { afterAll, describe, expect, it } from 'vitest';
import { cleanUp, run } from '../running-program.ts';
import type { ProgramName } from '../running-program.ts';

const SUBCOMMANDS: Readonly<Record<ProgramName, readonly string[]>> = {
  blindmatch: [
    'keygen',
    'check',
    'match',
    'prepare',
    'sign',
    'certify',
    'audit',
    'submit',
    'verify',
    'witness',
  ],
  blindmatchd: ['init', 'check', 'build', 'allow', 'serve', 'inspect', 'report'],
};

afterAll(cleanUp);

describe.each(['blindmatch', 'blindmatchd'] as const)('%s', (program) => {
  it('shows with --help its commands, examples, exit codes and how to force an engine', async () => {
    const { code, stdout, stderr } = await run(program, ['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const name of SUBCOMMANDS[program]) {
      expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
      expect(stdout).toContain(`$ ${program} ${name} `);
    }
    expect(stdout).toContain('BLINDMATCH_ENGINE=wasm, wasm-int or noble');
    expect(stdout).toContain(
      "Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 the network, 4 waits for the holder's approval.",
    );
  });

  it.each(SUBCOMMANDS[program])('shows with %s --help an example of it', async (name) => {
    const { code, stdout, stderr } = await run(program, [name, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Usage: ${program} ${name} `);
    expect(stdout).toContain(`$ ${program} ${name} `);
  });

  it('shows its version with --version', async () => {
    expect(await run(program, ['--version'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
      stderr: '',
    });
  });

  it('without a command shows its help on standard error and ends with 2', async () => {
    const { code, stdout, stderr } = await run(program, []);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`Usage: ${program} `);
  });

  const [first = ''] = SUBCOMMANDS[program];
  // A command without a required option, so that the argument is what is missing.
  const last = program === 'blindmatch' ? 'check' : 'inspect';

  it.each([
    ['an unknown command', ['frobnicate'], "unknown command 'frobnicate'", ''],
    ['an unknown option', [first, 'x', '--nonsense'], "unknown option '--nonsense'", ` ${first}`],
    ['a missing argument', [last], "missing required argument '[a-z]+'", ` ${last}`],
    ['one argument too many', [first, 'x', 'y', 'z'], 'too many arguments', ` ${first}`],
  ])('tells %s in one sentence and ends with 2', async (_, args, what, where) => {
    const required = args[0] === 'init' ? ['--name', 'Tax Agency'] : [];
    const { code, stdout, stderr } = await run(program, [...args, ...required]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(new RegExp(`^${program}: ${what}.*; see: ${program}${where} --help\n$`));
  });

  it('tells a machine of wrong usage as an event too', async () => {
    const { code, events } = await run(program, [first, 'x', '--nonsense', '--json']);
    expect(code).toBe(2);
    expect(events).toMatchObject([{ event: 'error', code: 'usage_wrong', exit: 2 }]);
  });
});
