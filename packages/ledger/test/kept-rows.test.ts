import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Ledger } from '../src/ledger.ts';
import { openSqliteLedger } from '../src/sqlite-ledger.ts';
import { acceptance, at, bytes, charge, collected, digest, POLICY, request } from './rig/samples.ts';

let directory: string;
let ledger: Ledger;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ledger-'));
  ledger = openSqliteLedger(join(directory, 'ledger.sqlite'));
  await ledger.adoptPolicy({ digest: POLICY, text: 'a policy', now: at(0), leaf: bytes('policy') });
});

afterEach(async () => {
  await ledger.close();
  rmSync(directory, { recursive: true });
});

describe('what is kept beside requests', () => {
  it('has each time that a policy came in force, in order', async () => {
    const other = digest('another');
    await ledger.adoptPolicy({ digest: other, text: 'another', now: at(1), leaf: bytes('policy') });
    await ledger.adoptPolicy({ digest: POLICY, text: 'a policy', now: at(2), leaf: bytes('policy') });
    expect(await collected(ledger.kept.adoptions())).toEqual([
      { digest: POLICY, since: at(0), leafIndex: 0 },
      { digest: other, since: at(1), leafIndex: 1 },
      { digest: POLICY, since: at(2), leafIndex: 2 },
    ]);
  });

  it('has the epochs that were announced', async () => {
    for (const epoch of [2, 5]) {
      await ledger.announceEpoch({
        ...{ epoch, epochId: digest(`epoch ${epoch}`), now: at(epoch), leaf: bytes('epoch') },
      });
    }
    expect(await collected(ledger.kept.epochs())).toEqual([
      { epoch: 2, epochId: digest('epoch 2'), announcedAt: at(2), leafIndex: 1 },
      { epoch: 5, epochId: digest('epoch 5'), announcedAt: at(5), leafIndex: 2 },
    ]);
  });

  it('has what each request was charged, and the sums, however many there are', async () => {
    const investigators = new Map([
      ['B-1', 5],
      ['B-2', 5],
    ]);
    const names = Array.from({ length: 300 }, (_, number) => `request ${number}`);
    for (const name of names) {
      const of = request(name, { statute: name });
      await ledger.accept(acceptance(of, { charge: charge(of, { investigators }) }));
    }
    const charges = await collected(ledger.kept.charges());
    expect(charges).toEqual(
      names.map((name) => {
        const of = request(name, { statute: name });
        return { requestId: of.requestId, charge: charge(of, { investigators }) };
      }),
    );
    const sums = await collected(ledger.kept.sums());
    // One a day, one an epoch, two for each statute, one for each investigator.
    expect(sums).toHaveLength(2 + 600 + 2);
    const { requester } = request('any');
    expect(sums).toContainEqual({ requester, scope: 'epoch', period: '1', subject: '', records: 3000 });
    const share = { requester, scope: 'investigator_epoch', period: '1', subject: 'B-2', records: 1500 };
    expect(sums).toContainEqual(share);
  });
});
