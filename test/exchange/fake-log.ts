/** A holder's log in memory, with real hashes, proofs and checkpoints of every size that it has had. */

import type { KeyObject } from 'node:crypto';
import {
  appendedNodes,
  consistencyRecipe,
  inclusionRecipe,
  leafHash,
  makeProof,
  makeRoot,
  rootRecipe,
  type NodePlace,
} from '@blindmatch/merkle';
import {
  encodeLeaf,
  signCheckpoint,
  type Checkpoint,
  type LeafOf,
  type LoggedLeaf,
  type LogLeaf,
} from '@blindmatch/protocol';

export class FakeLog {
  /** Whose log it is: its checkpoints are signed with this key. */
  readonly #identity: KeyObject;
  readonly #leaves: LogLeaf[] = [];
  /** `level/index` → hash. */
  readonly #nodes = new Map<string, Uint8Array>();

  constructor(identity: KeyObject, leaves: readonly LogLeaf[] = []) {
    this.#identity = identity;
    for (const leaf of leaves) this.append(leaf);
  }

  get size(): number {
    return this.#leaves.length;
  }

  /** Appends a leaf and gives its index. */
  append(leaf: LogLeaf): number {
    const index = this.size;
    for (const { hash, ...place } of appendedNodes(index, leafHash(encodeLeaf(leaf)), this.#read)) {
      this.#nodes.set(nameOf(place), hash);
    }
    this.#leaves.push(leaf);
    return index;
  }

  /** The same leaf as before where there is one of that type about the request, else a new one. Gives its index. */
  appendOnce(leaf: LeafOf<'accepted' | 'finished' | 'accounting'>): number {
    const index = this.#leaves.findIndex(
      (other) => other.type === leaf.type && 'request' in other && other.request === leaf.request,
    );
    return index < 0 ? this.append(leaf) : index;
  }

  /** Another log: this one's leaves, each as `change` makes it, up to the first `size`. */
  fork(
    change: (leaf: LogLeaf, index: number) => LogLeaf = (leaf) => leaf,
    size: number = this.size,
  ): FakeLog {
    return new FakeLog(this.#identity, this.#leaves.slice(0, size).map(change));
  }

  checkpoint(size: number = this.size): Checkpoint {
    return signCheckpoint({ size, root: makeRoot(rootRecipe(size), this.#read) }, this.#identity);
  }

  /** A leaf with its proof in the tree of the first `size` leaves, and that tree's checkpoint. */
  logged(index: number, size: number = this.size): LoggedLeaf {
    return {
      leaf: encodeLeaf(this.#leaves[index]!),
      index,
      path: makeProof(inclusionRecipe(index, size), this.#read),
      checkpoint: this.checkpoint(size).note,
    };
  }

  /** From the tree of `first` leaves to that of `second`; nothing where the first is the larger one. */
  consistency(first: number, second: number = this.size): Uint8Array {
    return first > second ? new Uint8Array(0) : makeProof(consistencyRecipe(first, second), this.#read);
  }

  readonly #read = (place: NodePlace): Uint8Array => this.#nodes.get(nameOf(place))!;
}

function nameOf({ level, index }: NodePlace): string {
  return `${level}/${index}`;
}
