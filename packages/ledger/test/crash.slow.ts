import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CAPS, killedRuns } from './rig/killed-runs.ts';
import { ledgerFaults } from './rig/ledger-faults.ts';

it.each([
  { runs: 300, programs: 1 },
  { runs: 100, programs: 2 },
])(
  'a ledger keeps its invariants over $runs kills of $programs programs at once',
  async ({ runs, programs }) => {
    const directory = mkdtempSync(join(tmpdir(), 'ledger-'));
    const seed = randomUUID();
    const path = join(directory, 'ledger.sqlite');
    const reported = await killedRuns({ path, seed, runs, programs });
    expect(reported.evaluated.size, seed).toBeGreaterThan(runs);
    expect(await ledgerFaults(path, reported, CAPS), seed).toEqual([]);
    rmSync(directory, { recursive: true });
  },
);
