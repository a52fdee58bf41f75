import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteLedger } from '../src/sqlite-ledger.ts';
import { CAPS, killedRuns } from './rig/killed-runs.ts';
import { ledgerFaults } from './rig/ledger-faults.ts';
import { acceptance, at, bytes, charge, hex, POLICY, request } from './rig/samples.ts';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ledger-'));
  path = join(directory, 'ledger.sqlite');
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** What must have happened at least once, or the kills prove little. */
const OUTCOMES = ['evaluated', 'over_limit', 'approval_changed', 'head'];

describe('a ledger whose programs are killed', () => {
  it.each([
    { runs: 40, programs: 1 },
    { runs: 12, programs: 2 },
  ])('keeps its invariants over $runs kills of $programs at once', async ({ runs, programs }) => {
    const seed = randomUUID();
    const reported = await killedRuns({ path, seed, runs, programs });
    expect(reported.evaluated.size, seed).toBeGreaterThan(runs);
    expect(reported.heads.size, seed).toBeGreaterThan(runs);
    expect([...reported.words], seed).toEqual(expect.arrayContaining(OUTCOMES));
    expect(await ledgerFaults(path, reported, CAPS), seed).toEqual([]);
  });
});

describe('the checks', () => {
  it('catch a program that evaluates before it accepts', async () => {
    const caught: string[] = [];
    for (let attempt = 0; attempt < 10 && caught.length === 0; attempt++) {
      const seed = randomUUID();
      const each = `${path}.${attempt}`;
      const reported = await killedRuns({ path: each, seed, runs: 4, programs: 1, wrong: 'evaluate-first' });
      const faults = await ledgerFaults(each, reported, CAPS);
      caught.push(...faults.filter((fault) => fault.endsWith('was evaluated and is not accepted')));
    }
    expect(caught).not.toEqual([]);
  });

  const id = hex(request('1').requestId);
  const tree = 'the tree is not over the leaves';
  it.each([
    ['DELETE FROM charge', `${id} is accepted and not charged once`],
    ["UPDATE leaf SET bytes = x'00' WHERE position = 1", `${id} is accepted and not in the log once`],
    ["UPDATE leaf SET bytes = x'00' WHERE position = 0", tree],
    ['UPDATE node SET hash = zeroblob(32) WHERE level = 1', tree],
    ["INSERT INTO leaf VALUES (2, x'00')", tree],
    [
      "UPDATE leaf SET bytes = x'00' WHERE position = 0",
      'the log does not begin with the 1 leaves of a head that was shown',
    ],
    [
      "UPDATE charged SET records = 9 WHERE scope = 'day'",
      'what is charged over day is not the sum of the charges',
    ],
    ['DELETE FROM request', 'a row refers to one that is not there'],
    ['UPDATE charge SET records = 1000', `${id} is accepted and not charged once`],
    [
      "UPDATE charged SET records = 1000 WHERE scope = 'epoch'",
      'Requesting Agency is charged 1000 over epoch',
    ],
  ])('catch a file that was changed: %s', async (change, fault) => {
    const ledger = openSqliteLedger(path);
    await ledger.adoptPolicy({ digest: POLICY, text: '', now: at(0), leaf: bytes('policy') });
    const { size, root } = await ledger.log.head();
    const one = request('1');
    const investigators = new Map([['I', 10]]);
    await ledger.accept(acceptance(one, { charge: charge(one, { investigators }) }));
    await ledger.close();
    const reported = { evaluated: new Set([hex(one.requestId)]), heads: new Map([[size, hex(root)]]) };
    expect(await ledgerFaults(path, reported, CAPS)).toEqual([]);
    tamper(change);
    expect(await ledgerFaults(path, reported, CAPS)).toContain(fault);
  });

  /** What somebody with the file in hand can do. */
  function tamper(sql: string): void {
    const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
    for (const { name } of database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all())
      database.exec(`DROP TRIGGER ${String(name)}`);
    database.exec(sql);
    database.close();
  }
});
