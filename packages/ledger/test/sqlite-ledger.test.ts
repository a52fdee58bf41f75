import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteLedger, type AuthorisedRequest } from '../src/index.ts';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ledger-'));
  path = join(directory, 'ledger.sqlite');
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 1, 0, minute));

function request(id: number, nonce: number = id): AuthorisedRequest {
  return {
    requestId: new Uint8Array(32).fill(id),
    nonce: new Uint8Array(32).fill(nonce),
    epoch: 1,
    requester: 'Requesting Agency',
    officials: ['sha256:00'],
    records: 10,
    elements: 22,
    envelope: new Uint8Array([1, 2, 3]),
  };
}

describe('the ledger of accepted requests', () => {
  it('accepts a request that it has not seen', () => {
    const ledger = openSqliteLedger(path);
    expect(ledger.accept(request(1), at(0))).toEqual({
      outcome: 'new',
      requester: 'Requesting Agency',
      officials: ['sha256:00'],
      acceptedAt: at(0),
    });
    ledger.close();
  });

  it('knows the same request again, whoever asks, and tells who was charged with it and when', () => {
    const ledger = openSqliteLedger(path);
    ledger.accept(request(1), at(0));
    const again = { ...request(1), requester: 'Another Agency', officials: ['sha256:11'] };
    expect(ledger.accept(again, at(5))).toEqual({
      outcome: 'known',
      requester: 'Requesting Agency',
      officials: ['sha256:00'],
      acceptedAt: at(0),
    });
    expect([...ledger.requests()]).toHaveLength(1);
    ledger.close();
  });

  it('refuses another request with a nonce that is spent, and remembers nothing of it', () => {
    const ledger = openSqliteLedger(path);
    ledger.accept(request(1, 7), at(0));
    expect(ledger.accept(request(2, 7), at(1))).toEqual({ outcome: 'nonce_reused' });
    expect([...ledger.requests()].map((line) => line.requestId[0])).toEqual([1]);
    ledger.close();
  });

  it('keeps the first time of completion', () => {
    const ledger = openSqliteLedger(path);
    ledger.accept(request(1), at(0));
    expect(ledger.complete(request(1).requestId, at(3))).toEqual(at(3));
    expect(ledger.complete(request(1).requestId, at(9))).toEqual(at(3));
    ledger.close();
  });

  it('never completes a request before it accepted it, although the clock was set back', () => {
    const ledger = openSqliteLedger(path);
    ledger.accept(request(1), at(9));
    expect(ledger.complete(request(1).requestId, at(3))).toEqual(at(9));
    expect([...ledger.requests()]).toMatchObject([{ acceptedAt: at(9), completedAt: at(9) }]);
    ledger.close();
  });

  it('completes no request that it never accepted', () => {
    const ledger = openSqliteLedger(path);
    expect(() => ledger.complete(request(1).requestId, at(0))).toThrow('never accepted');
    ledger.close();
  });

  it('remembers all of it over a restart', () => {
    const before = openSqliteLedger(path);
    before.accept(request(1), at(0));
    before.complete(request(1).requestId, at(1));
    before.close();
    const after = openSqliteLedger(path);
    expect([...after.requests()]).toEqual([{ ...request(1), acceptedAt: at(0), completedAt: at(1) }]);
    after.close();
  });

  it('gives one of two handles on one file the nonce and refuses the other', () => {
    const one = openSqliteLedger(path);
    const other = openSqliteLedger(path);
    expect(one.accept(request(1, 7), at(0)).outcome).toBe('new');
    expect(other.accept(request(2, 7), at(0)).outcome).toBe('nonce_reused');
    one.close();
    other.close();
  });

  it('is readable by its owner only', () => {
    openSqliteLedger(path).close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('names a file that is no ledger', () => {
    writeFileSync(path, 'not a database at all, but long enough to be read as one'.repeat(100));
    expect(() => openSqliteLedger(path)).toThrow(
      expect.objectContaining({ code: 'ledger_unusable' }) as Error,
    );
  });

  it('names a ledger of a newer program', () => {
    openSqliteLedger(path).close();
    const newer = new DatabaseSync(path);
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    expect(() => openSqliteLedger(path)).toThrow(
      expect.objectContaining({ code: 'ledger_version' }) as Error,
    );
  });

  it('agrees with a plain map over any sequence of requests', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 30 }), (attempts) => {
        const fresh = openSqliteLedger(join(mkdtempSync(join(directory, 'run-')), 'ledger.sqlite'));
        const nonceOf = new Map<number, number>();
        for (const [id, nonce] of attempts) {
          const taken = [...nonceOf.values()].includes(nonce);
          const expected = nonceOf.has(id) ? 'known' : taken ? 'nonce_reused' : 'new';
          expect(fresh.accept(request(id, nonce), at(0)).outcome).toBe(expected);
          if (expected === 'new') nonceOf.set(id, nonce);
        }
        fresh.close();
      }),
      { numRuns: 20 },
    );
  });
});
