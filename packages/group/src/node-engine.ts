import { readFileSync } from 'node:fs';
import { chooseEngine, type LoadedEngine } from './engine-choice.ts';
import { GroupError } from './errors.ts';
import { compileModule, type CompiledModule } from './webassembly.ts';

const FILES = { wasm: 'ristretto255-fma.wasm', 'wasm-int': 'ristretto255-int.wasm' };

/** The modules stand beside the built package; run from source (by a test), this file is one folder off. */
function compile(name: 'wasm' | 'wasm-int'): CompiledModule | undefined {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = new Uint8Array(readFileSync(new URL(`../dist/${FILES[name]}`, import.meta.url)));
  } catch (cause) {
    const message = `The module of the ${name} engine can't be read; build or install it again.`;
    throw new GroupError('engine_unusable', message, { cause });
  }
  return compileModule(name, bytes);
}

let loaded: LoadedEngine | undefined;

/**
 * The engine of this process, chosen and tested at the first call: the one that the environment variable
 * BLINDMATCH_ENGINE names (wasm, wasm-int, noble), or the fastest that works here.
 * @throws GroupError `engine_unusable` for an unknown name, or where the engine that was asked for can't run
 */
export function loadEngine(): LoadedEngine {
  loaded ??= chooseEngine(process.env['BLINDMATCH_ENGINE'] || undefined, compile);
  return loaded;
}

/** A fresh engine by its name, whatever the environment says; for comparing several. */
export function loadEngineNamed(name: string): LoadedEngine {
  return chooseEngine(name, compile);
}
