import type { KeyObject } from 'node:crypto';
import { closeSync, constants, openSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { openCheckpoint, ProtocolError, type Checkpoint } from '@blindmatch/protocol';
import { CommandError } from '@blindmatch/terminal';
import { keepFile } from './kept-file.ts';

/** How long another process may take for what is done here under the lock, in milliseconds. */
const LOCK_DEADLINE_MS = 10_000;

/**
 * The last checkpoint of one log that somebody saw, in a file that holds the signed note and nothing else. A file that is
 * not there says that the log was never looked at; one that is damaged never does.
 *
 * Invariant: what the file holds is only ever replaced by a checkpoint that was shown to continue it.
 */
export class CheckpointFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * The checkpoint, whose signature is verified; undefined where the log was never looked at.
   *
   * @throws CommandError `checkpoint_damaged`
   */
  read(holderKey: KeyObject): Checkpoint | undefined {
    let note: string;
    try {
      note = readFileSync(this.path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
    try {
      return openCheckpoint(note, holderKey);
    } catch (cause) {
      if (cause instanceof ProtocolError) throw checkpointDamaged(this.path, cause);
      throw cause;
    }
  }

  /**
   * Puts `next` in the place of `earlier`, if that is what the file holds at this moment; several processes may do so at
   * once.
   *
   * @param earlier what was read before, and what `next` has been shown to continue
   * @returns false where the file holds another one by now, which stays: nobody has shown that `next` continues that
   * @throws ProtocolError `log_forked` where the other one is a different log of the same size; CommandError
   *   `checkpoint_damaged`, `checkpoint_busy`
   */
  replace(earlier: Checkpoint | undefined, next: Checkpoint, holderKey: KeyObject): boolean {
    if (earlier !== undefined && next.size < earlier.size) throw new RangeError('a log only grows');
    return this.locked(() => {
      const held = this.read(holderKey);
      if (held !== undefined && held.size === next.size) {
        if (equalRoots(held, next)) return true;
        throw new ProtocolError('log_forked');
      }
      const isEarlier =
        held === undefined || earlier === undefined
          ? held === earlier
          : held.size === earlier.size && equalRoots(held, earlier);
      if (isEarlier) keepFile(this.path, next.note);
      return isEarlier;
    });
  }

  /** Runs `act` while no other process is in here with the same file; the kernel gives the lock back after a kill. */
  locked<Result>(act: () => Result): Result {
    const path = `${this.path}.lock`;
    closeSync(openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600));
    const database = new DatabaseSync(path, { timeout: LOCK_DEADLINE_MS });
    try {
      try {
        database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
      } catch (cause) {
        throw new CommandError(
          'checkpoint_busy',
          `${path} can't be locked; wait until other commands have ended, or remove it if none runs.`,
          undefined,
          { cause },
        );
      }
      return act();
    } finally {
      database.close();
    }
  }
}

/** The error for a remembered checkpoint that can't be relied on; without it a change of the log would go unnoticed. */
function checkpointDamaged(path: string, cause?: unknown): CommandError {
  return new CommandError(
    'checkpoint_damaged',
    `${path} is not the checkpoint that the holder signed; put a copy of it back, or remove it if you accept that whatever the holder changed in its log until now goes unnoticed.`,
    undefined,
    { cause },
  );
}

function equalRoots(left: Checkpoint, right: Checkpoint): boolean {
  return Buffer.compare(left.root, right.root) === 0;
}
