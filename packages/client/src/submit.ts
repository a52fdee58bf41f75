import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { GroupError, OprfError, packByteStrings, type Oprf } from '@blindmatch/oprf';
import {
  CHUNK_CANARIES,
  CHUNK_ELEMENTS,
  chunkLeaf,
  chunkLength,
  ChunkTree,
  ELEMENT_BYTES,
  MAX_IN_FLIGHT,
  openEpochDescriptor,
  openRequest,
  ProtocolError,
  type OpenEpoch,
  type OpenRequest,
} from '@blindmatch/protocol';
import { CommandError } from '@blindmatch/terminal';
import { layOutChunks, type PlannedChunk } from './chunk-plan.ts';
import type { HolderAddress } from './connect.ts';
import { HolderConnection } from './holder-connection.ts';
import { openProgress, type ProgressFile } from './progress-file.ts';
import type { RequestDirectory } from './request-directory.ts';
import { readSeed } from './request-seed.ts';
import { checkCanaries, writeResults, type ResultCounts } from './results.ts';
import { lookUpTokens } from './token-lookup.ts';
import type { TokenSetCache } from './token-set-cache.ts';

/** A prepared request as read from its directory. */
export interface StoredRequest {
  readonly files: RequestDirectory;
  readonly request: OpenRequest;
  readonly envelopeBytes: Uint8Array;
  readonly epoch: OpenEpoch;
}

export interface SubmitInput {
  readonly stored: StoredRequest;
  readonly address: HolderAddress;
  readonly cache: TokenSetCache;
  readonly out: string;
  readonly oprf: Oprf;
  /** Called as elements come back and are verified. */
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
 * Reads a prepared request back.
 *
 * @throws ProtocolError for a manifest or a descriptor that is not one
 */
export function readStoredRequest(files: RequestDirectory): StoredRequest {
  const envelopeBytes = readFileSync(files.manifest);
  const request = openRequest(envelopeBytes);
  const epoch = openEpochDescriptor(readFileSync(files.epoch), { holder: request.manifest.holder });
  return { files, request, envelopeBytes, epoch };
}

/**
 * Submits a signed request and writes its results. What came back before a failure is kept, so the same call goes on
 * where it was. Results are written only if everything was verified: each chunk's proof, the token set, the canaries.
 *
 * @throws ProtocolError, TokenSetError, CommandError
 */
export async function submitRequest(input: SubmitInput): Promise<SubmitAccount> {
  const { stored } = input;
  const { files, request, epoch } = stored;
  const { manifest } = request;
  if (request.envelope.signatures.length === 0) {
    throw new CommandError(
      'not_signed',
      `The request is not signed; have an official sign it with: blindmatch sign ${files.path} --key official.pem`,
    );
  }
  if (!existsSync(files.private.seed)) {
    throw new CommandError(
      'private_missing',
      `${files.private.path} is not here, and it is needed to read the answers; submit the request where it was prepared.`,
    );
  }
  const seed = readSeed(files.private.seed);
  const progress = openProgress(files, { chunks: manifest.chunks.count, elements: manifest.elements });
  try {
    const resumedElements = progress.doneElements;
    const exchanged = await exchange(input, seed, progress);
    const found = await lookUpTokens(
      progress.tokens(),
      exchanged.tokenSetPath,
      epoch.descriptor,
      input.cache,
    );
    const { canaries } = epoch.descriptor;
    checkCanaries(found, seed, canaries);
    const keys = manifest.elements - CHUNK_CANARIES * manifest.chunks.count;
    const outcomes = await writeResults(input.out, files.private.records, { found, seed, canaries, keys });
    const { bytesSent, bytesReceived, downloaded } = exchanged;
    return { outcomes, elements: manifest.elements, resumedElements, bytesSent, bytesReceived, downloaded };
  } finally {
    progress.close();
    seed.fill(0);
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
  if (cached !== undefined && progress.isComplete && existsSync(files.receipt)) {
    return { tokenSetPath: cached, bytesSent: 0, bytesReceived: 0, downloaded: false };
  }
  const tree = await readChunkTree(stored);
  const connection = await HolderConnection.open(address, request.manifest.epochId);
  try {
    await connection.request(stored.envelopeBytes);
    await evaluateChunks(input, connection, tree, seed, progress);
    const { envelopeBytes } = await connection.finish();
    writeFileSync(files.receipt, envelopeBytes, { mode: 0o600, flush: true });
    const tokenSetPath =
      cached ??
      (await cache.download(
        connection,
        tokenSet,
        Buffer.from(request.requestId).toString('hex', 0, 8),
        (bytes) => onDownloaded?.(bytes, tokenSet.bytes),
      ));
    const { sent, received } = connection.traffic;
    return { tokenSetPath, bytesSent: sent, bytesReceived: received, downloaded: cached === undefined };
  } finally {
    connection.close();
  }
}

/** The hash tree over the blinded chunks as they lie on the disk; it must be the one that was signed. */
async function readChunkTree({ files, request }: StoredRequest): Promise<ChunkTree> {
  const { elements, chunks } = request.manifest;
  const leaves: Uint8Array[] = [];
  const file = await open(files.blinded, 'r');
  try {
    for (let index = 0; index < chunks.count; index++) {
      leaves.push(chunkLeaf(index, await readChunk(file, index, elements)));
    }
  } finally {
    await file.close();
  }
  const tree = new ChunkTree(new Uint8Array(Buffer.concat(leaves)));
  if (Buffer.compare(tree.root, request.manifest.chunks.root) !== 0) throw damaged(files);
  return tree;
}

async function readChunk(file: FileHandle, index: number, elements: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(chunkLength(elements, index) * ELEMENT_BYTES);
  const start = index * CHUNK_ELEMENTS * ELEMENT_BYTES;
  for (let done = 0; done < bytes.length;) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, start + done);
    // A file that is too short gives a chunk of zeros, and the tree's root tells.
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes;
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
  const evaluate = async ({ index, inputs }: PlannedChunk): Promise<void> => {
    const blinded = await readChunk(blindedFile, index, elements);
    const answer = await connection.evaluate(index, blinded, tree.path(index));
    const context = { publicKey: descriptor.publicKey, epochId, chunkIndex: index };
    const job = { inputs: packByteStrings(inputs), seed, blinded, context };
    progress.keep(index, await finalize(oprf, { ...job, evaluated: answer.elements, proof: answer.proof }));
    onEvaluated?.(progress.doneElements, elements);
  };
  try {
    for await (const chunk of layOutChunks(files.private.records, seed, descriptor.canaries)) {
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
  }
}

/** Verifies and unblinds a chunk; an answer that is not what the key gives is the holder's fault and is named so. */
async function finalize(oprf: Oprf, job: Parameters<Oprf['finalize']>[0]): Promise<Uint8Array> {
  try {
    return await oprf.finalize(job);
  } catch (cause) {
    const wrong =
      (cause instanceof OprfError && cause.code === 'proof_invalid') ||
      (cause instanceof GroupError && cause.code === 'element_invalid');
    if (wrong) throw new ProtocolError('proof_invalid', undefined, { cause });
    throw cause;
  }
}

function damaged(files: RequestDirectory): CommandError {
  return new CommandError(
    'request_damaged',
    `${files.blinded} is not what was signed; prepare and sign the request again.`,
  );
}
