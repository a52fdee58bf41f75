import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToNumberLE } from '@noble/curves/utils.js';
import { itemAt } from './batch.ts';
import { ELEMENT_BYTES } from './engine.ts';

// The roots of elements by their definition, `ElementsWithRoots` in engine.ts: the oracle for those that the other
// engines find by the way while they encode.

const { Fp } = ed25519.Point;
const { d } = ed25519.Point.CURVE();

/** The non-negative I with I²·v·u2² = 1, for the encoding of an element; 0 for that of the identity. */
function rootOf(encoding: Uint8Array): bigint {
  const s = Fp.fromBytes(encoding);
  if (s === 0n) return 0n;
  const u1 = Fp.sub(1n, Fp.sqr(s));
  const u2 = Fp.add(1n, Fp.sqr(s));
  const v = Fp.sub(Fp.neg(Fp.mul(d, Fp.sqr(u1))), Fp.sqr(u2));
  const root = Fp.sqrt(Fp.inv(Fp.mul(v, Fp.sqr(u2))));
  return Fp.isOdd?.(root) === true ? Fp.neg(root) : root;
}

/** The root of each element, 32·n bytes. */
export function rootsOf(elements: Uint8Array): Uint8Array {
  const roots = new Uint8Array(elements.length);
  for (let i = 0; i < elements.length / ELEMENT_BYTES; i++) {
    roots.set(Fp.toBytes(rootOf(itemAt(elements, i, ELEMENT_BYTES))), i * ELEMENT_BYTES);
  }
  return roots;
}

/** Whether each 32 bytes are the root of their element, of either sign. The top bit, which no root has, is ignored. */
export function areRootsOf(elements: Uint8Array, roots: Uint8Array): boolean {
  const expected = rootsOf(elements);
  for (let i = 0; i < elements.length / ELEMENT_BYTES; i++) {
    const given = Uint8Array.from(itemAt(roots, i, ELEMENT_BYTES));
    given[ELEMENT_BYTES - 1] = (given[ELEMENT_BYTES - 1] ?? 0) & 0x7f;
    const [root, value] = [
      Fp.fromBytes(itemAt(expected, i, ELEMENT_BYTES)),
      Fp.create(bytesToNumberLE(given)),
    ];
    if (value !== root && value !== Fp.neg(root)) return false;
  }
  return true;
}
