import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isLine } from '../src/document-fields.ts';
import { SENTENCE_MAX } from '../src/limits.ts';
import { isProblemCode, PROBLEM_CODES, PROBLEMS, ProtocolError } from '../src/problem.ts';

const chapter = readFileSync(new URL('../../../protocol-spec/problem-codes.md', import.meta.url), 'utf8');
const rows = chapter
  .split('\n')
  .map((line) => /^\| `([a-z_]+)` \| (\w+) \| (\d) \| (\d{4}) \| (.+) \|$/.exec(line)?.slice(1))
  .filter((row) => row !== undefined);

describe('the problem codes', () => {
  it('are exactly those of the specification, in its order, with what it says about each', () => {
    expect(rows).toEqual(
      PROBLEM_CODES.map((code) => {
        const { finder, exit, close, sentence } = PROBLEMS[code];
        return [code, finder, String(exit), String(close), sentence];
      }),
    );
  });

  it('have one plain printable sentence each, short enough for the wire', () => {
    for (const code of PROBLEM_CODES) {
      const { sentence } = PROBLEMS[code];
      expect(isLine(sentence, SENTENCE_MAX)).toBe(true);
      expect(sentence).toMatch(/^[A-Z][^.]*\.$/);
      expect(new ProtocolError(code)).toMatchObject({ code, message: sentence, name: 'ProtocolError' });
    }
  });

  it('are a closed list', () => {
    expect(isProblemCode('nonce_reused')).toBe(true);
    for (const text of ['', 'toString', '__proto__', 'NONCE_REUSED', 'nonce_reused ']) {
      expect(isProblemCode(text)).toBe(false);
    }
  });
});
