import { randomBytes } from 'node:crypto';
import { SCALAR_BYTES, type Engine } from '@blindmatch/group';
import { cutsOf, type Samples } from './leakage.ts';
import type { Subject } from './timing-subjects.ts';

/** Measurements whose inputs are prepared at once, before any of them is timed. */
const BLOCK = 1000;

/** Milliseconds of one block of runs, with the class of each. */
function measureBlock(
  engine: Engine,
  subject: Subject,
  fixed: Uint8Array,
  count: number,
): { readonly isFixed: boolean; readonly millis: number }[] {
  const classes = randomBytes(count);
  // Both classes come from the same place in memory and are read there for the first time in a while.
  const scalars = engine.scalarsFromWide(randomBytes(count * 2 * SCALAR_BYTES));
  classes.forEach((byte, i) => {
    if ((byte & 1) === 1) scalars.set(fixed, i * SCALAR_BYTES);
  });
  return Array.from(classes, (byte, i) => {
    const scalar = scalars.subarray(i * SCALAR_BYTES, (i + 1) * SCALAR_BYTES);
    const start = performance.now();
    subject.run(scalar);
    return { isFixed: (byte & 1) === 1, millis: performance.now() - start };
  });
}

/**
 * Time a subject with a fixed and with random scalars, the classes mixed at random.
 * @param count of each class, about: a coin is thrown for each of twice as many
 * @returns the samples, and cuts from as many measurements as a tenth of them, made before
 */
export function takeSamples(
  engine: Engine,
  subject: Subject,
  fixed: Uint8Array,
  count: number,
): { readonly samples: Samples; readonly cuts: readonly number[] } {
  const before = measureBlock(engine, subject, fixed, Math.max(100, Math.ceil(count / 5)));
  const samples = { fixed: [] as number[], random: [] as number[] };
  for (let left = 2 * count; left > 0; left -= BLOCK) {
    for (const { isFixed, millis } of measureBlock(engine, subject, fixed, Math.min(BLOCK, left))) {
      (isFixed ? samples.fixed : samples.random).push(millis);
    }
  }
  return { samples, cuts: cutsOf(before.map(({ millis }) => millis)) };
}
