import { digestText, type OpenRequest } from '@blindmatch/protocol';
import type { Tier } from '@blindmatch/records';

/*
 * The format (protocol-spec/accounting.md): 512 bytes, which are one line of JSON, filled up with spaces before its line
 * feed, then a bit for each submitted record in order, from the highest bit of the first byte on. Its length tells the
 * number of records and nothing of their matches.
 */

/** Bytes of the line of JSON with the spaces and the line feed. */
export const HEADER_BYTES = 512;

/** What the line of JSON says what it is. */
const ACCOUNTING_TYPE = 'blindmatch.v1/accounting';

/** Gathers which of a request's submitted records matched, in order. Memory is a bit for each. */
export class MatchedRecords {
  readonly #bits: Uint8Array;
  readonly #records: number;
  readonly #matches: Record<Tier, number> = { name_address_dob: 0, name_address: 0 };
  #seen = 0;

  /** @param records how many records the request has submitted */
  constructor(records: number) {
    this.#records = records;
    this.#bits = new Uint8Array(Math.ceil(records / 8));
  }

  /** Adds the next record: the tier that it asked in, and whether it matched. */
  add(tier: Tier, matched: boolean): void {
    const at = this.#seen++;
    if (at >= this.#records) throw new RangeError(`the request has ${this.#records} records`);
    if (!matched) return;
    this.#matches[tier]++;
    this.#bits[at >> 3] = (this.#bits[at >> 3] ?? 0) | (0x80 >> (at & 7));
  }

  /** The accounting of the request, not sealed. All its records have been added. */
  encode({ requestId, manifest }: OpenRequest): Uint8Array {
    if (this.#seen !== this.#records || manifest.records !== this.#records)
      throw new RangeError('an accounting is of all records of its request');
    const { name_address_dob, name_address } = this.#matches;
    const line = JSON.stringify({
      type: ACCOUNTING_TYPE,
      request: digestText(requestId),
      evidence: manifest.evidence === null ? null : digestText(manifest.evidence),
      records: this.#records,
      matches: name_address_dob + name_address,
      matches_by_tier: { name_address_dob, name_address },
    });
    const bytes = new Uint8Array(HEADER_BYTES + this.#bits.length);
    bytes.set(Buffer.from(`${line.padEnd(HEADER_BYTES - 1)}\n`));
    bytes.set(this.#bits, HEADER_BYTES);
    return bytes;
  }

  /** Wipes what it knows. */
  wipe(): void {
    this.#bits.fill(0);
  }
}
