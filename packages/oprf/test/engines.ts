import { loadEngineNamed, type Engine } from '@blindmatch/group';

/** The engines that everything here is tested over. */
export const engines: readonly Engine[] = ['wasm', 'wasm-int', 'noble'].map(
  (name) => loadEngineNamed(name).engine,
);

/** An engine some of whose operations are others, to get to what no honest one can be made to do. */
export function pretending(engine: Engine, operations: Partial<Engine>): Engine {
  return new Proxy(engine, {
    get: (target, name) => {
      const operation: unknown = Reflect.get(name in operations ? operations : target, name);
      return typeof operation === 'function' ? (operation.bind(target) as unknown) : operation;
    },
  });
}
