import { appendedNodes, leafHash, makeRoot, rootRecipe } from '@blindmatch/merkle';
import type { NodePlace } from '@blindmatch/merkle';

/**
 * The tree over leaves that are handed in one after another, with nothing kept but the newest perfect subtree of each
 * level: what appending and the root read. For whoever recomputes a log from its leaves.
 */
export class GrowingTree {
  readonly #newest = new Map<number, Uint8Array>();
  #size = 0;

  /** How many leaves it has. */
  get size(): number {
    return this.#size;
  }

  /** Appends a leaf's bytes. Gives the hashes of the perfect subtrees that it completes, from its own upwards. */
  append(leaf: Uint8Array): readonly Uint8Array[] {
    const nodes = appendedNodes(this.#size, leafHash(leaf), this.#read);
    for (const { level, hash } of nodes) this.#newest.set(level, hash);
    this.#size++;
    return nodes.map(({ hash }) => hash);
  }

  /** The root over all leaves so far; 32 bytes. */
  root(): Uint8Array {
    return makeRoot(rootRecipe(this.#size), this.#read);
  }

  // Only the newest subtree of a level is ever read: of an odd number of them it is the last, which has no sibling yet.
  readonly #read = ({ level }: NodePlace): Uint8Array => {
    const hash = this.#newest.get(level);
    if (hash === undefined)
      throw new RangeError(`a tree of ${this.#size} leaves has no node on level ${level}`);
    return hash;
  };
}
