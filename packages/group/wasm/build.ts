// Writes the engines' WebAssembly modules from their source: `node packages/group/wasm/build.ts`. With `--digests`
// it writes down their digests as well, for a change that is meant to change them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { moduleDigests } from './digests.ts';
import { assembleModule } from './modules.ts';

const dist = new URL('../dist/', import.meta.url);
mkdirSync(dist, { recursive: true });
for (const variant of ['fma', 'int'] as const) {
  writeFileSync(new URL(`ristretto255-${variant}.wasm`, dist), assembleModule(variant));
}
if (process.argv[2] === '--digests') {
  const digests = `${JSON.stringify(moduleDigests(), undefined, 2)}\n`;
  writeFileSync(new URL('digests.json', import.meta.url), digests);
}
