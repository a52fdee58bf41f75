import { chmodSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError, quoted } from '@blindmatch/terminal';

/** The files of one epoch. */
export interface EpochFiles {
  readonly epoch: number;
  readonly directory: string;
  /** The OPRF key, 0600. */
  readonly key: string;
  /** Where the build keeps its finished runs; gone once the set is written. */
  readonly build: string;
  readonly tokenSet: string;
  /** What the epoch was built from, in counts, for the holder alone. */
  readonly account: string;
  /** The signed descriptor. Invariant: it is written last, so an epoch that has one is whole. */
  readonly descriptor: string;
}

/** The layout of a holder's directory, in one place. Everything in it is the holder's own. */
export interface HolderDirectory {
  readonly path: string;
  /** The policy, meant to be read and edited by people. */
  readonly policy: string;
  /** The key that signs descriptors and receipts, 0600. */
  readonly identity: string;
  readonly publicIdentity: string;
  readonly ledger: string;
  /** There as soon as the ledger has a leaf, so that a ledger which is lost is told from one that never was. */
  readonly logBegun: string;
  epochFiles(epoch: number): EpochFiles;
  /** The numbers of the epochs that were begun, ascending. */
  epochs(): number[];
  /** The newest epoch that can be served, or undefined before the first build. */
  newestBuilt(): EpochFiles | undefined;
}

/**
 * Names the files of a holder's directory that exists.
 *
 * @throws CommandError `not_a_holder` for a directory that `init` did not make
 */
export function openHolderDirectory(path: string): HolderDirectory {
  const directory = layOut(path);
  if (!existsSync(path) || !statSync(path).isDirectory() || !existsSync(directory.policy)) {
    throw new CommandError(
      'not_a_holder',
      `${path} is not a holder's directory; make one with: blindmatchd init ${quoted(path)} --name "Tax Agency"`,
    );
  }
  return directory;
}

/**
 * Makes the empty directory of a new holder, readable by its owner only.
 *
 * @throws CommandError `directory_not_empty` where something is already there
 */
export function createHolderDirectory(path: string): HolderDirectory {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (readdirSync(path).length > 0) {
    throw new CommandError(
      'directory_not_empty',
      `${path} is not empty; name a new directory, since a holder's keys are never overwritten.`,
    );
  }
  chmodSync(path, 0o700);
  return layOut(path);
}

/** Makes the directory of an epoch where it is missing. */
export function createEpochDirectory(files: EpochFiles): void {
  mkdirSync(files.directory, { recursive: true, mode: 0o700 });
}

function layOut(path: string): HolderDirectory {
  const epochs = join(path, 'epochs');
  const epochFiles = (epoch: number): EpochFiles => {
    const directory = join(epochs, String(epoch));
    return {
      epoch,
      directory,
      key: join(directory, 'oprf.key'),
      build: join(directory, 'build'),
      tokenSet: join(directory, 'token-set.bmts'),
      account: join(directory, 'build.json'),
      descriptor: join(directory, 'epoch.dsse.json'),
    };
  };
  const begun = (): number[] =>
    existsSync(epochs)
      ? readdirSync(epochs)
          .filter((name) => /^[1-9][0-9]{0,8}$/.test(name))
          .map(Number)
          .sort((left, right) => left - right)
      : [];
  return {
    path,
    policy: join(path, 'holder.yaml'),
    identity: join(path, 'identity.pem'),
    publicIdentity: join(path, 'identity.pub.pem'),
    ledger: join(path, 'ledger.sqlite'),
    logBegun: join(path, 'log-begun'),
    epochFiles,
    epochs: begun,
    newestBuilt: () =>
      begun()
        .reverse()
        .map(epochFiles)
        .find((files) => existsSync(files.descriptor)),
  };
}
