// Writes the engines' WebAssembly modules from their source: `node packages/group/wasm/build.ts`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { assembleModule } from './modules.ts';

const dist = new URL('../dist/', import.meta.url);
mkdirSync(dist, { recursive: true });
for (const variant of ['fma', 'int'] as const) {
  writeFileSync(new URL(`ristretto255-${variant}.wasm`, dist), assembleModule(variant));
}
