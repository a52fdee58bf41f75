import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LeafTally, newTallyKey } from '../../src/log-verification/leaf-tally.ts';

const key = newTallyKey();

function tallyOf(texts: readonly string[]): LeafTally {
  const tally = new LeafTally(key);
  for (const text of texts) tally.add('finished', text);
  return tally;
}

/** The slow twin: the texts themselves, sorted. */
const sorted = (texts: readonly string[]): string => JSON.stringify([...texts].sort());

describe('LeafTally', () => {
  it('equals another one just when both have the same texts, each as often', () => {
    // Few texts, so that both cases come up.
    const texts = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 4 });
    fc.assert(
      fc.property(texts, texts, (left, right) => {
        expect(tallyOf(left).equals(tallyOf(right), 'finished')).toBe(sorted(left) === sorted(right));
      }),
    );
  });

  it('does not let one text twice stand for two', () => {
    expect(tallyOf(['a', 'a']).equals(tallyOf(['a', 'b']), 'finished')).toBe(false);
  });

  it('keeps kinds apart', () => {
    const tally = tallyOf(['a']);
    tally.add('accounting', 'b');
    expect([tally.count('finished'), tally.count('accounting'), tally.count('pending')]).toEqual([1, 1, 0]);
    expect(tally.equals(tallyOf(['a']), 'finished')).toBe(true);
    expect(tally.equals(tallyOf(['a']), 'accounting')).toBe(false);
  });
});
