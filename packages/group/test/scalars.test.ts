import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkScalars, invertScalars, scalarsFromWide, subtractProduct } from '../src/scalars.ts';
import { toHex } from './published-vectors.ts';
import { littleEndian, ORDER, scalars, secretScalar } from './scalar-arithmetic.ts';

const wide = fc.bigInt({ min: 0n, max: 2n ** 512n - 1n });

describe('scalars', () => {
  it('reduces 64 bytes, little-endian, modulo the order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(wide, fc.constantFrom(0n, ORDER, ORDER - 1n, 2n ** 512n - 1n))),
        (values) => {
          const bytes = Buffer.concat(values.map((value) => littleEndian(value, 64)));
          expect(toHex(scalarsFromWide(bytes))).toBe(toHex(scalars(...values.map((value) => value % ORDER))));
        },
      ),
    );
  });

  it('inverts a batch so that each product with its inverse is one', () => {
    fc.assert(
      fc.property(fc.array(secretScalar), (values) => {
        const inverses = invertScalars(scalars(...values));
        values.forEach((value, i) => {
          // 0 − value·inverse = −1
          const negative = subtractProduct(
            scalars(0),
            scalars(value),
            inverses.subarray(32 * i, 32 * i + 32),
          );
          expect(toHex(negative)).toBe(toHex(scalars(ORDER - 1n)));
        });
      }),
    );
  });

  it('subtracts a product modulo the order', () => {
    fc.assert(
      fc.property(secretScalar, secretScalar, secretScalar, (a, b, c) => {
        const expected = (((a - b * c) % ORDER) + ORDER) % ORDER;
        expect(toHex(subtractProduct(scalars(a), scalars(b), scalars(c)))).toBe(toHex(scalars(expected)));
      }),
    );
  });

  it.each([0n, ORDER, 2n ** 256n - 1n])('refuses %s with its index', (wrong) => {
    const refusal = expect.objectContaining({ code: 'scalar_invalid', index: 1 }) as unknown;
    expect(() => {
      checkScalars(scalars(1, wrong));
    }).toThrow(refusal);
    expect(() => invertScalars(scalars(1, wrong))).toThrow(refusal);
  });

  it('does not quote a refused scalar, which may be a secret', () => {
    const secret = scalars(ORDER + 0x5ec2e7n);
    const messages: string[] = [];
    try {
      checkScalars(secret);
    } catch (error) {
      for (let at = error; at instanceof Error; at = at.cause) messages.push(at.message);
    }
    expect(messages).toHaveLength(1);
    expect(messages[0]).not.toMatch(/5ec2e7|\d{10}/i);
  });

  it('refuses lengths that are not whole scalars', () => {
    const refusal = expect.objectContaining({ code: 'batch_length' }) as Error;
    expect(() => scalarsFromWide(new Uint8Array(65))).toThrow(refusal);
    expect(() => invertScalars(new Uint8Array(31))).toThrow(refusal);
    expect(() => subtractProduct(scalars(1, 2), scalars(1, 2), scalars(1, 2))).toThrow(refusal);
  });
});
