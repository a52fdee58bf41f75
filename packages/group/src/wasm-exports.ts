import { GroupError } from './errors.ts';
import type { HashingExports } from './wasm-hashing.ts';
import type { ScalarExports } from './wasm-scalars.ts';
import { instantiateModule, type CompiledModule } from './webassembly.ts';

type Routine = (...numbers: number[]) => void;

/** A number that a module exports. */
interface Constant {
  readonly value: number;
}

/** What an engine's module exports; `packages/group/wasm` says at each routine what it does. */
export interface EngineExports extends HashingExports, ScalarExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly lanes: Constant;
  readonly batchElements: Constant;
  readonly pointBytes: Constant;
  readonly bucketBytes: Constant;
  readonly fixedTableBytes: Constant;
  readonly encodeDoubleStateBytes: Constant;
  readonly scratch: Constant;
  readonly scratchEnd: Constant;
  readonly input: Constant;
  readonly output: Constant;
  readonly roots: Constant;
  readonly flags: Constant;
  readonly pointsA: Constant;
  readonly pointsB: Constant;
  readonly states: Constant;
  readonly multiples: Constant;
  readonly multiplyWorkBytes: Constant;
  readonly digits: Constant;
  readonly windowDigits: Constant;
  readonly buckets: Constant;
  readonly fixedTables: Constant;
  readonly probeFusion: Routine;
  readonly decode: Routine;
  readonly decodeWithRoots: Routine;
  readonly derive: Routine;
  readonly encode: Routine;
  readonly encodeWithRoots: Routine;
  readonly encodeDouble: Routine;
  readonly encodeDoubleWithRoots: Routine;
  readonly addPoints: Routine;
  readonly subtractPoints: Routine;
  readonly multiply: Routine;
  readonly fillFixedTable: Routine;
  readonly multiplyFixed: Routine;
  readonly normalize: Routine;
  readonly recodeWindows: Routine;
  readonly clearBuckets: Routine;
  readonly addToBuckets: Routine;
  readonly sumBuckets: Routine;
  readonly doubleTimes: Routine;
  readonly combineLanes: Routine;
}

/** A name that every module of this version exports, and no other is likely to. */
const MARK = 'combineLanes';

/**
 * Instantiates a module that the generator wrote.
 * @throws GroupError `engine_unusable` for one that it did not write
 */
export function instantiate(module: CompiledModule): EngineExports {
  const exports = instantiateModule(module);
  if (!(MARK in exports)) {
    throw new GroupError('engine_unusable', 'This WebAssembly module is no engine; build the package again.');
  }
  return exports as unknown as EngineExports;
}
