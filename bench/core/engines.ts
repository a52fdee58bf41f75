import { ENGINE_NAMES, loadEngineNamed, type Engine, type EngineName } from '@blindmatch/group';

import { UsageError } from './usage.ts';

/** @throws UsageError for a name that no engine has */
export function engineNameOf(text: string): EngineName {
  const name = ENGINE_NAMES.find((known) => known === text);
  if (name === undefined) {
    throw new UsageError(`There is no engine "${text}"; the engines are ${ENGINE_NAMES.join(', ')}.`);
  }
  return name;
}

/**
 * The one place where an engine is loaded.
 * @throws GroupError `engine_unusable` when it can't run here
 */
export function engineByName(name: EngineName): Engine {
  return loadEngineNamed(name).engine;
}
