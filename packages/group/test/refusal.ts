import { GroupError } from '../src/errors.ts';

/** Code and index with which `work` is refused; undefined when it is done. Any other error goes on its way. */
export function refusal(work: () => unknown): { code: string; index: number | undefined } | undefined {
  try {
    work();
  } catch (error) {
    if (!(error instanceof GroupError)) throw error;
    return { code: error.code, index: error.index };
  }
  return undefined;
}
