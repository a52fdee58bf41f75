import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '@blindmatch/terminal';

/**
 * The files of one request, in one place. What lies directly in it may travel to the official who signs and to the
 * holder; what lies in `private/` names people or would unblind them, and never leaves the requester.
 */
export interface RequestDirectory {
  readonly path: string;
  /** The request manifest, a DSSE envelope; `sign` adds signatures to it. */
  readonly manifest: string;
  /** The epoch descriptor that the request was prepared for, as the holder signed it. */
  readonly epoch: string;
  /** The blinded elements, 32 bytes each, in order. */
  readonly blinded: string;
  /** The holder's signed receipt, once all was evaluated. */
  readonly receipt: string;
  readonly private: {
    readonly path: string;
    /** The 32-byte secret, in hex, that all blinds and canary positions of this request are derived from. */
    readonly seed: string;
    /** One line of JSON for each input line, in order: its match keys or why it was rejected. */
    readonly records: string;
    /** 16 bytes of OPRF output for each element, filled in as chunks come back. */
    readonly tokens: string;
    /** One byte for each chunk, 1 once its tokens are on the disk. */
    readonly progress: string;
  };
}

/** Names the files of a request. */
export function requestFiles(path: string): RequestDirectory {
  const hidden = join(path, 'private');
  return {
    path,
    manifest: join(path, 'manifest.dsse.json'),
    epoch: join(path, 'epoch.dsse.json'),
    blinded: join(path, 'blinded.bin'),
    receipt: join(path, 'receipt.dsse.json'),
    private: {
      path: hidden,
      seed: join(hidden, 'seed'),
      records: join(hidden, 'records.ndjson'),
      tokens: join(hidden, 'tokens.bin'),
      progress: join(hidden, 'progress.bin'),
    },
  };
}

/**
 * Makes the directory of a new request, readable by its owner only.
 *
 * @throws CommandError `directory_not_empty`
 */
export function createRequestDirectory(path: string): RequestDirectory {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (readdirSync(path).length > 0) {
    throw new CommandError(
      'directory_not_empty',
      `${path} is not empty; name a new directory for the request.`,
    );
  }
  chmodSync(path, 0o700);
  const files = requestFiles(path);
  mkdirSync(files.private.path, { mode: 0o700 });
  return files;
}

/** Removes a request: its files name people, so they don't outlive their use. */
export function removeRequestDirectory(files: RequestDirectory): void {
  rmSync(files.path, { recursive: true, force: true });
}

/**
 * Names the files of a request that `prepare` made.
 *
 * @throws CommandError `not_a_request`
 */
export function openRequestDirectory(path: string): RequestDirectory {
  const files = requestFiles(path);
  if (!existsSync(path) || !statSync(path).isDirectory() || !existsSync(files.manifest)) {
    throw new CommandError(
      'not_a_request',
      `${path} is not a prepared request; make one with: blindmatch prepare requests.csv … -o ${path}`,
    );
  }
  return files;
}
