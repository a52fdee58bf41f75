import type { EngineName } from './engine.ts';
import { chooseEngine, type LoadedEngine } from './engine-choice.ts';
import { GroupError } from './errors.ts';
import { compileModule, type CompiledModule } from './webassembly.ts';

export type { ByteStrings, Engine, EngineName, Points } from './engine.ts';
export type { LoadedEngine } from './engine-choice.ts';
export { GroupError } from './errors.ts';
export type { GroupErrorCode } from './errors.ts';

/** The name of each engine's module, as the built package has it. */
const FILES = [
  ['wasm', 'ristretto255-fma.wasm'],
  ['wasm-int', 'ristretto255-int.wasm'],
] as const;

async function fetchModule(name: 'wasm' | 'wasm-int', address: URL): Promise<CompiledModule | undefined> {
  const response = await fetch(address);
  if (!response.ok) {
    const message =
      `The server gives no WebAssembly module at ${address.href} (${response.status}); ` +
      "put the package's .wasm files there.";
    throw new GroupError('engine_unusable', message);
  }
  return compileModule(name, new Uint8Array(await response.arrayBuffer()));
}

/**
 * An engine for a page or a worker in a browser, chosen and tested like that of a Node.js process.
 * @param base the folder, with a slash at its end, in which the package's two .wasm files stand
 * @param asked the name of an engine that must be the one; nothing else is fetched then
 * @throws (rejects) GroupError `engine_unusable` for an unknown name, where the engine that was asked for can't run,
 *   or where a file is not there; a TypeError when the server can't be reached
 */
export async function fetchEngine(base: URL | string, asked?: EngineName): Promise<LoadedEngine> {
  const modules = new Map<string, CompiledModule | undefined>();
  const wanted = FILES.filter(([name]) => asked === undefined || asked === name);
  await Promise.all(
    wanted.map(async ([name, file]) => {
      modules.set(name, await fetchModule(name, new URL(file, base)));
    }),
  );
  return chooseEngine(asked, (name) => modules.get(name));
}
