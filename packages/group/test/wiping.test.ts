import { describe, expect, it } from 'vitest';
import type { Engine, Points } from '../src/engine.ts';
import { loadEngineNamed } from '../src/node-engine.ts';
import { rootsOf } from '../src/noble-roots.ts';
import { createWasmEngine } from '../src/wasm-engine.ts';
import type { EngineExports } from '../src/wasm-exports.ts';
import { bytesFromSeed } from './byte-batches.ts';
import { withInstance } from './instance-memory.ts';
import { elementsOf, GENERATOR, knownElements } from './known-elements.ts';
import { ORDER, scalars } from './scalar-arithmetic.ts';

interface Area {
  readonly start: number;
  readonly end: number;
}

/** An engine with a look into its memory. */
interface Watched {
  readonly engine: Engine;
  readonly exports: EngineExports;
  /** How many bytes are not what they were before the first call, public areas left out. */
  readonly remains: () => number;
}

/** The areas that hold nothing but what follows from public values. */
function publicAreas({ windowDigits, buckets, fixedTables, memory }: EngineExports): Area[] {
  const starts = [windowDigits, buckets, fixedTables].map(({ value }) => value);
  // They are the last of the memory, one behind the other.
  expect(starts).toEqual([...starts].sort((a, b) => a - b));
  return [{ start: Math.min(...starts), end: memory.buffer.byteLength }];
}

function watch(name: 'wasm' | 'wasm-int'): Watched {
  const { source } = loadEngineNamed(name);
  if (source.name === 'noble') throw new Error('noble has no module');
  const { module } = source;
  const { made: engine, exports: all } = withInstance(() => createWasmEngine(name, module));
  const exports = all as EngineExports;
  const memory = new Uint8Array(exports.memory.buffer);
  const before = memory.slice();
  const secretEnd = Math.min(...publicAreas(exports).map(({ start }) => start));
  return {
    engine,
    exports,
    remains: () => {
      let count = 0;
      for (let i = 0; i < secretEnd; i++) if (memory[i] !== before[i]) count += 1;
      return count;
    },
  };
}

/** Fewer than a block, not a whole block, and more than the module takes at once. */
const COUNTS = [1, 3, 9, 257, 600];

function repeatedTo(bytes: Uint8Array, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => bytes[i % bytes.length] ?? 0);
}

function factorsOf(count: number): Uint8Array {
  return repeatedTo(scalars(ORDER - 5n, ORDER / 3n, ORDER / 7n), 32 * count);
}

function stringsOf(count: number, length: number): { bytes: Uint8Array; offsets: Uint32Array } {
  return {
    bytes: bytesFromSeed('strings', count * length),
    offsets: Uint32Array.from({ length: count + 1 }, (_, i) => i * length),
  };
}

function rootedOf(count: number): [elements: Uint8Array, roots: Uint8Array] {
  const { elements } = knownElements(9);
  return [repeatedTo(elements, 32 * count), repeatedTo(rootsOf(elements), 32 * count)];
}

type Call = (engine: Engine, count: number, points: Points) => unknown;

const operations: [string, Call][] = [
  ['derive', (engine, count) => engine.derive(bytesFromSeed('wiped', 64 * count))],
  ['decode', (engine, count) => engine.decode(repeatedTo(knownElements(9).elements, 32 * count))],
  ['encode', (engine, _, points) => engine.encode(points)],
  ['encodeDouble', (engine, _, points) => engine.encodeDouble(points)],
  ['encodeWithRoots', (engine, _, points) => engine.encodeWithRoots(points)],
  ['encodeDoubleWithRoots', (engine, _, points) => engine.encodeDoubleWithRoots(points)],
  ['decodeWithRoots', (engine, count) => engine.decodeWithRoots(...rootedOf(count))],
  [
    'decodeWithRoots, with wrong ones',
    (engine, count) =>
      engine.decodeWithRoots(rootedOf(count)[0], repeatedTo(bytesFromSeed('wrong', 320), 32 * count)),
  ],
  ['areRoots', (engine, count) => engine.areRoots(...rootedOf(count))],
  ['add', (engine, _, points) => engine.add(points, points)],
  ['subtract', (engine, _, points) => engine.subtract(points, points)],
  ['multiplyHalf', (engine, _, points) => engine.multiplyHalf(points, scalars(ORDER - 2n))],
  ['multiplyFixed', (engine, count) => engine.multiplyFixed(GENERATOR, factorsOf(count))],
  [
    'multiplyFixed, another base',
    (engine, count) => engine.multiplyFixed(elementsOf(count), factorsOf(count)),
  ],
  ['multiScalarMultiply', (engine, count, points) => engine.multiScalarMultiply(points, factorsOf(count))],
  ['scalarsFromWide', (engine, count) => engine.scalarsFromWide(bytesFromSeed('wide', 64 * count))],
  [
    'subtractProduct',
    (engine) => engine.subtractProduct(scalars(ORDER - 2n), scalars(ORDER - 3n), scalars(ORDER - 5n)),
  ],
  [
    'sha512Each, short strings',
    (engine, count) =>
      engine.sha512Each(bytesFromSeed('prefix', 200), stringsOf(count, 77), bytesFromSeed('suffix', 150)),
  ],
  [
    'sha512Each, long strings',
    (engine, count) =>
      engine.sha512Each(bytesFromSeed('prefix', 5), stringsOf(Math.min(count, 5), 70_000), scalars(1)),
  ],
  [
    'sha512Each, a long suffix',
    (engine, count) =>
      engine.sha512Each(scalars(1), stringsOf(Math.min(count, 5), 9), bytesFromSeed('suffix', 3000)),
  ],
];

/** Elements of which one is none. */
function spoiledAt(index: number, count: number): Uint8Array {
  const elements = repeatedTo(knownElements(9).elements, 32 * count);
  elements.fill(0xff, 32 * index, 32 * (index + 1));
  return elements;
}

const refused: [string, Call][] = [
  ['decode, the first element', (engine) => engine.decode(spoiledAt(0, 5))],
  ['decode, after a whole part', (engine) => engine.decode(spoiledAt(300, 600))],
  [
    'decodeWithRoots, after a whole part',
    (engine) => engine.decodeWithRoots(spoiledAt(300, 600), rootedOf(600)[1]),
  ],
  ['areRoots, an element', (engine) => engine.areRoots(spoiledAt(3, 5), rootedOf(5)[1])],
  ['multiplyFixed, the base', (engine, count) => engine.multiplyFixed(spoiledAt(0, 1), factorsOf(count))],
  ['multiplyFixed, a scalar', (engine) => engine.multiplyFixed(GENERATOR, scalars(5, ORDER))],
  ['multiplyHalf, the scalar', (engine, _, points) => engine.multiplyHalf(points, scalars(ORDER))],
  ['subtractProduct, an operand', (engine) => engine.subtractProduct(scalars(7), scalars(9), scalars(ORDER))],
];

describe.each(['wasm', 'wasm-int'] as const)('what engine %s leaves in its memory', (name) => {
  const { engine, exports, remains } = watch(name);
  // Made by the same engine, elsewhere: points have one layout.
  const maker = loadEngineNamed(name).engine;
  const pointsFor = (count: number): Points => maker.derive(bytesFromSeed('points', 64 * count));

  it.each(operations)('is nothing secret after %s', (_, call) => {
    for (const count of COUNTS) {
      call(engine, count, pointsFor(count));
      expect(remains()).toBe(0);
    }
  });

  it.each(refused)('is nothing secret after a refused %s', (_, call) => {
    expect(() => call(engine, 9, pointsFor(9))).toThrow();
    expect(remains()).toBe(0);
  });

  it('is nothing secret when a multiplication by a key ends half way', () => {
    const points = pointsFor(600);
    let reads = 0;
    const unreadable: Points = {
      ...points,
      get bytes() {
        if (reads++ > 0) throw new TypeError('these bytes have been handed to another thread');
        return points.bytes;
      },
    };
    reads = 0;
    expect(() => engine.multiplyHalf(unreadable, scalars(ORDER - 2n))).toThrow(TypeError);
    expect(reads).toBe(2);
    expect(remains()).toBe(0);
  });

  it('is found if there is any: digits of a key, and points', () => {
    const memory = new Uint8Array(exports.memory.buffer);
    const { input, digits, pointsA } = exports;
    memory.set(scalars(ORDER - 2n), input.value);
    exports.prepareDigits(digits.value, input.value);
    expect(remains()).toBeGreaterThan(32);
    memory.fill(0, input.value, input.value + 32);
    memory.fill(0, digits.value, digits.value + 256);
    expect(remains()).toBe(0);
    exports.derive(pointsA.value, input.value, 1);
    expect(remains()).toBeGreaterThan(32);
  });
});
