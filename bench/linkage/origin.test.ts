import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { originOf, ownSurnameOrigins, readSurnameOrigins } from './origin.ts';
import { SURNAMES } from './surnames.ts';

const directory = mkdtempSync(join(tmpdir(), 'blindmatch-origins-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

function fileOf(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

describe('the origin of a name', () => {
  it.each([
    ['Peña', 'Ana', 'hispanic'],
    ['GARCIA-SMITH', 'Ana', 'hispanic'],
    ['De La Cruz', 'Ana', 'hispanic'],
    ['nguyen', 'Anh', 'asian'],
    ['Anh', 'NGUYEN', 'asian'],
    ['Smith', 'Ana', 'general'],
    ['', '', 'general'],
  ])('goes by the surname: %s, %s', (surname, given, origin) => {
    expect(originOf(surname, given, ownSurnameOrigins())).toBe(origin);
  });

  it('can be told by files of surnames', () => {
    const one = fileOf('one.csv', 'value\nSilva\n');
    const two = fileOf('two.csv', 'surname,origin\nO’Neil,irish\n');
    const origins = readSurnameOrigins([`portuguese=${one}`, two]);
    expect(originOf('SILVA', '', origins)).toBe('portuguese');
    expect(originOf("O'Neil", '', origins)).toBe('irish');
    expect(originOf('Garcia', '', origins)).toBe('general');
  });

  it('is refused for a list that names none, or is not there', () => {
    const path = fileOf('none.csv', 'value\nSilva\n');
    expect(() => readSurnameOrigins([path])).toThrow('name the file as ORIGIN=FILE');
    expect(() => readSurnameOrigins([join(directory, 'missing.csv')])).toThrow("can't be read as CSV");
  });
});

it('is said of each surname once', () => {
  const all = Object.values(SURNAMES).flatMap((names) => names.trim().split(/\s+/));
  expect(new Set(all).size).toBe(all.length);
});
