import type { EngineName, Points } from './engine.ts';
import { GroupError } from './errors.ts';

/** How an engine lays out its points. */
export interface PointsLayout {
  readonly engine: EngineName;
  /** Bytes of so many points. */
  readonly bytes: (count: number) => number;
}

/**
 * How many points there are, after checking that they have this layout and, when given, are as many as `others`.
 * @throws GroupError `points_foreign`, `batch_length`
 */
export function checkPoints(layout: PointsLayout, points: Points, others?: Points): number {
  for (const batch of others === undefined ? [points] : [points, others]) {
    if (batch.engine !== layout.engine) {
      const message = `These points are of engine ${batch.engine}; decode the elements with ${layout.engine} again.`;
      throw new GroupError('points_foreign', message);
    }
    if (batch.bytes.length !== layout.bytes(batch.count)) {
      throw new GroupError('batch_length', 'These points are not whole; decode the elements again.');
    }
  }
  if (others !== undefined && others.count !== points.count) {
    const message = `Give as many points on both sides; got ${points.count} and ${others.count}.`;
    throw new GroupError('batch_length', message);
  }
  return points.count;
}
