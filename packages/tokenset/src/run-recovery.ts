import { join } from 'node:path';
import { sameBytes } from './header.ts';
import { findRun, isRunName } from './run-file.ts';
import type { Run } from './run-file.ts';
import type { Storage } from './storage.ts';

const CHECK_BUFFER_TOKENS = 16_384;

/** What a stopped build left behind that can be used. */
export interface FinishedRuns {
  /** Whole runs that follow each other from the first item of the source. */
  readonly runs: Run[];
  /** Whether a finished run was of no use and thrown away. */
  readonly discarded: boolean;
}

/**
 * Finds the runs in a build's directory that cover a beginning of its source without a gap, and removes every other
 * run. The removals are on the disk before this returns: a run that came back after a crash could be taken for the
 * continuation of runs it does not fit to.
 */
export async function findFinishedRuns(
  storage: Storage,
  directory: string,
  source: Uint8Array,
): Promise<FinishedRuns> {
  const names = (await storage.list(directory)).filter(isRunName).sort();
  const whole: Run[] = [];
  let discarded = false;
  for (const name of names) {
    const path = join(directory, name);
    const run = name.endsWith('.temp') ? undefined : await findRun(storage, path, CHECK_BUFFER_TOKENS);
    if (run !== undefined && sameBytes(run.source, source)) {
      whole.push(run);
      continue;
    }
    discarded ||= !name.endsWith('.temp');
    await storage.remove(path);
  }
  const runs: Run[] = [];
  // Of runs that begin alike the longest comes first: it was merged from the others, which a crash kept from removal.
  for (const run of whole.sort((a, b) => a.first - b.first || b.last - a.last)) {
    const before = runs.at(-1);
    if (before !== undefined && run.last <= before.last) {
      await storage.remove(run.path);
    } else if (
      run.first === (before?.last ?? -1) + 1 &&
      run.completedBefore === (before?.completedAfter ?? 0)
    ) {
      runs.push(run);
    } else {
      discarded = true;
      await storage.remove(run.path);
    }
  }
  if (names.length > 0) await storage.syncDirectory(directory);
  return { runs, discarded };
}
