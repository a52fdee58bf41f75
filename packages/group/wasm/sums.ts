import { forEachBlock } from './batches.ts';
import { staticPlace } from './assembler.ts';
import type { PointArithmetic } from './points.ts';

/** Adds addPoints and subtractPoints(to, a, b, blocks). */
export function addSums(points: PointArithmetic): void {
  const { assembler } = points.field;
  const cached = points.cached(staticPlace(assembler.reserve(points.bytes)));
  for (const name of ['addPoints', 'subtractPoints'] as const) {
    assembler.routine(name, 4, (to, a, b, blocks) => {
      const walks = [to, a, b].map((from) => ({ from, step: points.bytes }));
      forEachBlock(assembler, blocks, walks, (...[result, first, second]) => {
        if (result === undefined || first === undefined || second === undefined) throw new RangeError();
        points.cache(cached, points.extended(second));
        if (name === 'addPoints') points.add(points.extended(result), points.extended(first), cached);
        else points.subtract(points.extended(result), points.extended(first), cached);
      });
    });
  }
}
