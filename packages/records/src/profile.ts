import type { PersonRecord } from './record.ts';
import type { Rejection } from './rejection.ts';

/** A string derived from a record under a profile: two records match when they share one with its name. */
export interface MatchKey {
  /** The name of the key within the profile, as reported to the requester. */
  readonly name: string;
  /** The OPRF input, as text; ASCII only. It begins with the profile's id and the key's name. */
  readonly value: string;
}

/** A record that is understood: its canonical fields by name, '' where the record has none. */
export interface Canonical {
  readonly kind: 'canonical';
  readonly fields: Readonly<Record<string, string>>;
}

/** A versioned set of canonicalisation rules and match keys. Its id and hash are in the epoch descriptor. */
export interface Profile {
  readonly id: string;
  /** 'sha256:' and 64 hex digits, over the canonical description of the rules. */
  readonly hash: string;
  readonly maxKeysPerRecord: number;
  /** Turns a record into canonical fields, or says why it is of no use. Pure: the same record always gives the same. */
  canonicalise(record: PersonRecord): Canonical | Rejection;
  /** The match keys of a canonical record, at most `maxKeysPerRecord`; a key with an empty part is not among them. */
  matchKeys(canonical: Canonical): readonly MatchKey[];
}
