/** A request of the ledger as it was signed: whoever has the file could have put another manifest or count into its row. */

import type { KnownRequest, StoredApproval } from '@blindmatch/ledger';
import {
  digestText,
  openApproval,
  openRequest,
  parseLeaf,
  ProtocolError,
  type OpenApproval,
  type OpenRequest,
} from '@blindmatch/protocol';
import { CommandError } from '@blindmatch/terminal';

/** What the ledger remembers of a request and the manifest that was signed. Made by `openRemembered` only: both agree. */
export interface RememberedRequest {
  readonly known: KnownRequest;
  /** The id in it is the hash of the manifest in it. */
  readonly open: OpenRequest;
}

/**
 * Opens the manifest of a request of the ledger.
 *
 * @throws CommandError `request_altered` where it is not the one that the id stands for, or the row says otherwise
 */
export function openRemembered(known: KnownRequest): RememberedRequest {
  const open = opened(() => openRequest(known.envelope));
  if (open === undefined || disagreements(known, open).length > 0) throw altered(known);
  return { known, open };
}

/**
 * Opens a decision about a request of the ledger.
 *
 * @throws CommandError `request_altered` where it is about another request, or not the one whose digest is remembered
 */
export function openRememberedDecision(
  { known, open: { requestId } }: RememberedRequest,
  stored: StoredApproval,
): OpenApproval {
  const open = opened(() => openApproval(stored.envelope));
  if (open === undefined || !equal(open.digest, stored.digest) || !equal(open.approval.request, requestId))
    throw altered(known);
  return open;
}

/** What of a request's row disagrees with its signed manifest or with the leaf that accepted it, by name. */
export function disagreements(known: KnownRequest, { manifest, requestId }: OpenRequest): readonly string[] {
  const pairs: readonly (readonly [member: string, remembered: unknown, signed: unknown])[] = [
    ['request', digestText(known.requestId), digestText(requestId)],
    ['nonce', digestText(known.nonce), digestText(manifest.nonce)],
    ['statute', known.statute, manifest.statute],
    ['records', known.records, manifest.records],
    ['elements', known.elements, manifest.elements],
    ...acceptedPairs(known),
  ];
  return pairs.filter(([, remembered, signed]) => remembered !== signed).map(([member]) => member);
}

function acceptedPairs(known: KnownRequest): (readonly [string, unknown, unknown])[] {
  if (known.state !== 'accepted') return [];
  const leaf = opened(() => parseLeaf(known.leaf));
  if (leaf?.type !== 'accepted') return [['leaf', leaf?.type, 'accepted']];
  return [
    ['request', digestText(known.requestId), leaf.request],
    ['requester', known.requester, leaf.requester],
    ['officials', known.officials.join(), leaf.officials.join()],
    ['certifiers', known.certifiers.join(), leaf.certifiers.join()],
  ];
}

function opened<T>(open: () => T): T | undefined {
  try {
    return open();
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

function altered({ requestId }: KnownRequest): CommandError {
  return new CommandError(
    'request_altered',
    `What the ledger holds of ${digestText(requestId)} is not what was signed under this id; decide nothing, keep the ledger as it is and run: blindmatchd log verify`,
  );
}
