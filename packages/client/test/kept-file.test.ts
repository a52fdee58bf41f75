import {
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keepFile } from '../src/kept-file.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
let places = 0;

function newPlace(): string {
  const place = join(directory, `place-${++places}`);
  mkdirSync(place);
  return place;
}

describe('a kept file', () => {
  it("takes the place of an earlier one, is its owner's alone and leaves nothing beside it", () => {
    const place = newPlace();
    const path = join(place, 'kept');
    writeFileSync(path, 'earlier', { mode: 0o644 });
    keepFile(path, 'later');
    expect(readFileSync(path, 'utf8')).toBe('later');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(place)).toEqual(['kept']);
  });

  it('is never written through a link to another file that somebody has put in the way', () => {
    const place = newPlace();
    const victim = join(place, 'victim');
    writeFileSync(victim, 'precious');
    const path = join(place, 'kept');
    for (const link of [path, `${path}.${process.pid}.new`]) symlinkSync(victim, link);
    keepFile(path, 'note');
    expect(readFileSync(victim, 'utf8')).toBe('precious');
    expect(readFileSync(path, 'utf8')).toBe('note');
    expect(lstatSync(path).isSymbolicLink()).toBe(false);
  });

  it('is written where a command that was killed has left half of one', () => {
    const path = join(newPlace(), 'kept');
    writeFileSync(`${path}.${process.pid}.new`, 'half');
    keepFile(path, 'whole');
    expect(readFileSync(path, 'utf8')).toBe('whole');
  });
});
