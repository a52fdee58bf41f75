// The module that runs in the threads of `createOprfPool`.
import { serveTasks } from '@blindmatch/group';
import { defaultEngine } from './default-engine.ts';
import { oprfTaskHandlers, type OprfTasks } from './tasks.ts';

serveTasks<OprfTasks>(oprfTaskHandlers(defaultEngine));
