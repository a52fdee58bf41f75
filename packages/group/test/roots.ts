import { ed25519 } from '@noble/curves/ed25519.js';
import * as fc from 'fast-check';
import { littleEndian } from './scalar-arithmetic.ts';

const { Fp } = ed25519.Point;

/** 32 bytes that are not the root of an element. */
export interface WrongRoot {
  readonly comment: string;
  readonly root: Uint8Array;
}

/** The root of the other sign. */
export function negated(root: Uint8Array): Uint8Array {
  return littleEndian(Fp.neg(Fp.fromBytes(root)));
}

function withBit(bytes: Uint8Array, bit: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[bit >> 3]! ^= 1 << (bit & 7);
  return changed;
}

/** What a source that lies might give in place of a root. */
export function wrongRoots(root: Uint8Array, another: Uint8Array): readonly WrongRoot[] {
  const value = Fp.fromBytes(root);
  const i = Fp.sqrt(Fp.neg(1n));
  return [
    { comment: 'zero', root: new Uint8Array(32) },
    { comment: 'one', root: littleEndian(1n) },
    { comment: 'p − 1', root: littleEndian(Fp.ORDER - 1n) },
    { comment: 'p', root: littleEndian(Fp.ORDER) },
    { comment: 'p + 1', root: littleEndian(Fp.ORDER + 1n) },
    { comment: 'all ones', root: new Uint8Array(32).fill(0xff) },
    { comment: 'the root of another element', root: another },
    { comment: 'the root times √−1', root: littleEndian(Fp.mul(value, i)) },
    { comment: 'twice the root', root: littleEndian(Fp.add(value, value)) },
    { comment: 'the inverse of the root', root: littleEndian(Fp.inv(value)) },
    ...[0, 1, 50, 51, 102, 127, 128, 204, 254].map((bit) => ({
      comment: `the root with bit ${bit} changed`,
      root: withBit(root, bit),
    })),
  ];
}

/** From a root, and that of another element: the root itself half of the time, else what it is replaced by. */
export const anyReplacement: fc.Arbitrary<(root: Uint8Array, another: Uint8Array) => Uint8Array> = fc.oneof(
  fc.constant((root: Uint8Array) => root),
  fc.oneof(
    fc.nat(255).map((bit) => (root: Uint8Array) => withBit(root, bit)),
    fc.nat(63).map((kind) => (root: Uint8Array, another: Uint8Array) => {
      const kinds = wrongRoots(root.some((byte) => byte !== 0) ? root : littleEndian(1n), another);
      return kinds[kind % kinds.length]!.root;
    }),
    fc.constant((root: Uint8Array) => negated(root)),
    fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => () => bytes),
  ),
);
