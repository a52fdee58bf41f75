import type { Points } from '../src/engine.ts';
import { elementsOf } from './known-elements.ts';

/** The last point of a batch of the reference engine replaced by another, as by a lane that is not worked on. */
export function spoilPoints(points: Points): Points {
  if (points.count === 0) return points;
  const bytes = points.bytes.slice();
  bytes.set(elementsOf(77), bytes.length - 32);
  return { ...points, bytes };
}

/** One bit of the last item changed. */
export function spoilBytes(bytes: Uint8Array): Uint8Array {
  const spoiled = bytes.slice();
  if (spoiled.length > 0) spoiled[spoiled.length - 7]! ^= 8;
  return spoiled;
}
