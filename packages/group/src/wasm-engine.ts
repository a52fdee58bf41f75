import { countItems, countPairs, countRooted } from './batch.ts';
import {
  ELEMENT_BYTES,
  SCALAR_BYTES,
  UNIFORM_BYTES,
  type ByteStrings,
  type ElementsWithRoots,
  type Engine,
  type EngineName,
  type Points,
} from './engine.ts';
import { GroupError } from './errors.ts';
import { FixedTables } from './fixed-tables.ts';
import { checkPoints } from './points.ts';
import { checkOneScalar, checkScalars } from './scalars.ts';
import { planWindows, unionOfBits } from './window-plan.ts';
import { instantiate, type EngineExports } from './wasm-exports.ts';
import { sha512EachIn } from './wasm-hashing.ts';
import { scalarsFromWideIn, subtractProductIn } from './wasm-scalars.ts';
import type { CompiledModule } from './webassembly.ts';

/** A part of a batch that fits into the module's memory: items `start` to `start + items`, in so many blocks. */
interface Part {
  readonly start: number;
  readonly items: number;
  readonly blocks: number;
}

/** Bytes of the flag that the module sets for each element that it decodes. */
const FLAG_BYTES = 8;
/** Bytes of a digit in a multi-scalar multiplication. */
const WINDOW_DIGIT_BYTES = 2;
/** Bytes of the digits of a secret scalar. */
const DIGITS_BYTES = 256;

/**
 * The engine in WebAssembly. Batches go through the memory of a module, `batchElements` at a time; a block is
 * what the module works on side by side, and a batch is padded to whole blocks. The memory belongs to this object
 * alone. What stands in it is zero between calls, but for constants, tables, and the buckets and digits of sums,
 * which are public.
 *
 * It needs nothing of Node.
 */
class WasmEngine implements Engine {
  readonly name: EngineName;
  readonly #module: EngineExports;
  readonly #memory: Uint8Array;
  readonly #tables: FixedTables;
  readonly #lanes: number;
  readonly #pointBytes: number;

  constructor(name: EngineName, module: EngineExports) {
    this.name = name;
    this.#module = module;
    this.#memory = new Uint8Array(module.memory.buffer);
    this.#lanes = module.lanes.value;
    this.#pointBytes = module.pointBytes.value;
    const { fixedTables, fixedTableBytes } = module;
    this.#tables = new FixedTables([fixedTables.value, fixedTables.value + fixedTableBytes.value]);
  }

  derive(uniform: Uint8Array): Points {
    const count = countItems(uniform, UNIFORM_BYTES, 'uniform strings');
    const { derive, input, pointsA } = this.#module;
    return this.#makePoints(count, (part) => {
      this.#writeItems(input.value, uniform, UNIFORM_BYTES, part);
      derive(pointsA.value, input.value, part.blocks);
    });
  }

  decode(elements: Uint8Array): Points {
    const count = countItems(elements, ELEMENT_BYTES, 'elements');
    const points = this.#makePoints(count, (part) => {
      const refused = this.#decodePart(elements, part);
      if (refused !== undefined) throw elementInvalid(refused);
    });
    return { ...points, normalized: true };
  }

  /** Decodes into `pointsA`; gives the index of the first element that the gate refuses. */
  #decodePart(elements: Uint8Array, part: Part): number | undefined {
    const { decode, input, pointsA, flags } = this.#module;
    this.#writeItems(input.value, elements, ELEMENT_BYTES, part);
    decode(pointsA.value, input.value, flags.value, part.blocks);
    return this.#firstUnset(part);
  }

  /** The first item of a part whose flag is not set. */
  #firstUnset(part: Part): number | undefined {
    const flags = this.#module.flags.value;
    for (let i = 0; i < part.items; i++) {
      if (this.#memory[flags + FLAG_BYTES * i] === 0) return part.start + i;
    }
    return undefined;
  }

  decodeWithRoots(elements: Uint8Array, roots: Uint8Array): Points {
    const count = countRooted(elements, roots);
    const points = this.#makePoints(count, (part) => {
      if (this.#tryRoots(elements, roots, part)) return;
      // A wrong root, or a wrong element: without roots it shows which.
      const refused = this.#decodePart(elements, part);
      if (refused !== undefined) throw elementInvalid(refused);
    });
    return { ...points, normalized: true };
  }

  areRoots(elements: Uint8Array, roots: Uint8Array): boolean {
    const count = countRooted(elements, roots);
    return this.#wiping(count, () => {
      let all = true;
      this.#eachPart(count, (part) => {
        if (this.#tryRoots(elements, roots, part)) return;
        all = false;
        const refused = this.#decodePart(elements, part);
        if (refused !== undefined) throw elementInvalid(refused);
      });
      return all;
    });
  }

  /** Decodes into `pointsA` with the help of roots; the points are good when this gives true, and only then. */
  #tryRoots(elements: Uint8Array, roots: Uint8Array, part: Part): boolean {
    const { decodeWithRoots, input, pointsA, flags, roots: rootsArea } = this.#module;
    this.#writeItems(input.value, elements, ELEMENT_BYTES, part);
    this.#writeItems(rootsArea.value, roots, ELEMENT_BYTES, part);
    decodeWithRoots(pointsA.value, input.value, rootsArea.value, flags.value, part.blocks);
    return this.#firstUnset(part) === undefined;
  }

  encode(points: Points): Uint8Array {
    this.#check(points);
    const { encode, output, pointsA } = this.#module;
    return this.#makeElements(points.count, (part) => {
      this.#writePoints(pointsA.value, points, part);
      encode(output.value, pointsA.value, part.blocks);
    });
  }

  encodeWithRoots(points: Points): ElementsWithRoots {
    this.#check(points);
    const { encodeWithRoots, output, pointsA, roots } = this.#module;
    return this.#makeElementsWithRoots(points.count, (part) => {
      this.#writePoints(pointsA.value, points, part);
      encodeWithRoots(output.value, pointsA.value, roots.value, part.blocks);
    });
  }

  encodeDouble(points: Points): Uint8Array {
    this.#check(points);
    const { encodeDouble, output, pointsA, states } = this.#module;
    return this.#makeElements(points.count, (part) => {
      this.#writePoints(pointsA.value, points, part);
      encodeDouble(output.value, pointsA.value, states.value, part.blocks);
    });
  }

  encodeDoubleWithRoots(points: Points): ElementsWithRoots {
    this.#check(points);
    const { encodeDoubleWithRoots, output, pointsA, states, roots } = this.#module;
    return this.#makeElementsWithRoots(points.count, (part) => {
      this.#writePoints(pointsA.value, points, part);
      encodeDoubleWithRoots(output.value, pointsA.value, states.value, roots.value, part.blocks);
    });
  }

  add(a: Points, b: Points): Points {
    return this.#combine(this.#module.addPoints, a, b);
  }

  subtract(a: Points, b: Points): Points {
    return this.#combine(this.#module.subtractPoints, a, b);
  }

  #combine(routine: EngineExports['addPoints'], a: Points, b: Points): Points {
    const count = this.#check(a, b);
    const { pointsA, pointsB } = this.#module;
    return this.#makePoints(count, (part) => {
      this.#writePoints(pointsA.value, a, part);
      this.#writePoints(pointsB.value, b, part);
      routine(pointsA.value, pointsA.value, pointsB.value, part.blocks);
    });
  }

  multiplyHalf(points: Points, scalar: Uint8Array): Points {
    this.#check(points);
    checkOneScalar(scalar);
    const { prepareDigits, multiply, input, digits, pointsA, pointsB, multiples } = this.#module;
    return this.#makePoints(points.count, (part) => {
      this.#memory.set(scalar, input.value);
      prepareDigits(digits.value, input.value);
      this.#writePoints(pointsB.value, points, part);
      multiply(pointsA.value, pointsB.value, digits.value, multiples.value, part.blocks);
    });
  }

  multiplyFixed(base: Uint8Array, scalars: Uint8Array): Points {
    if (base.length !== ELEMENT_BYTES) {
      throw new GroupError('batch_length', `Give one base of 32 bytes; got ${base.length} bytes.`);
    }
    const table = this.#wiping(this.#lanes, () =>
      this.#tables.find(base, (address) => {
        this.#fillTable(address, base);
      }),
    );
    checkScalars(scalars, 'allowed');
    const { multiplyFixed, input, pointsA } = this.#module;
    return this.#makePoints(scalars.length / SCALAR_BYTES, (part) => {
      this.#writeItems(input.value, scalars, SCALAR_BYTES, part);
      multiplyFixed(pointsA.value, input.value, table, part.blocks);
    });
  }

  #fillTable(address: number, base: Uint8Array): void {
    const { fillFixedTable, pointsA, buckets } = this.#module;
    const copies = new Uint8Array(this.#lanes * ELEMENT_BYTES);
    for (let lane = 0; lane < this.#lanes; lane++) copies.set(base, lane * ELEMENT_BYTES);
    const refused = this.#decodePart(copies, { start: 0, items: this.#lanes, blocks: 1 });
    if (refused !== undefined) throw elementInvalid(0);
    fillFixedTable(address, pointsA.value, buckets.value);
  }

  multiScalarMultiply(points: Points, scalars: Uint8Array): Points {
    this.#check(points);
    countPairs(points.count, scalars);
    const union = unionOfBits(scalars);
    // Below 2^252, and so below ℓ, they all are when their union is.
    if ((union[SCALAR_BYTES - 1] ?? 0) >= 0x10) checkScalars(scalars, 'allowed');
    const module = this.#module;
    const [sum, groupSum] = [module.pointsA.value, module.pointsB.value];
    const buckets = module.buckets.value;
    const plan = planWindows(points.count, union);
    const groups = Math.ceil(plan.windows / this.#lanes);
    const slots = groups * this.#lanes;
    const bucketsOfWindow = (1 << plan.bits) + 1;
    const windowBytes = bucketsOfWindow * module.bucketBytes.value;
    return this.#wiping(points.count, () => {
      module.clearBuckets(buckets, slots * bucketsOfWindow);
      this.#eachPart(points.count, (part) => {
        this.#writePoints(sum, points, part);
        if (!points.normalized) module.normalize(sum, module.states.value, part.blocks);
        this.#writeItems(module.input.value, scalars, SCALAR_BYTES, part);
        const digits = module.windowDigits.value;
        this.#memory.fill(0, digits, digits + WINDOW_DIGIT_BYTES * slots * part.blocks * this.#lanes);
        module.recodeWindows(digits, module.input.value, plan.bits, plan.windows, slots, part.items);
        module.addToBuckets(sum, digits, buckets, windowBytes, groups, part.blocks);
      });
      for (let group = groups - 1; group >= 0; group--) {
        // Only the highest window has unsigned digits.
        const largest = 1 << (group === groups - 1 ? plan.bits : plan.bits - 1);
        const windows = buckets + group * this.#lanes * windowBytes;
        if (group === groups - 1) {
          module.sumBuckets(sum, windows, windowBytes, largest);
        } else {
          module.doubleTimes(sum, plan.bits * this.#lanes);
          module.sumBuckets(groupSum, windows, windowBytes, largest);
          module.addPoints(sum, sum, groupSum, 1);
        }
      }
      module.combineLanes(groupSum, sum, plan.bits);
      const bytes = this.#memory.slice(groupSum, groupSum + this.#pointBytes);
      return { engine: this.name, count: 1, normalized: false, bytes };
    });
  }

  scalarsFromWide(wide: Uint8Array): Uint8Array {
    return scalarsFromWideIn(this.#module, this.#memory, wide);
  }

  subtractProduct(a: Uint8Array, b: Uint8Array, c: Uint8Array): Uint8Array {
    return subtractProductIn(this.#module, this.#memory, a, b, c);
  }

  sha512Each(prefix: Uint8Array, strings: ByteStrings, suffix: Uint8Array): Uint8Array {
    return sha512EachIn(this.#module, this.#memory, prefix, strings, suffix);
  }

  // Moving batches in and out.

  #check(points: Points, others?: Points): number {
    return checkPoints({ engine: this.name, bytes: (count) => this.#bytesOf(count) }, points, others);
  }

  /** Bytes of so many points, in whole blocks. */
  #bytesOf(count: number): number {
    return Math.ceil(count / this.#lanes) * this.#pointBytes;
  }

  #eachPart(count: number, work: (part: Part) => void): void {
    const size = this.#module.batchElements.value;
    for (let start = 0; start < count; start += size) {
      const items = Math.min(size, count - start);
      work({ start, items, blocks: Math.ceil(items / this.#lanes) });
    }
  }

  /** Points that `work` leaves in `pointsA`, part by part. */
  #makePoints(count: number, work: (part: Part) => void): Points {
    const blockBytes = this.#pointBytes;
    const area = this.#module.pointsA.value;
    const bytes = new Uint8Array(this.#bytesOf(count));
    return this.#wiping(count, () => {
      this.#eachPart(count, (part) => {
        work(part);
        const made = this.#memory.subarray(area, area + part.blocks * blockBytes);
        bytes.set(made, (part.start / this.#lanes) * blockBytes);
      });
      return { engine: this.name, count, normalized: false, bytes };
    });
  }

  /** Encodings that `work` leaves in `output`, part by part. */
  #makeElements(count: number, work: (part: Part) => void): Uint8Array {
    const area = this.#module.output.value;
    const elements = new Uint8Array(count * ELEMENT_BYTES);
    return this.#wiping(count, () => {
      this.#eachPart(count, (part) => {
        work(part);
        const made = this.#memory.subarray(area, area + part.items * ELEMENT_BYTES);
        elements.set(made, part.start * ELEMENT_BYTES);
      });
      return elements;
    });
  }

  /** The same, and the roots that `work` leaves in `roots`. */
  #makeElementsWithRoots(count: number, work: (part: Part) => void): ElementsWithRoots {
    const area = this.#module.roots.value;
    const roots = new Uint8Array(count * ELEMENT_BYTES);
    const elements = this.#makeElements(count, (part) => {
      work(part);
      const made = this.#memory.subarray(area, area + part.items * ELEMENT_BYTES);
      roots.set(made, part.start * ELEMENT_BYTES);
    });
    return { elements, roots };
  }

  /** Writes bytes to an area, and zeros behind them up to `paddedBytes`. */
  #write(area: number, bytes: Uint8Array, paddedBytes: number): void {
    this.#memory.set(bytes, area);
    this.#memory.fill(0, area + bytes.length, area + paddedBytes);
  }

  #writeItems(area: number, items: Uint8Array, width: number, part: Part): void {
    const bytes = items.subarray(part.start * width, (part.start + part.items) * width);
    this.#write(area, bytes, part.blocks * this.#lanes * width);
  }

  #writePoints(area: number, points: Points, part: Part): void {
    const from = (part.start / this.#lanes) * this.#pointBytes;
    this.#memory.set(points.bytes.subarray(from, from + part.blocks * this.#pointBytes), area);
  }

  /** Overwrites what a call of so many items has used of the areas and all scratch memory, however the call ends. */
  #wiping<Result>(count: number, work: () => Result): Result {
    const module = this.#module;
    try {
      return work();
    } finally {
      const items = Math.min(count + this.#lanes, module.batchElements.value);
      const wipe = ({ value: area }: { readonly value: number }, bytes: number): void => {
        this.#memory.fill(0, area, area + items * bytes);
      };
      this.#memory.fill(0, module.scratch.value, module.scratchEnd.value);
      this.#memory.fill(0, module.digits.value, module.digits.value + DIGITS_BYTES);
      wipe(module.input, UNIFORM_BYTES);
      wipe(module.output, ELEMENT_BYTES);
      wipe(module.roots, ELEMENT_BYTES);
      wipe(module.flags, FLAG_BYTES);
      wipe(module.pointsA, this.#pointBytes / this.#lanes);
      wipe(module.pointsB, this.#pointBytes / this.#lanes);
      wipe(module.states, module.encodeDoubleStateBytes.value / this.#lanes);
      wipe(module.multiples, module.multiplyWorkBytes.value / this.#lanes);
    }
  }
}

function elementInvalid(index: number): GroupError {
  const message = 'An element is the identity or not a canonical ristretto255 encoding; refuse the batch.';
  return new GroupError('element_invalid', message, { index });
}

/**
 * An engine over an instance of its own of a compiled module. Whoever makes one tests it before use: a fused
 * multiply-add that is not fused gives wrong results silently (`testEngine`).
 * @throws GroupError `engine_unusable` for a module that is not of this package
 */
export function createWasmEngine(name: 'wasm' | 'wasm-int', module: CompiledModule): Engine {
  return new WasmEngine(name, instantiate(module));
}
