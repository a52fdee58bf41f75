import { loadEngineNamed } from '../src/node-engine.ts';
import { describeAgreement } from './engine-agreement.ts';
import { describeEngine } from './engine-suite.ts';

for (const name of ['wasm', 'wasm-int']) {
  const { engine } = loadEngineNamed(name);
  describeEngine(engine);
  describeAgreement(engine);
}
