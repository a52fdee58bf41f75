import type { PersonRecord } from '../record.ts';
import type { RejectionCode } from '../rejection.ts';
import { canonicalPlace } from './address/place.ts';
import type { AddressKind } from './address/street-line.ts';
import { canonicalStreet } from './address/street.ts';

/** An address in canonical form: A–Z, 0–9, space, '#', '-' and '/' only. */
export interface CanonicalAddress {
  readonly kind: AddressKind;
  /** House number with its fraction; box number; route and box: "12", "12 1/2", "2 BOX 30". */
  readonly number: string;
  /** The whole street line: "12 N MAIN ST", "POBOX 12", "RR 2 BOX 30", "PSC 4 BOX 12". */
  readonly street: string;
  /**
   * `street` without what is often left out, dropped or wrong: the number and then, in one word, the name without directionals
   * and plain suffixes: "12 MAIN". A numbered road begins with its number ("69 701HWY"). For boxes and routes the same as `street`.
   */
  readonly core: string;
  /** '' where none. */
  readonly unit: string;
  /** The urbanization, barrio or sector of Puerto Rico: "URB LAS LOMAS"; '' where none. Also at the end of `street`. */
  readonly neighbourhood: string;
  /** Without spaces: STPAUL. '' where none. */
  readonly city: string;
  /** The two-letter USPS code, '' where none. */
  readonly state: string;
  /** Five digits or ''. */
  readonly postcode: string;
}

/** The canonical address of a record, or the code of what is wrong with it. */
export function canonicalAddress(
  record: Pick<PersonRecord, 'street' | 'street2' | 'city' | 'state' | 'postcode'>,
): CanonicalAddress | RejectionCode {
  const street = canonicalStreet(record.street, record.street2);
  if (typeof street === 'string') return street;
  const place = canonicalPlace(record.city, record.state, record.postcode);
  if (typeof place === 'string') return place;
  const { kind, number, street: line, core, unit, neighbourhood = '' } = street;
  const { city, state, postcode } = place;
  return { kind, number, street: line, core, unit, neighbourhood, city, state, postcode };
}
