import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

/** A new file, readable by its owner only, that is written from its beginning to its end. */
export class SequentialFile {
  readonly #stream: WriteStream;
  readonly #finished: Promise<void>;

  /** A file that is there already makes the first `write` or `end` that waits for it reject. */
  constructor(path: string) {
    this.#stream = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
    this.#finished = finished(this.#stream);
    this.#finished.catch(() => undefined);
  }

  /** Resolves when there is room for more. The bytes must not change after the call. */
  async write(bytes: Uint8Array): Promise<void> {
    if (!this.#stream.write(bytes)) await Promise.race([once(this.#stream, 'drain'), this.#finished]);
  }

  /** Resolves when all of it is on the disk. */
  async end(): Promise<void> {
    this.#stream.end();
    await this.#finished;
  }

  /** Lets the file go, also in the midst of it. Safe to call after `end`. */
  destroy(): void {
    this.#stream.destroy();
  }
}
