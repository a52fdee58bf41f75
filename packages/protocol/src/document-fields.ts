/** The field forms that the signed documents share (protocol-spec/documents.md, "Field forms"). */

import { z } from 'zod';
import { isDigestText } from './digest.ts';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/;
// A refinement that feeds a transform aborts: otherwise the schema around it goes on with the text in place of the
// value that the type promises.
const ABORT = { abort: true } as const;

// Control, format (bidi overrides among them), surrogate, line and paragraph separator; what shows nothing, such as fillers
// and the empty pattern of Braille; and any space but single ones of U+0020, with which a value could be laid out like
// another: what an official reads on a screen must be what is signed.
const UNPRINTABLE =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]| {2}|(?! )\p{Zs}/u;

/** 32 bytes as 64 lower-case hexadecimal digits. */
export const hex32: z.ZodType<Uint8Array, string> = z
  .string()
  .regex(/^[0-9a-f]{64}$/, ABORT)
  .transform((text) => new Uint8Array(Buffer.from(text, 'hex')));

/** `sha256:` + 64 hex, kept as text. */
export const digestString: z.ZodType<string, string> = z.string().refine(isDigestText, ABORT);

/** `sha256:` + 64 hex, as its 32 bytes. */
export const digestBytes: z.ZodType<Uint8Array, string> = digestString.transform(
  (text) => new Uint8Array(Buffer.from(text.slice(7), 'hex')),
);

/** Standard base64 (RFC 4648 section 4), padded and canonical, as bytes. */
export const base64: z.ZodType<Uint8Array, string> = z
  .string()
  .refine((text) => Buffer.from(text, 'base64').toString('base64') === text, ABORT)
  .transform((text) => new Uint8Array(Buffer.from(text, 'base64')));

/** RFC 3339 in UTC with `Z`, to the second or up to three decimals. */
export const time: z.ZodType<Date, string> = z
  .string()
  .refine((text) => {
    if (!TIME.test(text)) return false;
    const date = new Date(text);
    // The 31st of February parses; it comes back as another day.
    return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 19) === text.slice(0, 19);
  }, ABORT)
  .transform((text) => new Date(text));

/** An integer from `min` to `max`, at most 2^53 − 1. */
export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER): z.ZodType<number, number> {
  return z.number().int().min(min).max(max);
}

/** Whether `text` is one printable, trimmed, non-empty line with single spaces, of at most `maxBytes` UTF-8 bytes. */
export function isLine(text: string, maxBytes: number): boolean {
  return (
    text !== '' &&
    text.trim() === text &&
    !UNPRINTABLE.test(text) &&
    Buffer.byteLength(text, 'utf8') <= maxBytes
  );
}

/** A printable, trimmed, non-empty line with single spaces, of at most `maxBytes` UTF-8 bytes. */
export function line(maxBytes: number): z.ZodType<string, string> {
  return z.string().refine((text) => isLine(text, maxBytes));
}

/** A calendar day that exists, `YYYY-MM-DD`, kept as text: such texts are in the order of their days. */
export const calendarDay: z.ZodType<string, string> = z.string().refine((text) => {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text;
});

const TAX_PERIOD = /^(19|20)\d\d(-(Q[1-4]|0[1-9]|1[0-2]))?$/;

/** Whether `text` is a tax period: a year, or a quarter (`2025-Q3`) or month (`2025-07`) of one. */
export function isTaxPeriod(text: string): boolean {
  return TAX_PERIOD.test(text);
}

/** A tax period. */
export const taxPeriod: z.ZodType<string, string> = z.string().refine(isTaxPeriod);

const AGE_RECIPIENT = /^age1[02-9ac-hj-np-z]{58}$/;

/** Whether `text` looks like an age recipient for X25519 (bech32); whether it is one shows when something is sealed for it. */
export function isAgeRecipient(text: string): boolean {
  return AGE_RECIPIENT.test(text);
}

/** An age recipient. */
export const ageRecipient: z.ZodType<string, string> = z.string().refine(isAgeRecipient);

/** Whether no text stands twice in a list. */
export function areDifferent(texts: readonly string[]): boolean {
  return new Set(texts).size === texts.length;
}
