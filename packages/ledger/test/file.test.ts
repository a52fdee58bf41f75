import { spawn } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LedgerErrorCode } from '../src/ledger-error.ts';
import type { Ledger } from '../src/ledger.ts';
import { SCHEMA_VERSION } from '../src/schema.ts';
import { openSqliteLedger } from '../src/sqlite-ledger.ts';
import { acceptance, at, bytes, collected, digest, POLICY, request } from './rig/samples.ts';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ledger-'));
  path = join(directory, 'ledger.sqlite');
});

afterEach(async () => {
  for (const ledger of opened.splice(0)) await ledger.close();
  rmSync(directory, { recursive: true });
});

const modeOf = (file: string): number => statSync(file).mode & 0o777;
const withCode = (code: LedgerErrorCode): Error =>
  expect.objectContaining({ name: 'LedgerError', code }) as Error;

/** A ledger with a policy and so many requests. */
async function filled(requests: number): Promise<void> {
  const ledger = openSqliteLedger(path);
  await ledger.adoptPolicy({ digest: POLICY, text: 'a policy', now: at(0), leaf: bytes('policy') });
  for (let number = 0; number < requests; number++) await ledger.accept(acceptance(request(String(number))));
  await ledger.close();
}

const opened: Ledger[] = [];

/** A ledger with a request that waits. */
async function suspended(): Promise<Ledger> {
  await filled(0);
  const ledger = openSqliteLedger(path);
  opened.push(ledger);
  const waiting = { policy: POLICY, now: at(0), expires: at(60), most: 20, leaf: bytes('pending') };
  await ledger.suspend({ request: request('1'), ...waiting });
  return ledger;
}

function changed(sql: string): void {
  const database = new DatabaseSync(path);
  try {
    database.exec(sql);
  } finally {
    database.close();
  }
}

describe("the ledger's file", () => {
  it('can be read by its owner only, and so can its journal', async () => {
    const ledger = openSqliteLedger(path);
    await ledger.refuse(bytes('leaf'));
    expect([path, `${path}-wal`, `${path}-shm`].map(modeOf)).toEqual([0o600, 0o600, 0o600]);
    await ledger.close();
  });

  it('is made private where it was not', async () => {
    await filled(1);
    chmodSync(path, 0o644);
    await openSqliteLedger(path).close();
    expect(modeOf(path)).toBe(0o600);
  });

  it('is synced at every commit, for which a kill is no test', async () => {
    const statements: string[] = [];
    const ledger = openSqliteLedger(path, { faultPoint: (statement) => statements.push(statement) });
    await ledger.refuse(bytes('leaf'));
    await ledger.close();
    const first = statements.findIndex((statement) => statement.startsWith('BEGIN'));
    expect(statements.slice(0, first)).toEqual(
      expect.arrayContaining(['PRAGMA journal_mode = WAL', 'PRAGMA synchronous = FULL']),
    );
    expect(
      statements.filter((statement) => /^PRAGMA (journal_mode|synchronous)/.test(statement)),
    ).toHaveLength(2);
  });

  it('keeps everything over a restart', async () => {
    await filled(3);
    const ledger = openSqliteLedger(path);
    expect((await collected(ledger.requests())).map(({ requestId }) => requestId)).toEqual(
      ['0', '1', '2'].map((name) => request(name).requestId),
    );
    expect(await ledger.log.head()).toMatchObject({ size: 4 });
    await ledger.close();
  });

  it('is used by two programs at once, each of which sees what the other did', async () => {
    const [one, other] = [openSqliteLedger(path), openSqliteLedger(path)];
    await one.adoptPolicy({ digest: POLICY, text: '', now: at(0), leaf: bytes('policy') });
    expect(await other.accept(acceptance(request('1')))).toMatchObject({ outcome: 'new' });
    expect(await one.accept(acceptance(request('1')))).toMatchObject({ outcome: 'known' });
    const nonce = request('1').nonce;
    expect(await one.accept(acceptance(request('2', { nonce })))).toEqual({ outcome: 'nonce_reused' });
    expect(await one.log.head()).toEqual(await other.log.head());
    await one.close();
    await other.close();
  });

  it('is made once by programs that start at the same moment', async () => {
    const module = new URL('../src/sqlite-ledger.ts', import.meta.url).href;
    const script = `const { openSqliteLedger } = await import('${module}');
      const ledger = openSqliteLedger(process.argv[1]);
      await ledger.refuse(Buffer.from('leaf'));`;
    const args = ['--input-type=module', '-e', script, path];
    const codes = await Promise.all(
      Array.from(
        { length: 4 },
        () =>
          new Promise((resolve) => {
            spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] }).on('close', resolve);
          }),
      ),
    );
    expect(codes).toEqual([0, 0, 0, 0]);
    const ledger = openSqliteLedger(path);
    expect(await ledger.log.head()).toMatchObject({ size: 4 });
    await ledger.close();
  });

  it.each([
    'UPDATE leaf SET bytes = zeroblob(1)',
    'DELETE FROM leaf',
    'UPDATE node SET level = 9',
    'DELETE FROM node',
  ])('does not let the log be rewritten: %s', async (sql) => {
    await filled(3);
    expect(() => {
      changed(sql);
    }).toThrow(/never (changed|removed)/);
  });

  it.each([
    ['DELETE FROM charge', 'never removed'],
    ['UPDATE charge SET records = 1', 'never changed'],
    ['UPDATE charged SET records = records - 1', 'never given back'],
    ['DELETE FROM charged', 'never given back'],
    ['DELETE FROM request', 'never removed'],
    ["UPDATE request SET state = 'expired'", 'stays decided'],
    ['UPDATE request SET records = 1', 'stays as it was'],
    ['UPDATE request SET nonce = zeroblob(32)', 'belongs to one request'],
    ['DELETE FROM policy', 'never removed'],
    ["UPDATE adoption SET since = ''", 'never changed'],
  ])('does not let a decision be taken back: %s', async (sql, reason) => {
    await filled(1);
    expect(() => {
      changed(sql);
    }).toThrow(reason);
  });
});

describe('a request that waits', () => {
  const NOT_ITS_OWN = "UPDATE request SET envelope = x'7b7d'";

  it.each([
    [NOT_ITS_OWN, 'what was signed'],
    ["UPDATE request SET officials = '[]'", 'what was signed'],
    ["UPDATE request SET certifiers = '[]'", 'what was signed'],
    ["UPDATE request SET requester = 'Another Agency'", 'what was asked'],
    ['UPDATE request SET records = 1', 'what was asked'],
    ['UPDATE request SET elements = 1', 'what was asked'],
    ["UPDATE request SET statute = ''", 'what was asked'],
    ['UPDATE request SET epoch = 7', 'what was asked'],
    ["UPDATE request SET expires_at = '2099-01-01T00:00:00.000Z'", 'what was asked'],
    ['UPDATE request SET request_id = zeroblob(32)', 'belongs to one request'],
  ])('stays what it is, also when it is decided: %s', async (sql, reason) => {
    await suspended();
    const refused = (): void => {
      expect(() => {
        changed(sql);
      }).toThrow(reason);
    };
    refused();
    const ledger = openSqliteLedger(path);
    const { requestId } = request('1');
    const approval = { envelope: bytes('approval'), digest: digest('approval'), leaf: bytes('approval') };
    await ledger.decide({ requestId, policy: POLICY, decision: 'approved', now: at(1), ...approval });
    await ledger.close();
    refused();
    expect(() => {
      changed('UPDATE request SET approval_envelope = zeroblob(1)');
    }).toThrow('stays decided');
  });

  it('may have more signatures when it is accepted', async () => {
    const ledger = await suspended();
    const more = request('1', {
      officials: ['sha256:00', 'sha256:11', 'sha256:33'],
      envelope: bytes('more'),
    });
    expect(await ledger.accept(acceptance(more))).toMatchObject({ outcome: 'new', request: more });
    expect(() => {
      changed(NOT_ITS_OWN);
    }).toThrow('what was signed');
  });

  it('is not accepted as one that asks something else', async () => {
    const ledger = await suspended();
    const other = acceptance(request('1', { records: 11 }));
    await expect(ledger.accept(other)).rejects.toThrow(withCode('ledger_unusable'));
    expect(await ledger.find(request('1').requestId)).toMatchObject({ state: 'waiting', records: 10 });
  });
});

describe('a file that is not to be used', () => {
  it('is no database', () => {
    writeFileSync(path, 'not a database at all, but long enough to be read as one'.repeat(100));
    expect(() => openSqliteLedger(path)).toThrow(withCode('ledger_unusable'));
  });

  it('is in a directory that is not there', () => {
    expect(() => openSqliteLedger(join(directory, 'none', 'ledger.sqlite'))).toThrow(
      withCode('ledger_unusable'),
    );
  });

  it("is another program's database, which stays as it is", () => {
    changed('CREATE TABLE other (a)');
    expect(() => openSqliteLedger(path)).toThrow(withCode('ledger_unusable'));
    expect(() => {
      changed('CREATE TABLE leaf (a)');
    }).not.toThrow();
  });

  it.each([1, SCHEMA_VERSION - 1, SCHEMA_VERSION + 1])('is a ledger of version %i', async (version) => {
    await filled(1);
    changed(`PRAGMA user_version = ${version}`);
    expect(() => openSqliteLedger(path)).toThrow(withCode('ledger_version'));
  });

  it('is damaged, which is said when it is read', async () => {
    await filled(200);
    const file = openSync(path, 'r+');
    // All pages but the first, which says what the file is.
    writeSync(file, new Uint8Array(statSync(path).size - 4096).fill(0xff), 0, null, 4096);
    closeSync(file);
    const reading = async (): Promise<unknown> => {
      const ledger = openSqliteLedger(path);
      return ledger.accept(acceptance(request('new'))).finally(() => ledger.close());
    };
    await expect(reading()).rejects.toThrow(withCode('ledger_unusable'));
  });

  it('is held by another program for too long', async () => {
    await filled(1);
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    const ledger = openSqliteLedger(path, { patience: 1 });
    await expect(ledger.refuse(bytes('leaf'))).rejects.toThrow(withCode('ledger_busy'));
    expect(await ledger.log.head()).toMatchObject({ size: 2 });
    other.exec('ROLLBACK');
    other.close();
    await ledger.refuse(bytes('leaf'));
    expect(await ledger.log.head()).toMatchObject({ size: 3 });
    await ledger.close();
  });
});
