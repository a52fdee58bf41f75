import type { KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import {
  fingerprint,
  ProtocolError,
  publicKeyFromPem,
  publicKeyToPem,
  type Checkpoint,
  type OpenEpoch,
} from '@blindmatch/protocol';
import { CommandError } from '@blindmatch/terminal';
import { CheckpointFile } from './checkpoint-file.ts';
import { keepFile } from './kept-file.ts';
import { RememberedEpochs } from './remembered-epochs.ts';

/** Where the checkpoints of holders are remembered, unless the user names another directory. */
export function defaultCheckpointDirectory(): string {
  const base = process.env['XDG_STATE_HOME'];
  const state = base === undefined || base === '' ? join(homedir(), '.local', 'state') : base;
  return join(state, 'blindmatch', 'checkpoints');
}

/**
 * What this requester remembers of one holder's log: the last checkpoint in `<64 hex>.checkpoint`, and beside it the
 * holder's public key in `<64 hex>.pub.pem`, without which nobody could tell a damaged file from a log that was changed,
 * and the epochs that it was shown.
 */
export class RememberedCheckpoint {
  /** The fingerprint of the holder's identity key. */
  readonly holder: string;
  readonly #directory: string;
  readonly #file: CheckpointFile;
  readonly #epochs: RememberedEpochs;
  readonly #keyPath: string;

  /** @param holder the fingerprint of the holder's identity key */
  constructor(directory: string, holder: string) {
    this.#directory = directory;
    this.holder = holder;
    this.#file = new CheckpointFile(this.#beside('checkpoint'));
    this.#epochs = new RememberedEpochs((ending) => this.#beside(ending), holder);
    this.#keyPath = this.#beside('pub.pem');
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
   * @throws what `CheckpointFile.replace` throws; where that is `log_forked`, both checkpoints are kept
   */
  keep(earlier: Checkpoint | undefined, next: Checkpoint, holderKey: KeyObject): boolean {
    this.#make();
    const pem = publicKeyToPem(holderKey);
    // Before the checkpoint, which can't be read without it.
    if (!existsSync(this.#keyPath) || readFileSync(this.#keyPath, 'utf8') !== pem)
      keepFile(this.#keyPath, pem);
    try {
      return this.#file.replace(earlier, next, holderKey);
    } catch (error) {
      const held = error instanceof ProtocolError && error.code === 'log_forked' ? this.recall() : undefined;
      throw held === undefined ? error : this.keepContradiction(held, next, error as ProtocolError);
    }
  }

  /**
   * Remembers an epoch that the holder serves.
   *
   * @throws what `RememberedEpochs.keep` throws; CommandError `checkpoint_busy`
   */
  keepEpoch(epoch: OpenEpoch): void {
    this.#make();
    this.#file.locked(() => {
      this.#epochs.keep(epoch);
    });
  }

  /**
   * Keeps two checkpoints that the holder has signed and of which neither was shown to continue the other. Of one size, the
   * two by themselves prove to anybody that it showed two logs; of two sizes, its log has to be compared with both.
   *
   * @returns the error with where they are; the first one is left where it is what is remembered
   */
  keepContradiction(first: Checkpoint, second: Checkpoint, forked: ProtocolError): ProtocolError {
    const one = this.#isRemembered(first) ? this.path : this.#keepForked(first);
    const other = this.#keepForked(second);
    const worth = first.size === second.size ? 'prove it' : 'are what its log is to be compared with';
    const sentence = `${forked.message} The holder has signed both: ${one} and ${other} ${worth}.`;
    return new ProtocolError('log_forked', sentence, { cause: forked });
  }

  #isRemembered({ note }: Checkpoint): boolean {
    return existsSync(this.path) && readFileSync(this.path, 'utf8') === note;
  }

  #keepForked({ note, size, root }: Checkpoint): string {
    const path = this.#beside(`forked-${size}-${Buffer.from(root).toString('hex', 0, 8)}.checkpoint`);
    keepFile(path, note);
    return path;
  }

  #beside(ending: string): string {
    return join(this.#directory, `${this.holder.slice('sha256:'.length)}.${ending}`);
  }

  #make(): void {
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
  }

  #readKey(): KeyObject {
    if (!existsSync(this.#keyPath)) throw this.#keyDamaged();
    try {
      const key = publicKeyFromPem(readFileSync(this.#keyPath, 'utf8'));
      if (fingerprint(key) === this.holder) return key;
    } catch (cause) {
      if (!(cause instanceof ProtocolError)) throw cause;
    }
    throw this.#keyDamaged();
  }

  #keyDamaged(): CommandError {
    return new CommandError(
      'checkpoint_damaged',
      `${this.#keyPath} is not the key of the holder ${this.holder}, so ${this.path} can't be checked; put a copy of it back, or ask the holder for its public key.`,
    );
  }
}
