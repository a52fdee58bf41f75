import { randomBytes } from 'node:crypto';
import { SCALAR_BYTES, type Engine } from '@blindmatch/group';
import { shuffledClasses, type SampleClass } from './class-order.ts';
import { cutsOf, type Samples } from './leakage.ts';
import type { Subject } from './timing-subjects.ts';

/** Measurements whose inputs are prepared at once, before any of them is timed. */
const BLOCK = 1000;

/** Milliseconds of each of one block of runs, whose classes come in this order. */
function measureBlock(
  engine: Engine,
  subject: Subject,
  fixed: Uint8Array,
  classes: readonly SampleClass[],
): number[] {
  // Both classes come from the same place in memory and are read there for the first time in a while.
  const scalars = engine.scalarsFromWide(randomBytes(classes.length * 2 * SCALAR_BYTES));
  classes.forEach((sampleClass, i) => {
    if (sampleClass === 'fixed') scalars.set(fixed, i * SCALAR_BYTES);
  });
  return classes.map((_, i) => {
    const scalar = scalars.subarray(i * SCALAR_BYTES, (i + 1) * SCALAR_BYTES);
    const start = performance.now();
    subject.run(scalar);
    return performance.now() - start;
  });
}

/**
 * Time a subject with a fixed and with random scalars, the classes mixed at random.
 * @param count of each class
 * @returns as many samples of each class, and cuts from measurements made before: a tenth as many, 100 at least
 */
export function takeSamples(
  engine: Engine,
  subject: Subject,
  fixed: Uint8Array,
  count: number,
): { readonly samples: Samples; readonly cuts: readonly number[] } {
  const before = measureBlock(engine, subject, fixed, shuffledClasses(Math.max(50, Math.ceil(count / 10))));
  const samples = { fixed: [] as number[], random: [] as number[] };
  const order = shuffledClasses(count);
  for (let start = 0; start < order.length; start += BLOCK) {
    const classes = order.slice(start, start + BLOCK);
    const times = measureBlock(engine, subject, fixed, classes);
    classes.forEach((sampleClass, i) => samples[sampleClass].push(times[i] ?? NaN));
  }
  return { samples, cuts: cutsOf(before) };
}
