import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import type { Storage, StoredFile } from './storage.ts';
import { TokenSetError } from './token-set-error.ts';

/** The real file system. */
export const diskStorage: Storage = {
  async makeDirectory(directory) {
    await attempt('make the directory', directory, () => mkdir(directory, { recursive: true, mode: 0o700 }));
  },
  list(directory) {
    return attempt('list', directory, () => readdir(directory));
  },
  async create(path) {
    await this.remove(path);
    return attempt('create', path, async () => new DiskFile(path, await open(path, 'wx+', 0o600)));
  },
  open(path, access) {
    const flags = access === 'read' ? 'r' : 'r+';
    return attempt('open', path, async () => new DiskFile(path, await open(path, flags)));
  },
  rename(from, to) {
    return attempt('rename', from, () => rename(from, to));
  },
  remove(path) {
    return attempt('remove', path, () => rm(path, { force: true }));
  },
  syncDirectory(directory) {
    return attempt('write', directory, async () => {
      const handle = await open(directory, 'r');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    });
  },
  async lock(path) {
    await attempt('lock', path, async () => {
      const handle = await open(path, 'a', 0o600);
      await handle.close();
    });
    return takeLock(path);
  },
};

/**
 * SQLite's exclusive lock on an empty database: the kernel holds it and drops it with the process, so a kill leaves no
 * stale lock and a reused process number can't be mistaken for its owner. The file itself stays.
 */
function takeLock(path: string): () => void {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: 0 });
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    const busy = error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
    if (!busy) throw storageError('lock', path, error);
    throw new TokenSetError(
      'build_locked',
      `Another process is building a token set with ${path}; wait until it ends or stop it.`,
      { cause: error },
    );
  }
  const held = database;
  return () => {
    if (held.isOpen) held.close();
  };
}

const SQLITE_BUSY = 5;

class DiskFile implements StoredFile {
  readonly #path: string;
  readonly #handle: FileHandle;

  constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
  }

  read(target: Uint8Array, position: number): Promise<number> {
    return attempt('read', this.#path, async () => {
      let done = 0;
      while (done < target.length) {
        const { bytesRead } = await this.#handle.read(target, done, target.length - done, position + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return done;
    });
  }

  write(bytes: Uint8Array, position: number): Promise<void> {
    return attempt('write', this.#path, async () => {
      let done = 0;
      while (done < bytes.length) {
        const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, position + done);
        done += bytesWritten;
      }
    });
  }

  length(): Promise<number> {
    return attempt('read', this.#path, async () => (await this.#handle.stat()).size);
  }

  truncate(length: number): Promise<void> {
    return attempt('write', this.#path, () => this.#handle.truncate(length));
  }

  sync(): Promise<void> {
    return attempt('write', this.#path, () => this.#handle.sync());
  }

  close(): Promise<void> {
    return attempt('close', this.#path, () => this.#handle.close());
  }
}

async function attempt<T>(action: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storageError(action, path, error);
  }
}

function storageError(action: string, path: string, cause: unknown): TokenSetError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new TokenSetError('disk_full', `The disk of ${path} is full; make room and start again.`, {
      cause,
    });
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new TokenSetError(
    'storage_failed',
    `Could not ${action} ${path} (${reason}); check the path and its permissions.`,
    {
      cause,
    },
  );
}
