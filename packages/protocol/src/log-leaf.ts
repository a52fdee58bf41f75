/**
 * The leaves of a holder's log (protocol-spec/log.md, "Leaves"): what happened, without a word about any record. A leaf is
 * canonical JSON, so that one event has one hash.
 */

import { z } from 'zod';
import { APPROVAL_DECISIONS } from './approval.ts';
import type { Approval } from './approval.ts';
import { areDifferent, digestString, integer, line } from './document-fields.ts';
import { readJson } from './document-json.ts';
import type { Malformed } from './document-json.ts';
import { equalBytes } from './digest.ts';
import {
  MAX_ACCOUNTING,
  MAX_INVESTIGATORS,
  MAX_LEAF,
  MAX_SIGNATURES,
  NAME_MAX,
  PURPOSE_MAX,
  STATUTE_MAX,
} from './limits.ts';
import { ProtocolError, isProblemCode } from './problem.ts';
import type { ProblemCode } from './problem.ts';

/** What every leaf about a request's manifest says of it. Counts are the manifest's; digests are text. */
interface Asked {
  readonly time: string;
  readonly request: string;
  readonly records: number;
  readonly elements: number;
  /** SHA-256 of the policy file that decided. */
  readonly policy: string;
}

/** One leaf, with the members and names that it has in JSON. Times are RFC 3339 in UTC with three decimals. */
export type LogLeaf =
  /** From now on this epoch is served. */
  | { readonly type: 'epoch'; readonly time: string; readonly epoch: number; readonly epoch_id: string }
  /** From now on this policy decides; the digest is SHA-256 of the policy file's bytes. */
  | { readonly type: 'policy'; readonly time: string; readonly policy: string }
  /** A request was authorised and charged. */
  | (Asked & {
      readonly type: 'accepted';
      readonly epoch_id: string;
      readonly requester: string;
      /** Fingerprints of the officials and certifiers whose signatures counted. */
      readonly officials: readonly string[];
      readonly certifiers: readonly string[];
      /** Each where the policy listed it, so that a requester can write nothing of its own into the log; null otherwise. */
      readonly statute: string | null;
      readonly purpose: string | null;
      /** How many investigators the manifest names. */
      readonly investigators: number;
      /** Digest of the approval's payload where somebody approved the request. */
      readonly approval: string | null;
    })
  /** A request that is in order waits for somebody's approval. */
  | (Asked & { readonly type: 'pending'; readonly epoch_id: string; readonly requester: string })
  /**
   * Somebody approved or denied a request that waited, or waived the accounting of one that is finished; the digest is of
   * the approval's payload.
   */
  | {
      readonly type: 'approval';
      readonly time: string;
      readonly request: string;
      readonly decision: Approval['decision'];
      readonly approver: string;
      readonly approval: string;
    }
  /** A request was refused. The requester is null where no allowed official had signed it. */
  | (Asked & { readonly type: 'refused'; readonly code: ProblemCode; readonly requester: string | null })
  /** How many more requests without an allowed official's signature were refused in the hour that began at `hour`. */
  | { readonly type: 'unidentified'; readonly time: string; readonly hour: string; readonly requests: number }
  /** A requester asked for the receipt of a request for the first time. */
  | { readonly type: 'finished'; readonly time: string; readonly request: string }
  /** A requester returned a sealed accounting of a request's matches; the digest is of the sealed bytes. */
  | {
      readonly type: 'accounting';
      readonly time: string;
      readonly request: string;
      readonly accounting: string;
      readonly bytes: number;
    };

/** The leaf of one type. */
export type LeafOf<Type extends LogLeaf['type']> = Extract<LogLeaf, { readonly type: Type }>;

const malformed: Malformed = { code: 'log_invalid', document: 'The leaf' };

/** One way to write an instant: RFC 3339 with the years that it has, in UTC, with three decimals. */
const time = z.string().refine((text) => {
  const date = new Date(text);
  return /^\d{4}-/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString() === text;
});
const hour = time.refine((text) => text.endsWith(':00:00.000Z'));
const keyIds = z.array(digestString).max(MAX_SIGNATURES).refine(areDifferent);
const asked = {
  time,
  request: digestString,
  records: integer(1),
  elements: integer(1),
  policy: digestString,
};

const schema: z.ZodType<LogLeaf> = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('epoch'), time, epoch: integer(1, 0xffff_ffff), epoch_id: digestString }),
  z.strictObject({ type: z.literal('policy'), time, policy: digestString }),
  z.strictObject({
    type: z.literal('accepted'),
    ...asked,
    epoch_id: digestString,
    requester: line(NAME_MAX),
    officials: keyIds.min(1),
    certifiers: keyIds,
    statute: line(STATUTE_MAX).nullable(),
    purpose: line(PURPOSE_MAX).nullable(),
    investigators: integer(0, MAX_INVESTIGATORS),
    approval: digestString.nullable(),
  }),
  z.strictObject({ type: z.literal('pending'), ...asked, epoch_id: digestString, requester: line(NAME_MAX) }),
  z.strictObject({
    type: z.literal('approval'),
    time,
    request: digestString,
    decision: z.enum(APPROVAL_DECISIONS),
    approver: digestString,
    approval: digestString,
  }),
  z.strictObject({
    type: z.literal('refused'),
    ...asked,
    code: z.string().refine(isProblemCode),
    requester: line(NAME_MAX).nullable(),
  }),
  z.strictObject({ type: z.literal('unidentified'), time, hour, requests: integer(1) }),
  z.strictObject({ type: z.literal('finished'), time, request: digestString }),
  z.strictObject({
    type: z.literal('accounting'),
    time,
    request: digestString,
    accounting: digestString,
    bytes: integer(1, MAX_ACCOUNTING),
  }),
]);

/** The bytes of a leaf: RFC 8785 (JCS). Throws `log_invalid` when a member breaks a rule. */
export function encodeLeaf(leaf: LogLeaf): Uint8Array {
  const bytes = canonicalJson(leaf);
  parseLeaf(bytes);
  return bytes;
}

/** Reads the bytes of a leaf. Throws `log_invalid` for anything that is not the canonical form of one. */
export function parseLeaf(bytes: Uint8Array): LogLeaf {
  if (bytes.length > MAX_LEAF)
    throw new ProtocolError('log_invalid', `A leaf is larger than ${MAX_LEAF} bytes.`);
  const leaf = readJson(bytes, schema, malformed);
  if (!equalBytes(canonicalJson(leaf), bytes)) {
    throw new ProtocolError('log_invalid', 'A leaf of the log is not in its canonical form.');
  }
  return leaf;
}

/**
 * RFC 8785 for what leaves are made of: strings, whole numbers, null, arrays of strings. Names are ASCII, so that their
 * order by code unit is the order by byte; JSON.stringify escapes strings as the RFC does.
 */
function canonicalJson(leaf: LogLeaf): Uint8Array {
  const members = Object.entries(leaf).sort(([left], [right]) => (left < right ? -1 : 1));
  return new Uint8Array(Buffer.from(JSON.stringify(Object.fromEntries(members))));
}
