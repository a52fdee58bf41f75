import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateSigningKey, fingerprint, privateKeyToPem, type Checkpoint } from '@blindmatch/protocol';
import { describe, expect, it } from 'vitest';
import { defaultCheckpointDirectory, RememberedCheckpoint } from '../src/remembered-checkpoint.ts';
import { LogOfLeaves } from './log-of-leaves.ts';
import { codeOf, temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
const { privateKey: identity } = generateSigningKey();
const holder = fingerprint(identity);
let places = 0;
const newPlace = (): string => join(directory, `place-${++places}`, 'checkpoints');

/** The checkpoints of a log and of another one that begins alike. */
function checkpointAt(size: number, branch = 0): Checkpoint {
  const log = new LogOfLeaves();
  for (let at = 0; at < size; at++) log.append(Buffer.from(`leaf ${at} ${at === 0 ? 0 : branch}`));
  return log.checkpoint(identity);
}

function remembering(...sizes: readonly number[]): { memory: RememberedCheckpoint; place: string } {
  const place = newPlace();
  const memory = new RememberedCheckpoint(place, holder);
  let earlier: Checkpoint | undefined;
  for (const size of sizes) {
    const next = checkpointAt(size);
    memory.keep(earlier, next, identity);
    earlier = next;
  }
  return { memory, place };
}

describe('a remembered checkpoint', () => {
  it('is none for a holder that was never talked to', () => {
    const { memory, place } = remembering();
    expect(memory.recall()).toBeUndefined();
    expect(existsSync(place)).toBe(false);
  });

  it('is the last one that was kept, as the holder signed it', () => {
    const { memory, place } = remembering(1, 3, 7);
    expect(memory.recall()).toEqual(checkpointAt(7));
    expect(readFileSync(memory.path, 'utf8')).toBe(checkpointAt(7).note);
    expect(readdirSync(place).sort()).toEqual(
      ['checkpoint', 'checkpoint.lock', 'pub.pem'].map((end) => `${holder.slice(7)}.${end}`),
    );
  });

  it("is its owner's alone", () => {
    const { memory, place } = remembering(1);
    expect(statSync(memory.path).mode & 0o777).toBe(0o600);
    expect(statSync(place).mode & 0o777).toBe(0o700);
  });

  it('lies below XDG_STATE_HOME, or where that is by default', () => {
    const before = process.env['XDG_STATE_HOME'];
    try {
      process.env['XDG_STATE_HOME'] = '/state';
      expect(defaultCheckpointDirectory()).toBe('/state/blindmatch/checkpoints');
      delete process.env['XDG_STATE_HOME'];
      expect(defaultCheckpointDirectory()).toMatch(/\/\.local\/state\/blindmatch\/checkpoints$/);
    } finally {
      if (before === undefined) delete process.env['XDG_STATE_HOME'];
      else process.env['XDG_STATE_HOME'] = before;
    }
  });

  it.each([
    ['is empty', (): string => ''],
    ['is cut short', (note: string): string => note.slice(0, -10)],
    ['has another size', (note: string): string => note.replace('\n3\n', '\n2\n')],
    [
      'is signed by another',
      (): string => new LogOfLeaves().checkpoint(generateSigningKey().privateKey).note,
    ],
    ['is no text', (): Uint8Array => Uint8Array.of(0xff, 0xfe, 0)],
  ])('is an error and not the first time where the file %s', async (_, spoil) => {
    const { memory } = remembering(3);
    writeFileSync(memory.path, spoil(checkpointAt(3).note));
    expect(await codeOf(() => memory.recall())).toBe('checkpoint_damaged');
    expect(await codeOf(() => memory.keep(checkpointAt(3), checkpointAt(4), identity))).toBe(
      'checkpoint_damaged',
    );
  });

  it.each([
    [
      'is missing',
      (path: string) => {
        rmSync(path);
      },
    ],
    [
      'is damaged',
      (path: string) => {
        writeFileSync(path, 'key');
      },
    ],
    [
      "is another holder's",
      (path: string) => {
        writeFileSync(path, privateKeyToPem(generateSigningKey().privateKey));
      },
    ],
  ])("is an error where the holder's key %s", async (_, spoil) => {
    const { memory, place } = remembering(3);
    spoil(join(place, `${holder.slice(7)}.pub.pem`));
    expect(await codeOf(() => memory.recall())).toBe('checkpoint_damaged');
  });

  it('stays where another process has remembered something else meanwhile', () => {
    const { memory } = remembering(2, 5);
    expect(memory.keep(checkpointAt(2), checkpointAt(9), identity)).toBe(false);
    expect(memory.keep(undefined, checkpointAt(9), identity)).toBe(false);
    expect(memory.recall()?.size).toBe(5);
  });

  it('may be kept twice', () => {
    const { memory } = remembering(2, 5);
    expect(memory.keep(checkpointAt(2), checkpointAt(5), identity)).toBe(true);
    expect(memory.recall()?.size).toBe(5);
  });

  it('tells that the log forked where another process saw another one of the same size', async () => {
    const { memory } = remembering(2, 5);
    expect(await codeOf(() => memory.keep(checkpointAt(2), checkpointAt(5, 1), identity))).toBe('log_forked');
    expect(memory.recall()).toEqual(checkpointAt(5));
  });

  it('is never replaced by a smaller one', () => {
    const { memory } = remembering(5);
    expect(() => memory.keep(checkpointAt(5), checkpointAt(4), identity)).toThrow(RangeError);
    expect(memory.recall()?.size).toBe(5);
  });

  it('counts every step once when several processes take them at once', async () => {
    const { memory, place } = remembering(1);
    const at = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href);
    const program = `
      const { RememberedCheckpoint } = await import(${at('../src/remembered-checkpoint.ts')});
      const { LogOfLeaves } = await import(${at('log-of-leaves.ts')});
      const { privateKeyFromPem } = await import('@blindmatch/protocol');
      const identity = privateKeyFromPem(${JSON.stringify(privateKeyToPem(identity))});
      const memory = new RememberedCheckpoint(${JSON.stringify(place)}, ${JSON.stringify(holder)});
      let kept = 0;
      for (let round = 0; round < 12; round++) {
        const log = new LogOfLeaves();
        const earlier = memory.recall();
        for (let leaf = 0; leaf < earlier.size; leaf++) log.append(Buffer.from('leaf ' + leaf + ' 0'));
        log.append(Buffer.from('leaf ' + earlier.size + ' 0'));
        if (memory.keep(earlier, log.checkpoint(identity), identity)) kept++;
      }
      console.log(kept);`;
    const run = async (): Promise<number> => {
      const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
        cwd: import.meta.dirname,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let text = '';
      child.stdout.on('data', (data: Buffer) => {
        text += data.toString();
      });
      await once(child, 'close');
      return Number(text);
    };
    const kept = await Promise.all([run(), run(), run()]);
    // Two processes that take the same step at once both find it taken rightly.
    expect(memory.recall()?.size).toBeGreaterThan(12);
    expect(memory.recall()?.size).toBeLessThanOrEqual(1 + kept.reduce((sum, count) => sum + count, 0));
    expect(memory.recall()).toEqual(checkpointAt(memory.recall()?.size ?? 0));
  });
});
