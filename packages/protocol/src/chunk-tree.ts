/**
 * The hash tree over the chunks of a request, with RFC 6962 hashing (section 2.1), so that one root in the signed
 * manifest commits to every blinded element.
 */

import { createHash } from 'node:crypto';
import { nodeHash } from '@blindmatch/merkle';
import { DIGEST_BYTES } from './limits.ts';

const LEAF = Uint8Array.of(0);

/** The leaf hash of a chunk: SHA-256(0x00 ‖ u32be index ‖ elements); 32 bytes. */
export function chunkLeaf(index: number, elements: Uint8Array): Uint8Array {
  const hasher = new ChunkLeafHasher(index);
  hasher.update(elements);
  return hasher.digest();
}

/** The same leaf hash, from elements that come in pieces. */
export class ChunkLeafHasher {
  readonly #hash = createHash('sha256').update(LEAF);

  /** @param index the chunk's position, from 0 to 2^32 − 1; throws RangeError beyond. */
  constructor(index: number) {
    const position = Buffer.alloc(4);
    position.writeUInt32BE(index);
    this.#hash.update(position);
  }

  update(elements: Uint8Array): void {
    this.#hash.update(elements);
  }

  /** The leaf hash; the hasher can't be used after it. */
  digest(): Uint8Array {
    return new Uint8Array(this.#hash.digest());
  }
}

/** A tree over leaf hashes: 64 bytes of memory a chunk, every path without hashing again. */
export class ChunkTree {
  /** Number of leaves. */
  readonly count: number;
  /** From the leaves up; each level is 32 bytes a node. A node without a sibling is lifted unchanged. */
  readonly #levels: readonly Uint8Array[];

  /** @param leaves 32·count bytes of leaf hashes, at least one; throws RangeError otherwise. */
  constructor(leaves: Uint8Array) {
    if (leaves.length === 0 || leaves.length % DIGEST_BYTES !== 0) {
      throw new RangeError('a chunk tree needs one or more 32-byte leaf hashes');
    }
    this.count = leaves.length / DIGEST_BYTES;
    const levels: Uint8Array[] = [Uint8Array.from(leaves)];
    for (let level = leaves; level.length > DIGEST_BYTES;) {
      level = parents(level);
      levels.push(level);
    }
    this.#levels = levels;
  }

  /** RFC 6962 MTH over all leaves; 32 bytes. */
  get root(): Uint8Array {
    return Uint8Array.from(this.#levels.at(-1) ?? []);
  }

  /** RFC 6962 PATH (2.1.1) of leaf `index`, from the leaf's sibling up; 32 bytes a node. Throws RangeError. */
  path(index: number): Uint8Array {
    if (!Number.isSafeInteger(index) || index < 0 || index >= this.count) {
      throw new RangeError(`the chunk tree has no leaf ${index}`);
    }
    const nodes: Uint8Array[] = [];
    let position = index;
    for (const level of this.#levels) {
      const sibling = position ^ 1;
      if (level.length > DIGEST_BYTES && sibling * DIGEST_BYTES < level.length)
        nodes.push(node(level, sibling));
      position = position >>> 1;
    }
    return new Uint8Array(Buffer.concat(nodes));
  }
}

function parents(level: Uint8Array): Uint8Array {
  const count = level.length / DIGEST_BYTES;
  const above = new Uint8Array(Math.ceil(count / 2) * DIGEST_BYTES);
  for (let left = 0; left < count; left += 2) {
    const hash = left + 1 < count ? nodeHash(node(level, left), node(level, left + 1)) : node(level, left);
    above.set(hash, (left / 2) * DIGEST_BYTES);
  }
  return above;
}

function node(level: Uint8Array, position: number): Uint8Array {
  return level.subarray(position * DIGEST_BYTES, (position + 1) * DIGEST_BYTES);
}
