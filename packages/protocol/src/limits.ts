/** Every number that bounds an exchange (protocol-spec/exchange.md, "Limits"). Bytes, counts or milliseconds. */

import { ProtocolError } from './problem.ts';

/** The WebSocket subprotocol both sides name. */
export const SUBPROTOCOL = 'blindmatch.v1';
/** The version a requester says in `hello`. */
export const PROTOCOL_VERSION = 1;
/** The only suite of this version (RFC 9497 section 4.1, verifiable mode). */
export const SUITE = 'ristretto255-SHA512';

/** Bytes of one encoded group element. */
export const ELEMENT_BYTES = 32;
/** Bytes of a SHA-256 digest, an epoch id, a request id and a nonce. */
export const DIGEST_BYTES = 32;
/** Bytes of the list-bound proof. */
export const PROOF_BYTES = 64;
/** Elements in every chunk but the last. */
export const CHUNK_ELEMENTS = 4096;
/** Canaries in every chunk: one present and one absent. */
export const CHUNK_CANARIES = 2;
/** Chunks, and separately reads of the token set, that may be under way at once in one session. */
export const MAX_IN_FLIGHT = 4;
/** The largest `max_elements` of an epoch unless the holder says less. */
export const MAX_ELEMENTS_DEFAULT: number = 2 ** 23;
/** Nodes in an inclusion path. */
export const PATH_MAX_NODES = 32;
/** Bytes that one `set_read` may ask for. */
export const SET_READ_MAX = 262_144;
/** Bytes of an encoded DSSE envelope. */
export const MAX_ENVELOPE = 65_536;
/** Signatures on one envelope. */
export const MAX_SIGNATURES = 16;
/** Bytes of the payload of a request manifest: what leaves an envelope room for every signature that it may carry. */
export const MAX_MANIFEST_PAYLOAD = 46_080;
/** UTF-8 bytes of the sentence in `refused`. */
export const SENTENCE_MAX = 512;
/** UTF-8 bytes of a holder's or requester's name. */
export const NAME_MAX = 200;
/** The largest least age of an order, in days: a century. */
export const MAX_ORDER_AGE_DAYS = 36_500;
/** UTF-8 bytes of a statute. */
export const STATUTE_MAX = 256;
/** UTF-8 bytes of a purpose. */
export const PURPOSE_MAX = 256;
/** UTF-8 bytes of a reason. */
export const REASON_MAX = 1024;
/** UTF-8 bytes of an attestation. */
export const ATTESTATION_MAX = 400;
/** Tax periods of one request. */
export const MAX_TAX_PERIODS = 64;
/** Investigators of one request. */
export const MAX_INVESTIGATORS = 200;
/** UTF-8 bytes of what an agency knows an investigator by. */
export const INVESTIGATOR_ID_MAX = 32;
/** UTF-8 bytes of an investigator's name. */
export const INVESTIGATOR_NAME_MAX = 100;
/** Whom an epoch descriptor names as readers of sealed evidence. */
export const MAX_EVIDENCE_READERS = 16;
/** UTF-8 bytes of the reason of an approval or denial. */
export const APPROVAL_REASON_MAX = 256;
/** Leaves of a log: indices and sizes are 32-bit. */
export const MAX_LEAVES: number = 2 ** 32 - 1;
/** Nodes of an inclusion or consistency proof of a log. */
export const LOG_PROOF_MAX_NODES = 64;
/** Bytes of a checkpoint with its cosignatures. */
export const MAX_CHECKPOINT = 8192;
/** Bytes of one canonical leaf. */
export const MAX_LEAF = 16_384;
/** Bytes of a sealed accounting: a bit for each of the most records that one request can have, and what sealing adds. */
export const MAX_ACCOUNTING = 1_114_112;
/** Bytes of an accounting in every message of it but the last. */
export const ACCOUNTING_PIECE_MAX = 131_072;
/** The longest that a holder may ask a requester to wait before it asks again whether its request is approved, in seconds. */
export const RETRY_AFTER_MAX_S = 3600;

/** Bytes of the largest frame a requester may send: a full chunk with the longest path. */
export const REQUESTER_FRAME_MAX: number =
  CHUNK_ELEMENTS * ELEMENT_BYTES + PATH_MAX_NODES * DIGEST_BYTES + 64;
/**
 * Bytes of the largest frame a holder may send: a full chunk evaluated, with a root for each element and the proof. The
 * longest piece of the token set is a little less.
 */
export const HOLDER_FRAME_MAX: number = 2 * CHUNK_ELEMENTS * ELEMENT_BYTES + PROOF_BYTES + 64;

/** From the open connection to `hello`, and from `hello` to `epoch`; at both sides. */
export const HANDSHAKE_DEADLINE_MS = 10_000;
/** From `epoch` to `request` at the holder; nothing lengthens it, so that strangers can't hold places. */
export const REQUEST_DEADLINE_MS = 30_000;
/** How long a holder with nothing to do for a session waits, and a requester for anything but a chunk. */
export const IDLE_DEADLINE_MS = 60_000;
/** How long a requester waits for the next answer while chunks are outstanding. */
export const EVALUATION_DEADLINE_MS = 600_000;
/** How often a requester that works without sending a message sends a WebSocket ping. */
export const PING_INTERVAL_MS = 20_000;
/** How far in the future a manifest's `created` may lie at the holder. */
export const CLOCK_SKEW_MS = 300_000;

/** Elements and chunks of a request. */
export interface ChunkPlan {
  readonly elements: number;
  readonly chunks: number;
}

/** How many elements and chunks carry `keys` match keys with the canaries of every chunk. Throws RangeError. */
export function planChunks(keys: number): ChunkPlan {
  if (!Number.isSafeInteger(keys) || keys < 1) throw new RangeError('a request needs at least one match key');
  const chunks = Math.ceil(keys / (CHUNK_ELEMENTS - CHUNK_CANARIES));
  return { elements: keys + CHUNK_CANARIES * chunks, chunks };
}

/** The number of chunks that `elements` elements fill. */
export function chunkCount(elements: number): number {
  return Math.ceil(elements / CHUNK_ELEMENTS);
}

/** The number of elements in chunk `index` of a request of `elements`. Throws `chunk_out_of_range`. */
export function chunkLength(elements: number, index: number): number {
  if (!Number.isSafeInteger(index) || index < 0 || index >= chunkCount(elements)) {
    throw new ProtocolError('chunk_out_of_range');
  }
  return Math.min(CHUNK_ELEMENTS, elements - index * CHUNK_ELEMENTS);
}
