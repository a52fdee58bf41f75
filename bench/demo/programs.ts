import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** One line of a program's NDJSON. */
export type ProgramEvent = Readonly<Record<string, unknown>> & { readonly event: string };

/** What a program did, and how long it took. */
export interface Run {
  readonly events: readonly ProgramEvent[];
  readonly seconds: number;
}

const PROGRAMS = {
  blindmatch: fileURLToPath(new URL('../../packages/client/dist/cli.js', import.meta.url)),
  blindmatchd: fileURLToPath(new URL('../../packages/server/dist/cli.js', import.meta.url)),
};

/** Runs one of the real programs to its end with `--json`. Throws with its own sentence when it fails. */
export async function runProgram(name: keyof typeof PROGRAMS, ...args: readonly string[]): Promise<Run> {
  const begun = performance.now();
  const child = spawn(process.execPath, [PROGRAMS[name], ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const events: ProgramEvent[] = [];
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const lines = readEvents(child.stdout, (event) => events.push(event));
  const [code] = (await once(child, 'close')) as [number | null];
  await lines;
  if (code !== 0) throw new Error(`${name} ${args[0] ?? ''} ended with ${String(code)}: ${errors.trim()}`);
  return { events, seconds: (performance.now() - begun) / 1000 };
}

/** A daemon that runs, and how to end it. */
export interface RunningDaemon {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts `blindmatchd serve` on a free port of this machine; its log goes to a file. */
export async function startDaemon(directory: string, logPath: string): Promise<RunningDaemon> {
  const args = [PROGRAMS.blindmatchd, 'serve', directory, '--listen', '127.0.0.1:0', '--json'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stderr.pipe(createWriteStream(logPath));
  const closed = once(child, 'close');
  const url = await new Promise<string>((resolve, reject) => {
    void readEvents(child.stdout, (event) => {
      if (event.event === 'listening') resolve(String(event['url']));
    });
    void closed.then(() => {
      reject(new Error(`The daemon did not start; see ${logPath}.`));
    });
  });
  return { url, stop: () => stop(child, closed) };
}

async function stop(child: ChildProcess, closed: Promise<unknown>): Promise<void> {
  child.kill('SIGTERM');
  await closed;
}

async function readEvents(
  stream: NodeJS.ReadableStream,
  onEvent: (event: ProgramEvent) => void,
): Promise<void> {
  for await (const line of createInterface({ input: stream })) onEvent(JSON.parse(line) as ProgramEvent);
}
