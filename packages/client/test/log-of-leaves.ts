import { createHash } from 'node:crypto';
import { signCheckpoint, type Checkpoint } from '@blindmatch/protocol';
import type { KeyObject } from 'node:crypto';

/** A log as a list of leaves, with the trees and proofs of RFC 6962 section 2.1 written down as they are defined there. */
export class LogOfLeaves {
  readonly leaves: Uint8Array[] = [];

  /** Appends a leaf and gives its index. */
  append(leaf: Uint8Array): number {
    return this.leaves.push(leaf) - 1;
  }

  checkpoint(identity: KeyObject, size: number = this.leaves.length): Checkpoint {
    return signCheckpoint({ size, root: root(this.leaves.slice(0, size)) }, identity);
  }

  inclusion(index: number, size: number = this.leaves.length): Uint8Array {
    return Buffer.concat(path(index, this.leaves.slice(0, size)));
  }

  consistency(first: number, second: number = this.leaves.length): Uint8Array {
    if (first === 0 || first >= second) return new Uint8Array();
    return Buffer.concat(subproof(first, this.leaves.slice(0, second), true));
  }
}

function sha256(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(createHash('sha256').update(Buffer.concat(parts)).digest());
}

function split(leaves: readonly Uint8Array[]): number {
  let k = 1;
  while (2 * k < leaves.length) k *= 2;
  return k;
}

function root(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return sha256(Uint8Array.of(0), leaves[0]!);
  const k = split(leaves);
  return sha256(Uint8Array.of(1), root(leaves.slice(0, k)), root(leaves.slice(k)));
}

function path(m: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  if (leaves.length <= 1) return [];
  const k = split(leaves);
  return m < k
    ? [...path(m, leaves.slice(0, k)), root(leaves.slice(k))]
    : [...path(m - k, leaves.slice(k)), root(leaves.slice(0, k))];
}

function subproof(m: number, leaves: readonly Uint8Array[], whole: boolean): Uint8Array[] {
  if (m === leaves.length) return whole ? [] : [root(leaves)];
  const k = split(leaves);
  return m <= k
    ? [...subproof(m, leaves.slice(0, k), whole), root(leaves.slice(k))]
    : [...subproof(m - k, leaves.slice(k), false), root(leaves.slice(0, k))];
}
