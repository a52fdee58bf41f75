import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { checkOutputPath, type OutputKind } from './output-path.ts';

/** How much is gathered before it is written, in characters. */
const BLOCK = 65_536;

/**
 * A text file that a command writes line by line for its user; for its owner only. It appears under its name when it is
 * kept, whole; until then it is beside it under another.
 */
export class OutputFile {
  readonly path: string;
  readonly #next: string;
  readonly #file: number;
  #gathered: string;
  #open = true;

  /**
   * Begins the file with its kind's header, so that a place where it can't be written is told before any work.
   *
   * @param inputs the files that the command reads
   * @throws CommandError `out_is_directory`, `out_is_input`, `out_exists`; errors of the operating system, with the path
   */
  constructor(path: string, kind: OutputKind, inputs: readonly (string | undefined)[] = []) {
    checkOutputPath(path, kind, inputs);
    this.path = path;
    this.#gathered = kind.header;
    this.#next = `${path}.${process.pid}.new`;
    this.#file = this.#naming(() => openSync(this.#next, 'wx', 0o600));
  }

  /** Adds text: whole lines, each with its line feed. */
  add(text: string): void {
    this.#gathered += text;
    if (this.#gathered.length >= BLOCK) this.#write();
  }

  /** Gives the file its name, with all that was added on the disk. */
  keep(): void {
    this.#write();
    this.#naming(() => {
      fsyncSync(this.#file);
      this.#close();
      renameSync(this.#next, this.path);
    });
  }

  /** Removes what was written, unless it was kept. */
  discard(): void {
    this.#close();
    rmSync(this.#next, { force: true });
  }

  #write(): void {
    const bytes = Buffer.from(this.#gathered);
    this.#gathered = '';
    this.#naming(() => {
      for (let done = 0; done < bytes.length;) done += writeSync(this.#file, bytes, done);
    });
  }

  #close(): void {
    if (!this.#open) return;
    this.#open = false;
    closeSync(this.#file);
  }

  /** The user knows the file by its own name, and errors of an open file have none. */
  #naming<Result>(act: () => Result): Result {
    try {
      return act();
    } catch (error) {
      throw error instanceof Error ? Object.assign(error, { path: this.path }) : error;
    }
  }
}
