/** An open file. Lengths and positions are in bytes. */
export interface StoredFile {
  /** Reads into `target` from `position` until it is full or the file ends; gives the number of bytes read. */
  read(target: Uint8Array, position: number): Promise<number>;
  /** Writes all of `bytes` at `position`. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  length(): Promise<number>;
  truncate(length: number): Promise<void>;
  /** Returns when the content is on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * What this package asks of a file system. Everything a build does to the disk goes through here, so that a test can
 * stop it at any step. Failures are TokenSetErrors: `disk_full`, `storage_failed`, `build_locked`.
 */
export interface Storage {
  /** Makes a directory and those above it; a new one is for its owner only (0700). */
  makeDirectory(directory: string): Promise<void>;
  /** The names in a directory. */
  list(directory: string): Promise<string[]>;
  /** Makes a new file for its owner only (0600), in place of one that is there. */
  create(path: string): Promise<StoredFile>;
  open(path: string, access: 'read' | 'write'): Promise<StoredFile>;
  rename(from: string, to: string): Promise<void>;
  /** Removes a file; nothing happens if there is none. */
  remove(path: string): Promise<void>;
  /** Returns when the names in the directory are on the disk. */
  syncDirectory(directory: string): Promise<void>;
  /** Takes a lock that ends with the process at the latest, or throws `build_locked`. Gives what releases it. */
  lock(path: string): Promise<() => void>;
}
