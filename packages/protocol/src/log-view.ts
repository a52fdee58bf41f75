/**
 * What a requester checks of a holder's log whenever it is shown it (protocol-spec/log.md, "What a requester checks"): that
 * the epoch it is served stands in the log, and that the log has only grown since it last looked. Whoever were shown another
 * key, set or policy than the rest would be looking at another log.
 */

import { verifyConsistency } from '@blindmatch/merkle';
import { openCheckpoint } from './checkpoint.ts';
import type { Checkpoint, TreeHead } from './checkpoint.ts';
import { digestText } from './digest.ts';
import type { OpenEpoch } from './epoch-descriptor.ts';
import { publicKeyFromSpki } from './keys.ts';
import { parseLeaf } from './log-leaf.ts';
import { requireInclusion } from './logged-leaf.ts';
import { ProtocolError } from './problem.ts';

/** A log as a holder shows it at the beginning of an exchange, not verified. */
export interface ShownLog {
  /** A signed note in UTF-8. */
  readonly checkpoint: Uint8Array;
  readonly leafIndex: number;
  readonly leaf: Uint8Array;
  readonly path: Uint8Array;
  readonly consistency: Uint8Array;
}

/**
 * Checks a shown log and gives its checkpoint.
 * Throws `log_invalid` for a wrong checkpoint or an epoch that is not in the log, `log_forked` where it has not just grown.
 */
export function openLogView(
  shown: ShownLog,
  { descriptor, epochId }: OpenEpoch,
  remembered: TreeHead | undefined,
): Checkpoint {
  const holderKey = publicKeyFromSpki(descriptor.holder.key);
  const checkpoint = openCheckpoint(decodeNote(shown.checkpoint), holderKey);
  if (remembered !== undefined) {
    requireGrowth(remembered, checkpoint, shown.consistency);
  } else if (shown.consistency.length > 0) {
    throw new ProtocolError(
      'log_invalid',
      "The holder's log is proved to continue one that nobody asked about.",
    );
  }
  requireInclusion(shown.leaf, { index: shown.leafIndex, path: shown.path }, checkpoint);
  const leaf = parseLeaf(shown.leaf);
  const named =
    leaf.type === 'epoch' && leaf.epoch === descriptor.epoch && leaf.epoch_id === digestText(epochId);
  if (!named)
    throw new ProtocolError('log_invalid', "The holder's log does not name the epoch that it serves.");
  return checkpoint;
}

/** Throws `log_forked` unless the tree of `later` begins with that of `earlier`, as the proof shows. */
export function requireGrowth(earlier: TreeHead, later: TreeHead, proof: Uint8Array): void {
  if (verifyConsistency(earlier.size, earlier.root, later.size, later.root, proof)) return;
  throw new ProtocolError(
    'log_forked',
    later.size < earlier.size
      ? `The holder's log had ${earlier.size} entries and now has ${later.size}; do not go on and report it to the inspector.`
      : "The holder's log is not a continuation of the one that was shown before; do not go on and report it to the inspector.",
  );
}

/** A note is UTF-8 (C2SP signed-note); what is not must not become some other text that is. */
function decodeNote(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new ProtocolError('log_invalid', 'A checkpoint of the log is not in UTF-8.', { cause });
  }
}
