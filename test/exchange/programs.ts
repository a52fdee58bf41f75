/** The two real programs as child processes, each in a directory of its own. */

import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const CLI = {
  blindmatch: fileURLToPath(new URL('../../packages/client/dist/cli.js', import.meta.url)),
  blindmatchd: fileURLToPath(new URL('../../packages/server/dist/cli.js', import.meta.url)),
};

type Program = keyof typeof CLI;

/** What a program has printed. */
export interface Output {
  stdout: string;
  stderr: string;
}

/** One line of `--json`. */
export type ProgramEvent = Readonly<Record<string, unknown>> & { readonly event: string };

type Child = ChildProcessByStdio<null, Readable, Readable>;

function launch(program: Program, args: readonly string[], home: string): { child: Child; output: Output } {
  const child = spawn(process.execPath, [CLI[program], ...args], {
    cwd: home,
    // Whatever a program keeps for its user lands below the directory that the test looks through.
    env: { PATH: process.env['PATH'], HOME: home, XDG_CACHE_HOME: join(home, '.cache'), TMPDIR: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: Output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  return { child, output };
}

function ended(child: Child): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
}

/** The events that a program has printed so far. */
function eventsOf({ stdout }: Output): ProgramEvent[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as ProgramEvent);
}

/** Runs a program to its end. */
export async function run(
  program: Program,
  args: readonly string[],
  home: string,
): Promise<Output & { readonly code: number | null }> {
  const { child, output } = launch(program, args, home);
  const code = await ended(child);
  return { ...output, code };
}

/** Runs a program that must succeed, with `--json`, and gives its events. */
export async function succeed(
  program: Program,
  args: readonly string[],
  home: string,
): Promise<readonly ProgramEvent[]> {
  const { code, stdout, stderr } = await run(program, [...args, '--json'], home);
  if (code !== 0)
    throw new Error(`${program} ${args.join(' ')} ended with ${String(code)}: ${stderr}${stdout}`);
  return eventsOf({ stdout, stderr });
}

/** A daemon that listens on a port that the system chose. */
export interface RunningDaemon {
  readonly url: URL;
  readonly pid: number;
  readonly output: Output;
  /** Stops it by SIGTERM and gives its exit code. */
  stop(): Promise<number | null>;
}

/** Starts `blindmatchd serve` and resolves once it listens. */
export async function startDaemon(holder: string, home: string, workers = 1): Promise<RunningDaemon> {
  const args = ['serve', holder, '--listen', '127.0.0.1:0', '--workers', String(workers), '--json'];
  const { child, output } = launch('blindmatchd', args, home);
  const end = ended(child);
  const url = await new Promise<URL>((resolve, reject) => {
    child.stdout.on('data', () => {
      const listening = eventsOf(output).find(({ event }) => event === 'listening');
      if (listening !== undefined) resolve(new URL(String(listening['url'])));
    });
    child.on('close', () => {
      reject(new Error(`The daemon ended before it listened: ${output.stderr}`));
    });
  });
  return {
    url,
    pid: child.pid!,
    output,
    stop: async () => {
      child.kill('SIGTERM');
      return await end;
    },
  };
}

/** The value of a field of the event of that name, as text. */
export function fieldOf(events: readonly ProgramEvent[], event: string, field: string): string {
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
