import { closeSync, fsyncSync, linkSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Gives a new file its name when it is whole and on the disk: whatever stops the process, the name has all of it or
 * does not exist. An existing file is never replaced.
 *
 * @param write makes the new file at the path that it is given, and forces it to the disk
 * @throws the operating system's error, EEXIST where the name is taken
 */
export function publishFile(path: string, write: (temporary: string) => void): void {
  const temporary = `${path}.${process.pid}.new`;
  // Of an earlier process with this number, which was killed.
  rmSync(temporary, { force: true });
  try {
    write(temporary);
    linkSync(temporary, path);
  } catch (error) {
    throw error instanceof Error ? Object.assign(error, { path }) : error;
  } finally {
    rmSync(temporary, { force: true });
  }
  const directory = openSync(dirname(path), 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
