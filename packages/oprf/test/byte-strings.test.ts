import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyByteStrings, countByteStrings, packByteStrings, stringsOfWidth } from '../src/byte-strings.ts';
import { refusal } from './refusal.ts';
import { toHex } from './vectors.ts';

const list = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array()));

describe('packed byte strings', () => {
  it('give back every string, a text as UTF-8', () => {
    fc.assert(
      fc.property(list, (strings) => {
        const packed = packByteStrings(strings);
        expect(countByteStrings(packed)).toBe(strings.length);
        strings.forEach((string, i) => {
          const bytes = packed.bytes.subarray(packed.offsets[i], packed.offsets[i + 1]);
          expect(toHex(bytes)).toBe(Buffer.from(string as string).toString('hex'));
        });
      }),
    );
  });

  it('are cut into slices with offsets and bytes of their own', () => {
    fc.assert(
      fc.property(list, fc.nat(), fc.nat(), (strings, a, b) => {
        const [start, end] = [a % (strings.length + 1), b % (strings.length + 1)].sort((x, y) => x - y) as [
          number,
          number,
        ];
        const slice = copyByteStrings(packByteStrings(strings), start, end);
        const direct = packByteStrings(strings.slice(start, end));
        expect([toHex(slice.bytes), ...slice.offsets]).toEqual([toHex(direct.bytes), ...direct.offsets]);
        expect(slice.bytes.byteLength).toBe(slice.bytes.buffer.byteLength);
      }),
    );
  });

  it('are made of flat bytes, each as wide as the others', () => {
    const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6);
    expect(stringsOfWidth(bytes, 2)).toEqual({ bytes, offsets: Uint32Array.of(0, 2, 4, 6) });
    expect(stringsOfWidth(new Uint8Array(), 2)).toEqual(packByteStrings([]));
  });

  it('hold a string of 65,535 bytes and refuse one more, with its index', async () => {
    const longest = packByteStrings([new Uint8Array(65_535)]);
    expect(countByteStrings(longest)).toBe(1);
    expect(await refusal(() => packByteStrings(['', new Uint8Array(65_536)]))).toEqual({
      code: 'input_too_long',
      index: 1,
    });
    const unchecked = { bytes: new Uint8Array(65_536), offsets: Uint32Array.of(0, 0, 65_536) };
    expect(await refusal(() => countByteStrings(unchecked))).toEqual({ code: 'input_too_long', index: 1 });
  });

  it('count the bytes of a text, not its letters', async () => {
    expect(await refusal(() => packByteStrings(['é'.repeat(32_768)]))).toEqual({
      code: 'input_too_long',
      index: 0,
    });
  });

  it.each([
    ['that are empty', []],
    ['that do not start at zero', [1, 4]],
    ['that do not reach the end', [0, 3]],
    ['that go beyond the end', [0, 5]],
    ['that fall', [0, 4, 2, 4]],
  ])('refuse offsets %s', async (_, offsets) => {
    const strings = { bytes: new Uint8Array(4), offsets: Uint32Array.from(offsets) };
    expect(await refusal(() => countByteStrings(strings))).toMatchObject({ code: 'inputs_invalid' });
  });
});
