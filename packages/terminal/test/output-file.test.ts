import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { OutputFile } from '../src/output-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'output-file-'));
const HEADER = 'name,count\n';
const kind = { name: 'counts', option: '--counts', header: HEADER };
let cases = 0;

afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** A path in an empty directory of its own. */
function place(): { readonly home: string; readonly path: string } {
  const home = join(directory, `case-${++cases}`);
  mkdirSync(home);
  return { home, path: join(home, 'counts.csv') };
}

const begin = (path: string, inputs: readonly (string | undefined)[] = []): OutputFile =>
  new OutputFile(path, kind, inputs);
const withCode = (code: string): Error => expect.objectContaining({ code }) as Error;

describe('an output file', () => {
  it('has a header and one line for each, in their order', () => {
    const { home, path } = place();
    const file = begin(path);
    file.add('a,2\n');
    file.add('b,9\n');
    file.keep();
    expect(readFileSync(path, 'utf8')).toBe(`${HEADER}a,2\nb,9\n`);
    expect(readdirSync(home)).toEqual(['counts.csv']);
  });

  it('has the header alone where nothing was added', () => {
    const { path } = place();
    begin(path).keep();
    expect(readFileSync(path, 'utf8')).toBe(HEADER);
  });

  it('holds every line of a long list', () => {
    const { path } = place();
    const file = begin(path);
    for (let line = 2; line < 5000; line++) file.add(`${line},x\n`);
    file.keep();
    const [, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines.map((text) => Number.parseInt(text))).toEqual(
      Array.from({ length: 4998 }, (_, at) => at + 2),
    );
  });

  it('is for its owner only', () => {
    const { path } = place();
    begin(path).keep();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('does not appear before it is kept, and leaves nothing where it is discarded', () => {
    const { home, path } = place();
    const file = begin(path);
    file.add('a,2\n');
    expect(readdirSync(home)).not.toContain('counts.csv');
    file.discard();
    expect(readdirSync(home)).toEqual([]);
  });

  it('stays where it was kept, also when it is discarded after that', () => {
    const { home, path } = place();
    const file = begin(path);
    file.keep();
    file.discard();
    expect(readdirSync(home)).toEqual(['counts.csv']);
  });

  it('replaces earlier counts, and only once it is whole', () => {
    const { path } = place();
    const earlier = begin(path);
    earlier.add('a,2\n');
    earlier.keep();
    const before = readFileSync(path, 'utf8');
    const file = begin(path);
    expect(readFileSync(path, 'utf8')).toBe(before);
    file.keep();
    expect(readFileSync(path, 'utf8')).toBe(HEADER);
  });

  it.each([
    ['a list of people', 'record_id,given_name,surname\n'],
    ['the beginning of such a file', 'name,co'],
  ])('does not replace %s', (_, content) => {
    const { home, path } = place();
    writeFileSync(path, content);
    expect(() => begin(path)).toThrow(
      `${path} exists and holds no earlier counts; name another file with --counts, or move it away.`,
    );
    expect(readFileSync(path, 'utf8')).toBe(content);
    expect(readdirSync(home)).toEqual(['counts.csv']);
  });

  it('does not replace what the command reads, by whatever name', () => {
    const { home, path } = place();
    writeFileSync(path, HEADER);
    const link = join(home, 'link.csv');
    symlinkSync(path, link);
    expect(() => begin(link, [undefined, path])).toThrow(withCode('out_is_input'));
  });

  it('is not a directory', () => {
    const { home } = place();
    expect(() => begin(home)).toThrow(withCode('out_is_directory'));
  });

  it('names its own path where it can not be written', () => {
    const path = join(directory, 'nowhere', 'counts.csv');
    expect(() => begin(path)).toThrow(expect.objectContaining({ code: 'ENOENT', path }) as Error);
  });
});
