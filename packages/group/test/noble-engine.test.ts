import { nobleEngine } from '../src/noble-engine.ts';
import { describeEngine } from './engine-suite.ts';

describeEngine(nobleEngine, { sums: [0, 1, 2, 3, 5, 31, 64, 257] });
