import { appendFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openProgress } from '../src/progress-file.ts';
import { requestFiles, type RequestDirectory } from '../src/request-directory.ts';
import { codeOf, temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
/** A full chunk and one of three elements. */
const SIZE = { chunks: 2, elements: 4096 + 3 };
const seed = new Uint8Array(32).fill(5);
let requests = 0;

function newRequest(): RequestDirectory {
  const files = requestFiles(join(directory, `request-${++requests}`));
  mkdirSync(files.private.path, { recursive: true });
  return files;
}

/** 64-byte outputs whose bytes tell the element and the position. */
function outputs(count: number, from: number): Uint8Array {
  return Uint8Array.from({ length: 64 * count }, (_, at) => (from + Math.floor(at / 64)) * 31 + (at % 64));
}

function kept(count: number, from: number): Uint8Array {
  return Uint8Array.from({ length: 16 * count }, (_, at) => (from + Math.floor(at / 16)) * 31 + (at % 16));
}

/** Flips a bit of the byte at a position, from the end where it is negative. */
function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at < 0 ? bytes.length + at : at]! ^= 1;
  writeFileSync(path, bytes);
}

describe('the progress of a request', () => {
  it('begins with nothing done', () => {
    const progress = openProgress(newRequest(), seed, SIZE);
    expect([progress.isDone(0), progress.isDone(1), progress.doneElements, progress.isComplete]).toEqual([
      false,
      false,
      0,
      false,
    ]);
    progress.close();
  });

  it('has a chunk as done from keep on, also when it is opened again', () => {
    const files = newRequest();
    const first = openProgress(files, seed, SIZE);
    first.keep(1, outputs(3, 4096));
    expect([first.isDone(0), first.isDone(1), first.doneElements]).toEqual([false, true, 3]);
    first.close();
    const second = openProgress(files, seed, SIZE);
    expect([second.isDone(0), second.isDone(1), second.doneElements]).toEqual([false, true, 3]);
    second.keep(0, outputs(4096, 0));
    expect([second.isComplete, second.doneElements]).toEqual([true, 4099]);
    second.close();
  });

  it('keeps the first 16 bytes of each output, in the order of the elements', () => {
    const files = newRequest();
    const progress = openProgress(files, seed, SIZE);
    progress.keep(1, outputs(3, 4096));
    progress.keep(0, outputs(4096, 0));
    expect(progress.tokens()).toEqual(new Uint8Array([...kept(4096, 0), ...kept(3, 4096)]));
    progress.close();
    const again = openProgress(files, seed, SIZE);
    expect(again.tokens()).toEqual(new Uint8Array([...kept(4096, 0), ...kept(3, 4096)]));
    again.close();
  });

  it('gives no tokens before every chunk is done', async () => {
    const progress = openProgress(newRequest(), seed, SIZE);
    progress.keep(0, outputs(4096, 0));
    expect(await codeOf(() => progress.tokens())).toBe('request_unfinished');
    progress.close();
  });

  it('does not take tokens that were written without their mark, as a power cut leaves them', () => {
    const files = newRequest();
    openProgress(files, seed, SIZE).close();
    writeFileSync(files.private.tokens, new Uint8Array(16 * SIZE.elements).fill(7));
    const progress = openProgress(files, seed, SIZE);
    expect(progress.doneElements).toBe(0);
    progress.close();
  });

  const truth = new Uint8Array([...kept(4096, 0), ...kept(3, 4096)]);
  const damages: readonly [string, (path: string) => void][] = [
    ['whole', () => undefined],
    [
      'missing',
      (path) => {
        rmSync(path);
      },
    ],
    [
      'empty',
      (path) => {
        writeFileSync(path, '');
      },
    ],
    [
      'cut',
      (path) => {
        writeFileSync(path, readFileSync(path).subarray(0, -1));
      },
    ],
    [
      'too long',
      (path) => {
        appendFileSync(path, 'x');
      },
    ],
    [
      'zeros',
      (path) => {
        writeFileSync(path, new Uint8Array(readFileSync(path).length));
      },
    ],
    [
      'flipped in the first chunk',
      (path) => {
        flip(path, 5);
      },
    ],
    [
      'flipped in the last chunk',
      (path) => {
        flip(path, -5);
      },
    ],
  ];

  it.each(damages.flatMap((tokens) => damages.map((marks) => ({ tokens, marks }))))(
    'counts no chunk as done whose tokens are not the right ones: tokens $tokens.0, marks $marks.0',
    ({ tokens, marks }) => {
      const files = newRequest();
      const before = openProgress(files, seed, SIZE);
      before.keep(0, outputs(4096, 0));
      before.keep(1, outputs(3, 4096));
      before.close();
      tokens[1](files.private.tokens);
      marks[1](files.private.progress);

      const after = openProgress(files, seed, SIZE);
      const here = readFileSync(files.private.tokens);
      expect(here).toHaveLength(truth.length);
      if (after.isDone(0)) expect(here.subarray(0, 65_536).equals(truth.subarray(0, 65_536))).toBe(true);
      if (after.isDone(1)) expect(here.subarray(65_536).equals(truth.subarray(65_536))).toBe(true);
      expect(after.isComplete).toBe(tokens[0] === 'whole' && marks[0] === 'whole');

      // What is asked for again makes it whole.
      if (!after.isDone(0)) after.keep(0, outputs(4096, 0));
      if (!after.isDone(1)) after.keep(1, outputs(3, 4096));
      expect(Buffer.from(after.tokens()).equals(truth)).toBe(true);
      after.close();
    },
  );

  it('loses no more than the chunk whose tokens were changed', () => {
    const files = newRequest();
    const before = openProgress(files, seed, SIZE);
    before.keep(0, outputs(4096, 0));
    before.keep(1, outputs(3, 4096));
    before.close();
    flip(files.private.tokens, -1);
    const after = openProgress(files, seed, SIZE);
    expect([after.isDone(0), after.isDone(1)]).toEqual([true, false]);
    after.close();
  });

  it('gives no tokens that were changed since it was opened', async () => {
    const files = newRequest();
    const progress = openProgress(files, seed, SIZE);
    progress.keep(0, outputs(4096, 0));
    progress.keep(1, outputs(3, 4096));
    flip(files.private.tokens, 0);
    expect(await codeOf(() => progress.tokens())).toBe('request_unfinished');
    progress.close();
  });

  it('counts nothing of another request as done', () => {
    const files = newRequest();
    const other = openProgress(files, new Uint8Array(32).fill(6), SIZE);
    other.keep(0, outputs(4096, 0));
    other.keep(1, outputs(3, 4096));
    other.close();
    const progress = openProgress(files, seed, SIZE);
    expect(progress.doneElements).toBe(0);
    progress.close();
  });

  it('is for its owner only', () => {
    const files = newRequest();
    openProgress(files, seed, SIZE).close();
    expect(statSync(files.private.tokens).mode & 0o777).toBe(0o600);
    expect(statSync(files.private.progress).mode & 0o777).toBe(0o600);
  });
});
