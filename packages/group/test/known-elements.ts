import { ristretto255 } from '@noble/curves/ed25519.js';
import type { Engine, Points } from '../src/engine.ts';
import { modOrder, ORDER, scalars } from './scalar-arithmetic.ts';
import { fromHex, rfc9496 } from './published-vectors.ts';
import { concat } from './byte-batches.ts';

const { Point } = ristretto255;

/** The encodings of the identity and of the generator. */
export const IDENTITY = '00'.repeat(32);
export const GENERATOR = fromHex(rfc9496.multiples.encodings[1]!);

/** The encoded multiples of the generator by `logs`, from the library and not from the engine under test. */
export function elementsOf(...logs: readonly (bigint | number)[]): Uint8Array {
  return concat(...logs.map((log) => Point.BASE.multiplyUnsafe(modOrder(BigInt(log))).toBytes()));
}

// Logarithms without a pattern in their digits.
const START = ORDER / 3n;
const STEP = ORDER / 7n;
const known: { readonly log: bigint; readonly element: Uint8Array }[] = [];
let next = Point.BASE.multiplyUnsafe(START);

/** The first `count` of a fixed list of elements whose logarithms to the generator are known; none is the identity. */
export function knownElements(count: number): { logs: bigint[]; elements: Uint8Array } {
  const step = Point.BASE.multiplyUnsafe(STEP);
  for (; known.length < count; next = next.add(step)) {
    known.push({ log: modOrder(START + BigInt(known.length) * STEP), element: next.toBytes() });
  }
  const some = known.slice(0, count);
  return { logs: some.map(({ log }) => log), elements: concat(...some.map(({ element }) => element)) };
}

/** Points with these logarithms, made by the engine itself; zero gives the identity. */
export function pointsOf(engine: Engine, ...logs: readonly (bigint | number)[]): Points {
  return engine.multiplyFixed(GENERATOR, scalars(...logs.map((log) => modOrder(BigInt(log)))));
}
