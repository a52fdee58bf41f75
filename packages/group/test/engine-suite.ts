import type { Engine } from '../src/engine.ts';
import { describeHashing } from './suite/hashing.ts';
import { describeMultiplications, describeSums } from './suite/multiplications.ts';
import { describeOwnership } from './suite/ownership.ts';
import { describePointOperations } from './suite/point-operations.ts';
import { describePublished } from './suite/published.ts';
import { describeRefusals } from './suite/refusals.ts';
import { describeRoots } from './suite/roots.ts';
import { describeScalarOperations } from './suite/scalar-operations.ts';

export interface EngineSuiteOptions {
  /** How many points are added up; a slow engine leaves the large ones out. */
  readonly sums?: readonly number[];
}

const SUMS = [0, 1, 2, 3, 4, 5, 31, 32, 63, 64, 65, 257, 1000];

/** What every engine does, whatever is inside. */
export function describeEngine(engine: Engine, { sums = SUMS }: EngineSuiteOptions = {}): void {
  describePublished(engine);
  describePointOperations(engine);
  describeRoots(engine);
  describeMultiplications(engine);
  describeSums(engine, sums);
  describeScalarOperations(engine);
  describeHashing(engine);
  describeOwnership(engine);
  describeRefusals(engine);
}
