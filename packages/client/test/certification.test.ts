import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHUNK_ELEMENTS } from '@blindmatch/protocol';
import type { RequestRecord } from '@blindmatch/records';
import { describe, expect, it } from 'vitest';
import { certifyRecords, type CertificationOutcome } from '../src/certification.ts';
import { Evidence } from '../src/evidence-opening.ts';
import { OrderRegistry } from '../src/order-registry.ts';
import type { StoredRequest } from '../src/stored-request.ts';
import {
  auditor,
  epochWith,
  oprf,
  placeIn,
  prepareAnyhow,
  records,
  recordWith,
  type Preparation,
} from './request-of-tests.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
let registries = 0;

/** The orders of these records, as the registry has them. */
async function registryOf(ordered: readonly RequestRecord[]): Promise<OrderRegistry> {
  const path = join(directory, `registry-${++registries}.csv`);
  const rows = ordered.map(
    ({ orderNumber, orderDate, givenName, surname }) =>
      `${orderNumber},${orderDate},${givenName},${surname}\n`,
  );
  writeFileSync(path, `order_number,order_date,given_name,surname\n${rows.join('')}`);
  return await OrderRegistry.read(path);
}

interface Certified extends CertificationOutcome {
  /** Failing records with their codes. */
  readonly failing: readonly string[];
}

interface Demands {
  readonly minimumOrderAgeDays?: number;
  readonly withoutNames?: boolean;
}

async function certifyStored(
  stored: StoredRequest,
  registry: OrderRegistry,
  { minimumOrderAgeDays = 0, withoutNames = false }: Demands,
): Promise<Certified> {
  const failing: string[] = [];
  const evidence = await Evidence.open(stored, auditor.identity);
  try {
    const outcome = await certifyRecords({
      stored,
      evidence,
      registry,
      minimumOrderAgeDays,
      withoutNames,
      oprf,
      onFailure: ({ recordId }, code) => failing.push(`${recordId} ${code}`),
    });
    return { ...outcome, failing };
  } finally {
    await evidence.close();
  }
}

async function certify(
  preparation: Preparation,
  registered: readonly RequestRecord[] = preparation.submitted,
  demands: Demands = {},
): Promise<Certified> {
  const stored = await prepareAnyhow(placeIn(directory), preparation);
  return await certifyStored(stored, await registryOf(registered), demands);
}

/** Certifies a request of one record by a registry with this text. */
async function certifyBy(text: string, record: RequestRecord, demands: Demands): Promise<Certified> {
  const path = join(directory, `registry-${++registries}.csv`);
  writeFileSync(path, text);
  const stored = await prepareAnyhow(placeIn(directory), { submitted: [record] });
  return await certifyStored(stored, await OrderRegistry.read(path), demands);
}

describe('a certification', () => {
  it('finds nothing wrong with a request whose records all have their order', async () => {
    const outcome = await certify({ submitted: records(5) });
    expect(outcome).toMatchObject({ records: 5, failures: [], mismatches: [], failing: [] });
    expect(outcome.keys).toBeGreaterThanOrEqual(5);
  });

  it('takes two ways to write an order and a name for the same', async () => {
    const [record] = records(1);
    const asRegistered = recordWith(0, {
      orderNumber: 'a-100 000',
      orderDate: '06/01/2025',
      givenName: 'MARÍA',
      surname: 'lopez',
    });
    expect(await certify({ submitted: [record!] }, [asRegistered])).toMatchObject({
      failing: [],
      mismatches: [],
    });
  });

  it.each<[string, string, RequestRecord, RequestRecord[]]>([
    ['order_unknown', 'that the registry lacks', recordWith(1), []],
    ['order_date_differs', 'of another date', recordWith(1), [recordWith(1, { orderDate: '2025-06-09' })]],
    ['order_name_differs', 'of another person', recordWith(1), [recordWith(1, { surname: 'Miller' })]],
    ['order_missing', 'without a number', recordWith(1, { orderNumber: '' }), [recordWith(1)]],
    ['order_missing', 'with a number that is none', recordWith(1, { orderNumber: 'N/A' }), [recordWith(1)]],
    ['order_missing', 'without a date', recordWith(1, { orderDate: '' }), [recordWith(1)]],
    ['street_missing', 'that was never to be submitted', recordWith(1, { street: '' }), [recordWith(1)]],
  ])('names as %s a record with an order %s', async (code, _, record, registered) => {
    const others = [recordWith(0), recordWith(2)];
    const submitted = [others[0]!, record, others[1]!];
    const outcome = await certify({ submitted }, [...others, ...registered]);
    expect(outcome.failing).toEqual([`r1 ${code}`]);
    expect(outcome.failures).toEqual([{ code, records: 1 }]);
    expect(outcome.mismatches).toEqual([]);
  });

  describe('compares what the match keys take of a name', () => {
    it('so that another surname in the given name is found', async () => {
      const jones = recordWith(0, { givenName: 'John Jones', surname: 'Smith' });
      const smith = recordWith(0, { givenName: 'John', surname: 'Smith' });
      expect((await certify({ submitted: [jones] }, [smith])).failing).toEqual(['r0 order_name_differs']);
    });

    it('and takes a record that says less than the registry', async () => {
      const [record] = records(1);
      const registered = recordWith(0, { givenName: 'Maria Ines', surname: 'Lopez Ruiz' });
      expect((await certify({ submitted: [record!] }, [registered])).failing).toEqual([]);
    });
  });

  describe('counts the records whose name it could compare with none', () => {
    const unrelated = recordWith(0, { givenName: 'Vladislav', surname: 'Unrelated' });
    const registries = [
      [
        'columns that are called otherwise',
        'order_number,order_date,First_Name,last_name\nA100000,2025-06-01,John,Smith\n',
      ],
      ['empty cells', 'order_number,order_date,given_name,middle_name,surname\nA100000,2025-06-01,,,\n'],
      ['no names at all', 'order_number,order_date\nA100000,2025-06-01\n'],
    ] as const;

    it.each(registries)('in a registry with %s, and fails them', async (_, text) => {
      const outcome = await certifyBy(text, unrelated, {});
      expect(outcome).toMatchObject({ unnamed: 1, failing: ['r0 order_name_missing'] });
    });

    it.each(registries)('in a registry with %s, and lets them pass where it is asked to', async (_, text) => {
      const outcome = await certifyBy(text, unrelated, { withoutNames: true });
      expect(outcome).toMatchObject({ unnamed: 1, failing: [] });
    });

    it('and compares a name that is there all the same', async () => {
      const submitted = [unrelated, recordWith(1, { surname: 'Miller' })];
      const outcome = await certify({ submitted }, [unrelated, recordWith(1)], { withoutNames: true });
      expect(outcome).toMatchObject({ unnamed: 0, failing: ['r1 order_name_differs'] });
    });
  });

  it('names the second record that rests on one order', async () => {
    const [first, second] = [
      recordWith(0),
      recordWith(1, { orderNumber: 'A-100000', orderDate: '2025-06-01' }),
    ];
    expect((await certify({ submitted: [first, second] }, [first])).failing).toEqual(['r1 order_used_twice']);
  });

  it('counts the age of an order to the day of the manifest, by the higher of the two demands', async () => {
    const young = recordWith(0, { orderDate: '2026-11-10' });
    const failing = async (ofEpoch: number, ofCertifier: number): Promise<readonly string[]> => {
      const epoch = epochWith({ minimumOrderAgeDays: ofEpoch });
      return (await certify({ submitted: [young], epoch }, [young], { minimumOrderAgeDays: ofCertifier }))
        .failing;
    };
    expect(await failing(0, 10)).toEqual([]);
    expect(await failing(10, 0)).toEqual([]);
    expect(await failing(0, 11)).toEqual(['r0 order_too_young']);
    expect(await failing(11, 0)).toEqual(['r0 order_too_young']);
  });

  describe('finds that a request is not of the records in its evidence', () => {
    const five = records(5);
    const flip =
      (element: number) =>
      (elements: Uint8Array): void => {
        // Another valid element: what was blinded for its neighbour.
        elements.copyWithin(element * 32, (element + 1) * 32, (element + 2) * 32);
      };

    it.each<[string, Preparation]>([
      ['one element is another', { submitted: five, meddle: flip(3) }],
      [
        'a record was asked about besides',
        { submitted: [...five, recordWith(9)], sealed: five, manifest: { records: 5 } },
      ],
      ['a record was left out', { submitted: five.slice(1), sealed: five, manifest: { records: 5 } }],
      [
        'another person was asked about',
        { submitted: [...five.slice(1), recordWith(9)], sealed: five, manifest: { records: 5 } },
      ],
      ['two records have changed places', { submitted: five.toReversed(), sealed: five }],
      ['it was blinded under another seed', { submitted: five, sealedSeed: new Uint8Array(32).fill(6) }],
    ])('because %s', async (_, preparation) => {
      expect((await certify(preparation, five)).mismatches).toEqual(['elements']);
    });

    it('because two chunks have changed places', async () => {
      const many = records(3000);
      const bytes = CHUNK_ELEMENTS * 32;
      const swap = (elements: Uint8Array): void => {
        const first = elements.slice(0, bytes);
        elements.copyWithin(0, bytes, 2 * bytes);
        elements.set(first, bytes);
      };
      const epoch = epochWith();
      expect((await certify({ submitted: many, epoch })).mismatches).toEqual([]);
      expect((await certify({ submitted: many, epoch, meddle: swap })).mismatches).toEqual(['elements']);
    });

    it('because it counts other records', async () => {
      const outcome = await certify({ submitted: five, manifest: { records: 4 } });
      expect(outcome.mismatches).toEqual(['records']);
    });

    it('because it names other dates of the orders', async () => {
      const orders = { from: '2001-01-01', to: '2025-06-05' };
      expect((await certify({ submitted: five, manifest: { orders } })).mismatches).toEqual(['orders']);
      expect((await certify({ submitted: five, manifest: { orders: null } })).mismatches).toEqual([]);
    });
  });
});
