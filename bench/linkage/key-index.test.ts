import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint } from './fingerprint.ts';
import { KeyIndex } from './key-index.ts';

describe('the index', () => {
  it('gives what a map of lists gives', () => {
    const values = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 200 });
    fc.assert(
      fc.property(values, (numbers) => {
        const index = new KeyIndex();
        const twin = new Map<number, number[]>();
        numbers.forEach((number, row) => {
          // Multiples of a power of two fall on few slots.
          const value = number * 4096;
          index.add({ value, row, key: 1 });
          twin.set(value, [...(twin.get(value) ?? []), row]);
        });
        index.seal();
        for (let number = 0; number <= 41; number++) {
          const rows = index.entriesOf(number * 4096).map(({ row }) => row);
          expect(rows).toEqual(twin.get(number * 4096) ?? []);
        }
        const shared = [...index.shared()].map((entries) => entries.map(({ row }) => row));
        expect(shared.sort()).toEqual([...twin.values()].filter((rows) => rows.length > 1).sort());
      }),
    );
  });

  it('grows past its first room', () => {
    const index = new KeyIndex();
    for (let row = 0; row < 5000; row++) index.add({ value: fingerprint(String(row)), row, key: row % 7 });
    index.seal();
    expect(index.entriesOf(fingerprint('4999'))).toEqual([
      { value: fingerprint('4999'), row: 4999, key: 4999 % 7 },
    ]);
    expect(index.entriesOf(fingerprint('5000'))).toEqual([]);
  });

  it('is not asked before it is sealed, nor added to after', () => {
    const index = new KeyIndex();
    expect(() => index.entriesOf(1)).toThrow('not sealed');
    index.seal();
    expect(() => {
      index.add({ value: 1, row: 1, key: 0 });
    }).toThrow('sealed');
  });
});

describe('a fingerprint', () => {
  it('is a whole number of 53 bits', () => {
    // SHA-256 of "abc" begins with ba7816bf 8f01cfea (FIPS 180-2, appendix B.1).
    expect(fingerprint('abc')).toBe(0xbf1678ba * 2 ** 21 + Math.floor(0xeacf018f / 2 ** 11));
  });
});
