import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a file for its owner only, in place of one of that name: whoever looks finds the earlier one or the whole new
 * one, also after a power cut.
 */
export function keepFile(path: string, bytes: Uint8Array | string): void {
  const next = `${path}.${process.pid}.new`;
  // What lies there is left of a command that was killed, or somebody's link to another file: it is never written to.
  rmSync(next, { force: true });
  try {
    writeFileSync(next, bytes, { flag: 'wx', mode: 0o600, flush: true });
    renameSync(next, path);
  } finally {
    rmSync(next, { force: true });
  }
  const directory = openSync(dirname(path), 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
