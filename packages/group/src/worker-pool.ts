import { Worker } from 'node:worker_threads';
import { GroupError, isGroupErrorCode, taskAborted } from './errors.ts';
import { LaneQueue } from './lane-queue.ts';
import type { Handover, TaskAnswer, TaskFailure, TaskRequest, TaskTypes } from './tasks.ts';

/** How a pool is made. */
export interface WorkerPoolOptions {
  /** The worker module, which calls `serveTasks`. */
  readonly module: URL;
  /** What every thread finds in its `workerData`: a copy, but of a compiled WebAssembly module the module itself. */
  readonly workerData?: unknown;
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

/** For whom a task is run. */
export interface RunOptions {
  /** Aborted when nobody wants the result any more. */
  readonly signal?: AbortSignal;
  /** Whose task this is, compared by identity: those who wait take turns. Default: one lane for all. */
  readonly lane?: unknown;
}

/**
 * Left to itself V8 lets the young generation of a long-lived thread grow as long as the machine has memory. What a task
 * leaves behind dies young, so a small one costs no time and bounds what a thread takes, however long it works.
 */
const WORKER_LIMITS = { maxYoungGenerationSizeMb: 12 };

interface Call extends RunOptions {
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
 * beyond that waits its turn, and holds nothing but its `prepare` function; nothing is refused for being one
 * too many. Lanes take turns, so that whoever asks for much does not keep the others waiting; inside a lane the
 * order is that of the calls.
 *
 * Abort: a call whose signal is aborted while it waits is dropped at once. One that a thread works on goes on to
 * its end, since a thread can't be interrupted without losing it, and what it gives is dropped.
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
  /** Calls without a prepared input. */
  readonly #waiting = new LaneQueue<Call>();
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
   * @throws (rejects) what the task threw, as `revive` gives it; GroupError `task_aborted`, `worker_died`,
   *   `pool_closed`, `task_failed`
   */
  run<Name extends keyof Tasks & string>(
    task: Name,
    prepare: () => Handover<Tasks[Name]['input']>,
    { signal, lane }: RunOptions = {},
  ): Promise<Tasks[Name]['output']> {
    if (this.#closed !== undefined) return Promise.reject(poolClosed());
    if (signal === undefined) return this.#enqueue({ task, prepare, lane });
    if (signal.aborted) return Promise.reject(taskAborted());
    return this.#enqueue({ task, prepare, lane, signal });
  }

  async #enqueue(asked: RunOptions & Pick<Call, 'task' | 'prepare'>): Promise<unknown> {
    let abort: (() => void) | undefined;
    try {
      return await new Promise<unknown>((resolve, reject) => {
        const call: Call = { ...asked, resolve, reject, prepared: undefined, deaths: 0 };
        abort = () => {
          this.#abort(call);
        };
        asked.signal?.addEventListener('abort', abort);
        this.#waiting.push(call.lane, call);
        this.#advance();
      });
    } finally {
      if (abort !== undefined) asked.signal?.removeEventListener('abort', abort);
    }
  }

  #abort(call: Call): void {
    const prepared = this.#ready.indexOf(call);
    if (prepared >= 0) this.#ready.splice(prepared, 1);
    else if (!this.#waiting.remove(call.lane, call)) return;
    wipe(call);
    call.reject(taskAborted());
    this.#advance();
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
    const unanswered = [...this.#waiting.drain(), ...this.#ready.splice(0)];
    const members = [...this.#members];
    for (const member of members) {
      if (member.call !== undefined) unanswered.push(member.call);
      member.call = undefined;
    }
    for (const call of unanswered) {
      wipe(call);
      call.reject(poolClosed());
    }
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
    const worker = new Worker(this.#options.module, {
      workerData: this.#options.workerData,
      resourceLimits: WORKER_LIMITS,
    });
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
    if (call?.signal?.aborted === true) call.reject(taskAborted());
    else if ('failure' in answer) call?.reject(this.#revive(answer.failure));
    else call?.resolve(answer.output);
    this.#advance();
  }

  #ended(member: Member): void {
    this.#members.delete(member);
    const call = member.call;
    member.call = undefined;
    if (call !== undefined) {
      call.deaths += 1;
      if (call.signal?.aborted === true) {
        call.reject(taskAborted());
      } else if (call.deaths === 1) {
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

/** A prepared input that no thread gets: the buffers that are its own may hold secrets. */
function wipe(call: Call): void {
  for (const buffer of call.prepared?.transfer ?? []) new Uint8Array(buffer).fill(0);
  call.prepared = undefined;
}

function poolClosed(): GroupError {
  return new GroupError('pool_closed', 'The worker pool was closed; make another one to go on.');
}
