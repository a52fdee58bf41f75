import {
  ATTESTATION_MAX,
  isLine,
  MATCH_TIERS,
  MAX_ORDER_AGE_DAYS,
  NAME_MAX,
  PURPOSE_MAX,
  STATUTE_MAX,
  type MatchTier,
} from '@blindmatch/protocol';
import { z } from 'zod';
import { isSealable } from './age-recipient.ts';
import { isTimeZone, WEEKDAYS, type Weekday } from './opening-hours.ts';
import { REQUIRED_FIELDS, type Reader, type RequiredField, type Texts } from './policy.ts';
import { CERTIFIER_ROLE, DEFAULT_ROLE, isRole } from './signature-rule.ts';

/** When a key may sign, as the file says it. */
interface ValidityEntry {
  readonly valid_from?: string | undefined;
  readonly valid_until?: string | undefined;
  readonly revoked?: string | undefined;
}

/** A key in the file. */
export interface KeyEntry extends ValidityEntry {
  readonly public_key: string;
}

/** Caps in the file. */
export interface CapsEntry {
  readonly records_per_request: number;
  readonly records_per_day?: number | undefined;
  readonly records_per_epoch?: number | undefined;
  readonly records_per_investigator?: number | undefined;
  readonly elements_per_record?: number | undefined;
  readonly statutes: readonly {
    readonly statute: string;
    readonly records_per_day?: number | undefined;
    readonly records_per_epoch?: number | undefined;
  }[];
}

/** The file's members, of the right form each, with what is taken where it says nothing. */
export interface PolicyFile {
  readonly name: string;
  readonly max_elements: number;
  readonly answered_tiers: readonly MatchTier[];
  readonly minimum_order_age_days: number;
  readonly statutes: Texts;
  readonly purposes: Texts;
  readonly required_fields: readonly RequiredField[];
  readonly attestation?: string | undefined;
  readonly minimum_records: number;
  readonly opening_hours?:
    | {
        readonly days: readonly Weekday[];
        readonly from: string;
        readonly to: string;
        readonly time_zone: string;
      }
    | undefined;
  readonly approval: 'automatic' | 'human';
  readonly approval_days: number;
  readonly max_waiting: number;
  readonly approvers: readonly (KeyEntry & { readonly name: string })[];
  readonly certifiers: readonly (KeyEntry & {
    readonly name: string;
    readonly recipient?: string | undefined;
  })[];
  readonly auditors: readonly Reader[];
  readonly inspector?: Reader | undefined;
  readonly accounting: 'none' | 'optional' | 'required';
  readonly accounting_days: number;
  readonly requesters: readonly {
    readonly name: string;
    readonly required_signatures: string;
    readonly caps: CapsEntry;
    readonly officials: readonly (KeyEntry & {
      readonly name?: string | undefined;
      readonly role: string;
    })[];
  }[];
}

const APPROVAL_DAYS = 14;
const ACCOUNTING_DAYS = 7;
const DAYS_MAX = 366;

/** Each that waits is read by somebody, and may hold an envelope of the greatest size. */
const MAX_WAITING = 20;
const MAX_WAITING_MAX = 1000;

/** More match keys than any record can give. */
const ELEMENTS_PER_RECORD_MAX = 64;

const count = z
  .int()
  .min(1)
  .max(2 ** 32 - 1);
const name = line(NAME_MAX);
const days = z.int().min(1).max(DAYS_MAX);

const day = z.string().refine((text) => {
  const date = new Date(`${text}T00:00:00Z`);
  return (
    /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
  );
}, 'must be a day like 2026-12-31');

const clockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time like "08:00", in quotes');

const recipient = z.string().refine(isSealable, 'must be an age recipient (age1…)');

const key = { public_key: z.string().min(1).max(200) };
const validity = { valid_from: day.optional(), valid_until: day.optional(), revoked: day.optional() };

const official = z
  .strictObject({
    name: name.optional(),
    role: z
      .string()
      .refine(
        (text) => isRole(text) && text !== CERTIFIER_ROLE,
        `must be a lower-case word other than ${CERTIFIER_ROLE}`,
      )
      .default(DEFAULT_ROLE),
    ...key,
    ...validity,
  })
  .refine(isInOrder, { path: ['valid_until'], message: 'must not be before valid_from' });

const certifier = z
  .strictObject({ name, ...key, recipient: recipient.optional(), ...validity })
  .refine(isInOrder, { path: ['valid_until'], message: 'must not be before valid_from' });

const approver = z
  .strictObject({ name, ...key, ...validity })
  .refine(isInOrder, { path: ['valid_until'], message: 'must not be before valid_from' });

const reader = z.strictObject({ name, recipient });

const caps = z.strictObject({
  records_per_request: count,
  records_per_day: count.optional(),
  records_per_epoch: count.optional(),
  records_per_investigator: count.optional(),
  elements_per_record: z.number().min(1).max(ELEMENTS_PER_RECORD_MAX).optional(),
  statutes: z
    .array(
      z.strictObject({
        statute: line(STATUTE_MAX),
        records_per_day: count.optional(),
        records_per_epoch: count.optional(),
      }),
    )
    .refine((list) => areDistinct(list.map(({ statute }) => statute)), 'must name no statute twice')
    .default([]),
});

const openingHours = z
  .strictObject({
    days: distinct(z.enum(WEEKDAYS), 'day').min(1),
    from: clockTime,
    to: clockTime,
    time_zone: z.string().refine(isTimeZone, 'must be a time zone like America/New_York'),
  })
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'must be later than from, on the same day' });

const schema = z.strictObject({
  name,
  max_elements: count,
  answered_tiers: distinct(z.enum(MATCH_TIERS), 'tier').min(1),
  minimum_order_age_days: z.int().min(0).max(MAX_ORDER_AGE_DAYS),
  statutes: permitted(STATUTE_MAX),
  purposes: permitted(PURPOSE_MAX),
  required_fields: distinct(z.enum(REQUIRED_FIELDS), 'field'),
  attestation: line(ATTESTATION_MAX).optional(),
  minimum_records: count,
  opening_hours: openingHours.optional(),
  approval: z.enum(['automatic', 'human']),
  approval_days: days.default(APPROVAL_DAYS),
  max_waiting: z.int().min(1).max(MAX_WAITING_MAX).default(MAX_WAITING),
  approvers: z.array(approver).default([]),
  certifiers: z.array(certifier).default([]),
  auditors: z.array(reader).default([]),
  inspector: reader.optional(),
  accounting: z.enum(['none', 'optional', 'required']),
  accounting_days: days.default(ACCOUNTING_DAYS),
  requesters: z.array(
    z.strictObject({
      name,
      required_signatures: z.string(),
      caps,
      officials: z.array(official).min(1),
    }),
  ),
});

/** The form of `holder.yaml`, without what its parts say of each other. */
export const policyFile: z.ZodType<PolicyFile> = schema;

function line(maxBytes: number): z.ZodString {
  return z
    .string()
    .refine(
      (text) => isLine(text, maxBytes),
      `must be one printable line of at most ${maxBytes} bytes, with single plain spaces`,
    );
}

/** `any`, or a list of lines. */
function permitted(maxBytes: number): z.ZodUnion<readonly [z.ZodLiteral<'any'>, z.ZodArray<z.ZodString>]> {
  return z.union([z.literal('any'), distinct(line(maxBytes), 'text').min(1)], {
    error: `must be any, or a list of lines of at most ${maxBytes} bytes, none twice`,
  });
}

function distinct<Item extends z.ZodType<string>>(item: Item, what: string): z.ZodArray<Item> {
  return z.array(item).refine(areDistinct, `must name no ${what} twice`);
}

function areDistinct(texts: readonly string[]): boolean {
  return new Set(texts).size === texts.length;
}

function isInOrder({ valid_from: from, valid_until: until }: ValidityEntry): boolean {
  return from === undefined || until === undefined || from <= until;
}
