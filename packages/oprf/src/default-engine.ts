import { nobleEngine, type Engine } from '@blindmatch/group';

/** The engine that this process and the threads of its pools use. */
export const defaultEngine: Engine = nobleEngine;
