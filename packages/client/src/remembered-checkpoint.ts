import type { KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import {
  fingerprint,
  openCheckpoint,
  ProtocolError,
  publicKeyFromPem,
  publicKeyToPem,
  type Checkpoint,
} from '@blindmatch/protocol';
import { CommandError } from '@blindmatch/terminal';
import { CheckpointFile } from './checkpoint-file.ts';
import { keepFile } from './kept-file.ts';

/** Where the checkpoints of holders are remembered, unless the user names another directory. */
export function defaultCheckpointDirectory(): string {
  const base = process.env['XDG_STATE_HOME'];
  const state = base === undefined || base === '' ? join(homedir(), '.local', 'state') : base;
  return join(state, 'blindmatch', 'checkpoints');
}

/**
 * What this requester remembers of one holder's log: the last checkpoint in `<64 hex>.checkpoint`, and beside it the
 * holder's public key in `<64 hex>.pub.pem`, without which nobody could tell a damaged file from a log that was changed.
 */
export class RememberedCheckpoint {
  readonly #directory: string;
  readonly #holder: string;
  readonly #file: CheckpointFile;
  readonly #keyPath: string;

  /** @param holder the fingerprint of the holder's identity key */
  constructor(directory: string, holder: string) {
    const name = holder.slice('sha256:'.length);
    this.#directory = directory;
    this.#holder = holder;
    this.#file = new CheckpointFile(join(directory, `${name}.checkpoint`));
    this.#keyPath = join(directory, `${name}.pub.pem`);
  }

  /** The file that holds the checkpoint. */
  get path(): string {
    return this.#file.path;
  }

  /**
   * The last checkpoint of the holder; undefined where this requester never talked to it.
   *
   * @throws CommandError `checkpoint_damaged`
   */
  recall(): Checkpoint | undefined {
    return existsSync(this.path) ? this.#file.read(this.#readKey()) : undefined;
  }

  /**
   * Remembers `next`, which was shown to continue `earlier`.
   *
   * @returns false where another process has remembered something else meanwhile, which stays
   * @throws what `CheckpointFile.replace` throws
   */
  keep(earlier: Checkpoint | undefined, next: Checkpoint, holderKey: KeyObject): boolean {
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    const pem = publicKeyToPem(holderKey);
    // Before the checkpoint, which can't be read without it.
    if (!existsSync(this.#keyPath) || readFileSync(this.#keyPath, 'utf8') !== pem)
      keepFile(this.#keyPath, pem);
    return this.#file.replace(earlier, next, holderKey);
  }

  /**
   * Keeps a checkpoint that contradicts the remembered one beside it, if the holder has signed it: the two together prove
   * to anybody that the holder showed two logs. Gives the path; undefined where the holder has not signed it.
   */
  keepContradiction(note: string): string | undefined {
    let size: number;
    let root: Uint8Array;
    try {
      ({ size, root } = openCheckpoint(note, this.#readKey()));
    } catch (error) {
      if (error instanceof ProtocolError) return undefined;
      throw error;
    }
    const name = `${this.#holder.slice('sha256:'.length)}.forked-${size}-${Buffer.from(root).toString('hex', 0, 8)}`;
    const path = join(this.#directory, `${name}.checkpoint`);
    keepFile(path, note);
    return path;
  }

  #readKey(): KeyObject {
    if (!existsSync(this.#keyPath)) throw this.#keyDamaged();
    try {
      const key = publicKeyFromPem(readFileSync(this.#keyPath, 'utf8'));
      if (fingerprint(key) === this.#holder) return key;
    } catch (cause) {
      if (!(cause instanceof ProtocolError)) throw cause;
    }
    throw this.#keyDamaged();
  }

  #keyDamaged(): CommandError {
    return new CommandError(
      'checkpoint_damaged',
      `${this.#keyPath} is not the key of the holder ${this.#holder}, so ${this.path} can't be checked; put a copy of it back, or ask the holder for its public key.`,
    );
  }
}
