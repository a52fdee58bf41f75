/** A leaf with the proof that it is in the holder's log, as receipts carry it (protocol-spec/log.md, "Proofs"). */

import { leafHash, verifyInclusion } from '@blindmatch/merkle';
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { openCheckpoint } from './checkpoint.ts';
import type { Checkpoint } from './checkpoint.ts';
import { base64, integer } from './document-fields.ts';
import { LOG_PROOF_MAX_NODES, MAX_CHECKPOINT, MAX_LEAF, MAX_LEAVES } from './limits.ts';
import { parseLeaf } from './log-leaf.ts';
import type { LogLeaf } from './log-leaf.ts';
import { ProtocolError } from './problem.ts';

/** Where a leaf stands in the tree of a checkpoint. */
export interface InclusionProof {
  readonly index: number;
  /** 32 bytes a node. */
  readonly path: Uint8Array;
}

/** A leaf as it was logged, and the proof for a tree that is known from elsewhere. Not verified. */
export interface PlacedLeaf extends InclusionProof {
  /** The leaf's bytes. */
  readonly leaf: Uint8Array;
}

/** A leaf as it was logged, and the proof with its tree. Not verified. */
export interface LoggedLeaf extends PlacedLeaf {
  /** A signed note. */
  readonly checkpoint: string;
}

/** The members that a document with a logged leaf has. */
export const loggedLeafMembers: {
  readonly leaf: z.ZodType<string, string>;
  readonly index: z.ZodType<number, number>;
  readonly path: z.ZodType<Uint8Array, string>;
  readonly checkpoint: z.ZodType<string, string>;
} = {
  leaf: z.string().max(MAX_LEAF).refine(isWellFormed),
  index: integer(0, MAX_LEAVES - 1),
  path: base64.refine((bytes) => bytes.length % 32 === 0 && bytes.length <= 32 * LOG_PROOF_MAX_NODES),
  checkpoint: z.string().max(MAX_CHECKPOINT).refine(isWellFormed),
};

/** Those members as a document writes them. */
export function loggedLeafJson({ leaf, index, path, checkpoint }: LoggedLeaf): object {
  return {
    leaf: Buffer.from(leaf).toString('utf8'),
    index,
    path: Buffer.from(path).toString('base64'),
    checkpoint,
  };
}

/** Whether the leaf is in the log of the holder with this key. Gives both; throws `log_invalid`. */
export function openLoggedLeaf(
  logged: LoggedLeaf,
  holderKey: KeyObject,
): { leaf: LogLeaf; checkpoint: Checkpoint } {
  const checkpoint = openCheckpoint(logged.checkpoint, holderKey);
  return { leaf: openPlacedLeaf(logged, checkpoint), checkpoint };
}

/** Reads a leaf of the tree of the checkpoint. Throws `log_invalid`. */
export function openPlacedLeaf(placed: PlacedLeaf, checkpoint: Checkpoint): LogLeaf {
  requireInclusion(placed.leaf, placed, checkpoint);
  return parseLeaf(placed.leaf);
}

/** Throws `log_invalid` unless the leaf is in the tree of the checkpoint at that place. */
export function requireInclusion(
  leaf: Uint8Array,
  { index, path }: InclusionProof,
  { size, root }: Pick<Checkpoint, 'size' | 'root'>,
): void {
  if (verifyInclusion(leafHash(leaf), index, size, path, root)) return;
  throw new ProtocolError(
    'log_invalid',
    'A leaf is not in the log as the checkpoint has it; report it to the holder.',
  );
}

/** JSON can escape half a character, which has no UTF-8 and so no hash that two programs agree on. */
function isWellFormed(text: string): boolean {
  return text.isWellFormed();
}
