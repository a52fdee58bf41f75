import type { CalendarDate } from './calendar-date.ts';
import type { PersonRecord, RequestRecord } from './record.ts';
import type { Rejection, RejectionCode } from './rejection.ts';
import type { Tier } from './tier.ts';

/** A string derived from a record under a profile: two records match when they share one with its name. */
export interface MatchKey {
  /** The name of the key within the profile, as reported to the requester. */
  readonly name: string;
  /** The tier that a match on this key belongs to. */
  readonly tier: Tier;
  /** The OPRF input, as text; ASCII only. It begins with the profile's id and the key's name. */
  readonly value: string;
}

/** A record that is understood: its canonical fields by name, '' where the record has none. */
export interface Canonical {
  readonly kind: 'canonical';
  readonly fields: Readonly<Record<string, string>>;
  /** The strongest tier that the record supports: the one in which a requester asks about it. */
  readonly tier: Tier;
}

/** A match key of a profile, as it is reported. */
export interface KeyOfProfile {
  readonly name: string;
  readonly tier: Tier;
}

/** Which side a record is on. The sides differ where one of them may lack what the other has, such as the unit. */
export type Side = 'holder' | 'requester';

/** A versioned set of canonicalisation rules and match keys. Its id and hash are in the epoch descriptor. */
export interface Profile<Understood extends Canonical = Canonical> {
  readonly id: string;
  /** 'sha256:' and 64 hex digits, over the canonical description of the rules. */
  readonly hash: string;
  /** Every key, in the order of the specification. */
  readonly keys: readonly KeyOfProfile[];
  /** The most match keys that a record of a request gives. */
  readonly maxKeysPerRequest: number;
  /** The most match keys that a person on file gives. */
  readonly maxKeysPerPerson: number;
  /**
   * Turns a record into canonical fields, or says why it is of no use. Pure: the same record and day always give the
   * same. `today` decides only whether a date is impossible.
   */
  canonicalise(record: PersonRecord, side: Side, today: CalendarDate): Understood | Rejection;
  /** What is wrong with the order that a record of a request names; undefined where nothing is. */
  orderFault(
    record: RequestRecord,
    today: CalendarDate,
    minimumOrderAgeDays: number,
  ): RejectionCode | undefined;
  /** The match keys of a person on file in the given tiers; a key with an empty part is not among them. */
  holderKeys(canonical: Understood, tiers: readonly Tier[]): readonly MatchKey[];
  /** The match keys of a record of a request, all of its tier; a key with an empty part is not among them. */
  requestKeys(canonical: Understood): readonly MatchKey[];
  /**
   * What tells one person on file from another: rows with the same identity are one person. A key that two identities share
   * belongs to nobody in particular and is left out of the token set.
   */
  identity(canonical: Understood): string;
}
