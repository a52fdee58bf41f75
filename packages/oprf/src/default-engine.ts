import { loadEngine, type Engine } from '@blindmatch/group';

/**
 * The engine of this process: the fastest that works here, or the one that BLINDMATCH_ENGINE names.
 * @throws GroupError `engine_unusable` where that one is unknown or can't run
 */
export function defaultEngine(): Engine {
  return loadEngine().engine;
}
