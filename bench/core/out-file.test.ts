import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkOutFile, writeOutFile } from './out-file.ts';
import { UsageError } from './usage.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'blindmatch-bench-test-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

describe('the file for the JSON', () => {
  it('is not there yet when it has only been checked', () => {
    const path = join(directory, 'new.json');
    checkOutFile(path);
    expect(existsSync(path)).toBe(false);
  });

  it('keeps what it holds when it has only been checked', () => {
    const path = join(directory, 'old.json');
    writeFileSync(path, 'old');
    checkOutFile(path);
    expect(readFileSync(path, 'utf8')).toBe('old');
  });

  it('is refused in one sentence where it can not be written, by the check and at the end', () => {
    for (const path of [directory, join(directory, 'missing', 'new.json')]) {
      for (const attempt of [
        checkOutFile,
        (to: string): void => {
          writeOutFile(to, '[]');
        },
      ]) {
        expect(() => {
          attempt(path);
        }).toThrow(UsageError);
        expect(() => {
          attempt(path);
        }).toThrow(/^--out [^\n]*\.$/);
      }
    }
  });
});
