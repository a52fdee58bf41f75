import { readFileSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import {
  CHUNK_ELEMENTS,
  chunkLeaf,
  chunkLength,
  ChunkTree,
  ELEMENT_BYTES,
  openEpochDescriptor,
  openRequest,
  type OpenEpoch,
  type OpenRequest,
} from '@blindmatch/protocol';
import { CommandError } from '@blindmatch/terminal';
import type { RequestDirectory } from './request-directory.ts';

/** A prepared request as read from its directory. */
export interface StoredRequest {
  readonly files: RequestDirectory;
  readonly request: OpenRequest;
  readonly envelopeBytes: Uint8Array;
  readonly epoch: OpenEpoch;
}

/**
 * Reads a prepared request back: the manifest, and the epoch that it names.
 *
 * @throws ProtocolError for a manifest or a descriptor that is not one; CommandError `request_damaged` where the
 *   descriptor is of another epoch than the manifest names
 */
export function readStoredRequest(files: RequestDirectory): StoredRequest {
  const envelopeBytes = new Uint8Array(readFileSync(files.manifest));
  const request = openRequest(envelopeBytes);
  const { manifest } = request;
  const epoch = openEpochDescriptor(readFileSync(files.epoch), { holder: manifest.holder });
  // Who signs is shown the descriptor's epoch and signs the manifest's.
  if (Buffer.compare(epoch.epochId, manifest.epochId) !== 0) {
    throw new CommandError(
      'request_damaged',
      `${files.epoch} is of another epoch than the request; prepare the request again.`,
    );
  }
  return { files, request, envelopeBytes, epoch };
}

/**
 * The hash tree over the blinded chunks as they lie on the disk; it must be the one that was signed.
 *
 * @throws CommandError `request_damaged`
 */
export async function readChunkTree(stored: StoredRequest): Promise<ChunkTree> {
  const { files, request } = stored;
  const tree = new ChunkTree(await readChunkLeaves(stored));
  if (Buffer.compare(tree.root, request.manifest.chunks.root) === 0) return tree;
  throw new CommandError(
    'request_damaged',
    `${files.blinded} is not what was signed; prepare and sign the request again.`,
  );
}

/** The leaf hashes of the blinded chunks as they lie on the disk, 32 bytes each. */
export async function readChunkLeaves({ files, request }: StoredRequest): Promise<Uint8Array> {
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
  return new Uint8Array(Buffer.concat(leaves));
}

/**
 * The blinded elements of one chunk.
 *
 * @param elements the number of elements of the whole request
 */
export async function readChunk(file: FileHandle, index: number, elements: number): Promise<Uint8Array> {
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
