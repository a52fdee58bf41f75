import { createHash } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { defaultEngine, generateKey, OprfError, publicKeyOf, type Oprf } from '@blindmatch/oprf';
import {
  CANARY_COUNT,
  CHUNK_ELEMENTS,
  encodeEnvelope,
  encodeEpochDescriptor,
  PAYLOAD_TYPES,
  presentCanary,
  publicKeyToSpki,
  signPayload,
  SUITE,
} from '@blindmatch/protocol';
import {
  AccountOfRecords,
  readPeople,
  understandPerson,
  type CalendarDate,
  type ColumnMap,
  type Profile,
} from '@blindmatch/records';
import { CommandError, readPrivateKey, writePublicFile } from '@blindmatch/terminal';
import {
  checkIdentity,
  openTokenSetBuild,
  type TokenSetBuild,
  type TokenSetSummary,
} from '@blindmatch/tokenset';
import { accountOf, keepAccount, type KeptAccount } from './build-account.ts';
import { dayOfBuild } from './build-day.ts';
import { EvaluationQueue } from './evaluation-queue.ts';
import { createEpochDirectory, type EpochFiles, type HolderDirectory } from './holder-directory.ts';
import { readOprfKey, writeOprfKey } from './oprf-key-file.ts';
import { Owners } from './owners.ts';
import { evidenceReadersOf, inspectorOf } from './pending-policy.ts';
import type { Policy } from './policy/policy.ts';
import { publishFile } from './publish-file.ts';
import type { SourceFile } from './source-file.ts';

/** What a build made, in counts only. */
export interface BuildAccount extends KeptAccount {
  readonly epoch: number;
  /** Rows that an earlier, interrupted build had already done. */
  readonly resumedRows: number;
  readonly tokenSet: TokenSetSummary;
}

export interface BuildInput {
  readonly directory: HolderDirectory;
  readonly policy: Policy;
  readonly profile: Profile;
  readonly source: SourceFile;
  readonly columns?: ColumnMap;
  readonly oprf: Oprf;
  readonly now: () => Date;
  /** Called with the number of rows whose match keys have been evaluated. */
  readonly onProgress?: (rows: number) => void;
}

/**
 * Builds the token set of a new epoch: canonicalises every person on file, evaluates the match keys of the answered
 * tiers under the epoch's key, leaves out those that belong to more than one person, writes the set and, last of all,
 * the signed descriptor. Memory does not grow with the number of people. After a kill, the same call goes on from what
 * was finished, if the source, the profile, the tiers and the key are still the same.
 *
 * @throws RecordsError for a source that can't be read; TokenSetError; CommandError `nobody_on_file`,
 *   `epoch_key_unusable`, `epoch_built` where another process built the epoch meanwhile, and of the keys
 */
export async function buildEpoch(input: BuildInput): Promise<BuildAccount> {
  const identity = readPrivateKey(input.directory.identity);
  await checkSource(input);
  const files = epochToBuild(input.directory);
  const { key, publicKey } = readKeyToBuildWith(files);
  try {
    const identityOfSet = { publicKey, epoch: files.epoch, maxElements: input.policy.maxElements };
    checkIdentity(identityOfSet);
    const inputs = inputsOf(input, publicKey);
    const today = dayOfBuild(files.build, inputs, input.now());
    const build = await openTokenSetBuild(files.build, { source: JSON.stringify([inputs, today]) });
    try {
      refuseBuiltEpoch(files);
      const resumedRows = build.completed;
      const records = await addPeople(build, key, today, input);
      const tokenSet = await build.write(files.tokenSet, identityOfSet);
      if (tokenSet.tokens <= CANARY_COUNT) throw nobodyApart(input);
      const account = accountOf(records, tokenSet.ambiguous);
      const descriptor = encodeEpochDescriptor({
        holder: { name: input.policy.name, key: publicKeyToSpki(identity) },
        epoch: files.epoch,
        created: input.now(),
        suite: SUITE,
        publicKey,
        profile: {
          id: input.profile.id,
          hash: input.profile.hash,
          maxKeys: input.profile.maxKeysPerRequest,
        },
        tiers: input.policy.answeredTiers,
        minimumOrderAgeDays: input.policy.minimumOrderAgeDays,
        evidenceReaders: evidenceReadersOf(input.policy),
        inspector: inspectorOf(input.policy),
        tokenSet: {
          digest: tokenSet.digest,
          bytes: tokenSet.length,
          tokens: tokenSet.tokens,
          bits: tokenSet.header.bits,
        },
        maxElements: input.policy.maxElements,
        chunkElements: CHUNK_ELEMENTS,
        canaries: { present: CANARY_COUNT, absent: CANARY_COUNT },
      });
      const envelope = encodeEnvelope(signPayload(PAYLOAD_TYPES.epochDescriptor, descriptor, identity));
      keepAccount(files.account, account);
      // From then on the epoch is whole. Until then this build has the directory to itself and keeps its runs.
      publishFile(files.descriptor, (temporary) => {
        writePublicFile(temporary, envelope);
      });
      await build.dispose();
      return { epoch: files.epoch, resumedRows, tokenSet, ...account };
    } finally {
      await build.close();
      // Nothing to go on from is left once the epoch is whole.
      if (existsSync(files.descriptor)) rmSync(files.build, { recursive: true, force: true });
    }
  } finally {
    key.fill(0);
  }
}

/** Reads the beginning of the source, so that one that is no list of people begins no epoch. */
async function checkSource({ source, columns }: BuildInput): Promise<void> {
  const people = readPeople(source.path, columns === undefined ? {} : { columns });
  await people.next();
  await people.return(undefined);
}

/** The epoch that was begun and has no descriptor yet, or else a new one with a key of its own. */
function epochToBuild(directory: HolderDirectory): EpochFiles {
  const newest = directory.epochs().at(-1) ?? 0;
  const begun = newest > 0 && !existsSync(directory.epochFiles(newest).descriptor);
  const files = directory.epochFiles(begun ? newest : newest + 1);
  if (!existsSync(files.key)) {
    try {
      beginEpoch(files);
    } catch (error) {
      // Another build that begins the same epoch was first; the lock says which of them goes on.
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
  return files;
}

/** The key of an epoch that has no descriptor yet; without a usable one nothing of the epoch is of any use. */
function readKeyToBuildWith(files: EpochFiles): { readonly key: Uint8Array; readonly publicKey: Uint8Array } {
  try {
    const key = readOprfKey(files.key);
    return { key, publicKey: publicKeyOf(defaultEngine(), key) };
  } catch (cause) {
    const unusable =
      cause instanceof OprfError || (cause instanceof CommandError && cause.code === 'oprf_key_invalid');
    if (!unusable) throw cause;
    throw new CommandError(
      'epoch_key_unusable',
      `Epoch ${files.epoch} was begun with a key file that is damaged, and nothing was published from it; remove the directory ${files.directory} and run the build again.`,
      undefined,
      { cause },
    );
  }
}

/** Between the choice of the epoch and the lock on its build, another process may have built all of it. */
function refuseBuiltEpoch(files: EpochFiles): void {
  if (!existsSync(files.descriptor)) return;
  throw new CommandError(
    'epoch_built',
    `Another process has just built epoch ${files.epoch}; run the build again if you want one more.`,
  );
}

/** Makes an epoch's directory and its OPRF key. */
export function beginEpoch(files: EpochFiles): void {
  createEpochDirectory(files);
  const key = generateKey(defaultEngine());
  try {
    writeOprfKey(files.key, key);
  } finally {
    key.fill(0);
  }
}

/** What the runs of a build depend on beside its day: with any of it changed they must not be continued. */
function inputsOf({ source, profile, columns, policy }: BuildInput, publicKey: Uint8Array): string {
  return createHash('sha256')
    .update(
      JSON.stringify([source.digest, profile.hash, columns ?? null, policy.answeredTiers, CANARY_COUNT]),
    )
    .update(publicKey)
    .digest('hex');
}

/** Adds the match keys of everybody and the canaries. Gives the account of all rows, those done before included. */
async function addPeople(
  build: TokenSetBuild,
  key: Uint8Array,
  today: CalendarDate,
  input: BuildInput,
): Promise<AccountOfRecords> {
  const owners = new Owners(key);
  try {
    const queue = new EvaluationQueue(build, key, input);
    const account = new AccountOfRecords();
    const rules = { profile: input.profile, tiers: input.policy.answeredTiers, today };
    const done = build.completed;
    const options = input.columns === undefined ? {} : { columns: input.columns };
    for await (const person of readPeople(input.source.path, options)) {
      const understood = understandPerson(person, rules);
      account.add(understood);
      if (understood.kind === 'rejected' || account.records <= done) continue;
      const owner = owners.ofPerson(understood.identity);
      const keys = understood.keys.map(({ value }) => ({ value, owner }));
      await queue.add(keys, account.records);
    }
    // A set of canaries alone would answer every question with "no match".
    if (account.keys === 0) throw nobodyFound(input);
    // The canaries count as one more row after the last, so that a restart adds them once.
    if (account.records + 1 > done) {
      const canaries = Array.from({ length: CANARY_COUNT }, (_, index) => ({
        value: presentCanary(index),
        owner: owners.ofCanary(index),
      }));
      await queue.add(canaries, account.records + 1);
    }
    await queue.drain();
    return account;
  } finally {
    owners.wipe();
  }
}

function nobodyFound({ source, policy }: BuildInput): CommandError {
  return new CommandError(
    'nobody_on_file',
    `${source.path} holds nobody who can be found in the answered tiers (${policy.answeredTiers.join(', ')}); check that it is the file of the people on file, with their names, addresses and, for name_address_dob, dates of birth.`,
  );
}

function nobodyApart({ source }: BuildInput): CommandError {
  return new CommandError(
    'nobody_on_file',
    `In ${source.path} every match key belongs to more than one person, so that nobody can be found; check that the file holds the people themselves, with what tells them apart.`,
  );
}
