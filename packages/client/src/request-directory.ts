import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join, sep } from 'node:path';
import { CommandError } from '@blindmatch/terminal';
import { lockRequest, type RequestLock } from './request-lock.ts';

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
  /** Their roots, 32 bytes each. They follow from the elements, and the request does without them. */
  readonly blindedRoots: string;
  /** The records as they were read and the seed, sealed for those who may certify or audit the request. */
  readonly evidence: string;
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
    /** For each chunk whose tokens are on the disk, the mark that fits them. */
    readonly progress: string;
    /** What a command that works on the request holds locked. */
    readonly lock: string;
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
    blindedRoots: join(path, 'blinded-roots.bin'),
    evidence: join(path, 'evidence.age'),
    receipt: join(path, 'receipt.dsse.json'),
    private: {
      path: hidden,
      seed: join(hidden, 'seed'),
      records: join(hidden, 'records.ndjson'),
      tokens: join(hidden, 'tokens.bin'),
      progress: join(hidden, 'progress.bin'),
      lock: join(hidden, 'lock'),
    },
  };
}

/** A request's directory that this process alone works on. */
export interface ClaimedRequest {
  readonly files: RequestDirectory;
  readonly lock: RequestLock;
  /** Whether the directory itself was made for the request; one that the user made stays when the request goes. */
  readonly made: boolean;
}

/**
 * Makes the directory of a new request, readable by its owner only, and claims it. What a preparation that was killed
 * left there is cleared away, once no process has it claimed any more; nothing else ever is.
 *
 * @param inputs the files that the command reads, none of which may lie where the request goes
 * @throws CommandError `directory_not_empty` where something else is there, a whole request included;
 *   `request_under_way` where another process prepares a request there; `out_is_input`
 */
export function claimRequestDirectory(
  path: string,
  inputs: readonly (string | undefined)[] = [],
): ClaimedRequest {
  const files = requestFiles(path);
  const made = mkdirSync(path, { recursive: true, mode: 0o700 }) !== undefined;
  refuseInputsInside(path, inputs);
  refuseOthers(files);
  mkdirSync(files.private.path, { recursive: true, mode: 0o700 });
  const lock = lockNew(files);
  try {
    // The one who had it claimed until now may have finished it.
    refuseOthers(files);
    for (const leftover of [...publicFiles(files), ...privateFiles(files)]) rmSync(leftover, { force: true });
    chmodSync(path, 0o700);
    chmodSync(files.private.path, 0o700);
    return { files, lock, made };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** A file that the command reads would be taken for a leftover and cleared away. */
function refuseInputsInside(path: string, inputs: readonly (string | undefined)[]): void {
  const directory = realpathSync(path) + sep;
  for (const input of inputs) {
    if (input === undefined || !existsSync(input) || !realpathSync(input).startsWith(directory)) continue;
    throw new CommandError(
      'out_is_input',
      `${input} lies in ${path}, where the request goes; move it, or name another place for the request.`,
    );
  }
}

function lockNew(files: RequestDirectory): RequestLock {
  try {
    return lockRequest(files);
  } catch (cause) {
    if (!(cause instanceof CommandError)) throw cause;
    throw new CommandError(
      'request_under_way',
      `Another command prepares a request in ${files.path} at this moment; wait until it has ended, or name another path.`,
      undefined,
      { cause },
    );
  }
}

/** What a preparation writes before the manifest, which makes the request whole. */
function publicFiles(files: RequestDirectory): readonly string[] {
  return [files.epoch, files.blinded, files.blindedRoots, files.evidence];
}

function privateFiles({ private: hidden }: RequestDirectory): readonly string[] {
  return [hidden.seed, hidden.records];
}

/** Refuses a directory that holds anything else than a preparation that was begun: it is not ours to clear. */
function refuseOthers(files: RequestDirectory): void {
  const begun = [...publicFiles(files), files.private.path];
  const begunPrivately = [...privateFiles(files), files.private.lock];
  const holdsOthers = (directory: string, ours: readonly string[]): boolean =>
    readdirSync(directory).some((name) => !ours.includes(join(directory, name)));
  const allFiles = (paths: readonly string[]): boolean =>
    paths.every((path) => statSync(path, { throwIfNoEntry: false })?.isFile() !== false);
  const begunHere = (): boolean =>
    statSync(files.private.path).isDirectory() &&
    !holdsOthers(files.private.path, begunPrivately) &&
    allFiles([...publicFiles(files), ...begunPrivately]) &&
    // The lock is made before anything else, so files without one are somebody else's.
    (existsSync(files.private.lock) ||
      (readdirSync(files.private.path).length === 0 && readdirSync(files.path).length === 1));
  const ours =
    !holdsOthers(files.path, begun) &&
    (existsSync(files.private.path) ? begunHere() : readdirSync(files.path).length === 0);
  if (ours) return;
  throw new CommandError(
    'directory_not_empty',
    `${files.path} is not empty; name a new directory for the request.`,
  );
}

/**
 * Removes a request: its files name people, so they don't outlive their use. All that is in the directory is the
 * request's own, since it held nothing else when it was claimed.
 */
export function removeRequestDirectory({ files, made }: Pick<ClaimedRequest, 'files' | 'made'>): void {
  const paths = made ? [files.path] : readdirSync(files.path).map((name) => join(files.path, name));
  for (const path of paths) rmSync(path, { recursive: true, force: true });
}

/**
 * Clears a request that is done. What names people in the clear or would unblind the request goes, and what only submitting
 * needs; where evidence was sealed, what proves what was asked stays: manifest, epoch, elements, evidence and receipts.
 *
 * @returns whether anything stays
 */
export function clearDoneRequest(claimed: Pick<ClaimedRequest, 'files' | 'made'>): boolean {
  const { files } = claimed;
  if (!existsSync(files.evidence)) {
    removeRequestDirectory(claimed);
    return false;
  }
  rmSync(files.private.path, { recursive: true, force: true });
  rmSync(files.blindedRoots, { force: true });
  return true;
}

/**
 * Moves a request that is done and was cleared, if one is there, to a name with the first digits of its manifest's hash: it
 * proves what was asked, and another one is to take its place.
 */
export function setDoneRequestAside(path: string): void {
  const files = requestFiles(path);
  if (!existsSync(files.manifest) || existsSync(files.private.path)) return;
  const digest = createHash('sha256').update(readFileSync(files.manifest)).digest('hex').slice(0, 12);
  renameSync(path, `${path}.${digest}`);
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
