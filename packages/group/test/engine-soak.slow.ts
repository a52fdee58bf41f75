import { nobleEngine } from '../src/noble-engine.ts';
import { describeSoak } from './engine-soak.ts';

// The reference engine against itself: that the soak holds for a right engine.
describeSoak(nobleEngine, { elements: 300, oneByOne: 30, seed: 'soak' });
