import type { KeyObject } from 'node:crypto';
import {
  openCheckpoint,
  ProtocolError,
  requireGrowth,
  type Checkpoint,
  type TreeHead,
} from '@blindmatch/protocol';
import { z } from 'zod';

/*
 * The document that `blindmatchd log prove --from` writes (protocol-spec/log.md, "Proofs"): that the log of one size
 * continues that of a smaller one.
 */

const document = z.strictObject({
  first: z.int().min(0),
  second: z.int().min(0),
  proof: z.base64(),
  checkpoint: z.string(),
});

/** A proof of growth, not verified. */
export interface GrowthProof {
  readonly first: number;
  readonly second: number;
  /** 32 bytes a node. */
  readonly proof: Uint8Array;
  /** The signed note of the second size. */
  readonly checkpoint: string;
}

/** Reads a proof. Throws ProtocolError `log_invalid` for anything else. */
export function parseGrowthProof(text: string): GrowthProof {
  try {
    const { proof, ...rest } = document.parse(JSON.parse(text));
    return { ...rest, proof: new Uint8Array(Buffer.from(proof, 'base64')) };
  } catch (cause) {
    throw new ProtocolError(
      'log_invalid',
      'The proof of consistency is none; ask the holder for the output of: blindmatchd log prove --from SIZE',
      { cause },
    );
  }
}

/**
 * Insists that `later` continues `earlier`; both were signed by the holder. Between equal sizes no proof is needed.
 *
 * @throws ProtocolError `log_forked`; `log_invalid` where the proof is not between these two
 */
export function requireContinuation(
  earlier: TreeHead,
  later: Checkpoint,
  growth: GrowthProof | undefined,
  holderKey: KeyObject,
): void {
  if (later.size <= earlier.size || earlier.size === 0) {
    requireGrowth(earlier, later, new Uint8Array());
    return;
  }
  if (growth === undefined) {
    throw new ProtocolError(
      'log_invalid',
      `Nothing shows that the log of ${later.size} leaves continues that of ${earlier.size}; ask the holder for the output of: blindmatchd log prove --from ${earlier.size} --to ${later.size}`,
    );
  }
  if (growth.first !== earlier.size || growth.second !== later.size) {
    throw new ProtocolError(
      'log_invalid',
      `The proof of consistency is from ${growth.first} leaves to ${growth.second}, and one from ${earlier.size} to ${later.size} is needed.`,
    );
  }
  // The proof says of which root it is; another one, though signed, is the holder's contradiction.
  requireGrowth(openCheckpoint(growth.checkpoint, holderKey), later, new Uint8Array());
  requireGrowth(earlier, later, growth.proof);
}
