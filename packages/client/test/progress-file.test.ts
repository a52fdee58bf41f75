import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openProgress } from '../src/progress-file.ts';
import { requestFiles, type RequestDirectory } from '../src/request-directory.ts';
import { codeOf, temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
/** A full chunk and one of three elements. */
const SIZE = { chunks: 2, elements: 4096 + 3 };
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

describe('the progress of a request', () => {
  it('begins with nothing done', () => {
    const progress = openProgress(newRequest(), SIZE);
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
    const first = openProgress(files, SIZE);
    first.keep(1, outputs(3, 4096));
    expect([first.isDone(0), first.isDone(1), first.doneElements]).toEqual([false, true, 3]);
    first.close();
    const second = openProgress(files, SIZE);
    expect([second.isDone(0), second.isDone(1), second.doneElements]).toEqual([false, true, 3]);
    second.keep(0, outputs(4096, 0));
    expect([second.isComplete, second.doneElements]).toEqual([true, 4099]);
    second.close();
  });

  it('keeps the first 16 bytes of each output, in the order of the elements', () => {
    const files = newRequest();
    const progress = openProgress(files, SIZE);
    progress.keep(1, outputs(3, 4096));
    progress.keep(0, outputs(4096, 0));
    expect(progress.tokens()).toEqual(new Uint8Array([...kept(4096, 0), ...kept(3, 4096)]));
    progress.close();
    const again = openProgress(files, SIZE);
    expect(again.tokens()).toEqual(new Uint8Array([...kept(4096, 0), ...kept(3, 4096)]));
    again.close();
  });

  it('gives no tokens before every chunk is done', async () => {
    const progress = openProgress(newRequest(), SIZE);
    progress.keep(0, outputs(4096, 0));
    expect(await codeOf(() => progress.tokens())).toBe('request_unfinished');
    progress.close();
  });

  it('does not take tokens that were written without their mark, as a power cut leaves them', () => {
    const files = newRequest();
    openProgress(files, SIZE).close();
    writeFileSync(files.private.tokens, new Uint8Array(16 * SIZE.elements).fill(7));
    const progress = openProgress(files, SIZE);
    expect(progress.doneElements).toBe(0);
    progress.close();
  });

  it.each([
    ['marks', (files: RequestDirectory) => files.private.progress],
    ['tokens', (files: RequestDirectory) => files.private.tokens],
  ])('refuses %s of another request', async (_, pathOf) => {
    const files = newRequest();
    openProgress(files, SIZE).close();
    writeFileSync(pathOf(files), 'x');
    expect(await codeOf(() => openProgress(files, SIZE))).toBe('request_damaged');
  });

  it('is for its owner only', () => {
    const files = newRequest();
    openProgress(files, SIZE).close();
    expect(statSync(files.private.tokens).mode & 0o777).toBe(0o600);
    expect(statSync(files.private.progress).mode & 0o777).toBe(0o600);
  });
});
