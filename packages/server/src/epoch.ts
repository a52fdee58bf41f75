import { readFileSync } from 'node:fs';
import { defaultEngine, publicKeyOf } from '@blindmatch/oprf';
import { fingerprint, openEpochDescriptor, type OpenEpoch } from '@blindmatch/protocol';
import { profileById } from '@blindmatch/records';
import { CommandError, quoted, readPublicKey } from '@blindmatch/terminal';
import { openTokenSet, TokenSetError, type TokenSetFile } from '@blindmatch/tokenset';
import type { EpochFiles, HolderDirectory } from './holder-directory.ts';
import { readOprfKey } from './oprf-key-file.ts';

/** A built epoch, opened to be served. Its parts are known to belong together. */
export interface ServedEpoch {
  readonly open: OpenEpoch;
  /** The epoch's OPRF key, 32 bytes, owned by whoever serves it and wiped by `close`. */
  readonly key: Uint8Array;
  readonly tokenSet: TokenSetFile;
  close(): Promise<void>;
}

/**
 * Reads an epoch's descriptor and checks that this holder signed it.
 *
 * @throws CommandError `epoch_damaged`
 */
export function readEpochDescriptor(directory: HolderDirectory, files: EpochFiles): OpenEpoch {
  const holder = fingerprint(readPublicKey(directory.publicIdentity));
  try {
    return openEpochDescriptor(readFileSync(files.descriptor), { holder });
  } catch (cause) {
    throw damaged(files, 'its descriptor is not one that this holder signed', cause);
  }
}

/**
 * Opens the newest built epoch: the descriptor is this holder's, the key is the one that it names, the token set is
 * the one that it names, and the profile is one that this program has.
 *
 * @throws CommandError `no_epoch` before the first build, `epoch_damaged`, `profile_unknown`
 */
export async function openNewestEpoch(directory: HolderDirectory): Promise<ServedEpoch> {
  const files = directory.newestBuilt();
  if (files === undefined) {
    throw new CommandError(
      'no_epoch',
      `${directory.path} has no token set yet; make one with: blindmatchd build ${quoted(directory.path)} --source people.csv`,
    );
  }
  const open = readEpochDescriptor(directory, files);
  const { descriptor } = open;
  if (profileById(descriptor.profile.id)?.hash !== descriptor.profile.hash) {
    throw new CommandError(
      'profile_unknown',
      `Epoch ${files.epoch} was built with other matching rules (${descriptor.profile.id}) than this program has; build a new epoch.`,
    );
  }
  const key = readOprfKey(files.key);
  try {
    if (Buffer.compare(publicKeyOf(defaultEngine(), key), descriptor.publicKey) !== 0) {
      throw damaged(files, 'its key is not the one that its descriptor names');
    }
    const tokenSet = await openServedSet(files, descriptor.tokenSet.digest);
    const close = async (): Promise<void> => {
      key.fill(0);
      await tokenSet.close();
    };
    return { open, key, tokenSet, close };
  } catch (error) {
    key.fill(0);
    throw error;
  }
}

/** Opens the token set; the package's own sentences are for a requester, who can fetch it again. */
async function openServedSet(files: EpochFiles, digest: Uint8Array): Promise<TokenSetFile> {
  try {
    return await openTokenSet(files.tokenSet, { digest });
  } catch (cause) {
    if (!(cause instanceof TokenSetError)) throw cause;
    throw damaged(files, `its token set is missing or is not the one that it names (${cause.code})`, cause);
  }
}

function damaged(files: EpochFiles, what: string, cause?: unknown): CommandError {
  return new CommandError(
    'epoch_damaged',
    `Epoch ${files.epoch} in ${files.directory} can't be used: ${what}; restore it from a backup or build a new epoch.`,
    undefined,
    { cause },
  );
}
