/**
 * The tasks of a worker module: for each name, what goes in and what comes out. Both must survive a
 * structured clone.
 */
export type TaskTypes<Tasks> = {
  readonly [Name in keyof Tasks]: { readonly input: unknown; readonly output: unknown };
};

/**
 * A value that crosses the thread border, and the buffers that are handed over with it instead of being
 * copied.
 */
export interface Handover<Value> {
  readonly value: Value;
  readonly transfer?: readonly ArrayBuffer[];
}

/** An error in a form that survives the thread border. */
export interface TaskFailure {
  readonly name: string;
  readonly message: string;
  readonly code: string | undefined;
  readonly index: number | undefined;
}

/** What a worker answers to one task. */
export type TaskAnswer = { readonly output: unknown } | { readonly failure: TaskFailure };

/** What a worker is asked. */
export interface TaskRequest {
  readonly task: string;
  readonly input: unknown;
}
