import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkOneScalar, checkScalars } from '../src/scalars.ts';
import { refusal } from './refusal.ts';
import { littleEndian, ORDER, scalars } from './scalar-arithmetic.ts';

const TOO_LARGE = [
  ORDER,
  ORDER + 1n,
  ORDER + 2n ** 8n,
  // Larger in one byte only, which is not the lowest.
  ORDER + 2n ** 248n,
  2n ** 253n,
  2n ** 255n,
  2n ** 256n - 1n,
];
const CANONICAL = [1n, 2n, 255n, 256n, 2n ** 252n - 1n, 2n ** 252n, ORDER - 256n, ORDER - 2n, ORDER - 1n];

const checking = (batch: Uint8Array, zero: 'allowed' | 'refused'): unknown =>
  refusal(() => {
    checkScalars(batch, zero);
  });

const checkingOne = (scalar: Uint8Array): unknown =>
  refusal(() => {
    checkOneScalar(scalar);
  });

describe('checkScalars', () => {
  it('passes scalars from one to the order minus one', () => {
    expect(checking(scalars(...CANONICAL), 'refused')).toBeUndefined();
    expect(checking(scalars(...CANONICAL), 'allowed')).toBeUndefined();
  });

  it('passes or refuses zero as it is told, with the index of the first', () => {
    const batch = scalars(ORDER - 1n, 1n, 0n, 0n);
    expect(checking(batch, 'allowed')).toBeUndefined();
    expect(checking(batch, 'refused')).toEqual({ code: 'scalar_invalid', index: 2 });
  });

  it.each(TOO_LARGE)('refuses %i in any place, with its index', (wrong) => {
    for (const place of [0, 1, 2, 3]) {
      const batch = scalars(...[1n, ORDER - 1n, 2n, 3n].with(place, wrong));
      expect(checking(batch, 'allowed')).toEqual({ code: 'scalar_invalid', index: place });
      expect(checking(batch, 'refused')).toEqual({ code: 'scalar_invalid', index: place });
    }
  });

  it('compares as big integers compare, around the order above all', () => {
    const near = fc.bigInt({ min: -(2n ** 130n), max: 2n ** 130n }).map((offset) => ORDER + offset);
    // Equal to the order but for some bytes.
    const alike = fc
      .dictionary(fc.nat(31).map(String), fc.nat(255), { maxKeys: 3 })
      .map((bytes) => Object.assign(littleEndian(ORDER), bytes));
    const anything = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const scalar = fc.oneof(
      near.map((value) => littleEndian(value)),
      alike,
      anything,
    );
    fc.assert(
      fc.property(scalar, (bytes) => {
        const value = BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
        const refused = { code: 'scalar_invalid', index: 0 };
        expect(checking(bytes, 'allowed')).toEqual(value < ORDER ? undefined : refused);
        expect(checking(bytes, 'refused')).toEqual(value > 0n && value < ORDER ? undefined : refused);
      }),
      { numRuns: 500 },
    );
  });

  it.each(Array.from({ length: 256 }, (_, bit) => bit))('tells a scalar of bit %i alone from zero', (bit) => {
    const refused = { code: 'scalar_invalid', index: 0 };
    expect(checking(scalars(2n ** BigInt(bit)), 'refused')).toEqual(bit < 253 ? undefined : refused);
  });

  it('passes an empty batch', () => {
    expect(checking(new Uint8Array(), 'refused')).toBeUndefined();
  });

  it.each([1, 31, 33, 63])('refuses %i bytes, which are not whole scalars', (length) => {
    expect(checking(new Uint8Array(length), 'allowed')).toEqual({ code: 'batch_length', index: undefined });
  });

  it('does not quote a refused scalar, which may be a secret', () => {
    const messages: string[] = [];
    try {
      checkScalars(scalars(ORDER + 0x5ec2e7n), 'allowed');
    } catch (error) {
      for (let at = error; at instanceof Error; at = at.cause) messages.push(at.message);
    }
    expect(messages).toHaveLength(1);
    expect(messages[0]).not.toMatch(/5ec2e7|\d{10}/i);
  });
});

describe('checkOneScalar', () => {
  it.each([0n, ...CANONICAL])('passes %i', (value) => {
    expect(checkingOne(scalars(value))).toBeUndefined();
  });

  it.each(TOO_LARGE)('refuses %i', (value) => {
    expect(checkingOne(scalars(value))).toEqual({ code: 'scalar_invalid', index: 0 });
  });

  it.each([0, 31, 33, 64])('refuses %i bytes, which are not one scalar', (length) => {
    expect(checkingOne(new Uint8Array(length))).toEqual({ code: 'batch_length', index: undefined });
  });
});
