import { digestText } from '@blindmatch/protocol';
import type { RequestRecord } from '@blindmatch/records';
import { z } from 'zod';

/*
 * The plain text of sealed evidence (protocol-spec/evidence.md): lines of JSON in UTF-8, each ended by 0x0a. The first says
 * which request it is of, then comes one for each submitted record in the order of the request, then one with their number.
 */

/** What the first line says: with it and the records, every blinded element can be computed again. */
export interface EvidenceHeader {
  /** 32 bytes. */
  readonly epochId: Uint8Array;
  /** Fingerprint of the holder's identity key. */
  readonly holder: string;
  readonly profile: { readonly id: string; readonly hash: string };
  /** As in the manifest: the day of it decides how old an order is. */
  readonly created: Date;
  /** The request's 32-byte secret. Whoever has it can unblind the request. */
  readonly seed: Uint8Array;
}

/** A submitted record as it was read, without the line of the file that it came from. */
export type EvidenceRecord = Omit<RequestRecord, 'line'>;

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

const headerSchema = z
  .strictObject({
    version: z.literal(1),
    epoch_id: digest,
    holder: digest,
    profile: z.strictObject({ id: z.string(), hash: digest }),
    created: z.iso.datetime({ precision: 3 }),
    seed: z.string().regex(/^[0-9a-f]{64}$/),
  })
  .transform(({ epoch_id, holder, profile, created, seed }): EvidenceHeader => ({
    epochId: new Uint8Array(Buffer.from(epoch_id.slice('sha256:'.length), 'hex')),
    holder,
    profile,
    created: new Date(created),
    seed: new Uint8Array(Buffer.from(seed, 'hex')),
  }));

const recordSchema = z
  .strictObject({
    record_id: z.string(),
    given_name: z.string(),
    middle_name: z.string(),
    surname: z.string(),
    date_of_birth: z.string(),
    street: z.string(),
    street2: z.string(),
    city: z.string(),
    state: z.string(),
    postcode: z.string(),
    order_number: z.string(),
    order_date: z.string(),
  })
  .transform((line): EvidenceRecord => ({
    recordId: line.record_id,
    givenName: line.given_name,
    middleName: line.middle_name,
    surname: line.surname,
    dateOfBirth: line.date_of_birth,
    street: line.street,
    street2: line.street2,
    city: line.city,
    state: line.state,
    postcode: line.postcode,
    orderNumber: line.order_number,
    orderDate: line.order_date,
  }));

const endSchema = z.strictObject({ end: z.int().min(0) });

const laterSchema = z.union([recordSchema, endSchema]);

/** The first line. */
export function headerLine({ epochId, holder, profile, created, seed }: EvidenceHeader): string {
  return lineOf({
    version: 1,
    epoch_id: digestText(epochId),
    holder,
    profile: { id: profile.id, hash: profile.hash },
    created: created.toISOString(),
    seed: Buffer.from(seed).toString('hex'),
  });
}

/** The line of a record. */
export function recordLine(record: EvidenceRecord): string {
  return lineOf({
    record_id: record.recordId,
    given_name: record.givenName,
    middle_name: record.middleName,
    surname: record.surname,
    date_of_birth: record.dateOfBirth,
    street: record.street,
    street2: record.street2,
    city: record.city,
    state: record.state,
    postcode: record.postcode,
    order_number: record.orderNumber,
    order_date: record.orderDate,
  });
}

/** The last line. */
export function endLine(records: number): string {
  return lineOf({ end: records });
}

/** Reads the first line. Throws a plain error for anything else. */
export function parseHeader(line: Buffer): EvidenceHeader {
  return headerSchema.parse(JSON.parse(line.toString('utf8')));
}

/** Reads a later line: a record, or how many there were. Throws a plain error for anything else. */
export function parseLater(line: Buffer): EvidenceRecord | { readonly end: number } {
  return laterSchema.parse(JSON.parse(line.toString('utf8')));
}

function lineOf(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
