import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BlockDecoder } from '../src/block-decoder.ts';
import { encodeBlock } from '../src/block-encoder.ts';
import { allocateLimbs } from '../src/token-limbs.ts';
import { IDENTITY, digestOf, obviousBlockBits, obviousFile, packBits } from './rig/obvious.ts';
import { buildInMemory, codeOf, uniformTokens } from './rig/tokens.ts';

/** Ascending distinct values of `bits` bits, dense enough to fit in a block. */
const block = fc
  .record({
    riceBits: fc.integer({ min: 40, max: 72 }),
    extra: fc.integer({ min: 0, max: 38 }),
    distances: fc.array(
      fc.tuple(fc.integer({ min: 0, max: 5 }), fc.bigInt({ min: 0n, max: (1n << 72n) - 1n })),
      {
        maxLength: 40,
      },
    ),
    first: fc.bigInt({ min: 0n, max: (1n << 72n) - 1n }),
  })
  .map(({ riceBits, extra, distances, first }) => {
    const bits = riceBits + extra;
    const mask = (1n << BigInt(riceBits)) - 1n;
    const values = [first & mask];
    for (const [quotient, remainder] of distances) {
      values.push(values.at(-1)! + 1n + (BigInt(quotient) << BigInt(riceBits)) + (remainder & mask));
    }
    return { code: { bits, riceBits }, values: values.filter((value) => value < 1n << BigInt(bits)) };
  });

describe('a block', () => {
  test('is coded as the specification says, and decoded to the same tokens', () => {
    fc.assert(
      fc.property(block, ({ code, values }) => {
        const limbs = allocateLimbs(values.length);
        values.forEach((value, i) => {
          limbs.high[i] = Number(value >> 64n);
          limbs.middle[i] = Number((value >> 32n) & 0xffffffffn);
          limbs.low[i] = Number(value & 0xffffffffn);
        });
        const bytes = encodeBlock(limbs, values.length, code);
        expect(bytes).toEqual(packBits(obviousBlockBits(values, code.bits, code.riceBits)));
        const decoder = new BlockDecoder(code, values.length);
        decoder.decode(bytes, values.length);
        expect(decoder.tokens).toEqual(limbs);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a file', () => {
  test('has the bytes that the specification says', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 300 }),
        fc.string(),
        fc.integer({ min: 1, max: 2 ** 32 - 1 }),
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        async (count, label, maxElements, epoch) => {
          const identity = { ...IDENTITY, maxElements, epoch };
          const tokens = uniformTokens(count, label);
          const { file, summary } = await buildInMemory(tokens, { identity });
          expect(Buffer.from(file).equals(obviousFile(tokens, identity))).toBe(true);
          expect(summary.digest).toEqual(digestOf(file));
          expect(summary.length).toBe(file.length);
        },
      ),
    );
  });

  test.each([4095, 4096, 4097, 8193])(
    'of %d tokens has the blocks that the specification says',
    async (count) => {
      const tokens = uniformTokens(count);
      const { file } = await buildInMemory(tokens);
      expect(Buffer.from(file).equals(obviousFile(tokens))).toBe(true);
    },
  );

  test('does not depend on the order of the outputs, the size of the runs or the calls', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.nat(), { minLength: 220, maxLength: 220 }),
        async (count, runTokens, step, ranks) => {
          const tokens = uniformTokens(count);
          const order = Array.from({ length: count + 20 }, (_, i) => ({
            index: i % count,
            rank: ranks[i]!,
          }));
          order.sort((a, b) => a.rank - b.rank);
          const shuffled = Uint8Array.from(
            order.flatMap(({ index }) => [...tokens.subarray(16 * index, 16 * index + 16)]),
          );
          const { file, summary } = await buildInMemory(shuffled, {
            runTokens,
            step: Math.min(step, runTokens),
          });
          expect(Buffer.from(file).equals(obviousFile(tokens))).toBe(true);
          expect(summary.duplicates).toBe(20);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('counts tokens once that are equal after cutting, and takes b down with them', async () => {
    const tokens = new Uint8Array(48);
    tokens[16 + 15] = 1; // differs from the first in the last bit only
    tokens[32] = 0x80;
    const { file, summary } = await buildInMemory(tokens, { identity: { ...IDENTITY, maxElements: 1 } });
    expect(summary.tokens).toBe(2);
    expect(summary.duplicates).toBe(1);
    expect(summary.header.bits).toBe(41);
    expect(Buffer.from(file).equals(obviousFile(tokens, { ...IDENTITY, maxElements: 1 }))).toBe(true);
  });

  test.each([10_000, 16_383, 16_384, 16_385, 24_000, 32_767, 32_769, 65_536, 65_537, 100_000])(
    'of %d tokens has N·(b - log2 N + 1.6) bits, give or take a hundredth',
    async (count) => {
      for (const maxElements of [1, 1000, 1_280_000]) {
        const { file, summary } = await buildInMemory(uniformTokens(count), {
          identity: { ...IDENTITY, maxElements },
        });
        const aim = summary.tokens * (summary.header.bits - Math.log2(summary.tokens) + 1.6);
        expect(Math.abs((8 * file.length) / aim - 1)).toBeLessThan(0.01);
      }
    },
  );

  test('is refused for tokens that no OPRF gives', async () => {
    const tokens = new Uint8Array(16 * 40_000);
    const view = new DataView(tokens.buffer);
    for (let i = 1; i < 40_000; i++)
      view.setUint32(16 * i + (i < 39_999 ? 4 : 0), i < 39_999 ? i * 65_536 : 0xffffffff);
    expect(await codeOf(() => buildInMemory(tokens))).toBe('tokens_not_uniform');
  });

  test('of no tokens is refused', async () => {
    expect(await codeOf(() => buildInMemory(new Uint8Array(0)))).toBe('set_empty');
  });
});
