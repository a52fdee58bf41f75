import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSetSize } from '../src/plausible-set.ts';
import { codeOf } from './temporary-directory.ts';

const digest = new Uint8Array(32);

/** The most that a set of these tokens can honestly take: k + 3 bits a token, 36 bytes of index for 4,096 of them. */
function honestBytes(tokens: number, bits: number): number {
  const rice = bits - Math.ceil(Math.log2(tokens));
  const blocks = Math.ceil(tokens / 4096);
  return 96 + 32 * Math.ceil(blocks / 1024) + 36 * blocks + Math.ceil((tokens * (rice + 3)) / 8) + blocks;
}

describe('the size of a token set', () => {
  it('is taken where an honest build can give it', () => {
    const sizes = fc.record({
      tokens: fc.oneof(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: 2 ** 38 })),
      requestBits: fc.integer({ min: 0, max: 32 }),
    });
    fc.assert(
      fc.property(sizes, ({ tokens, requestBits }) => {
        const bits = 40 + requestBits + Math.ceil(Math.log2(tokens));
        checkSetSize({ digest, tokens, bits, bytes: honestBytes(tokens, bits) });
      }),
    );
  });

  it.each([
    [1, 40, 2 ** 20],
    [1000, 62, 10 ** 6],
    [50_000_000, 90, 10 ** 9],
    [2 ** 38, 1, 10 ** 9],
  ])('is refused for %d tokens of %d bits that take %d bytes', async (tokens, bits, bytes) => {
    expect(
      await codeOf(() => {
        checkSetSize({ digest, tokens, bits, bytes });
      }),
    ).toBe('descriptor_invalid');
  });
});
