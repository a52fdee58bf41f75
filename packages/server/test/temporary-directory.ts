import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A directory for the tests of one file, gone when they are over. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'blindmatchd-'));
  afterAll(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  return directory;
}

/** The code of the error that `act` throws; undefined when it throws nothing. */
export function codeOf(act: () => unknown): string | undefined {
  return thrownBy(act)?.code;
}

/** The coded error that `act` throws; undefined when it throws nothing. */
export function thrownBy(act: () => unknown): (Error & { readonly code: string }) | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return error as Error & { readonly code: string };
    throw error;
  }
}
