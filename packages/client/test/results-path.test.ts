import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkResultsPath, setReceiptAside } from '../src/results-path.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
let files = 0;

function file(content: string): string {
  const path = join(directory, `file-${++files}`);
  writeFileSync(path, content);
  return path;
}

const withCode = (code: string): Error => expect.objectContaining({ code }) as Error;

describe('the path of the results', () => {
  it('may be new, empty, or hold earlier results', () => {
    for (const path of [
      join(directory, 'new.csv'),
      file(''),
      file('record_id,outcome,tier,matched_on,reason\nr,match,name_address,k,\n'),
    ]) {
      expect(() => {
        checkResultsPath(path);
      }).not.toThrow();
    }
  });

  it.each([
    ['a key', '-----BEGIN PRIVATE KEY-----\n'],
    ['a list of people', 'record_id,given_name,surname\n'],
    ['the beginning of results', 'record_id,outcome'],
    ['results of other columns', 'record_id,outcome,tier,matched_on,reason,extra\n'],
  ])('may not hold %s', (_, content) => {
    expect(() => {
      checkResultsPath(file(content));
    }).toThrow(withCode('out_exists'));
  });

  it('may not be a directory', () => {
    const path = join(directory, 'folder');
    mkdirSync(path);
    expect(() => {
      checkResultsPath(path);
    }).toThrow(withCode('out_is_directory'));
  });

  it('may not be a pipe or a device', () => {
    for (const path of ['/dev/null', '/dev/zero']) {
      expect(() => {
        checkResultsPath(path);
      }).toThrow(withCode('out_exists'));
    }
  });

  it('may not be a file that the command reads, by whatever name', () => {
    const input = file('record_id,outcome,tier,matched_on,reason\n');
    const link = join(directory, 'link.csv');
    symlinkSync(input, link);
    expect(() => {
      checkResultsPath(link, [undefined, input]);
    }).toThrow(withCode('out_is_input'));
  });
});

describe('an earlier receipt', () => {
  it('is moved aside under its hash and not lost', () => {
    const path = join(directory, 'a.receipt.json');
    for (const content of ['first', 'second']) {
      setReceiptAside(path);
      writeFileSync(path, content);
    }
    setReceiptAside(path);
    const kept = readdirSync(directory).filter((name) => name.startsWith('a.receipt.'));
    expect(kept.map((name) => readFileSync(join(directory, name), 'utf8')).sort()).toEqual([
      'first',
      'second',
    ]);
  });

  it('need not be there', () => {
    expect(() => {
      setReceiptAside(join(directory, 'none.json'));
    }).not.toThrow();
  });
});
