/** The two real programs, each in a directory of its own that the test can look through. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  RunningProgram,
  type Ended,
  type OutputEvent,
  type ProgramName,
  type RunOptions,
} from '../running-program.ts';

/** Whatever a program keeps for its user lands below its home. */
function inHome(home: string): RunOptions {
  return { cwd: home, env: { HOME: home, XDG_CACHE_HOME: join(home, '.cache'), TMPDIR: home } };
}

/** Runs a program to its end. */
export async function run(program: ProgramName, args: readonly string[], home: string): Promise<Ended> {
  return await new RunningProgram(program, args, { ...inHome(home), patient: true }).ended;
}

/** Runs a program that must succeed, with `--json`, and gives its events. */
export async function succeed(
  program: ProgramName,
  args: readonly string[],
  home: string,
): Promise<readonly OutputEvent[]> {
  const { code, stdout, stderr, events } = await run(program, [...args, '--json'], home);
  if (code !== 0)
    throw new Error(`${program} ${args.join(' ')} ended with ${String(code)}: ${stderr}${stdout}`);
  return events;
}

/** A daemon that listens on a port that the system chose. */
export interface RunningDaemon {
  readonly url: URL;
  readonly pid: number;
  readonly output: RunningProgram['output'];
  /** Stops it by SIGTERM and gives its exit code. */
  stop(): Promise<number | null>;
  /** Ends it by SIGKILL, which it can't notice. */
  kill(): Promise<void>;
}

/** Starts `blindmatchd serve` and resolves once it listens. */
export async function startDaemon(
  holder: string,
  home: string,
  workers = 1,
  options: Pick<RunOptions, 'node'> = {},
): Promise<RunningDaemon> {
  const args = ['serve', holder, '--listen', '127.0.0.1:0', '--workers', String(workers), '--json'];
  const program = new RunningProgram('blindmatchd', args, { ...inHome(home), ...options });
  const url = new URL(String((await program.event('listening'))['url']));
  return {
    url,
    pid: program.pid!,
    get output() {
      return program.output;
    },
    stop: async () => (await program.stop('SIGTERM')).code,
    kill: async () => {
      await program.stop('SIGKILL');
    },
  };
}

/** The value of a field of the event of that name, as text. */
export function fieldOf(events: readonly OutputEvent[], event: string, field: string): string {
  return String(events.find((candidate) => candidate.event === event)?.[field]);
}

/** A CSV file from rows of plain fields. */
export function writeCsv(
  path: string,
  columns: readonly string[],
  rows: readonly Readonly<Record<string, string>>[],
): void {
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))];
  writeFileSync(path, `${lines.map((fields) => fields.join(',')).join('\n')}\n`);
}
