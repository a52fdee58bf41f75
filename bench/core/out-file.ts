import { closeSync, existsSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { UsageError } from './usage.ts';

function refusal(path: string, cause: unknown): UsageError {
  const reason = (cause as { readonly code?: unknown }).code;
  return new UsageError(
    `--out ${path} can't be written (${String(reason)}); name a file in a folder that you may write to.`,
    { cause },
  );
}

/**
 * Find out, before minutes are spent on measuring, whether a file can be written. It is left as it was.
 * @throws UsageError when it can't
 */
export function checkOutFile(path: string): void {
  const isNew = !existsSync(path);
  try {
    closeSync(openSync(path, 'a'));
    if (isNew) rmSync(path);
  } catch (cause) {
    throw refusal(path, cause);
  }
}

/**
 * Write what was measured. Print it first: the file may have become impossible to write in the meantime.
 * @throws UsageError when it can't be written
 */
export function writeOutFile(path: string, text: string): void {
  try {
    writeFileSync(path, `${text}\n`);
  } catch (cause) {
    throw refusal(path, cause);
  }
}
