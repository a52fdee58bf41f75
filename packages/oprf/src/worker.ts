// The module that runs in the threads of `createOprfPool`.
import { nobleEngine, serveTasks } from '@blindmatch/group';
import { oprfTaskHandlers, type OprfTasks } from './tasks.ts';

serveTasks<OprfTasks>(oprfTaskHandlers(nobleEngine));
