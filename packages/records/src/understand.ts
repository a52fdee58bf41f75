import type { CalendarDate } from './calendar-date.ts';
import type { MatchKey, Profile } from './profile.ts';
import type { PersonRecord, RequestRecord } from './record.ts';
import type { Rejection } from './rejection.ts';
import { rejected } from './rejection.ts';
import type { Tier } from './tier.ts';
import { TIERS } from './tier.ts';

/** A person on file that can be found. */
export interface UnderstoodPerson {
  readonly kind: 'keys';
  readonly fields: Readonly<Record<string, string>>;
  /** At least one and at most the profile's `maxKeysPerPerson`. */
  readonly keys: readonly MatchKey[];
  /** The same for rows of one person only; see `Profile.identity`. */
  readonly identity: string;
}

/** A record of a request that can be asked about. */
export interface UnderstoodRequest {
  readonly kind: 'keys';
  readonly fields: Readonly<Record<string, string>>;
  readonly tier: Tier;
  /** At least one and at most the profile's `maxKeysPerRequest`, all of one tier. */
  readonly keys: readonly MatchKey[];
}

/** What a holder's file is understood by. */
export interface PersonRules {
  readonly profile: Profile;
  /** The tiers that the holder answers. */
  readonly tiers: readonly Tier[];
  readonly today: CalendarDate;
}

/** What a request is understood by. */
export interface RequestRules extends PersonRules {
  /** The least age of an order, in days; 0 where there is none. */
  readonly minimumOrderAgeDays: number;
}

/** What the profile makes of a person on file. */
export function understandPerson(record: PersonRecord, rules: PersonRules): UnderstoodPerson | Rejection {
  const { profile } = rules;
  const canonical = profile.canonicalise(record, 'holder', rules.today);
  if (canonical.kind === 'rejected') return canonical;
  const keys = profile.holderKeys(canonical, rules.tiers);
  if (keys.length === 0) {
    return rejected(
      profile.holderKeys(canonical, TIERS).length === 0 ? 'place_missing' : 'tier_not_answered',
    );
  }
  return { kind: 'keys', fields: canonical.fields, keys, identity: profile.identity(canonical) };
}

/**
 * What the profile makes of a record of a request. It must also name its order and the date of it, because only a
 * person under an order may be asked about.
 */
export function understandRequest(record: RequestRecord, rules: RequestRules): UnderstoodRequest | Rejection {
  const { profile } = rules;
  const canonical = profile.canonicalise(record, 'requester', rules.today);
  if (canonical.kind === 'rejected') return canonical;
  const fault = profile.orderFault(record, rules.today, rules.minimumOrderAgeDays);
  if (fault !== undefined) return rejected(fault);
  if (!rules.tiers.includes(canonical.tier)) return rejected('tier_not_answered');
  const keys = profile.requestKeys(canonical);
  if (keys.length === 0) return rejected('place_missing');
  return { kind: 'keys', fields: canonical.fields, tier: canonical.tier, keys };
}
