/** Programs that are killed at random moments, one after another or several at once, over one ledger. */

import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { JudgedRequest } from '../../src/known-request.ts';
import type { Caps, Reported } from './ledger-faults.ts';
import { request } from './samples.ts';

const TARGET = fileURLToPath(new URL('./kill-target.ts', import.meta.url));

/** Small enough to be reached in a few runs. */
export const CAPS: Caps = {
  day: 150,
  epoch: 350,
  statute_day: 100,
  statute_epoch: 250,
  investigator_epoch: 120,
};

/** The request of that name, as every program makes it. Epochs go by every twelve runs. */
export function requestInRun(name: string, run: number): JudgedRequest {
  const number = Number(name.split(' ').at(-1));
  return request(name, {
    epoch: 1 + Math.floor(run / 12),
    requester: number % 3 === 0 ? 'Another Agency' : 'Requesting Agency',
    statute: number % 2 === 0 ? 'first statute' : 'second statute',
    records: 1 + (number % 20),
    elements: 40,
  });
}

export interface KilledRuns {
  readonly path: string;
  readonly seed: string;
  readonly runs: number;
  /** Programs at once. */
  readonly programs: number;
  readonly wrong?: 'evaluate-first';
}

/**
 * Lets programs run and kills them; gives what they had reported, and every word they said. Throws when one
 * of them ends by itself.
 */
export async function killedRuns({
  path,
  seed,
  runs,
  programs,
  wrong,
}: KilledRuns): Promise<Reported & { readonly words: ReadonlySet<string> }> {
  const words = new Set<string>();
  const evaluated = new Set<string>();
  const heads = new Map<number, string>();
  for (let run = 0; run < runs; run++) {
    const lines = await Promise.all(
      Array.from({ length: programs }, (_, program) =>
        killed([path, String(run), `${seed} ${run} ${program}`, ...(wrong === undefined ? [] : [wrong])]),
      ),
    );
    for (const line of lines.flat()) {
      const [word = '', first = '', second = ''] = line.split(' ');
      words.add(word);
      if (word === 'evaluated') evaluated.add(first);
      if (word !== 'head') continue;
      const shown = heads.get(Number(first)) ?? second;
      if (shown !== second) throw new Error(`two heads of ${first} leaves were shown`);
      heads.set(Number(first), second);
    }
  }
  return { evaluated, heads, words };
}

/** The whole lines that a program wrote until it was killed. */
async function killed(args: readonly string[]): Promise<string[]> {
  const program = spawn(process.execPath, [TARGET, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  const complaint: Buffer[] = [];
  program.stderr.on('data', (data: Buffer) => complaint.push(data));
  let lines = randomInt(60);
  const underWay = new Promise<void>((resolve) => {
    program.stdout.on('data', (data: Buffer) => {
      output.push(data);
      lines -= data.toString().split('\n').length - 1;
      if (lines < 0) resolve();
    });
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    program.on('close', (_, signal) => {
      resolve(signal);
    });
  });
  // Mostly in the midst of its work, sometimes while it starts and opens the file.
  if (randomInt(6) > 0) await Promise.race([underWay, ended]);
  await setTimeout(randomInt(6) > 0 ? randomInt(5) : randomInt(300));
  program.kill('SIGKILL');
  if ((await ended) !== 'SIGKILL')
    throw new Error(`a program ended by itself: ${String(Buffer.concat(complaint))}`);
  return Buffer.concat(output).toString().split('\n').slice(0, -1);
}
