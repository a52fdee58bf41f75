/** The field forms that the signed documents share, and the one strict reader of their JSON. */

import { z } from 'zod';
import { isDigestText } from './digest.ts';
import { ProtocolError } from './problem.ts';
import type { ProblemCode } from './problem.ts';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/;
// Control, format (bidi overrides among them), surrogate, line and paragraph separator: what an official reads on
// a screen must be what is signed.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** 32 bytes as 64 lower-case hexadecimal digits. */
export const hex32: z.ZodType<Uint8Array, string> = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .transform((text) => new Uint8Array(Buffer.from(text, 'hex')));

/** `sha256:` + 64 hex, kept as text. */
export const digestString: z.ZodType<string, string> = z.string().refine(isDigestText);

/** `sha256:` + 64 hex, as its 32 bytes. */
export const digestBytes: z.ZodType<Uint8Array, string> = digestString.transform(
  (text) => new Uint8Array(Buffer.from(text.slice(7), 'hex')),
);

/** Standard base64 (RFC 4648 section 4), padded and canonical, as bytes. */
export const base64: z.ZodType<Uint8Array, string> = z
  .string()
  .refine((text) => Buffer.from(text, 'base64').toString('base64') === text)
  .transform((text) => new Uint8Array(Buffer.from(text, 'base64')));

/** RFC 3339 in UTC with `Z`, to the second or up to three decimals. */
export const time: z.ZodType<Date, string> = z
  .string()
  .refine((text) => {
    if (!TIME.test(text)) return false;
    const date = new Date(text);
    // The 31st of February parses; it comes back as another day.
    return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 19) === text.slice(0, 19);
  })
  .transform((text) => new Date(text));

/** An integer from `min` to `max`, at most 2^53 − 1. */
export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER): z.ZodType<number, number> {
  return z.number().int().min(min).max(max);
}

/** Whether `text` is one printable, trimmed, non-empty line of at most `maxBytes` UTF-8 bytes. */
export function isLine(text: string, maxBytes: number): boolean {
  return (
    text !== '' &&
    text.trim() === text &&
    !UNPRINTABLE.test(text) &&
    Buffer.byteLength(text, 'utf8') <= maxBytes
  );
}

/** A printable, trimmed, non-empty line of at most `maxBytes` UTF-8 bytes. */
export function line(maxBytes: number): z.ZodType<string, string> {
  return z.string().refine((text) => isLine(text, maxBytes));
}

/** What `readJson` says when the bytes are not the document. */
export interface Malformed {
  readonly code: ProblemCode;
  /** The document's name in a sentence, such as "The request manifest". */
  readonly document: string;
}

/**
 * Reads UTF-8 JSON into what `schema` describes.
 * A repeated member name is refused, because readers disagree about which one counts.
 * Throws ProtocolError with `malformed.code`.
 */
export function readJson<T>(bytes: Uint8Array, schema: z.ZodType<T>, malformed: Malformed): T {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
  } catch {
    throw new ProtocolError(malformed.code, `${malformed.document} is not JSON in UTF-8.`);
  }
  const result = schema.safeParse(value);
  if (!result.success) {
    // Only names that the schema knows are said back; the rest is the sender's text.
    const issue = result.error.issues[0];
    const where = issue?.path.join('.') ?? '';
    throw new ProtocolError(
      malformed.code,
      where === ''
        ? `${malformed.document} has missing or unknown members.`
        : `${malformed.document} is malformed at ${where}.`,
    );
  }
  if (membersWritten(text) !== membersKept(value)) {
    throw new ProtocolError(malformed.code, `${malformed.document} repeats a member name.`);
  }
  return result.data;
}

/** Members in valid JSON text: outside strings, every colon belongs to exactly one. */
function membersWritten(text: string): number {
  return text.replace(/"(?:[^"\\]|\\.)*"/g, '').split(':').length - 1;
}

/** Members in a parsed value. Its depth is bounded by the schema it has passed. */
function membersKept(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const children: unknown[] = Object.values(value);
  const own = Array.isArray(value) ? 0 : children.length;
  return children.reduce((sum: number, child) => sum + membersKept(child), own);
}
