import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

/** The oldest Node.js that the programs run on: it has node:sqlite and strips types. */
const OLDEST_NODE: readonly [number, number] = [22, 18];

/** Megabytes of one of the two halves of the young generation. */
const SEMI_SPACE_MB = 4;

/** What a program's module exports: runs the command line and gives the exit code. */
export interface Program {
  readonly main: (argv: readonly string[]) => Promise<number>;
}

/**
 * Starts a program. This module and its caller are all that an outdated Node.js loads: the program itself is
 * imported only once the version is known to do. In a checkout, the Node.js that the workspace pins is used in
 * place of an outdated one; elsewhere the user is told which version is needed.
 *
 * @param load imports the program
 */
export async function start(load: () => Promise<Program>): Promise<void> {
  if (!isNewEnough(process.versions.node)) {
    runUnderPinnedNode();
    return;
  }
  boundYoungGeneration();
  keepSqliteWarningBack();
  endWithParent();
  endWithReader();
  const { main } = await load();
  process.exitCode = await main(process.argv.slice(2));
}

/** Tells whether a version such as `22.18.0` is one that the programs run on. */
export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
}

function runUnderPinnedNode(): void {
  const pinned = fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url));
  if (!existsSync(pinned)) {
    process.stderr.write(
      `Node.js ${OLDEST_NODE.join('.')} or newer is needed and this is ${process.versions.node}; install a newer one.\n`,
    );
    process.exitCode = 1;
    return;
  }
  const child = spawn(pinned, process.argv.slice(1), { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 1;
    if (signal !== null) process.stderr.write(`Ended by ${signal}.\n`);
    process.removeAllListeners();
  });
}

/**
 * Node 22 warns on standard error that node:sqlite is experimental there, which the user can do nothing about, and
 * the lines of the daemon's log stand there. Every other warning is printed as Node prints it.
 */
function keepSqliteWarningBack(): void {
  const print = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name === 'ExperimentalWarning' && warning.message.startsWith('SQLite ')) return;
    for (const listener of print) listener.call(process, warning);
  });
}

/** Where an outdated Node.js started this one, its end (a kill -9 included) must not leave this one behind. */
function endWithParent(): void {
  if (process.channel === undefined) return;
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel.unref();
}

/**
 * A reader that has seen enough (`… | head`) closes the pipe; that ends the program and is no failure. Output that
 * can't be written for another reason is.
 */
function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    process.stderr.write(
      `Standard output can't be written (${error.code ?? error.message}); free some space or send it elsewhere.\n`,
    );
    process.exit(1);
  });
  // Nothing can be told where the errors themselves can't be written.
  process.stderr.on('error', () => undefined);
}

/**
 * Keeps V8 from letting the young generation grow as long as the machine has memory: what streams through a program
 * dies young, so a small one costs no time and keeps the memory of a long run where it began.
 */
function boundYoungGeneration(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString(`--max-semi-space-size=${SEMI_SPACE_MB}`);
}
