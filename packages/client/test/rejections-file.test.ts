import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rejection, RequestRecord } from '@blindmatch/records';
import { describe, expect, it } from 'vitest';
import { RejectionsFile } from '../src/rejections-file.ts';
import { codeOf, temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
let cases = 0;

/** A path in an empty directory of its own. */
function place(): { readonly home: string; readonly path: string } {
  const home = join(directory, `case-${++cases}`);
  mkdirSync(home);
  return { home, path: join(home, 'to-mend.csv') };
}

const rejection: Rejection = { kind: 'rejected', code: 'surname_missing', reason: 'Add it, please.' };
const record = (line: number): RequestRecord => ({ line, recordId: `R-${line}` }) as RequestRecord;

describe('the file of rejections', () => {
  it('has a header and one line for each, in their order', () => {
    const { home, path } = place();
    const file = new RejectionsFile(path);
    file.add(record(2), rejection);
    file.add(record(9), rejection);
    file.keep();
    expect(readFileSync(path, 'utf8')).toBe(
      'line,record_id,code,reason\n' +
        '2,R-2,surname_missing,"Add it, please."\n' +
        '9,R-9,surname_missing,"Add it, please."\n',
    );
    expect(readdirSync(home)).toEqual(['to-mend.csv']);
  });

  it('has the header alone where nothing was rejected', () => {
    const { path } = place();
    new RejectionsFile(path).keep();
    expect(readFileSync(path, 'utf8')).toBe('line,record_id,code,reason\n');
  });

  it('holds every line of a long list', () => {
    const { path } = place();
    const file = new RejectionsFile(path);
    for (let line = 2; line < 5000; line++) file.add(record(line), rejection);
    file.keep();
    const [, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines.map((text) => Number.parseInt(text))).toEqual(
      Array.from({ length: 4998 }, (_, at) => at + 2),
    );
  });

  it('is for its owner only', () => {
    const { path } = place();
    new RejectionsFile(path).keep();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('does not appear before it is kept, and leaves nothing where it is discarded', () => {
    const { home, path } = place();
    const file = new RejectionsFile(path);
    file.add(record(2), rejection);
    expect(readdirSync(home)).not.toContain('to-mend.csv');
    file.discard();
    expect(readdirSync(home)).toEqual([]);
  });

  it('stays where it was kept, also when it is discarded after that', () => {
    const { home, path } = place();
    const file = new RejectionsFile(path);
    file.keep();
    file.discard();
    expect(readdirSync(home)).toEqual(['to-mend.csv']);
  });

  it('replaces earlier rejections, and only once it is whole', () => {
    const { path } = place();
    const earlier = new RejectionsFile(path);
    earlier.add(record(2), rejection);
    earlier.keep();
    const before = readFileSync(path, 'utf8');
    const file = new RejectionsFile(path);
    expect(readFileSync(path, 'utf8')).toBe(before);
    file.keep();
    expect(readFileSync(path, 'utf8')).toBe('line,record_id,code,reason\n');
  });

  it.each([
    ['a list of people', 'record_id,given_name,surname\n'],
    ['the beginning of rejections', 'line,record_id'],
  ])('does not replace %s', (_, content) => {
    const { home, path } = place();
    writeFileSync(path, content);
    expect(() => new RejectionsFile(path)).toThrow(
      `${path} exists and holds no earlier rejections; name another file with --rejections, or move it away.`,
    );
    expect(readFileSync(path, 'utf8')).toBe(content);
    expect(readdirSync(home)).toEqual(['to-mend.csv']);
  });

  it('does not replace what the command reads, by whatever name', async () => {
    const { home, path } = place();
    writeFileSync(path, 'line,record_id,code,reason\n');
    const link = join(home, 'link.csv');
    symlinkSync(path, link);
    expect(await codeOf(() => new RejectionsFile(link, [undefined, path]))).toBe('out_is_input');
  });

  it('is not a directory', async () => {
    const { home } = place();
    expect(await codeOf(() => new RejectionsFile(home))).toBe('out_is_directory');
  });

  it('names its own path where it can not be written', () => {
    const path = join(directory, 'nowhere', 'to-mend.csv');
    expect(() => new RejectionsFile(path)).toThrow(
      expect.objectContaining({ code: 'ENOENT', path }) as Error,
    );
  });
});
