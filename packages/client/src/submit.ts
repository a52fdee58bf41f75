import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { packByteStrings, type Oprf } from '@blindmatch/oprf';
import { CHUNK_CANARIES, ELEMENT_BYTES, MAX_IN_FLIGHT, type ChunkTree } from '@blindmatch/protocol';
import { CommandError, quoted } from '@blindmatch/terminal';
import { withAccepted } from './accepted-request.ts';
import { MatchedRecords } from './accounting.ts';
import { insistOnInspector, sealAccounting } from './accounting-files.ts';
import type { ApprovalWait } from './approval-wait.ts';
import { BlindedRoots } from './blinded-roots.ts';
import { layOutChunks, type PlannedChunk } from './chunk-plan.ts';
import type { HolderAddress } from './connect.ts';
import type { HolderConnection } from './holder-connection.ts';
import { verifyPreparedRecords, type RecordFile } from './record-file.ts';
import { openProgress, type ProgressFile } from './progress-file.ts';
import { lockRequest, type RequestLock } from './request-lock.ts';
import { readSeed } from './request-seed.ts';
import { checkCanaries, writeResults, type Findings, type ResultCounts } from './results.ts';
import { hasReceipt, keepReceipt } from './stored-receipt.ts';
import { readChunk, readChunkTree, type StoredRequest } from './stored-request.ts';
import { lookUpTokens } from './token-lookup.ts';
import type { TokenSetCache } from './token-set-cache.ts';
import { tokensOfAnswer } from './verified-answer.ts';

export interface SubmitInput {
  readonly stored: StoredRequest;
  readonly address: HolderAddress;
  readonly cache: TokenSetCache;
  readonly out: string;
  readonly oprf: Oprf;
  /** The request's lock where the caller holds it; else it is taken for the time of the submission. */
  readonly lock?: RequestLock;
  /** Whom the accounting of the matches is to be sealed for, as the user named it; undefined for no accounting. */
  readonly inspector?: string;
  /** How to wait for somebody's approval at the holder; undefined to come back later. */
  readonly wait?: ApprovalWait;
  /** Called when the holder has accepted the request, on each connection that is needed. */
  readonly onAccepted?: () => void;
  /** Called as elements come back and as they are verified; an element between the two counts as half. */
  readonly onEvaluated?: (elements: number, total: number) => void;
  /** Called as the token set comes in. */
  readonly onDownloaded?: (bytes: number, total: number) => void;
}

/** What a submission did. */
export interface SubmitAccount {
  readonly outcomes: ResultCounts;
  readonly elements: number;
  /** Elements that an earlier submission had already brought back. */
  readonly resumedElements: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** False where the token set was in the cache. */
  readonly downloaded: boolean;
}

/**
 * Submits a signed request and writes its results. What came back before a failure is kept, so the same call goes on
 * where it was. Results are written only if everything was verified: the request's own files, each chunk's proof, the
 * token set, the canaries. With an inspector the accounting is sealed then, for `deliverAccounting`.
 *
 * @throws ProtocolError; TokenSetError; CommandError `not_signed`, `private_missing`, `inspector_unexpected`,
 *   `request_busy`, `request_damaged`, `approval_pending`, and what the connection throws
 */
export async function submitRequest(input: SubmitInput): Promise<SubmitAccount> {
  const { files, request, epoch } = input.stored;
  insistOnInspector(input.inspector, epoch.descriptor.inspector);
  if (request.envelope.signatures.length === 0) {
    throw new CommandError(
      'not_signed',
      `The request is not signed; have an official sign it with: blindmatch sign ${quoted(files.path)} --key official.pem`,
    );
  }
  if (!existsSync(files.private.seed)) {
    throw new CommandError(
      'private_missing',
      `${files.private.path} is not here, and it is needed to read the answers; submit the request where it was prepared.`,
    );
  }
  const lock = input.lock ?? lockRequest(files);
  const seed = readSeed(files.private.seed);
  try {
    return await submitLocked(input, seed);
  } finally {
    seed.fill(0);
    if (input.lock === undefined) lock.release();
  }
}

async function submitLocked(input: SubmitInput, seed: Uint8Array): Promise<SubmitAccount> {
  const { files, request, epoch } = input.stored;
  const { manifest } = request;
  const { canaries } = epoch.descriptor;
  const records = { path: files.private.records, seed };
  // What was changed must be found before its answer is kept, not only before results are written.
  await verifyPreparedRecords(records, manifest);
  const progress = openProgress(files, seed, {
    chunks: manifest.chunks.count,
    elements: manifest.elements,
  });
  try {
    const resumedElements = progress.doneElements;
    const exchanged = await exchange(input, seed, progress);
    const found = await lookUpTokens(
      progress.tokens(),
      exchanged.tokenSetPath,
      epoch.descriptor,
      input.cache,
    );
    checkCanaries(found, seed, canaries);
    const keys = manifest.elements - CHUNK_CANARIES * manifest.chunks.count;
    const outcomes = await writeAccounted(input, records, { found, canaries, keys });
    const { bytesSent, bytesReceived, downloaded } = exchanged;
    return { outcomes, elements: manifest.elements, resumedElements, bytesSent, bytesReceived, downloaded };
  } finally {
    progress.close();
  }
}

/** Writes the results, then seals their accounting where there is an inspector. */
async function writeAccounted(
  { stored, out, inspector }: SubmitInput,
  records: RecordFile,
  findings: Findings,
): Promise<ResultCounts> {
  if (inspector === undefined) return await writeResults(out, records, findings);
  const matched = new MatchedRecords(stored.request.manifest.records);
  try {
    const outcomes = await writeResults(out, records, {
      ...findings,
      onRecord: (tier, matches) => {
        matched.add(tier, matches);
      },
    });
    await sealAccounting(stored, matched, inspector);
    return outcomes;
  } finally {
    matched.wipe();
  }
}

interface Exchanged {
  readonly tokenSetPath: string;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly downloaded: boolean;
}

/** All that needs the holder: evaluations, receipt and token set. Nothing of it where all is here already. */
async function exchange(input: SubmitInput, seed: Uint8Array, progress: ProgressFile): Promise<Exchanged> {
  const { stored, address, cache, onDownloaded } = input;
  const { files, request, epoch } = stored;
  const { tokenSet } = epoch.descriptor;
  const cached = await cache.find(tokenSet);
  if (cached !== undefined && progress.isComplete && hasReceipt(stored)) {
    return { tokenSetPath: cached, bytesSent: 0, bytesReceived: 0, downloaded: false };
  }
  const tree = await readChunkTree(stored);
  await checkSeed(input, seed);
  let [bytesSent, bytesReceived] = [0, 0];
  const tokenSetPath = await withAccepted(stored, address, input.wait, async (connection) => {
    try {
      input.onAccepted?.();
      if (!progress.isComplete) await evaluateChunks(input, connection, tree, seed, progress);
      const { envelopeBytes } = await connection.finish();
      keepReceipt(files, envelopeBytes);
      const name = Buffer.from(request.requestId).toString('hex', 0, 8);
      return (
        cached ??
        (await cache.download(connection, tokenSet, name, (bytes) => onDownloaded?.(bytes, tokenSet.bytes)))
      );
    } finally {
      const { sent, received } = connection.traffic;
      bytesSent += sent;
      bytesReceived += received;
    }
  });
  return { tokenSetPath, bytesSent, bytesReceived, downloaded: cached === undefined };
}

/**
 * Checks that the private part belongs to what was signed: with the seed of another request every answer would come
 * out wrong, and the holder would be blamed for it.
 *
 * @throws CommandError `request_damaged`
 */
async function checkSeed({ stored, oprf }: SubmitInput, seed: Uint8Array): Promise<void> {
  const { files, request, epoch } = stored;
  const blindedFile = await open(files.blinded, 'r');
  try {
    const records = { path: files.private.records, seed };
    for await (const { index, inputs } of layOutChunks(records, epoch.descriptor.canaries)) {
      const { blinded: first } = await oprf.blind(packByteStrings(inputs.slice(0, 1)), seed, index);
      const blinded = await readChunk(blindedFile, index, request.manifest.elements);
      if (Buffer.compare(first, blinded.subarray(0, ELEMENT_BYTES)) === 0) return;
      throw new CommandError(
        'request_damaged',
        `${files.private.path} belongs to another request than ${files.manifest}; put the two together that prepare made.`,
      );
    }
  } finally {
    await blindedFile.close();
  }
}

/** Has every chunk evaluated that is not done yet, a few at once, and keeps their tokens as they are verified. */
async function evaluateChunks(
  input: SubmitInput,
  connection: HolderConnection,
  tree: ChunkTree,
  seed: Uint8Array,
  progress: ProgressFile,
): Promise<void> {
  const { stored, oprf, onEvaluated } = input;
  const { files, request, epoch } = stored;
  const { descriptor, epochId } = epoch;
  const { elements } = request.manifest;
  const underway = new Set<Promise<void>>();
  const blindedFile = await open(files.blinded, 'r');
  const roots = await BlindedRoots.open(files.blindedRoots, elements);
  // An element that has come back but is not verified yet counts as half done.
  let cameBack = 0;
  const report = (change: number): void => {
    cameBack += change;
    onEvaluated?.(progress.doneElements + Math.floor(cameBack / 2), elements);
  };
  const evaluate = async ({ index, inputs }: PlannedChunk): Promise<void> => {
    const blinded = await readChunk(blindedFile, index, elements);
    const answer = await connection.evaluate(index, blinded, tree.path(index));
    report(inputs.length);
    const context = { publicKey: descriptor.publicKey, epochId, chunkIndex: index };
    const asked = { inputs: packByteStrings(inputs), seed, blinded, blindedRoots: await roots.read(index) };
    const answered = { evaluated: answer.elements, evaluatedRoots: answer.roots, proof: answer.proof };
    progress.keep(index, await tokensOfAnswer(oprf, { ...asked, ...answered, context }));
    report(-inputs.length);
  };
  try {
    for await (const chunk of layOutChunks({ path: files.private.records, seed }, descriptor.canaries)) {
      if (progress.isDone(chunk.index)) continue;
      const task = evaluate(chunk).finally(() => underway.delete(task));
      task.catch(() => undefined);
      underway.add(task);
      if (underway.size >= MAX_IN_FLIGHT) await Promise.race(underway);
    }
    await Promise.all(underway);
  } catch (error) {
    // The first failure decides; what is still under way must not wait for a holder that may never answer.
    connection.close();
    await Promise.allSettled(underway);
    throw error;
  } finally {
    await blindedFile.close();
    await roots.close();
  }
}
