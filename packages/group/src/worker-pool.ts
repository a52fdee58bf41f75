import { Worker } from 'node:worker_threads';
import { GroupError, isGroupErrorCode } from './errors.ts';
import type { Handover, TaskAnswer, TaskFailure, TaskRequest, TaskTypes } from './tasks.ts';

/** How a pool is made. */
export interface WorkerPoolOptions {
  /** The worker module, which calls `serveTasks`. */
  readonly module: URL;
  /** Threads at most; each starts when the first task needs it. */
  readonly workers: number;
  /** Prepared tasks that may wait for a thread, beyond the one that each thread works on. */
  readonly queue: number;
  /**
   * Turn a failure back into the error that the task threw. A GroupError needs no help; whatever else this
   * gives undefined for (or without it) becomes `task_failed`.
   */
  readonly revive?: (failure: TaskFailure) => Error | undefined;
}

interface Call {
  readonly task: string;
  readonly prepare: () => Handover<unknown>;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: unknown) => void;
  prepared: Handover<unknown> | undefined;
  deaths: number;
}

interface Member {
  readonly worker: Worker;
  call: Call | undefined;
  lastError: unknown;
}

/**
 * A pool of worker threads that run the tasks of one module.
 *
 * Bound: at most `workers + queue` tasks are prepared, that is, have their input built and held here. A call
 * beyond that waits its turn, in order, and holds nothing but its `prepare` function; nothing is refused for
 * being one too many.
 *
 * Death: when a thread ends under a task, the task is prepared afresh and run once more in another thread;
 * when that ends too, the call fails with `worker_died`. A thread that ended is replaced when the next task
 * needs it.
 *
 * Idle threads don't keep the process alive.
 */
export class WorkerPool<Tasks extends TaskTypes<Tasks>> {
  readonly #options: WorkerPoolOptions;
  readonly #members = new Set<Member>();
  /** Calls without a prepared input, oldest first. */
  readonly #waiting: Call[] = [];
  /** Calls with a prepared input (or one to prepare afresh after a death), oldest first. */
  readonly #ready: Call[] = [];
  #closed: Promise<void> | undefined;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
  }

  /**
   * Run one task in a thread.
   * @param prepare builds the input. Buffers listed in `transfer` leave this thread for good, so list only
   *   such as nobody else holds. It is called when the task is admitted, and once more if its thread dies.
   * @throws (rejects) what the task threw, as `revive` gives it; GroupError `worker_died`, `pool_closed`,
   *   `task_failed`
   */
  run<Name extends keyof Tasks & string>(
    task: Name,
    prepare: () => Handover<Tasks[Name]['input']>,
  ): Promise<Tasks[Name]['output']> {
    if (this.#closed !== undefined) return Promise.reject(poolClosed());
    return new Promise<unknown>((resolve, reject) => {
      this.#waiting.push({ task, prepare, resolve, reject, prepared: undefined, deaths: 0 });
      this.#advance();
    });
  }

  /**
   * End all threads. Calls that have no answer yet are rejected with `pool_closed`. Safe to call again; every
   * call resolves when the last thread has ended.
   */
  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    const unanswered = [...this.#waiting.splice(0), ...this.#ready.splice(0)];
    const members = [...this.#members];
    for (const member of members) {
      if (member.call !== undefined) unanswered.push(member.call);
      member.call = undefined;
    }
    for (const call of unanswered) call.reject(poolClosed());
    await Promise.all(members.map((member) => member.worker.terminate()));
  }

  /** Admit and start whatever the bounds allow. Called after every change of state. */
  #advance(): void {
    if (this.#closed !== undefined) return;
    this.#admit();
    for (let member = this.#free(); member !== undefined; member = this.#free()) {
      const call = this.#ready.shift();
      if (call !== undefined) this.#start(member, call);
      this.#admit();
    }
  }

  #admit(): void {
    const busy = [...this.#members].filter((member) => member.call !== undefined).length;
    const room = this.#options.workers + this.#options.queue - busy;
    while (this.#ready.length < room) {
      const call = this.#waiting.shift();
      if (call === undefined) return;
      if (prepare(call)) this.#ready.push(call);
    }
  }

  /** A thread for the oldest ready call, if there is such a call and such a thread. */
  #free(): Member | undefined {
    if (this.#ready.length === 0) return undefined;
    for (const member of this.#members) if (member.call === undefined) return member;
    return this.#members.size < this.#options.workers ? this.#spawn() : undefined;
  }

  #start(member: Member, call: Call): void {
    if (call.prepared === undefined && !prepare(call)) return;
    const { value, transfer } = call.prepared ?? { value: undefined };
    call.prepared = undefined;
    const request: TaskRequest = { task: call.task, input: value };
    try {
      member.worker.postMessage(request, [...(transfer ?? [])]);
    } catch (error) {
      call.reject(error);
      return;
    }
    member.call = call;
    member.worker.ref();
  }

  #spawn(): Member {
    const worker = new Worker(this.#options.module);
    const member: Member = { worker, call: undefined, lastError: undefined };
    this.#members.add(member);
    worker.unref();
    worker.on('message', (answer: TaskAnswer) => {
      this.#answered(member, answer);
    });
    worker.on('error', (error: unknown) => {
      member.lastError = error;
    });
    worker.on('messageerror', (error) => {
      member.lastError = error;
      void worker.terminate(); // its 'exit' is what counts
    });
    worker.on('exit', () => {
      this.#ended(member);
    });
    return member;
  }

  #answered(member: Member, answer: TaskAnswer): void {
    const call = member.call;
    member.call = undefined;
    member.worker.unref();
    if ('failure' in answer) call?.reject(this.#revive(answer.failure));
    else call?.resolve(answer.output);
    this.#advance();
  }

  #ended(member: Member): void {
    this.#members.delete(member);
    const call = member.call;
    member.call = undefined;
    if (call !== undefined) {
      call.deaths += 1;
      if (call.deaths === 1) {
        this.#ready.unshift(call);
      } else {
        const message = `The worker threads of task ${call.task} ended twice; look at the cause and run it again.`;
        call.reject(new GroupError('worker_died', message, { cause: member.lastError }));
      }
    }
    this.#advance();
  }

  #revive(failure: TaskFailure): Error {
    const { name, message, code, index } = failure;
    if (name === 'GroupError' && isGroupErrorCode(code)) {
      return new GroupError(code, message, index === undefined ? {} : { index });
    }
    const revived = this.#options.revive?.(failure);
    return revived ?? new GroupError('task_failed', `A task failed in its worker: ${name}: ${message}`);
  }
}

/** Build the input of a call, or give its caller the error. */
function prepare(call: Call): boolean {
  try {
    call.prepared = call.prepare();
    return true;
  } catch (error) {
    call.reject(error);
    return false;
  }
}

function poolClosed(): GroupError {
  return new GroupError('pool_closed', 'The worker pool was closed; make another one to go on.');
}
