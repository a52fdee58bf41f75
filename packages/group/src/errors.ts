/**
 * Why this package refuses something. `protocol-spec/oprf.md` gives the meaning of the codes that reach the
 * wire.
 */
export type GroupErrorCode = (typeof CODES)[number];

const CODES = [
  'element_invalid',
  'scalar_invalid',
  'batch_length',
  'points_foreign',
  'engine_unusable',
  'task_failed',
  'task_aborted',
  'worker_died',
  'pool_closed',
] as const;

/**
 * Every error that this package throws on purpose. `index` is the position, in the batch that was passed in,
 * of the first item that is wrong; it is absent where no single item is to blame.
 */
export class GroupError extends Error {
  override readonly name = 'GroupError';
  readonly code: GroupErrorCode;
  readonly index: number | undefined;

  constructor(code: GroupErrorCode, message: string, details: { index?: number; cause?: unknown } = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.index = details.index;
  }
}

/** What a task is rejected with whose signal was aborted. */
export function taskAborted(): GroupError {
  return new GroupError('task_aborted', 'Nobody waits for this task any more; ask again to have it done.');
}

/** Whether a text, which came over the thread border, is one of the codes. */
export function isGroupErrorCode(code: string | undefined): code is GroupErrorCode {
  return CODES.some((known) => known === code);
}
