/** A holder's log in memory, with real hashes, proofs and checkpoints of every size that it has had. */

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
import type { KeyObject } from 'node:crypto';
import { signCheckpoint, type Checkpoint } from '../src/checkpoint.ts';
import { encodeLeaf, type LogLeaf } from '../src/log-leaf.ts';
import type { LoggedLeaf } from '../src/logged-leaf.ts';

export class MemoryLog {
  /** Whose log it is: its checkpoints are signed with this key. */
  protected readonly identity: KeyObject;
  readonly #leaves: LogLeaf[] = [];
  /** `level/index` → hash. */
  readonly #nodes = new Map<string, Uint8Array>();

  constructor(identity: KeyObject, leaves: readonly LogLeaf[] = []) {
    this.identity = identity;
    for (const leaf of leaves) this.append(leaf);
  }

  get size(): number {
    return this.#leaves.length;
  }

  get leaves(): readonly LogLeaf[] {
    return this.#leaves;
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

  /** The checkpoint of the first `size` leaves. */
  checkpoint(size: number = this.size): Checkpoint {
    return signCheckpoint({ size, root: makeRoot(rootRecipe(size), this.#read) }, this.identity);
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
