import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { surviveKills } from './killed-daemon.ts';

const ROUNDS = 60;

it('a daemon that is killed at random points charges and logs each request once, and all results are right', async () => {
  const home = mkdtempSync(join(tmpdir(), 'killed-daemon-'));
  const seed = randomInt(2 ** 31);
  try {
    const { kills, resumed } = await surviveKills(home, ROUNDS, seed);
    process.stdout.write(`killed daemon: seed ${seed}, ${kills} kills, ${resumed} resumed\n`);
    expect(kills).toBeGreaterThanOrEqual(ROUNDS);
  } catch (error) {
    throw new Error(`seed ${seed}`, { cause: error });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
