import { loadEngineNamed } from '../src/node-engine.ts';
import { describeSoak } from './engine-soak.ts';

for (const name of ['wasm', 'wasm-int']) {
  describeSoak(loadEngineNamed(name).engine, { elements: 100_000, oneByOne: 2_000, seed: 'soak' });
}
