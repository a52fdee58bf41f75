import { ENGINE_NAMES, type Engine, type EngineName } from './engine.ts';
import { GroupError } from './errors.ts';
import { isFused } from './fusion.ts';
import { nobleEngine } from './noble-engine.ts';
import { testEngine } from './self-test.ts';
import { createWasmEngine } from './wasm-engine.ts';
import { instantiate } from './wasm-exports.ts';
import type { CompiledModule } from './webassembly.ts';

/** What another thread needs to make the same engine: the compiled module is shared, not copied. */
export type EngineSource =
  { readonly name: 'noble' } | { readonly name: 'wasm' | 'wasm-int'; readonly module: CompiledModule };

/** An engine that has passed its self-test. */
export interface LoadedEngine {
  readonly engine: Engine;
  readonly source: EngineSource;
  /** Why it is not the fastest one, as a sentence for people; undefined when it is, or was asked for. */
  readonly notice: string | undefined;
}

/** The module of an engine, or undefined where this machine can't run it. */
export type CompileModule = (name: 'wasm' | 'wasm-int') => CompiledModule | undefined;

/**
 * Makes an engine from what another thread chose, and tests it.
 * @throws GroupError `engine_unusable`
 */
export function engineFrom(source: EngineSource): Engine {
  if (source.name === 'noble') return nobleEngine;
  const engine = createWasmEngine(source.name, source.module);
  testEngine(engine);
  return engine;
}

function isUsable(name: 'wasm' | 'wasm-int', module: CompiledModule | undefined): module is CompiledModule {
  return module !== undefined && (name === 'wasm-int' || isFused(instantiate(module)));
}

/**
 * Chooses an engine: the fast one where the processor and the compiler fuse multiply-adds, otherwise the one over
 * integers.
 * @param asked the name of an engine that must be the one
 * @throws GroupError `engine_unusable` for an unknown name, or where the engine that was asked for can't run
 */
export function chooseEngine(asked: string | undefined, compile: CompileModule): LoadedEngine {
  if (asked !== undefined && !isEngineName(asked)) {
    const message = `There is no engine ${asked}; set BLINDMATCH_ENGINE to one of ${ENGINE_NAMES.join(', ')}, or unset it.`;
    throw new GroupError('engine_unusable', message);
  }
  if (asked === 'noble') return { engine: nobleEngine, source: { name: 'noble' }, notice: undefined };
  for (const name of ['wasm', 'wasm-int'] as const) {
    if (asked !== undefined && asked !== name) continue;
    const module = compile(name);
    if (!isUsable(name, module)) continue;
    const source = { name, module };
    return {
      engine: engineFrom(source),
      source,
      notice: name === asked || name === 'wasm' ? undefined : SLOWER,
    };
  }
  throw new GroupError(
    'engine_unusable',
    asked === 'wasm'
      ? 'The wasm engine needs a fused multiply-add, which is not to be had here; unset BLINDMATCH_ENGINE.'
      : 'No engine in WebAssembly runs here; use a Node.js that has it.',
  );
}

const SLOWER =
  'This processor or JavaScript engine has no fused multiply-add for WebAssembly: the slower engine over integers is at work.';

function isEngineName(name: string): name is EngineName {
  return ENGINE_NAMES.some((known) => known === name);
}
