import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteLedger } from '@blindmatch/ledger';
import type { Reporter } from '@blindmatch/terminal';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { init } from '../../src/commands/init.ts';
import { prove, type ProveOptions } from '../../src/commands/log/prove.ts';
import { openHolderDirectory } from '../../src/holder-directory.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const LEAVES = 7;
const REPORTER = { event: () => undefined } as unknown as Reporter;
const path = join(mkdtempSync(join(temporaryDirectory(), 'prove-')), 'holder');
const output = `${path}.proof`;

/** A proof of each leaf, and that each smaller size grew into this one or one between. */
const PROOFS: readonly (readonly [string, Omit<ProveOptions, 'output'>])[] = [
  ...Array.from({ length: LEAVES }, (_, leaf) => [`leaf ${leaf}`, { leaf }] as const),
  ...[0, 1, 3, 4, 6, 7].map((from) => [`growth from ${from}`, { from }] as const),
  ['growth from 2 to 5', { from: 2, to: 5 }],
];

beforeAll(async () => {
  init(path, { name: 'Tax Agency' }, REPORTER);
  const ledger = openSqliteLedger(openHolderDirectory(path).ledger);
  for (let index = 0; index < LEAVES; index++)
    await ledger.refuse(new Uint8Array(Buffer.from(`{"leaf":${index}}`)));
  await ledger.close();
});

beforeEach(() => {
  rmSync(output, { force: true });
});

afterAll(() => {
  rmSync(path, { recursive: true });
});

async function proveTo(options: Omit<ProveOptions, 'output'>): Promise<void> {
  await prove(path, { ...options, output }, REPORTER);
}

describe('log prove', () => {
  it.each(PROOFS)('writes the proof of %s', async (_, options) => {
    await proveTo(options);
    expect(readFileSync(output, 'utf8')).toContain('"checkpoint":"blindmatch.v1/log/');
  });

  it.each(PROOFS)('writes no proof of %s that a changed hash would spoil', async (_, options) => {
    await proveTo(options);
    const rightly = withoutSignature(readFileSync(output, 'utf8'));
    const file = openHolderDirectory(path).ledger;
    const database = new DatabaseSync(file);
    database.exec('DROP TRIGGER IF EXISTS node_unchanged');
    const nodes = database.prepare('SELECT level, position, hash FROM node').all();
    const change = database.prepare('UPDATE node SET hash = ? WHERE level = ? AND position = ?');
    let refused = 0;
    for (const { level, position, hash } of nodes) {
      rmSync(output, { force: true });
      change.run(new Uint8Array(32), level as number, position as number);
      await proveTo(options).catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'log_inconsistent' });
        expect(existsSync(output)).toBe(false);
        refused++;
      });
      if (existsSync(output)) expect(withoutSignature(readFileSync(output, 'utf8'))).toBe(rightly);
      change.run(hash as Uint8Array, level as number, position as number);
    }
    database.close();
    expect(refused).toBeGreaterThan(0);
  });
});

/** A proof without the note's signature, which need not be the same twice. */
function withoutSignature(proof: string): string {
  return proof.replace(/\u2014.*$/u, '');
}
