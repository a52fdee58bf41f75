import { nobleEngine } from '../src/noble-engine.ts';
import { describeEngine } from './engine-suite.ts';

describeEngine(nobleEngine);
