import type { ElementsWithRoots, Engine, Points } from '@blindmatch/group';
import { wiping } from './wiping.ts';

/**
 * Points times one long-lived secret scalar, encoded: 32·n bytes. The only way in which a key or the nonce of a
 * proof is multiplied, with the function below, the generator included: it is the one that an engine hardens.
 * @throws GroupError `scalar_invalid`, `batch_length`
 */
export function multiplySecret(engine: Engine, points: Points, scalar: Uint8Array): Uint8Array {
  return wiping((secret) => engine.encodeDouble(secret(engine.multiplyHalf(points, scalar))));
}

/** The same, with the root of each product, which follows from the product alone (`ElementsWithRoots`). */
export function multiplySecretWithRoots(
  engine: Engine,
  points: Points,
  scalar: Uint8Array,
): ElementsWithRoots {
  return wiping((secret) => engine.encodeDoubleWithRoots(secret(engine.multiplyHalf(points, scalar))));
}
