import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { intersect } from '../src/intersect.ts';
import { TokenQuery } from '../src/token-query.ts';
import { TokenSetStream } from '../src/token-set-stream.ts';
import {
  IDENTITY,
  assemble,
  digestOf,
  numbersOf,
  obviousBits,
  obviousBlockBits,
  obviousFile,
  packBits,
} from './rig/obvious.ts';
import { codeOf, inPieces, uniformTokens } from './rig/tokens.ts';

const SMALL = obviousFile(uniformTokens(40));
const HEADER_END = 160;
const PAGE_END = HEADER_END + 36;
const NO_QUERY = new TokenQuery(new Uint8Array(0));
/** b and k of files of two tokens or more for requests of IDENTITY.maxElements. */
const RICE_BITS = 50;

function reading(
  file: Uint8Array,
  digest: Uint8Array = digestOf(file),
  query = NO_QUERY,
): Promise<Uint8Array> {
  return intersect(inPieces(file), { digest, query });
}

function flipped(file: Uint8Array, bit: number): Uint8Array {
  const copy = file.slice();
  copy[bit >> 3]! ^= 0x80 >> (bit & 7);
  return copy;
}

describe('an intersection', () => {
  test('is that of the sets, whatever the pieces the file comes in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9000 }),
        fc.array(fc.tuple(fc.boolean(), fc.nat(9000)), { maxLength: 300 }),
        fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 5 }),
        async (count, wanted, sizes) => {
          const tokens = uniformTokens(count);
          const absent = uniformTokens(9001, 'absent');
          const query = new Uint8Array(16 * wanted.length);
          wanted.forEach(([present, index], i) => {
            const from = present ? tokens : absent;
            const at = 16 * (present ? index % count : index);
            query.set(from.subarray(at, at + 16), 16 * i);
          });
          const inSet = new Set(numbersOf(tokens));
          const expected = Uint8Array.from(numbersOf(query), (n) => (inSet.has(n) ? 1 : 0));
          const file = obviousFile(tokens);
          const flags = await intersect(inPieces(file, sizes), {
            digest: digestOf(file),
            query: new TokenQuery(query),
          });
          expect(flags).toEqual(expected);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('comes out the same byte by byte', async () => {
    const tokens = uniformTokens(40);
    const query = new TokenQuery(
      Buffer.concat([tokens.subarray(0, 64), uniformTokens(2, 'absent'), tokens.subarray(0, 16)]),
    );
    const flags = await intersect(inPieces(SMALL, [1]), { digest: digestOf(SMALL), query });
    expect([...flags]).toEqual([1, 1, 1, 1, 0, 0, 1]);
  });

  test('looks at the first b bits of a token only', async () => {
    const tokens = uniformTokens(40);
    const bits = obviousBits(40, IDENTITY.maxElements);
    for (const [bit, found] of [
      [bits - 1, 0],
      [bits, 1],
      [127, 1],
    ] as const) {
      const query = new TokenQuery(flipped(tokens.slice(0, 16), bit));
      expect([...(await reading(SMALL, digestOf(SMALL), query))]).toEqual([found]);
    }
  });

  test('is refused for more elements than the file is made for', async () => {
    const file = obviousFile(uniformTokens(3), { ...IDENTITY, maxElements: 2 });
    const query = new TokenQuery(uniformTokens(3));
    expect(await codeOf(() => reading(file, digestOf(file), query))).toBe('query_too_large');
  });

  test('takes whole tokens only', async () => {
    expect(await codeOf(() => new TokenQuery(new Uint8Array(17)))).toBe('argument_invalid');
  });
});

describe('a damaged file', () => {
  test('is refused for every single flipped bit, by the part that holds it', async () => {
    const digest = digestOf(SMALL);
    expect(await reading(SMALL)).toEqual(new Uint8Array(0));
    for (let bit = 0; bit < SMALL.length * 8; bit++) {
      const at = bit >> 3;
      const expected =
        at < 8
          ? 'not_a_token_set'
          : at < 10
            ? 'version_unsupported'
            : at < 12
              ? 'suite_unsupported'
              : at < HEADER_END
                ? 'header_corrupt'
                : at < PAGE_END
                  ? 'index_corrupt'
                  : 'block_corrupt';
      expect([bit, await codeOf(() => reading(flipped(SMALL, bit), digest))]).toEqual([bit, expected]);
    }
  });

  test('is named as truncated at every length', async () => {
    for (let length = 0; length < SMALL.length; length++) {
      expect(await codeOf(() => reading(SMALL.subarray(0, length), digestOf(SMALL)))).toBe('truncated');
    }
  });

  test('is refused with bytes after its end', async () => {
    const longer = Buffer.concat([SMALL, Uint8Array.of(0)]);
    expect(await codeOf(() => reading(longer, digestOf(SMALL)))).toBe('trailing_bytes');
    const split = intersect(inPieces(longer, [SMALL.length]), { digest: digestOf(SMALL), query: NO_QUERY });
    expect(await codeOf(() => split)).toBe('trailing_bytes');
  });

  test('of another digest is named as foreign', async () => {
    const other = obviousFile(uniformTokens(40), { ...IDENTITY, epoch: 4 });
    expect(await codeOf(() => reading(other, digestOf(SMALL)))).toBe('foreign');
  });

  test('with blocks swapped is refused', async () => {
    const file = obviousFile(uniformTokens(3 * 4096));
    const view = new DataView(file.buffer);
    const start = HEADER_END + 3 * 36;
    const [a, b] = [view.getUint32(HEADER_END + 32), view.getUint32(HEADER_END + 36 + 32)];
    const swapped = file.slice();
    swapped.set(file.subarray(start + a, start + a + b), start);
    swapped.set(file.subarray(start, start + a), start + b);
    expect(await codeOf(() => reading(swapped, digestOf(file)))).toBe('block_corrupt');
  });
});

describe('a header whose checksum is right is refused', () => {
  const block = packBits(obviousBlockBits([1n, 2n], 51, RICE_BITS));
  const cases: [string, (fixed: DataView) => void, string][] = [
    [
      'for 2^64 - 1 tokens',
      (v) => {
        v.setBigUint64(32, 2n ** 64n - 1n);
      },
      'header_corrupt',
    ],
    [
      'for no tokens',
      (v) => {
        v.setBigUint64(32, 0n);
      },
      'header_corrupt',
    ],
    [
      'for 2^32 - 1 pages',
      (v) => {
        v.setUint32(52, 0xffffffff);
      },
      'header_corrupt',
    ],
    [
      'for 2^32 - 1 blocks',
      (v) => {
        v.setUint32(48, 0xffffffff);
      },
      'header_corrupt',
    ],
    [
      'for requests of no elements',
      (v) => {
        v.setUint32(28, 0);
      },
      'header_corrupt',
    ],
    [
      'for fewer bits than false positives need',
      (v) => {
        v.setUint8(12, 50);
      },
      'header_corrupt',
    ],
    [
      'for more bits than they need',
      (v) => {
        v.setUint8(12, 52);
      },
      'header_corrupt',
    ],
    [
      'for another Rice parameter',
      (v) => {
        v.setUint8(13, 49);
      },
      'header_corrupt',
    ],
    [
      'for another block size',
      (v) => {
        v.setUint32(16, 8192);
      },
      'header_corrupt',
    ],
    [
      'for another page size',
      (v) => {
        v.setUint32(20, 1);
      },
      'header_corrupt',
    ],
    [
      'for reserved bytes in use',
      (v) => {
        v.setUint8(14, 1);
      },
      'header_corrupt',
    ],
    [
      'for more reserved bytes in use',
      (v) => {
        v.setUint8(63, 1);
      },
      'header_corrupt',
    ],
    [
      'for a length that its tokens can not have',
      (v) => {
        v.setBigUint64(40, 2n ** 63n);
      },
      'header_corrupt',
    ],
    [
      'for a length below that of its tokens',
      (v) => {
        v.setBigUint64(40, 208n);
      },
      'header_corrupt',
    ],
    [
      'for a length that its blocks do not have',
      (v) => {
        v.setBigUint64(40, v.getBigUint64(40) + 1n);
      },
      'index_corrupt',
    ],
  ];

  test.each(cases)('%s', async (_, change, code) => {
    expect(await codeOf(() => reading(assemble([block], 2)))).toBe('no error');
    const file = assemble([block], 2, IDENTITY, change);
    // Trusted as it is, so that only the fields are at fault.
    expect(await codeOf(() => reading(file, digestOf(file)))).toBe(code);
  });
});

describe('a block whose hashes are right is refused', () => {
  const bits = 51;
  const top = (1n << BigInt(bits)) - 1n;
  const good = obviousBlockBits([5n, top], bits, RICE_BITS);
  const cases: [string, string][] = [
    ['with a bit set in its padding', `${good.padEnd(Math.ceil(good.length / 8) * 8 - 1, '0')}1`],
    ['with a byte after its tokens', `${good.padEnd(Math.ceil(good.length / 8) * 8, '0')}00000000`],
    ['with a token of too many bits', obviousBlockBits([5n, top + 1n], bits, RICE_BITS)],
    ['with a token far too large', obviousBlockBits([5n, 40n << BigInt(bits)], bits, RICE_BITS)],
    ['that ends in a quotient', `${obviousBlockBits([5n], bits, RICE_BITS)}${'1'.repeat(53)}`],
  ];

  test.each(cases)('%s', async (_, blockBits) => {
    expect(await codeOf(() => reading(assemble([packBits(good)], 2)))).toBe('no error');
    expect(await codeOf(() => reading(assemble([packBits(blockBits)], 2)))).toBe('block_corrupt');
  });

  test('with a token one above the largest of more than 64 bits', async () => {
    const wide = { ...IDENTITY, maxElements: 2 ** 24 };
    const of = (value: bigint): Uint8Array =>
      assemble([packBits(obviousBlockBits([5n, value], 65, 64))], 2, wide);
    expect(await codeOf(() => reading(of(2n ** 65n - 1n)))).toBe('no error');
    expect(await codeOf(() => reading(of(2n ** 65n)))).toBe('block_corrupt');
  });

  test('that does not ascend from the block before', async () => {
    const values = numbersOf(uniformTokens(4097))
      .map((n) => n >> BigInt(128 - obviousBits(4097, IDENTITY.maxElements)))
      .sort((a, b) => (a < b ? -1 : 1));
    const first = packBits(obviousBlockBits(values.slice(0, 4096), 63, RICE_BITS));
    const last = values[4095]!;
    const withSecond = (value: bigint): Uint8Array =>
      assemble([first, packBits(obviousBlockBits([value], 63, RICE_BITS))], 4097);
    expect(await codeOf(() => reading(withSecond(last + 1n)))).toBe('no error');
    expect(await codeOf(() => reading(withSecond(last)))).toBe('block_corrupt');
    expect(await codeOf(() => reading(withSecond(last - 1n)))).toBe('block_corrupt');
    expect(await codeOf(() => reading(withSecond(0n)))).toBe('block_corrupt');
  });

  test('whose length the index gives as one that no block of its tokens has', async () => {
    // One byte less than 4,096 tokens take, made up for by the next block.
    const least = Math.ceil((63 + 4095 * 51) / 8);
    const uneven = assemble([new Uint8Array(least - 1), new Uint8Array(9)], 4097);
    expect(await codeOf(() => reading(uneven))).toBe('index_corrupt');
    const short = packBits(good).subarray(0, 12);
    const padded = (n: number): Uint8Array => Buffer.concat([packBits(good), new Uint8Array(n)]);
    expect(await codeOf(() => reading(assemble([short], 2)))).toBe('header_corrupt');
    expect(await codeOf(() => reading(assemble([padded(70)], 2)))).toBe('header_corrupt');
  });
});

describe('the stream', () => {
  test('hands out every block once, in order, and nothing else', async () => {
    const file = obviousFile(uniformTokens(9000));
    const stream = new TokenSetStream(digestOf(file));
    let offset = HEADER_END + 3 * 36;
    let index = 0;
    for await (const piece of inPieces(file, [1000, 1, 60_000])) {
      for (const block of stream.push(piece)) {
        expect({ index: block.index, offset: block.offset }).toEqual({ index, offset });
        expect(block.bytes).toEqual(file.subarray(offset, offset + block.bytes.length));
        expect(stream.verifiedLength).toBeGreaterThanOrEqual(offset + block.bytes.length);
        offset += block.bytes.length;
        index++;
      }
    }
    stream.end();
    expect([index, offset, stream.complete, stream.header?.tokens]).toEqual([3, file.length, true, 9000]);
  });

  test('goes on from its verified length after damaged bytes, once rewound', async () => {
    const file = obviousFile(uniformTokens(9000));
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length - 1), fc.integer({ min: 1, max: 50_000 }), async (at, size) => {
        const stream = new TokenSetStream(digestOf(file));
        const damaged = flipped(file, at * 8);
        expect(
          await codeOf(async () => {
            for await (const piece of inPieces(damaged, [size])) stream.push(piece);
          }),
        ).not.toBe('no error');
        expect(stream.verifiedLength).toBeLessThanOrEqual(at);
        expect(await codeOf(() => stream.push(file))).not.toBe('no error');
        expect(
          await codeOf(() => {
            stream.end();
          }),
        ).toBe('truncated');
        stream.rewind();
        expect(stream.receivedLength).toBe(stream.verifiedLength);
        stream.push(file.subarray(stream.verifiedLength));
        stream.end();
      }),
    );
  });

  test('starts over after a damaged header, once rewound', async () => {
    const stream = new TokenSetStream(digestOf(SMALL));
    expect(await codeOf(() => stream.push(flipped(SMALL, 8 * 100)))).toBe('header_corrupt');
    stream.rewind();
    expect(stream.receivedLength).toBe(0);
    stream.push(SMALL);
    stream.end();
  });

  test('knows how many bytes it has taken in', async () => {
    const stream = new TokenSetStream(digestOf(SMALL));
    let pushed = 0;
    for await (const piece of inPieces(SMALL, [7])) {
      stream.push(piece);
      pushed += piece.length;
      expect(stream.receivedLength).toBe(pushed);
    }
  });

  test('is not made for a digest of another length', async () => {
    expect(await codeOf(() => new TokenSetStream(new Uint8Array(31)))).toBe('argument_invalid');
  });
});
