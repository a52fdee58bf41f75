/** The check of one chunk against the manifest, which both sides make. */

import { verifyInclusion } from '@blindmatch/merkle';
import { chunkLeaf } from './chunk-tree.ts';
import { ELEMENT_BYTES, chunkLength } from './limits.ts';
import type { RequestManifest } from './manifest.ts';
import { ProtocolError } from './problem.ts';

/**
 * Throws `chunk_out_of_range` for an index that the request does not have, `chunk_mismatch` for a wrong size or an
 * inclusion path that does not lead to the manifest's root.
 */
export function checkChunk(
  chunk: { readonly index: number; readonly elements: Uint8Array; readonly path: Uint8Array },
  manifest: RequestManifest,
): void {
  const { index, elements, path } = chunk;
  if (elements.length !== chunkLength(manifest.elements, index) * ELEMENT_BYTES) {
    throw new ProtocolError('chunk_mismatch');
  }
  const { count, root } = manifest.chunks;
  if (!verifyInclusion(chunkLeaf(index, elements), index, count, path, root)) {
    throw new ProtocolError('chunk_mismatch');
  }
}
