import type { LeafOf, LogLeaf } from '@blindmatch/protocol';
import { MemoryLog } from '../../packages/protocol/test/memory-log.ts';

/** The log of a holder that a test plays, as it is or as somebody who cheats would show it. */
export class FakeLog extends MemoryLog {
  /** The same leaf as before where there is one of that type about the request, else a new one. Gives its index. */
  appendOnce(leaf: LeafOf<'accepted' | 'finished' | 'accounting'>): number {
    const index = this.leaves.findIndex(
      (other) => other.type === leaf.type && 'request' in other && other.request === leaf.request,
    );
    return index < 0 ? this.append(leaf) : index;
  }

  /** Another log: this one's leaves, each as `change` makes it, up to the first `size`. */
  fork(
    change: (leaf: LogLeaf, index: number) => LogLeaf = (leaf) => leaf,
    size: number = this.size,
  ): FakeLog {
    return new FakeLog(this.identity, this.leaves.slice(0, size).map(change));
  }
}
