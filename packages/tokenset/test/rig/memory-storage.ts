import type { Storage, StoredFile } from '../../src/storage.ts';
import { TokenSetError } from '../../src/token-set-error.ts';

/** Thrown by every operation from the moment the machine "loses power". */
export class PowerLoss extends Error {}

interface Inode {
  data: Uint8Array;
  /** What a power loss surely keeps. */
  durable: Uint8Array;
}

/**
 * A file system in memory that knows what is on the disk and what is only in the cache. It can stop at any step, in
 * the middle of a write; `losePower` then keeps, of what was never synced, whatever `keeps` says.
 */
export class MemoryStorage implements Storage {
  /** Operations done. */
  steps = 0;
  /** The step at which power is lost. */
  stopAt = Infinity;
  /** The step at which, if it writes, the disk is full. */
  fullAt = Infinity;
  /** Whether syncing a file does what it says; false is the fault that a rig has to notice. */
  honestSync = true;
  readonly #live = new Map<string, Inode>();
  #durable = new Map<string, Inode>();
  readonly #locks = new Set<string>();

  /** The content of a file now. */
  content(path: string): Uint8Array | undefined {
    return this.#live.get(path)?.data;
  }

  /** The paths of all files now. */
  paths(): string[] {
    return [...this.#live.keys()].sort();
  }

  put(path: string, data: Uint8Array): void {
    const inode = { data, durable: data };
    this.#live.set(path, inode);
    this.#durable.set(path, inode);
  }

  /** Comes back after a power loss. `keeps` decides, once for each thing not synced, whether it was kept. */
  losePower(keeps: () => boolean): void {
    for (const path of new Set([...this.#live.keys(), ...this.#durable.keys()])) {
      const survivor = (keeps() ? this.#live : this.#durable).get(path);
      if (survivor === undefined) this.#live.delete(path);
      else this.#live.set(path, survivor);
    }
    for (const inode of new Set(this.#live.values())) {
      if (inode.data !== inode.durable && !keeps()) {
        inode.data = keeps() ? inode.data.slice(0, inode.data.length >> 1) : inode.durable;
      }
      inode.durable = inode.data;
    }
    this.#durable = new Map(this.#live);
    this.#locks.clear();
    this.stopAt = Infinity;
    this.fullAt = Infinity;
    this.steps = 0;
  }

  makeDirectory(): Promise<void> {
    return this.step(() => undefined);
  }

  list(directory: string): Promise<string[]> {
    return this.step(() =>
      this.paths().flatMap((path) =>
        path.startsWith(`${directory}/`) ? [path.slice(directory.length + 1)] : [],
      ),
    );
  }

  create(path: string): Promise<StoredFile> {
    return this.step(() => {
      const inode = { data: new Uint8Array(0), durable: new Uint8Array(0) };
      this.#live.set(path, inode);
      return new MemoryFile(this, inode);
    });
  }

  open(path: string): Promise<StoredFile> {
    return this.step(() => {
      const inode = this.#live.get(path);
      if (inode === undefined) throw new TokenSetError('storage_failed', `There is no ${path}.`);
      return new MemoryFile(this, inode);
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.step(() => {
      const inode = this.#live.get(from);
      if (inode === undefined) throw new TokenSetError('storage_failed', `There is no ${from}.`);
      this.#live.delete(from);
      this.#live.set(to, inode);
    });
  }

  remove(path: string): Promise<void> {
    return this.step(() => {
      this.#live.delete(path);
    });
  }

  syncDirectory(directory: string): Promise<void> {
    return this.step(() => {
      const inside = (path: string): boolean => path.slice(0, path.lastIndexOf('/')) === directory;
      for (const path of [...this.#durable.keys()].filter(inside)) this.#durable.delete(path);
      for (const [path, inode] of this.#live) if (inside(path)) this.#durable.set(path, inode);
    });
  }

  lock(path: string): Promise<() => void> {
    return this.step(() => {
      if (this.#locks.has(path)) throw new TokenSetError('build_locked', `${path} is locked.`);
      this.#locks.add(path);
      return () => {
        this.#locks.delete(path);
      };
    });
  }

  /** One operation; `torn` is what a write leaves behind when power is lost in the middle of it. */
  async step<T>(work: () => T, torn: () => void = () => undefined): Promise<T> {
    await Promise.resolve();
    this.steps++;
    if (this.steps === this.stopAt) torn();
    if (this.steps >= this.stopAt) throw new PowerLoss(`power lost at step ${this.stopAt}`);
    return work();
  }
}

class MemoryFile implements StoredFile {
  readonly #storage: MemoryStorage;
  readonly #inode: Inode;

  constructor(storage: MemoryStorage, inode: Inode) {
    this.#storage = storage;
    this.#inode = inode;
  }

  read(target: Uint8Array, position: number): Promise<number> {
    return this.#storage.step(() => {
      const part = this.#inode.data.subarray(position, position + target.length);
      target.set(part);
      return part.length;
    });
  }

  write(bytes: Uint8Array, position: number): Promise<void> {
    return this.#storage.step(
      () => {
        if (this.#storage.steps >= this.#storage.fullAt) {
          this.#write(bytes.subarray(0, bytes.length >> 1), position);
          throw new TokenSetError('disk_full', 'The disk is full; make room and start again.');
        }
        this.#write(bytes, position);
      },
      () => {
        this.#write(bytes.subarray(0, bytes.length >> 1), position);
      },
    );
  }

  length(): Promise<number> {
    return this.#storage.step(() => this.#inode.data.length);
  }

  truncate(length: number): Promise<void> {
    return this.#storage.step(() => {
      this.#inode.data = this.#inode.data.slice(0, length);
    });
  }

  sync(): Promise<void> {
    return this.#storage.step(() => {
      if (this.#storage.honestSync) this.#inode.durable = this.#inode.data;
    });
  }

  close(): Promise<void> {
    return this.#storage.step(() => undefined);
  }

  #write(bytes: Uint8Array, position: number): void {
    const data = new Uint8Array(Math.max(this.#inode.data.length, position + bytes.length));
    data.set(this.#inode.data);
    data.set(bytes, position);
    this.#inode.data = data;
  }
}
