import { createHash } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import {
  defaultEngine,
  generateKey,
  OprfError,
  packByteStrings,
  publicKeyOf,
  type Oprf,
} from '@blindmatch/oprf';
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
import { readPeople, understand, type ColumnMap, type Profile } from '@blindmatch/records';
import { CommandError, readPrivateKey, writePublicFile } from '@blindmatch/terminal';
import {
  checkIdentity,
  openTokenSetBuild,
  type TokenSetBuild,
  type TokenSetSummary,
} from '@blindmatch/tokenset';
import { createEpochDirectory, type EpochFiles, type HolderDirectory } from './holder-directory.ts';
import { readOprfKey, writeOprfKey } from './oprf-key-file.ts';
import type { Policy } from './policy.ts';
import { publishFile } from './publish-file.ts';
import type { SourceFile } from './source-file.ts';

/** Match keys that are evaluated in one call. */
const BATCH_KEYS = 512;
/** Calls under way at once, so that every worker has something to do. */
const BATCHES_IN_FLIGHT = 4;
/** A kill costs at most about this much work. */
const CHECKPOINT_MS = 2000;

/** What a build made, in counts only. */
export interface BuildAccount {
  readonly epoch: number;
  /** Rows of the source. */
  readonly people: number;
  /** Rows that gave no match key, by the reason's code. */
  readonly rejected: ReadonlyMap<string, number>;
  /** Match keys of all other rows. */
  readonly keys: number;
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
 * Builds the token set of a new epoch: canonicalises every person on file, evaluates the match keys under the epoch's
 * key, writes the set and, last of all, the signed descriptor. Memory does not grow with the number of people. After
 * a kill, the same call goes on from what was finished, if the source, the profile and the key are still the same.
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
    const build = await openTokenSetBuild(files.build, {
      source: buildIdentity(input, publicKey),
    });
    try {
      refuseBuiltEpoch(files);
      const resumedRows = build.completed;
      const counted = await addPeople(build, key, input);
      const tokenSet = await build.write(files.tokenSet, identityOfSet);
      const descriptor = encodeEpochDescriptor({
        holder: { name: input.policy.name, key: publicKeyToSpki(identity) },
        epoch: files.epoch,
        created: input.now(),
        suite: SUITE,
        publicKey,
        profile: {
          id: input.profile.id,
          hash: input.profile.hash,
          maxKeys: input.profile.maxKeysPerRecord,
        },
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
      // From then on the epoch is whole. Until then this build has the directory to itself and keeps its runs.
      publishFile(files.descriptor, (temporary) => {
        writePublicFile(temporary, envelope);
      });
      await build.dispose();
      return { epoch: files.epoch, resumedRows, tokenSet, ...counted };
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

/** What the runs of a build depend on: another source, profile, column map or key must not continue them. */
function buildIdentity(input: BuildInput, publicKey: Uint8Array): string {
  return createHash('sha256')
    .update(JSON.stringify([input.source.digest, input.profile.hash, input.columns ?? null, CANARY_COUNT]))
    .update(publicKey)
    .digest('hex');
}

interface Counted {
  readonly people: number;
  readonly keys: number;
  readonly rejected: ReadonlyMap<string, number>;
}

async function addPeople(build: TokenSetBuild, key: Uint8Array, input: BuildInput): Promise<Counted> {
  const queue = new EvaluationQueue(build, key, input);
  const rejected = new Map<string, number>();
  let people = 0;
  let keys = 0;
  const done = build.completed;
  const options = input.columns === undefined ? {} : { columns: input.columns };
  for await (const person of readPeople(input.source.path, options)) {
    people++;
    const understood = understand(input.profile, person);
    if (understood.kind === 'rejected') {
      rejected.set(understood.code, (rejected.get(understood.code) ?? 0) + 1);
      continue;
    }
    keys += understood.keys.length;
    if (people > done)
      await queue.add(
        understood.keys.map((matchKey) => matchKey.value),
        people,
      );
  }
  // A set of canaries alone would answer every question with "no match".
  if (keys === 0) {
    throw new CommandError(
      'nobody_on_file',
      `${input.source.path} holds nobody who can be found; check that it is the file of the people on file, with their names and addresses.`,
    );
  }
  // The canaries count as one more row after the last, so that a restart adds them once.
  if (people + 1 > done) {
    const canaries = Array.from({ length: CANARY_COUNT }, (_, index) => presentCanary(index));
    await queue.add(canaries, people + 1);
  }
  await queue.drain();
  return { people, keys, rejected };
}

/** Evaluates match keys in batches, several at once, and hands the outputs to the build in the order of the rows. */
class EvaluationQueue {
  readonly #build: TokenSetBuild;
  readonly #key: Uint8Array;
  readonly #oprf: Oprf;
  readonly #now: () => Date;
  readonly #onProgress: ((rows: number) => void) | undefined;
  #checkpointAt: number;
  #keys: string[] = [];
  #rows = 0;
  readonly #underway: { readonly outputs: Promise<Uint8Array>; readonly rows: number }[] = [];

  constructor(build: TokenSetBuild, key: Uint8Array, { oprf, now, onProgress }: BuildInput) {
    this.#build = build;
    this.#key = key;
    this.#oprf = oprf;
    this.#now = now;
    this.#onProgress = onProgress;
    this.#checkpointAt = now().getTime() + CHECKPOINT_MS;
  }

  async add(keys: readonly string[], rows: number): Promise<void> {
    this.#keys.push(...keys);
    this.#rows = rows;
    if (this.#keys.length >= BATCH_KEYS) await this.#evaluate();
  }

  async drain(): Promise<void> {
    if (this.#keys.length > 0) await this.#evaluate();
    while (this.#underway.length > 0) await this.#settleOldest();
  }

  async #evaluate(): Promise<void> {
    const outputs = this.#oprf.tokens(this.#key, packByteStrings(this.#keys));
    // Its failure is met when its turn comes; until then it must not count as unhandled.
    outputs.catch(() => undefined);
    this.#underway.push({ outputs, rows: this.#rows });
    this.#keys = [];
    if (this.#underway.length >= BATCHES_IN_FLIGHT) await this.#settleOldest();
  }

  async #settleOldest(): Promise<void> {
    const oldest = this.#underway.shift();
    if (oldest === undefined) return;
    await this.#build.add(await oldest.outputs, oldest.rows);
    this.#onProgress?.(oldest.rows);
    if (this.#now().getTime() < this.#checkpointAt) return;
    await this.#build.checkpoint();
    this.#checkpointAt = this.#now().getTime() + CHECKPOINT_MS;
  }
}
