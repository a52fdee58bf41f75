// The module that runs in the threads of `createOprfPool`, which hands each the engine that it has loaded itself.
import { workerData } from 'node:worker_threads';
import { engineFrom, serveTasks, type EngineSource } from '@blindmatch/group';
import { oprfTaskHandlers, type OprfTasks } from './tasks.ts';

serveTasks<OprfTasks>(oprfTaskHandlers(engineFrom(workerData as EngineSource)));
