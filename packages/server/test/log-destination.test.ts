import { closeSync, constants, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { droppingDestination } from '../src/log-destination.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const WRITER = fileURLToPath(new URL('./log-writer.ts', import.meta.url));
const directory = temporaryDirectory();

describe("the log's destination", () => {
  it.runIf(existsSync('/dev/full'))('drops lines when its disk is full, and the program goes on', () => {
    const full = openSync('/dev/full', 'w');
    const { status, stdout } = spawnSync(process.execPath, [WRITER], { stdio: ['ignore', 'pipe', full] });
    closeSync(full);
    expect([status, stdout.toString()]).toEqual([0, 'went on']);
  });

  it('has every line when it can be written', () => {
    const path = join(directory, 'log');
    const file = openSync(path, 'w');
    spawnSync(process.execPath, [WRITER], { stdio: ['ignore', 'ignore', file] });
    closeSync(file);
    expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(2000);
  });

  it('says how many lines it dropped when it is read again', async () => {
    const path = join(directory, 'pipe');
    spawnSync('/bin/sh', ['-c', 'mkfifo "$0"', path]);
    const pipe = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    const told: number[] = [];
    const destination = droppingDestination(pipe, (lines) => told.push(lines));
    const line = `${'x'.repeat(999)}\n`;
    // A pipe takes 64 KiB; the rest is dropped.
    for (let count = 0; count < 300; count++) destination.write(line);
    await new Promise(setImmediate);
    expect(told).toEqual([]);
    const taken = readSync(pipe, Buffer.alloc(1 << 20)) / line.length;
    destination.write(line);
    await new Promise(setImmediate);
    expect(taken).toBeGreaterThan(10);
    expect(told).toEqual([expect.any(Number)]);
    expect(told[0]).toBeGreaterThan(100);
    destination.write('the last line\n');
    const rest = Buffer.alloc(1 << 20);
    expect(rest.toString('latin1', 0, readSync(pipe, rest))).toMatch(/x\nthe last line\n$/);
    closeSync(pipe);
  });
});
