import type { MatchKey, Profile } from './profile.ts';
import type { PersonRecord, RequestRecord } from './record.ts';
import type { Rejection } from './rejection.ts';
import { rejected } from './rejection.ts';

/** What a profile makes of one record. */
export type Understanding =
  | {
      readonly kind: 'keys';
      readonly fields: Readonly<Record<string, string>>;
      /** At least one and at most the profile's `maxKeysPerRecord`. */
      readonly keys: readonly MatchKey[];
    }
  | Rejection;

/**
 * Reads one record under a profile. A record of a request must also name its order and the date of it, because only a
 * person under an order may be asked about.
 */
export function understand(profile: Profile, record: RequestRecord | PersonRecord): Understanding {
  const canonical = profile.canonicalise(record);
  if (canonical.kind === 'rejected') return canonical;
  if ('recordId' in record) {
    if (!/[0-9A-Za-z]/.test(record.orderNumber)) return rejected('order_number_missing');
    if (!/[1-9]/.test(record.orderDate)) return rejected('order_date_missing');
  }
  const keys = profile.matchKeys(canonical);
  return keys.length === 0 ? rejected('place_missing') : { kind: 'keys', fields: canonical.fields, keys };
}
