import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoted } from '../src/quoting.ts';

describe('a word of a suggested command', () => {
  it('stands as it is where a shell needs no quotes', () => {
    expect(quoted('ws://127.0.0.1:8443')).toBe('ws://127.0.0.1:8443');
    expect(quoted('REQUEST/private')).toBe('REQUEST/private');
  });

  it('is quoted where it has spaces or signs', () => {
    expect(quoted('my request')).toBe("'my request'");
    expect(quoted("a'b$c")).toBe("'a'\\''b$c'");
  });

  it('reaches a program unchanged through a shell', () => {
    const word = fc.string({ minLength: 1 }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(word, (text) => {
        expect(execFileSync('sh', ['-c', `printf %s ${quoted(text)}`], { encoding: 'utf8' })).toBe(text);
      }),
      { numRuns: 30 },
    );
  });
});
