import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPeople, readRequests } from '../src/read-records.ts';
import type { ReadOptions } from '../src/read-records.ts';
import type { PersonRecord, RequestRecord } from '../src/record.ts';
import { RecordsError } from '../src/records-error.ts';

const HEADER =
  'record_id,given_name,middle_name,surname,date_of_birth,street,street2,city,state,postcode,order_number,order_date';
const ROW = 'R1,Maria,,Lopez,1985-03-02,12 Main St,,Springfield,IL,62704,A100,2024-06-01';
const row = (id: string): string => ROW.replace('R1', id);

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'records-'));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});

async function fileWith(content: string | Uint8Array): Promise<string> {
  const path = join(directory, 'file.csv');
  await writeFile(path, content);
  return path;
}

async function requestsIn(content: string | Uint8Array, options?: ReadOptions): Promise<RequestRecord[]> {
  const records: RequestRecord[] = [];
  for await (const record of readRequests(await fileWith(content), options)) records.push(record);
  return records;
}

async function peopleIn(content: string | Uint8Array): Promise<PersonRecord[]> {
  const records: PersonRecord[] = [];
  for await (const record of readPeople(await fileWith(content))) records.push(record);
  return records;
}

async function faultOf(work: Promise<unknown>): Promise<RecordsError> {
  const outcome = await work.then(
    () => 'no fault',
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(RecordsError);
  return outcome as RecordsError;
}

const EXPECTED: RequestRecord = {
  recordId: 'R1',
  givenName: 'Maria',
  middleName: '',
  surname: 'Lopez',
  dateOfBirth: '1985-03-02',
  street: '12 Main St',
  street2: '',
  city: 'Springfield',
  state: 'IL',
  postcode: '62704',
  orderNumber: 'A100',
  orderDate: '2024-06-01',
  line: 2,
};

describe('a requests file that is read', () => {
  it.each([
    ['with LF', `${HEADER}\n${ROW}\n`],
    ['with CRLF', `${HEADER}\r\n${ROW}\r\n`],
    ['without a last line end', `${HEADER}\n${ROW}`],
    ['with a byte order mark', `\ufeff${HEADER}\n${ROW}\n`],
    ['with quoted fields', `${HEADER}\n${ROW.replace('12 Main St', '"12 Main St"')}\n`],
    ['with blank lines at its end', `${HEADER}\n${ROW}\n\n\n`],
    ['with spaces around its headers', `${HEADER.replaceAll(',', ' , ')}\n${ROW}\n`],
  ])('%s', async (_, content) => {
    expect(await requestsIn(content)).toEqual([EXPECTED]);
  });

  it('takes its columns in any order and leaves extra ones aside', async () => {
    const content =
      'note,postcode,state,city,street,surname,given_name,order_date,order_number,record_id\n' +
      'x,62704,IL,Springfield,12 Main St,Lopez,Maria,2024-06-01,A100,R1\n';
    expect(await requestsIn(content)).toEqual([{ ...EXPECTED, dateOfBirth: '' }]);
  });

  it('uses the headers of a column map', async () => {
    const content = `${HEADER.replace('surname', 'LAST')}\n${ROW}\n`;
    expect(await requestsIn(content, { columns: { surname: 'LAST' } })).toEqual([EXPECTED]);
  });

  it('keeps commas, quotes and line ends inside quoted fields, and counts lines past them', async () => {
    const quoted = ROW.replace('12 Main St', '"12 ""Main"" St,\nrear"');
    const records = await requestsIn(`${HEADER}\n${quoted}\n${row('R2')}\n`);
    expect(records.map(({ street, line }) => [street, line])).toEqual([
      ['12 "Main" St,\nrear', 2],
      ['12 Main St', 4],
    ]);
  });

  it('counts lines past blank ones', async () => {
    const records = await requestsIn(`${HEADER}\n${ROW}\n\n${row('R2')}\n`);
    expect(records.map(({ line }) => line)).toEqual([2, 4]);
  });

  it('with a header only has no records', async () => {
    expect(await requestsIn(`${HEADER}\n`)).toEqual([]);
  });

  it('longer than one chunk keeps every record and its line', async () => {
    const rows = Array.from({ length: 9_000 }, (_, index) => row(`Ré${index}`));
    const records = await requestsIn(`${HEADER}\n${rows.join('\n')}\n`);
    expect(records).toHaveLength(9_000);
    expect(records.at(-1)).toEqual({ ...EXPECTED, recordId: 'Ré8999', line: 9_001 });
  });

  it('can be left in the middle', async () => {
    const path = await fileWith(`${HEADER}\n${ROW}\n${row('R2')}\n`);
    const seen: string[] = [];
    for await (const { recordId } of readRequests(path)) {
      seen.push(recordId);
      break;
    }
    expect(seen).toEqual(['R1']);
  });
});

describe('a people file', () => {
  it('needs no record id and no order', async () => {
    const header = 'given_name,surname,street,city,state,postcode';
    const people = await peopleIn(`${header}\nMaria,Lopez,12 Main St,Springfield,IL,62704\n`);
    expect(people).toEqual([
      {
        givenName: 'Maria',
        middleName: '',
        surname: 'Lopez',
        dateOfBirth: '',
        street: '12 Main St',
        street2: '',
        city: 'Springfield',
        state: 'IL',
        postcode: '62704',
        line: 2,
      },
    ]);
  });
});

describe('a file that is refused', () => {
  it.each<[string, string | Uint8Array, object]>([
    ['empty', '', { code: 'file_empty' }],
    ['blank lines only', '\n\n', { code: 'file_empty' }],
    [
      'a missing column',
      `${HEADER.replace(',surname', ',x')}\n${ROW}\n`,
      { code: 'column_missing', column: 'surname' },
    ],
    ['the same header twice', `${HEADER},city\n${ROW},x\n`, { code: 'header_duplicate', column: 'city' }],
    ['a row too short', `${HEADER}\n${ROW}\nR2,Maria\n`, { code: 'row_length', line: 3 }],
    ['a row too long', `${HEADER}\n${ROW},more\n`, { code: 'row_length', line: 2 }],
    [
      'a quote inside a field',
      `${HEADER}\n${ROW.replace('Main', 'M"ain')}\n`,
      { code: 'csv_malformed', line: 2 },
    ],
    [
      'a quote never closed',
      `${HEADER}\n${ROW.replace('Main', '"Main')}`.replace('12 ', ''),
      { code: 'csv_malformed' },
    ],
    ['bad UTF-8', Buffer.from(`${HEADER}\n${ROW}\nR\xe9`, 'latin1'), { code: 'utf8_invalid', line: 3 }],
    [
      'a UTF-8 sequence cut off',
      Buffer.from(`${HEADER}\nR\u00e9`).subarray(0, -1),
      { code: 'utf8_invalid', line: 2 },
    ],
    ['UTF-16', Buffer.from(`${HEADER}\n${ROW}\n`, 'utf16le'), { code: 'nul_byte', line: 1 }],
    ['a NUL byte', `${HEADER}\n${ROW}\n${row('R\0')}\n`, { code: 'nul_byte', line: 3 }],
    [
      'a field too long',
      `${HEADER}\n${row('R2')}\n${ROW.replace('Main', 'M'.repeat(1_001))}\n`,
      { code: 'field_too_long', line: 3 },
    ],
    ['a line without end', 'x'.repeat(1_400_000), { code: 'line_too_long', line: 1 }],
    ['a quote that swallows rows', `${HEADER}\n"${`${ROW}\n`.repeat(5_000)}"\n`, { code: 'csv_malformed' }],
    ['no record id', `${HEADER}\n${row(' ')}\n`, { code: 'record_id_missing', line: 2, column: 'record_id' }],
    ['a record id too long', `${HEADER}\n${row('R'.repeat(201))}\n`, { code: 'record_id_invalid', line: 2 }],
    ['a line end in a record id', `${HEADER}\n${row('"R\n1"')}\n`, { code: 'record_id_invalid', line: 2 }],
    [
      'the same record id twice',
      `${HEADER}\n${ROW}\n${row('R2')}\n${ROW}\n`,
      { code: 'record_id_duplicate', line: 4 },
    ],
  ])('%s', async (_, content, fault) => {
    expect(await faultOf(requestsIn(content))).toMatchObject(fault);
  });

  it.each([
    ['a C1 control', '\u0085'],
    ['a bidirectional override', '\u202e'],
    ['a zero-width space', '\u200b'],
    ['a line separator', '\u2028'],
    ['a paragraph separator', '\u2029'],
  ])('%s in a record id', async (_, mark) => {
    expect(await faultOf(requestsIn(`${HEADER}\n${row(`R${mark}1`)}\n`))).toMatchObject({
      code: 'record_id_invalid',
      line: 2,
    });
  });

  it('says both lines of a duplicate record id, and not the id', async () => {
    const { message } = await faultOf(requestsIn(`${HEADER}\n${row('SECRET')}\n${row('SECRET')}\n`));
    expect(message).toContain('Lines 2 and 3');
    expect(message).not.toContain('SECRET');
  });

  it('names all missing columns', async () => {
    const { message } = await faultOf(requestsIn('record_id,given_name\nR1,Maria\n'));
    expect(message).toContain('surname, street, city, state, postcode, order_number, order_date');
  });

  it('lacks a column that the map promises, optional or not', async () => {
    const fault = await faultOf(requestsIn(`${HEADER}\n${ROW}\n`, { columns: { street2: 'APT' } }));
    expect(fault).toMatchObject({ code: 'column_missing', column: 'street2' });
  });

  it('is a directory', async () => {
    const read = async (): Promise<void> => {
      for await (const record of readPeople(directory)) expect(record).toBeUndefined();
    };
    expect(await faultOf(read())).toMatchObject({ code: 'file_is_directory' });
  });

  it('is not there', async () => {
    const read = async (): Promise<void> => {
      for await (const record of readPeople(join(directory, 'none.csv'))) expect(record).toBeUndefined();
    };
    expect(await faultOf(read())).toMatchObject({ code: 'file_missing' });
  });
});
