import { describe, expect, it } from 'vitest';
import type { Engine, Points } from '../src/engine.ts';
import { nobleEngine } from '../src/noble-engine.ts';
import { bytesFromSeed, concat, firstDifference } from './byte-batches.ts';
import { GENERATOR } from './known-elements.ts';
import { modOrder, scalars } from './scalar-arithmetic.ts';

export interface SoakOptions {
  /** How many random elements go through the engine. */
  readonly elements: number;
  /** How many of them are compared one by one with the reference engine, at about 3 ms each. */
  readonly oneByOne: number;
  /** What the random bytes are made from; printed with the name of each test. */
  readonly seed: string;
}

/** Sizes in turn: around a chunk, around a batch that shares an inversion, of no full set of lanes, and large. */
const SIZES = [4096, 1, 257, 4099, 3, 255, 10_007, 256, 5, 20_000, 4095, 13];

function batchSizes(elements: number): number[] {
  const sizes: number[] = [];
  for (let left = elements; left > 0; left -= sizes.at(-1)!) {
    sizes.push(Math.min(left, SIZES[sizes.length % SIZES.length]!));
  }
  return sizes;
}

function expectEqual(actual: Uint8Array, expected: Uint8Array): void {
  expect(actual.length).toBe(expected.length);
  expect(firstDifference(actual, expected)).toBeUndefined();
}

function shortScalars(seed: string, count: number): bigint[] {
  const bytes = bytesFromSeed(seed, 16 * count);
  return Array.from({ length: count }, (_, i) =>
    BigInt(`0x${Buffer.from(bytes.subarray(16 * i, 16 * i + 16)).toString('hex')}`),
  );
}

/** The batch one place on: item i is item i + 1. */
function rotated(elements: Uint8Array): Uint8Array {
  return concat(elements.subarray(32), elements.subarray(0, 32));
}

function littleEndianValues(factors: Uint8Array): bigint[] {
  return Array.from({ length: factors.length / 32 }, (_, i) =>
    BigInt(`0x${Buffer.from(factors.slice(32 * i, 32 * i + 32).reverse()).toString('hex')}`),
  );
}

/** Item i of every batch of a sample, spread over the whole batch. */
function sampleOf(batch: Uint8Array, width: number, places: readonly number[]): Uint8Array {
  return concat(...places.map((place) => batch.subarray(width * place, width * (place + 1))));
}

function spread(count: number, size: number): number[] {
  const places = Array.from({ length: Math.min(count, size) }, (_, i) => Math.floor((i * size) / count));
  // The last lane is the one that is forgotten.
  return places.length > 0 ? places.with(-1, size - 1) : places;
}

interface Batch {
  readonly uniform: Uint8Array;
  readonly key: Uint8Array;
  readonly blinds: Uint8Array;
  readonly derived: Points;
  readonly elements: Uint8Array;
  readonly products: Points;
  readonly encodedProducts: Uint8Array;
  readonly fixed: Points;
}

function runBatch(engine: Engine, seed: string, size: number): Batch {
  const uniform = bytesFromSeed(`${seed} uniform`, 64 * size);
  const key = engine.scalarsFromWide(bytesFromSeed(`${seed} key`, 64));
  const blinds = engine.scalarsFromWide(bytesFromSeed(`${seed} blinds`, 64 * size));
  const derived = engine.derive(uniform);
  const elements = engine.encode(derived);
  const products = engine.multiplyHalf(engine.decode(elements), key);
  const encodedProducts = engine.encodeDouble(products);
  const fixed = engine.multiplyFixed(GENERATOR, blinds);
  return { uniform, key, blinds, derived, elements, products, encodedProducts, fixed };
}

/** What must hold for every element, whatever it is. */
function checkIdentities(engine: Engine, batch: Batch): void {
  const { key, derived, elements, products, encodedProducts, fixed } = batch;
  const decoded = engine.decode(elements);
  expectEqual(engine.encode(decoded), elements);
  expectEqual(engine.encodeDouble(derived), engine.encode(engine.add(decoded, derived)));
  expectEqual(engine.encode(engine.decode(encodedProducts)), encodedProducts);
  expectEqual(encodedProducts, engine.encode(engine.add(products, products)));
  // With the roots of both encodings, the same points; and no root was made in vain.
  for (const [made, expected] of [
    [engine.encodeWithRoots(derived), elements],
    [engine.encodeDoubleWithRoots(products), encodedProducts],
  ] as const) {
    expectEqual(made.elements, expected);
    expectEqual(
      engine.encodeDouble(engine.decodeWithRoots(expected, made.roots)),
      engine.encodeDouble(engine.decode(expected)),
    );
    if (!engine.areRoots(expected, made.roots)) throw new Error('a root is not that of its element');
    if (made.roots.some((byte, i) => i % 32 === 0 && byte % 2 === 1)) throw new Error('a root is negative');
  }
  // k·(P + Q) = k·P + k·Q, and (P + Q) − Q = P.
  const others = engine.decode(rotated(elements));
  const sums = engine.add(decoded, others);
  const sumsOfProducts = engine.add(products, engine.multiplyHalf(others, key));
  expectEqual(engine.encodeDouble(engine.multiplyHalf(sums, key)), engine.encodeDouble(sumsOfProducts));
  expectEqual(engine.encode(engine.subtract(sums, others)), elements);
  // Blinded and unblinded: k·(P + r·G) − r·(k·G) = k·P.
  const blinded = engine.decode(engine.encode(engine.add(decoded, fixed)));
  const evaluated = engine.decode(engine.encodeDouble(engine.multiplyHalf(blinded, key)));
  const publicKey = engine.encode(engine.multiplyFixed(GENERATOR, key));
  const unblinded = engine.subtract(evaluated, engine.multiplyFixed(publicKey, batch.blinds));
  expectEqual(engine.encode(unblinded), encodedProducts);
}

/** A random linear combination of each batch, of which the reference engine does the last multiplication. */
function checkCombinations(engine: Engine, batch: Batch, seed: string): void {
  const { key, blinds, elements, encodedProducts, fixed } = batch;
  const coefficients = shortScalars(`${seed} coefficients`, elements.length / 32);
  const combine = (points: Points): Uint8Array =>
    engine.encode(engine.multiScalarMultiply(points, scalars(...coefficients)));
  const combined = nobleEngine.decode(combine(engine.decode(elements)));
  expectEqual(
    combine(engine.decode(encodedProducts)),
    nobleEngine.encodeDouble(nobleEngine.multiplyHalf(combined, key)),
  );
  const log = littleEndianValues(blinds).reduce((sum, blind, i) => sum + blind * coefficients[i]!, 0n);
  expectEqual(
    combine(fixed),
    nobleEngine.encode(nobleEngine.multiplyFixed(GENERATOR, scalars(modOrder(log)))),
  );
}

/** A sample, one by one, and its linear combination, by the reference engine alone. */
function checkSample(engine: Engine, batch: Batch, seed: string, count: number): void {
  const size = batch.elements.length / 32;
  const places = spread(count, size);
  const derived = nobleEngine.derive(sampleOf(batch.uniform, 64, places));
  const products = nobleEngine.multiplyHalf(derived, batch.key);
  const blinds = sampleOf(batch.blinds, 32, places);
  expectEqual(
    blinds,
    nobleEngine.scalarsFromWide(sampleOf(bytesFromSeed(`${seed} blinds`, 64 * size), 64, places)),
  );
  const elements = sampleOf(batch.elements, 32, places);
  expectEqual(elements, nobleEngine.encode(derived));
  expectEqual(sampleOf(batch.encodedProducts, 32, places), nobleEngine.encodeDouble(products));
  expectEqual(
    sampleOf(engine.encode(batch.fixed), 32, places),
    nobleEngine.encode(nobleEngine.multiplyFixed(GENERATOR, blinds)),
  );
  expectEqual(
    engine.encode(engine.multiScalarMultiply(engine.decode(elements), blinds)),
    nobleEngine.encode(nobleEngine.multiScalarMultiply(derived, blinds)),
  );
}

/**
 * One batch of random elements through every operation on points, `sample` of them compared one by one with the
 * reference engine. Fails with what differs.
 */
export function soakBatch(engine: Engine, seed: string, size: number, sample: number): void {
  const batch = runBatch(engine, seed, size);
  checkIdentities(engine, batch);
  checkCombinations(engine, batch, seed);
  checkSample(engine, batch, seed, sample);
}

/** Many random elements, in batches of many sizes. */
export function describeSoak(engine: Engine, { elements, oneByOne, seed }: SoakOptions): void {
  const batches = batchSizes(elements).map((size, index) => ({ size, index }));
  describe(`engine ${engine.name}: ${elements} elements from seed ${seed}`, () => {
    it.each(batches)(
      'batch $index of $size elements',
      ({ size, index }) => {
        soakBatch(engine, `${seed} ${index}`, size, Math.ceil((oneByOne * size) / elements));
      },
      600_000,
    );
  });
}
