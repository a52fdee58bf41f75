import { Buffer } from 'node:buffer';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { ELEMENT_BYTES } from '@blindmatch/group';
import type { Candidate } from './alternation.ts';
import type { Results } from './agreement.ts';
import type { Inputs } from './inputs.ts';

/** In the order of the program's enumeration. */
const NATIVE_OPERATIONS = ['evaluate', 'hashToGroup', 'fixedBase'] as const;

/** libsodium as this machine has it, in a program of its own that waits for its turns. */
export interface LibsodiumNative {
  readonly results: Results;
  readonly candidates: readonly Candidate[];
  /** Ends the program. */
  close(): void;
}

/**
 * Build libsodium.c in a temporary directory and start it.
 * @returns a sentence that says what to do, where there is no compiler or no libsodium to build with
 */
export async function startLibsodiumNative(inputs: Inputs): Promise<LibsodiumNative | string> {
  const directory = mkdtempSync(join(tmpdir(), 'blindmatch-bench-'));
  const program = join(directory, 'libsodium');
  const source = fileURLToPath(new URL('./libsodium.c', import.meta.url));
  try {
    const compiled = spawnSync('cc', ['-O2', '-o', program, source, '-lsodium'], { encoding: 'utf8' });
    if (compiled.status !== 0) return leftOut(compiled.error !== undefined);
    return await start(program, inputs);
  } finally {
    // A program that runs does not need its file.
    rmSync(directory, { recursive: true });
  }
}

function leftOut(withoutCompiler: boolean): string {
  const reason = withoutCompiler ? 'there is no C compiler (cc)' : 'cc finds no libsodium to build with';
  return `The native libsodium is left out, because ${reason}; install a C compiler and libsodium's headers (Debian: gcc libsodium-dev).`;
}

async function start(program: string, inputs: Inputs): Promise<LibsodiumNative> {
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = new AnswerReader(child.stdout);
  child.stdin.write(`${inputs.count}\n`);
  for (const part of [inputs.key, inputs.elements, inputs.uniform, inputs.scalars]) child.stdin.write(part);
  const bytes = inputs.count * ELEMENT_BYTES;
  const results = {
    evaluate: await answers.take(bytes),
    hashToGroup: await answers.take(bytes),
    fixedBase: await answers.take(bytes),
  };
  const candidates = NATIVE_OPERATIONS.map((operation, number) => ({
    operation,
    engine: 'libsodium-native',
    batch: inputs.count,
    elapsed: async (calls: number): Promise<number> => {
      child.stdin.write(`${number} ${calls}\n`);
      return Number(await answers.line()) / 1000;
    },
  }));
  return { results, candidates, close: () => child.stdin.end() };
}

/** Cuts what a program writes into the answers that are expected of it. */
class AnswerReader {
  readonly #chunks: AsyncIterator<unknown, undefined>;
  #waiting: Buffer = Buffer.alloc(0);

  constructor(stream: Readable) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  async take(length: number): Promise<Uint8Array> {
    while (this.#waiting.length < length) await this.#read();
    return this.#cut(length);
  }

  /** A line, without its end. */
  async line(): Promise<string> {
    while (!this.#waiting.includes('\n')) await this.#read();
    return this.#cut(this.#waiting.indexOf('\n') + 1)
      .toString()
      .trimEnd();
  }

  #cut(length: number): Buffer {
    const answer = this.#waiting.subarray(0, length);
    this.#waiting = this.#waiting.subarray(length);
    return answer;
  }

  async #read(): Promise<void> {
    const { value, done } = await this.#chunks.next();
    if (done === true || !(value instanceof Uint8Array)) {
      throw new Error('The native libsodium program ended early; run it by itself to see why.');
    }
    this.#waiting = Buffer.concat([this.#waiting, value]);
  }
}
