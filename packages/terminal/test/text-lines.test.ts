import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { setInColumn, setInLines } from '../src/text-lines.ts';

const word = fc.stringMatching(/^[a-z]{1,120}$/);
const words = fc.array(word, { minLength: 1, maxLength: 40 });

describe('pieces set in lines', () => {
  it('are all there, in order, with the gap between two of a line', () => {
    fc.assert(
      fc.property(words, (pieces) => {
        const lines = setInLines('    keys: ', pieces, ', ');
        const text = lines.map((line) => line.slice('    keys: '.length)).join(', ');
        expect(text).toBe(pieces.join(', '));
      }),
    );
  });

  it('take no more than 100 columns, but for a piece that is longer', () => {
    fc.assert(
      fc.property(words, (pieces) => {
        for (const line of setInLines('    ', pieces)) {
          expect(line.length <= 100 || !line.trim().includes(' ')).toBe(true);
        }
      }),
    );
  });

  it('take no more lines than they need', () => {
    fc.assert(
      fc.property(words, (pieces) => {
        const lines = setInLines('', pieces);
        for (const [at, line] of lines.slice(1).entries()) {
          expect(`${lines[at] ?? ''} ${line.split(' ')[0] ?? ''}`.length).toBeGreaterThan(100);
        }
      }),
    );
  });

  it('are indented as far as the first line', () => {
    const [first, second] = setInLines('  a: ', ['x'.repeat(60), 'y'.repeat(60)]);
    expect(first).toBe(`  a: ${'x'.repeat(60)}`);
    expect(second).toBe(`     ${'y'.repeat(60)}`);
  });
});

describe('a text set in a column', () => {
  const texts = fc.array(fc.stringMatching(/^[a-z\u4e00]{1,200}$/), { minLength: 1, maxLength: 20 });

  it('is all there, and no line is broader than a narrow terminal or begins before the column', () => {
    fc.assert(
      fc.property(texts, (words) => {
        const lines = setInColumn('  statute        ', words.join(' '));
        const shown = lines.map((line) => line.slice(17));
        expect(shown.join('').replaceAll(' ', '')).toBe(words.join(''));
        for (const [at, line] of lines.entries()) {
          expect(line.length + (line.match(/\u4e00/g)?.length ?? 0)).toBeLessThanOrEqual(78);
          expect(line.slice(0, 17)).toBe(at === 0 ? '  statute        ' : ' '.repeat(17));
        }
      }),
    );
  });
});
