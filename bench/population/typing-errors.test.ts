import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from './random.ts';
import { mistype } from './typing-errors.ts';

describe('a typing error', () => {
  it('changes every text that holds a letter or digit, by a few characters at one place', () => {
    const texts = fc.stringMatching(/^[A-Za-zÁéñ0-9' .-]{0,12}[A-Za-z0-9][A-Za-zÁéñ0-9' .-]{0,12}$/);
    fc.assert(
      fc.property(texts, fc.integer(), (text, seed) => {
        const wrong = mistype(seededRandom(seed), text);
        expect(wrong).not.toBe(text);
        let start = 0;
        while (start < text.length && text[start] === wrong[start]) start++;
        let end = 0;
        while (end < text.length - start && text.at(-1 - end) === wrong.at(-1 - end)) end++;
        expect(text.length - start - end).toBeLessThanOrEqual(2);
        expect(Math.abs(text.length - wrong.length)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });

  it('leaves a text without letters and digits alone', () => {
    expect(mistype(seededRandom(1), '. -')).toBe('. -');
  });

  it('is of many kinds', () => {
    const random = seededRandom('kinds');
    const wrong = new Set(Array.from({ length: 2_000 }, () => mistype(random, 'Stephen')));
    for (const form of ['Stepen', 'Setphen', 'Stepphen', 'Stefen', 'Stephwn']) expect(wrong).toContain(form);
  });
});
