import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OrderRegistry } from '../src/order-registry.ts';
import { recordWith } from './request-of-tests.ts';
import { codeOf, temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
let files = 0;

async function read(text: string): Promise<OrderRegistry> {
  const path = join(directory, `registry-${++files}.csv`);
  writeFileSync(path, text);
  return await OrderRegistry.read(path);
}

const HEADER = 'order_number,order_date\n';
const FOUND = { fault: undefined, name: undefined };
/** Under order A100007 of 2025-06-08. */
const record = recordWith(7);

describe('a registry of orders', () => {
  it('has the name under an order, where the row has one', async () => {
    const named = async (row: string): Promise<unknown> => {
      const text = `order_number,order_date,given_name,middle_name,surname\nA100007,2025-06-08,${row}\n`;
      return (await read(text)).find(record);
    };
    const name = { givenName: 'Maria', middleName: 'Ines', surname: 'Nguyen' };
    expect(await named('Maria,Ines,Nguyen')).toEqual({ fault: undefined, name });
    expect(await named(',,')).toEqual({ fault: undefined, name: undefined });
    expect((await read(`${HEADER}A100007,2025-06-08\n`)).find(record)).toEqual(FOUND);
  });

  it('is refused without its columns by a sentence that names them and no column map', async () => {
    const wrong = read('number,order_date\nA100007,2025-06-08\n');
    await expect(wrong).rejects.toMatchObject({ code: 'column_missing' });
    await expect(wrong).rejects.toThrow(
      /registry-\d+\.csv lacks order_number; .* order_number, order_date, given_name/,
    );
  });

  it('may have other columns, in any order', async () => {
    const registry = await read('court,order_date,order_number\nSpringfield,06/08/2025,A-100007\n');
    expect(registry.find(record)).toEqual(FOUND);
  });

  it('bears out nothing by a row whose number or date can not be read, and counts it', async () => {
    const registry = await read(`${HEADER}A100007,soon\n,2025-06-08\nA1,2025-06-08\n`);
    expect([registry.size, registry.unreadable]).toEqual([1, 2]);
    expect(registry.find(record)).toEqual({ fault: 'order_unknown' });
  });

  it('is refused where it has one number twice, however it is written', async () => {
    expect(await codeOf(() => read(`${HEADER}A100007,2025-06-08\na-100 007,2024-01-01\n`))).toBe(
      'registry_order_twice',
    );
  });

  it('is refused without one of its columns', async () => {
    expect(await codeOf(() => read('order_number\nA1\n'))).toBe('column_missing');
  });

  it('remembers that an order was named, also where it did not fit', async () => {
    const registry = await read(`${HEADER}A100007,2025-06-09\n`);
    expect(registry.find(record)).toEqual({ fault: 'order_date_differs' });
    expect(registry.find({ ...record, orderDate: '2025-06-09' })).toEqual({ fault: 'order_used_twice' });
  });
});
