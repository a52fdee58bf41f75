import { closeSync, constants, openSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { CommandError } from '@blindmatch/terminal';

/** What of a request's directory the lock needs: its name for the user, and the file to lock. */
interface LockedFiles {
  readonly path: string;
  readonly private: { readonly lock: string };
}

/** That this process, and no other, works on a request. */
export interface RequestLock {
  release(): void;
}

const SQLITE_BUSY = 5;

/**
 * Takes the lock of a request: SQLite's exclusive lock on an empty file in its private directory. The kernel drops it
 * with the process, so a kill leaves no stale lock, and a process number that is used again can't pass for its owner.
 * The file stays until the request is removed.
 *
 * @throws CommandError `request_busy`, `request_damaged` for a lock file that is something else
 */
export function lockRequest(files: LockedFiles): RequestLock {
  const path = files.private.lock;
  closeSync(openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600));
  const before = statSync(path).ino;
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    if (cause instanceof Error && 'errcode' in cause && cause.errcode === SQLITE_BUSY) {
      throw busy(files, cause);
    }
    throw new CommandError(
      'request_damaged',
      `${path} is not the lock of a request; remove it and try again.`,
      undefined,
      { cause },
    );
  }
  // Whoever held it before may have removed the request with its file; then this lock holds off nobody.
  if (statSync(path, { throwIfNoEntry: false })?.ino !== before) {
    database.close();
    throw busy(files);
  }
  return {
    release: () => {
      if (database.isOpen) database.close();
    },
  };
}

function busy(files: LockedFiles, cause?: unknown): CommandError {
  return new CommandError(
    'request_busy',
    `Another command works on ${files.path} at this moment; wait until it has ended.`,
    undefined,
    { cause },
  );
}
