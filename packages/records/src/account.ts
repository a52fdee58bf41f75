import type { MatchKey } from './profile.ts';
import type { Rejection, RejectionCode } from './rejection.ts';
import type { Tier } from './tier.ts';
import { TIERS } from './tier.ts';

/** How many records a tier has, and what they cost. */
export interface CountOfTier {
  readonly tier: Tier;
  /** Records with at least one key of the tier. A record of a request has one tier; a person on file may have both. */
  readonly records: number;
  readonly keys: number;
}

/** How many records were rejected for one reason. */
export interface CountOfRejections {
  readonly code: RejectionCode;
  /** The sentence that says what to mend. */
  readonly reason: string;
  readonly records: number;
}

/** What became of the records of a file, in counts: it names nobody, and its size does not depend on the file's. */
export class AccountOfRecords {
  #accepted = 0;
  readonly #tiers = new Map<Tier, { records: number; keys: number }>();
  readonly #rejections = new Map<RejectionCode, CountOfRejections>();

  /** Counts one record, by what `understandRequest` or `understandPerson` made of it. */
  add(outcome: { readonly kind: 'keys'; readonly keys: readonly MatchKey[] } | Rejection): void {
    if (outcome.kind === 'rejected') {
      const { code, reason } = outcome;
      this.#rejections.set(code, { code, reason, records: (this.#rejections.get(code)?.records ?? 0) + 1 });
      return;
    }
    this.#accepted++;
    for (const tier of TIERS) {
      const keys = outcome.keys.filter((key) => key.tier === tier).length;
      if (keys === 0) continue;
      const before = this.#tiers.get(tier) ?? { records: 0, keys: 0 };
      this.#tiers.set(tier, { records: before.records + 1, keys: before.keys + keys });
    }
  }

  get records(): number {
    return this.#accepted + this.rejected;
  }

  get accepted(): number {
    return this.#accepted;
  }

  get rejected(): number {
    return sum(this.rejections.map(({ records }) => records));
  }

  /** Match keys of all tiers. */
  get keys(): number {
    return sum(this.tiers.map(({ keys }) => keys));
  }

  /** Every tier, the stronger first, also those without a record. */
  get tiers(): readonly CountOfTier[] {
    return TIERS.map((tier) => ({ tier, ...(this.#tiers.get(tier) ?? { records: 0, keys: 0 }) }));
  }

  /** The reasons that occurred, the most frequent first; equally frequent ones by their codes. */
  get rejections(): readonly CountOfRejections[] {
    return [...this.#rejections.values()].sort((a, b) => b.records - a.records || (a.code < b.code ? -1 : 1));
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

/** The first line of a file of rejections: CSV in UTF-8, each line ended by a line feed. */
export const REJECTIONS_HEADER = 'line,record_id,code,reason\n';

/**
 * One line of a file of rejections, for whoever mends the records. Nothing of the record's content is in it.
 *
 * @param record its 1-based line in the file that it came from, and its id; people on file have none
 */
export function rejectionLine(
  record: { readonly line: number; readonly recordId?: string },
  { code, reason }: Rejection,
): string {
  return `${[String(record.line), record.recordId ?? '', code, reason].map(csvField).join(',')}\n`;
}

/** A field as RFC 4180 section 2 writes it: in quotes where it holds a comma, a quote or the end of a line. */
function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
