import { renameSync, rmSync, writeFileSync } from 'node:fs';

/** Writes a file for its owner only (0600), in place of one that is there, at one stroke. */
export function replaceFile(path: string, text: string): void {
  const next = `${path}.${process.pid}.new`;
  // Of an earlier process with this number, which was killed.
  rmSync(next, { force: true });
  try {
    writeFileSync(next, text, { mode: 0o600, flush: true, flag: 'wx' });
    renameSync(next, path);
  } catch (error) {
    rmSync(next, { force: true });
    throw error;
  }
}
