import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditRequest, type AuditOutcome } from '../src/audit.ts';
import { Evidence } from '../src/evidence-opening.ts';
import type { RandomBelow } from '../src/sample.ts';
import { signRequest } from '../src/request-signing.ts';
import { readStoredRequest, type StoredRequest } from '../src/stored-request.ts';
import {
  auditor,
  holder,
  oprf,
  placeIn,
  prepareAnyhow,
  records,
  recordWith,
  type Preparation,
} from './request-of-tests.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();

interface Audited extends AuditOutcome {
  readonly failing: readonly string[];
  readonly drawn: readonly string[];
}

async function auditStored(
  stored: StoredRequest,
  sample = 200,
  randomBelow?: RandomBelow,
  onProgress: () => void = () => undefined,
): Promise<Audited> {
  const failing: string[] = [];
  const drawn: string[] = [];
  const evidence = await Evidence.open(stored, auditor.identity);
  try {
    const outcome = await auditRequest({
      stored,
      evidence,
      sample,
      oprf,
      ...(randomBelow === undefined ? {} : { randomBelow }),
      onFailure: (subject, code) => failing.push(`${subject} ${code}`),
      onProgress,
      onDrawn: ({ recordId }) => drawn.push(recordId),
    });
    return { ...outcome, failing, drawn };
  } finally {
    await evidence.close();
  }
}

async function audit(preparation: Preparation, sample?: number): Promise<Audited> {
  return await auditStored(await prepareAnyhow(placeIn(directory), preparation), sample);
}

describe('an audit', () => {
  it('finds nothing wrong with an honest request, and computes a small one again as a whole', async () => {
    const outcome = await audit({ submitted: records(5) });
    expect(outcome).toMatchObject({ records: 5, sampled: 5, failing: [], mismatches: [], failures: [] });
    expect(outcome.recomputed).toBe(outcome.keys + 2);
    expect(outcome.receipt).toBeUndefined();
  });

  it('computes again only the chunks in which a drawn record lies', async () => {
    const stored = await prepareAnyhow(placeIn(directory), { submitted: records(3000) });
    const outcome = await auditStored(stored, 1, () => 0);
    expect(outcome).toMatchObject({
      sampled: 1,
      drawn: ['r0'],
      recomputed: 4096,
      failing: [],
      mismatches: [],
    });
  });

  it('names the record that another person was asked about for', async () => {
    const sealed = records(5);
    const submitted = sealed.with(2, recordWith(2, { surname: 'Miller' }));
    const outcome = await audit({ submitted, sealed });
    expect(outcome.failing).toEqual(['r2 element_differs']);
    expect(outcome.failures).toEqual([{ code: 'element_differs', records: 1 }]);
  });

  it('overlooks such a record where it is not drawn and none of its chunk is', async () => {
    const sealed = records(2997);
    const submitted = sealed.with(2996, recordWith(2996, { surname: 'Miller' }));
    const stored = await prepareAnyhow(placeIn(directory), { submitted, sealed });
    expect((await auditStored(stored, 1, () => 0)).failing).toEqual([]);
    expect((await auditStored(stored, 1, (bound) => bound - 1)).failing).toEqual(['r2996 element_differs']);
  });

  it('names every record and canary of a request that was blinded under another seed', async () => {
    const submitted = records(3);
    const outcome = await audit({ submitted, sealedSeed: new Uint8Array(32).fill(6) });
    expect(new Set(outcome.failing)).toEqual(
      new Set([
        ...['r0', 'r1', 'r2'].map((id) => `${id} element_differs`),
        'canary of chunk 0 canary_differs',
      ]),
    );
  });

  it.each([
    ['a record was asked about besides', { submitted: [...records(5), recordWith(9)], sealed: records(5) }],
    ['a record was left out', { submitted: records(4), sealed: records(5) }],
  ])('finds that %s', async (_, preparation) => {
    expect((await audit(preparation)).mismatches).toEqual(['records', 'elements']);
  });

  it('finds that the dates of the orders are others', async () => {
    const orders = { from: '2001-01-01', to: '2001-01-01' };
    expect((await audit({ submitted: records(2), manifest: { orders } })).mismatches).toEqual(['orders']);
  });

  it('names a record without an order', async () => {
    const submitted = [recordWith(0), recordWith(1, { orderNumber: '' })];
    const outcome = await audit({ submitted });
    expect(outcome.failing).toEqual(['r1 order_number_missing']);
    expect(outcome.mismatches).toEqual([]);
  });

  it('finds any byte of the blinded elements changed after the manifest was made', async () => {
    const stored = await prepareAnyhow(placeIn(directory), { submitted: records(3) });
    const sound = readFileSync(stored.files.blinded);
    await fc.assert(
      fc.asyncProperty(fc.nat(sound.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const changed = Buffer.from(sound);
        changed[at]! ^= change;
        writeFileSync(stored.files.blinded, changed);
        expect((await auditStored(stored)).mismatches).toEqual(['elements']);
      }),
      { numRuns: 20 },
    );
  });

  it('finds that the blinded elements were cut short', async () => {
    const stored = await prepareAnyhow(placeIn(directory), { submitted: records(3) });
    writeFileSync(stored.files.blinded, readFileSync(stored.files.blinded).subarray(0, -32));
    expect((await auditStored(stored)).mismatches).toEqual(['elements']);
  });

  it('finds blinded elements that are exchanged between the check of the tree and the comparison', async () => {
    const sealed = records(3);
    const submitted = sealed.map((record) => ({ ...record, givenName: 'Vladislav', surname: 'Unrelated' }));
    const [honest, probing] = [
      await prepareAnyhow(placeIn(directory), { submitted: sealed }),
      await prepareAnyhow(placeIn(directory), { submitted, sealed }),
    ];
    const exchange = (): void => {
      copyFileSync(honest.files.blinded, probing.files.blinded);
    };
    expect((await auditStored(probing, 200, undefined, exchange)).mismatches).toEqual(['elements']);
  });

  it('names the second record that rests on one order, however it is written', async () => {
    const order = { orderNumber: 'a-100 000', orderDate: '2025-06-01' };
    const outcome = await audit({ submitted: [recordWith(0), recordWith(1, order), recordWith(2)] });
    expect(outcome.failing).toEqual(['r1 order_used_twice']);
  });

  it('counts the signatures on the manifest', async () => {
    const stored = await prepareAnyhow(placeIn(directory), { submitted: records(2) });
    expect((await auditStored(stored)).signatures).toBe(0);
    signRequest(stored, holder);
    expect((await auditStored(readStoredRequest(stored.files))).signatures).toBe(1);
  });

  it('names what is wrong with a receipt', async () => {
    const stored = await prepareAnyhow(placeIn(directory), { submitted: records(2) });
    copyFileSync(stored.files.manifest, stored.files.receipt);
    expect((await auditStored(stored)).receipt).toBe('receipt_invalid');
  });
});
