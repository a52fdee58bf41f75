/** Runs the real programs as processes of their own and collects what they say. */

import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAMS = {
  blindmatch: fileURLToPath(new URL('../packages/client/dist/cli.js', import.meta.url)),
  blindmatchd: fileURLToPath(new URL('../packages/server/dist/cli.js', import.meta.url)),
} as const;

export type ProgramName = keyof typeof PROGRAMS;

/** A line of `--json` output. */
export type OutputEvent = Readonly<Record<string, unknown>> & { readonly event: string };

/** A binary of Node.js and flags for it. */
interface NodeCommand {
  readonly path: string;
  readonly flags: readonly string[];
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The Node.js that runs it; default: the one that runs the test. */
  readonly node?: NodeCommand;
  /** True for a command that may take minutes; its test has a limit of its own. */
  readonly patient?: boolean;
}

/** How a program ended and what it had said. */
export interface Ended {
  /** The exit code; null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The lines of standard output that are events. */
  readonly events: readonly OutputEvent[];
}

/** Ends a command that hangs, so that its test fails with what it said; a daemon runs until it is stopped. */
const WATCHDOG_MS = 30_000;

const DAY_MS = 86_400_000;

const temporary: string[] = [];
const running = new Set<RunningProgram>();
let homeDirectory: string | undefined;

/** A new empty directory, removed by `cleanUp`. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'blindmatch-programs-'));
  temporary.push(path);
  return path;
}

/** Where the programs of one test file keep what they remember: token sets and the checkpoints of holders. */
function home(): string {
  return (homeDirectory ??= temporaryDirectory());
}

/** Ends every program that still runs and removes the temporary directories. */
export async function cleanUp(): Promise<void> {
  await Promise.all([...running].map((program) => program.stop('SIGKILL')));
  homeDirectory = undefined;
  for (const path of temporary.splice(0)) rmSync(path, { recursive: true, force: true });
}

/** A program that was started. */
export class RunningProgram {
  /** Resolves when the program has ended and all of its output is here. */
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcessWithoutNullStreams;
  #stdout = '';
  #stderr = '';
  #waiting: { readonly name: string; readonly resolve: (event: OutputEvent) => void }[] = [];

  constructor(name: ProgramName, args: readonly string[], { cwd, env, node, patient }: RunOptions = {}) {
    const { path, flags } = node ?? { path: process.execPath, flags: [] };
    this.#child = spawn(path, [...flags, PROGRAMS[name], ...args], {
      cwd,
      // Nothing of the machine's own settings, caches or colours gets in.
      env: { PATH: process.env['PATH'], HOME: home(), ...env },
      timeout: args[0] === 'serve' || patient === true ? undefined : WATCHDOG_MS,
      killSignal: 'SIGKILL',
    });
    this.#child.stdin.end();
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      this.#tellWaiting();
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    running.add(this);
    this.ended = new Promise((resolve, reject) => {
      this.#child.on('error', reject);
      this.#child.on('close', (code, signal) => {
        running.delete(this);
        const [stdout, stderr] = [this.#stdout, this.#stderr];
        resolve({ code, signal, stdout, stderr, events: eventsOf(stdout) });
      });
    });
  }

  /** What it has said so far. */
  get output(): { readonly stdout: string; readonly stderr: string } {
    return { stdout: this.#stdout, stderr: this.#stderr };
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The first event of that name, as soon as it is there; rejects if the program ends without it. */
  async event(name: string): Promise<OutputEvent> {
    const coming = new Promise<OutputEvent>((resolve) => this.#waiting.push({ name, resolve }));
    this.#tellWaiting();
    const without = this.ended.then(({ code, stderr }): never => {
      throw new Error(`ended with ${String(code)} and no event ${name}: ${stderr}`);
    });
    return await Promise.race([coming, without]);
  }

  /** Sends a signal and waits for the end. */
  async stop(signal: NodeJS.Signals): Promise<Ended> {
    this.#child.kill(signal);
    return await this.ended;
  }

  #tellWaiting(): void {
    const events = eventsOf(this.#stdout);
    this.#waiting = this.#waiting.filter(({ name, resolve }) => {
      const found = events.find(({ event }) => event === name);
      if (found !== undefined) resolve(found);
      return found === undefined;
    });
  }
}

/** Runs a program to its end. */
export async function run(
  name: ProgramName,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Ended> {
  return await new RunningProgram(name, args, options).ended;
}

/** Runs a program that must succeed; throws with what it said if it does not. */
export async function succeed(
  name: ProgramName,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Ended> {
  const ended = await run(name, args, options);
  if (ended.code !== 0) throw new Error(`${name} ${args.join(' ')}: ${String(ended.code)} ${ended.stderr}`);
  return ended;
}

/**
 * For a program whose clock is so many days ahead, in all of its threads: what takes days happens in a test at once.
 */
export function daysLater(days: number): RunOptions {
  const ahead = `const Real = Date;
    globalThis.Date = class Date extends Real {
      constructor(...given) { super(...(given.length === 0 ? [Real.now() + ${days * DAY_MS}] : given)); }
      static now() { return Real.now() + ${days * DAY_MS}; }
    };`;
  const flags = ['--import', `data:text/javascript,${encodeURIComponent(ahead)}`];
  return { node: { path: process.execPath, flags } };
}

/** A daemon that listens. */
export interface Daemon {
  readonly program: RunningProgram;
  readonly url: string;
  readonly port: number;
}

/** Starts the daemon of a holder's directory and waits until it listens. */
export async function startDaemon(
  directory: string,
  args: readonly string[] = [],
  options: RunOptions = {},
): Promise<Daemon> {
  const listen = args.includes('--listen') ? [] : ['--listen', '127.0.0.1:0'];
  const all = ['serve', directory, ...listen, '--workers', '1', '--json', ...args];
  const program = new RunningProgram('blindmatchd', all, options);
  const { url } = (await program.event('listening')) as OutputEvent & { readonly url: string };
  return { program, url, port: Number(new URL(url).port) };
}

function eventsOf(stdout: string): OutputEvent[] {
  return stdout
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as OutputEvent);
}
