import { parentPort } from 'node:worker_threads';
import { GroupError } from './errors.ts';
import type { Handover, TaskAnswer, TaskFailure, TaskRequest, TaskTypes } from './tasks.ts';

/** One function for each task. What it throws reaches the caller of `WorkerPool.run`. */
export type TaskHandlers<Tasks extends TaskTypes<Tasks>> = {
  readonly [Name in keyof Tasks]: (input: Tasks[Name]['input']) => Handover<Tasks[Name]['output']>;
};

function describeFailure(error: unknown): TaskFailure {
  if (!(error instanceof Error))
    return { name: 'Error', message: String(error), code: undefined, index: undefined };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const index = 'index' in error && typeof error.index === 'number' ? error.index : undefined;
  return { name: error.name, message: error.message, code, index };
}

/**
 * Serve a `WorkerPool` from inside its worker module: call this once, at the top level. The pool sends one
 * task at a time, so a handler has the thread to itself and may keep state between calls.
 * @throws GroupError `task_failed` when called on the main thread
 */
export function serveTasks<Tasks extends TaskTypes<Tasks>>(handlers: TaskHandlers<Tasks>): void {
  const port = parentPort;
  if (port === null) throw new GroupError('task_failed', 'Call serveTasks from a worker thread.');
  const known: ReadonlyMap<string, (input: unknown) => Handover<unknown>> = new Map(Object.entries(handlers));
  port.on('message', (request: TaskRequest) => {
    try {
      const handler = known.get(request.task);
      if (handler === undefined)
        throw new GroupError('task_failed', `The worker has no task ${request.task}.`);
      const { value, transfer } = handler(request.input);
      const answer: TaskAnswer = { output: value };
      port.postMessage(answer, [...(transfer ?? [])]);
    } catch (error) {
      const answer: TaskAnswer = { failure: describeFailure(error) };
      port.postMessage(answer);
    }
  });
}
