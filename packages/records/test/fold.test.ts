import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldAnyText, foldText, foldWords } from '../src/profile-us-name-address-2/fold.ts';

describe('folded text', () => {
  it.each([
    ['José', 'JOSE', 'has no accents'],
    ['Jose\u0301', 'JOSE', 'is the same for a letter and its mark apart'],
    ['ｍａｒｉａ', 'MARIA', 'has no wide letters'],
    ['Мария', 'MARIYA', 'is in the Latin alphabet'],
    ['Straße', 'STRASSE', 'is in capitals'],
    ['Ma\u200bria', 'MARIA', 'has nothing invisible'],
    ['istanbul', 'ISTANBUL', 'is in the capitals of no language'],
  ])('of %s is %s: it %s', (text, folded) => {
    expect(foldText(text)).toBe(folded);
  });

  it('sets a fraction apart from the number before it', () => {
    expect(foldWords('12½').slice(0, 1)).toEqual(['12']);
  });

  it('of ASCII is the same on the short way and on the long one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', maxLength: 60 }), (text) => {
        expect(foldText(text)).toBe(foldAnyText(text));
      }),
      { numRuns: 500 },
    );
  });

  it('of any text is ASCII and folds to itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const folded = foldText(text);
        // eslint-disable-next-line no-control-regex -- the range of ASCII is what is asked
        expect(folded).toMatch(/^[\u0000-\u007f]*$/);
        expect(foldText(folded)).toBe(folded);
      }),
    );
  });
});

describe('folded words', () => {
  it.each([
    ["O'Brien", ['OBRIEN'], 'are not divided by an apostrophe'],
    ['O’Brien', ['OBRIEN'], 'nor by a typographic one'],
    ['Garcia-Lopez', ['GARCIA', 'LOPEZ'], 'are divided by a hyphen'],
    ['  St.  Paul ', ['ST', 'PAUL'], 'are divided by dots and spaces'],
    ['', [], 'are none of no text'],
  ])('of "%s" are %j: they %s', (text, words) => {
    expect(foldWords(text)).toEqual(words);
  });
});
