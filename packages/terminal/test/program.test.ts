import { PassThrough } from 'node:stream';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { CommandError, explainPackages } from '../src/command-error.ts';
import { EXIT } from '../src/exit-codes.ts';
import { runProgram } from '../src/program.ts';
import { tellEngine } from '../src/engine-notice.ts';
import { createReporter } from '../src/reporter.ts';

class PackageError extends Error {}

/** All that was written so far: Node 26 gives one write at a time. */
function said(stream: PassThrough): string {
  let text = '';
  for (;;) {
    const chunk = stream.read() as Buffer | null;
    if (chunk === null) return text;
    text += chunk.toString();
  }
}

async function run(
  action: () => void,
  argv: readonly string[] = ['act'],
): Promise<{ code: number; stdout: string; stderr: string }> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const program = new Command('prog').version('1.2.3');
  program
    .command('act')
    .option('--json')
    .action(() => {
      action();
    });
  const explain = (error: unknown): CommandError | undefined =>
    error instanceof PackageError
      ? new CommandError('of_package', 'Do this instead.', EXIT.network)
      : undefined;
  const code = await runProgram(program, argv, explain, { stdout, stderr });
  return { code, stdout: said(stdout), stderr: said(stderr) };
}

const fail = (error: Error) => () => {
  throw error;
};

describe('a program', () => {
  it('ends with 0 when it did what was asked', async () => {
    expect(await run(() => undefined)).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('ends with 0 after --version and --help', async () => {
    expect(await run(() => undefined, ['--version'])).toEqual({ code: 0, stdout: '1.2.3\n', stderr: '' });
    expect((await run(() => undefined, ['--help'])).code).toBe(0);
  });

  it('ends with 2 on a wrong command line, in one sentence', async () => {
    const { code, stderr } = await run(() => undefined, ['act', '--nonsense']);
    expect(code).toBe(2);
    expect(stderr).toBe("prog: unknown option '--nonsense'; see: prog act --help\n");
  });

  it('tells a failure in one sentence, with the exit code of its kind', async () => {
    expect(await run(fail(new CommandError('refused', 'Ask again.')))).toEqual({
      code: 1,
      stdout: '',
      stderr: 'prog: Ask again.\n',
    });
  });

  it("tells a package's error as its program explains it", async () => {
    expect(await run(fail(new PackageError()))).toEqual({
      code: 3,
      stdout: '',
      stderr: 'prog: Do this instead.\n',
    });
  });

  it("tells the operating system's error with the path", async () => {
    const missing = Object.assign(new Error('x'), { code: 'ENOENT', path: 'people.csv' });
    expect((await run(fail(missing))).stderr).toBe('prog: people.csv does not exist; check the path.\n');
  });

  it('takes an engine that can not be used for wrong usage, and other errors of packages for failures', () => {
    class CodedError extends Error {
      readonly code: string;
      constructor(code: string) {
        super('Do something else.');
        this.code = code;
      }
    }
    const explain = explainPackages([CodedError]);
    expect(explain(new CodedError('engine_unusable'))).toMatchObject({ exit: EXIT.usage });
    expect(explain(new CodedError('batch_length'))).toMatchObject({ exit: EXIT.failed });
    expect(explain(new TypeError())).toBeUndefined();
  });

  it('tells an unexpected error without its text or a stack trace', async () => {
    const { code, stderr } = await run(fail(new TypeError('John Smith is undefined')));
    expect(code).toBe(1);
    expect(stderr).not.toContain('Smith');
    expect(stderr).not.toContain('    at ');
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('adds an event for machines with --json', async () => {
    const { stdout } = await run(fail(new CommandError('refused', 'Ask again.')), ['act', '--json']);
    expect(JSON.parse(stdout)).toEqual({ event: 'error', code: 'refused', message: 'Ask again.', exit: 1 });
  });
});

describe('the reporter', () => {
  const streams = (): { stdout: PassThrough; stderr: PassThrough } => ({
    stdout: new PassThrough(),
    stderr: new PassThrough(),
  });

  it('prints sentences for people', () => {
    const out = streams();
    createReporter({ json: false, program: 'prog', streams: out }).event(
      'built',
      { tokens: 3 },
      'Built 3 tokens.',
    );
    expect(said(out.stdout)).toBe('Built 3 tokens.\n');
  });

  it('prints one line of JSON an event for machines', () => {
    const out = streams();
    createReporter({ json: true, program: 'prog', streams: out }).event(
      'built',
      { tokens: 3 },
      'Built 3 tokens.',
    );
    expect(said(out.stdout)).toBe('{"event":"built","tokens":3}\n');
  });

  const HOSTILE: [string, string, string][] = [
    ['an escape sequence', 'a\u001b[2Jb', 'a\\u001b[2Jb'],
    ['a control of the second half of latin1', 'a\u009b2Jb', 'a\\u009b2Jb'],
    ['a delete', 'a\u007fb', 'a\\u007fb'],
    ['text that runs the other way', 'a\u202eb', 'a\\u202eb'],
    ['a width of zero', 'a\u200bb', 'a\\u200bb'],
    ['a line separator', 'a\u2028b', 'a\\u2028b'],
    ['a paragraph separator', 'a\u2029b', 'a\\u2029b'],
    ['a tag beyond the first plane', 'a\u{e0041}b', 'a\\udb40\\udc41b'],
  ];

  it.each(HOSTILE)('escapes %s in what it prints for people', (_, given, shown) => {
    const out = streams();
    const reporter = createReporter({ json: false, program: 'prog', streams: out });
    reporter.event('read', {}, given);
    reporter.event('read', {}, [given]);
    reporter.failure('refused', `No: ${given}.`, 1);
    reporter.notice('odd', `So: ${given}.`);
    expect(said(out.stdout)).toBe(`${shown}\n${shown}\n`);
    expect(said(out.stderr)).toBe(`prog: No: ${shown}.\nprog: So: ${shown}.\n`);
  });

  it.each(HOSTILE)('escapes %s in an event, which parses to what it was', (_, given) => {
    const out = streams();
    const reporter = createReporter({ json: true, program: 'prog', streams: out });
    reporter.event('read', { id: given, ids: [given] });
    const line = said(out.stdout);
    expect(line).toMatch(/^[ -~]*\n$/);
    expect(JSON.parse(line)).toEqual({ event: 'read', id: given, ids: [given] });
  });

  it('ends a line only where the text is ours', () => {
    const out = streams();
    const reporter = createReporter({ json: false, program: 'prog', streams: out });
    reporter.event('read', {}, 'one\ntwo');
    reporter.event('read', {}, ['one', 'two\nthree']);
    reporter.failure('refused', 'No.\nprog: All records match.', 1);
    expect(said(out.stdout)).toBe('one\ntwo\none\ntwo\\u000athree\n');
    expect(said(out.stderr)).toBe('prog: No.\\u000aprog: All records match.\n');
  });

  it('leaves the text of people as it is', () => {
    const out = streams();
    const name = 'Zoë Ñandú-O’Brien 李';
    createReporter({ json: false, program: 'prog', streams: out }).event('read', {}, name);
    expect(said(out.stdout)).toBe(`${name}\n`);
  });

  it('gives a notice on standard error, and to machines as an event too', () => {
    for (const json of [false, true]) {
      const out = streams();
      createReporter({ json, program: 'prog', streams: out }).notice('slow', 'This is slow.', { by: 3 });
      expect(said(out.stderr)).toBe('prog: This is slow.\n');
      expect(said(out.stdout)).toBe(
        json ? '{"event":"notice","code":"slow","message":"This is slow.","by":3}\n' : '',
      );
    }
  });

  it('tells of an engine that nobody asked for, and of no other', () => {
    const out = streams();
    const reporter = createReporter({ json: false, program: 'prog', streams: out });
    tellEngine({ engine: { name: 'fast' }, notice: undefined }, reporter);
    expect(said(out.stderr)).toBe('');
    tellEngine({ engine: { name: 'slow' }, notice: 'The slower engine is at work.' }, reporter);
    expect(said(out.stderr)).toBe('prog: The slower engine is at work.\n');
  });

  it('warns of the engine that is for tests only', () => {
    const out = streams();
    const reporter = createReporter({ json: true, program: 'prog', streams: out });
    tellEngine({ engine: { name: 'noble' }, notice: undefined }, reporter);
    const message =
      'The engine noble is for tests only, because its timing gives secrets away; unset BLINDMATCH_ENGINE.';
    expect(said(out.stderr)).toBe(`prog: ${message}\n`);
    expect(JSON.parse(said(out.stdout))).toEqual({
      event: 'notice',
      code: 'engine_for_tests',
      message,
      engine: 'noble',
    });
  });

  it('shows no progress bar in a pipe', () => {
    const out = streams();
    const bar = createReporter({ json: false, program: 'prog', streams: out }).progress('Building', 10);
    bar.update(5);
    bar.end();
    expect(said(out.stderr)).toBe('');
  });
});
