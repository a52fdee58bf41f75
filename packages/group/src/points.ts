import type { EngineName, Points } from './engine.ts';
import { GroupError } from './errors.ts';

/**
 * How many points there are, after checking that they are of this engine and, when given, as many as `others`.
 * @throws GroupError `points_foreign`, `batch_length`
 */
export function checkPoints(points: Points, engine: EngineName, others?: Points): number {
  for (const batch of others === undefined ? [points] : [points, others]) {
    if (batch.engine !== engine) {
      const message = `These points are of engine ${batch.engine}; decode the elements with ${engine} again.`;
      throw new GroupError('points_foreign', message);
    }
  }
  if (others !== undefined && others.count !== points.count) {
    const message = `Give as many points on both sides; got ${points.count} and ${others.count}.`;
    throw new GroupError('batch_length', message);
  }
  return points.count;
}
