import type { CalendarDate } from '../calendar-date.ts';
import { lintKeys, mostKeys } from '../key-definition.ts';
import type { KeyDefinition } from '../key-definition.ts';
import { composeKeys } from '../match-key.ts';
import { profileHash } from '../profile-hash.ts';
import type { Canonical, MatchKey, Profile, Side } from '../profile.ts';
import type { PersonRecord, RequestRecord } from '../record.ts';
import type { Rejection, RejectionCode } from '../rejection.ts';
import { rejected } from '../rejection.ts';
import type { Tier } from '../tier.ts';
import { canonicalAddress } from './address.ts';
import type { CanonicalFields } from './canonical-fields.ts';
import { canonicalBirthDate } from './date-of-birth.ts';
import { KEYS, PARTS, PROFILE_ID } from './definition.ts';
import type { KeyPart } from './definition.ts';
import { DESCRIPTION } from './description.ts';
import { keyParts, sortedLetters } from './key-parts.ts';
import { canonicalName } from './name.ts';
import { canonicalOrderDate } from './order-date.ts';
import { orderNumberFault } from './order-number.ts';
import { streetStems } from './street-stem.ts';

lintKeys(KEYS, PARTS);

const KEYS_OF_TIER: Readonly<Record<Tier, readonly KeyDefinition<KeyPart>[]>> = {
  name_address_dob: KEYS.filter(({ tier }) => tier === 'name_address_dob'),
  name_address: KEYS.filter(({ tier }) => tier === 'name_address'),
};

/** What `canonicalise` makes; its fields are all there. */
interface CanonicalPerson extends Canonical {
  readonly fields: CanonicalFields;
}

/** US names and addresses with, where it is known, the date of birth. */
export const usNameAddress2: Profile<CanonicalPerson> = {
  id: PROFILE_ID,
  hash: profileHash(DESCRIPTION),
  keys: KEYS.map(({ name, tier }) => ({ name, tier })),
  maxKeysPerRequest: Math.max(
    ...Object.values(KEYS_OF_TIER).map((keys) => mostKeys(keys, PARTS, 'mostInRequest')),
  ),
  maxKeysPerPerson: mostKeys(KEYS, PARTS, 'mostOnFile'),
  canonicalise,
  orderFault,
  holderKeys: ({ fields }, tiers) => keysOf(fields, 'holder', tiers),
  requestKeys: ({ fields, tier }) => keysOf(fields, 'requester', [tier]),
  identity,
};

function canonicalise(record: PersonRecord, side: Side, today: CalendarDate): CanonicalPerson | Rejection {
  const name = canonicalName(record);
  if (typeof name === 'string') return rejected(name);
  const address = canonicalAddress(record);
  if (typeof address === 'string') return rejected(address);
  const birth = canonicalBirthDate(record.dateOfBirth, today);
  // A holder can't mend its file: a date that is none is a date that it does not know.
  if (typeof birth === 'string' && side === 'requester') return rejected(birth);
  const date =
    birth === undefined || typeof birth === 'string' ? '' : `${birth.year}-${birth.month}-${birth.day}`;
  const stems = streetStems(address);
  return {
    kind: 'canonical',
    tier: date === '' ? 'name_address' : 'name_address_dob',
    fields: {
      given_name: name.given,
      name_and_initial: name.secondInitial === '' ? '' : `${name.firstGiven} ${name.secondInitial}`,
      first_name: name.firstFormal,
      own_name: name.ownName,
      second_name: name.secondFormal,
      surname: name.surname,
      first_surname: name.firstSurname,
      generation: name.generation,
      shorter_given_name: name.shorterGiven,
      surname_in_given_name: name.surnameInGiven,
      date_of_birth: date,
      street: address.street,
      street_beginning: stems.beginning,
      street_end: stems.end,
      unit: address.unit,
      urbanization: address.neighbourhood,
      city: address.city,
      state: address.state,
      postcode: address.postcode,
    },
  };
}

function orderFault(
  { orderNumber, orderDate }: RequestRecord,
  today: CalendarDate,
  minimumOrderAgeDays: number,
): RejectionCode | undefined {
  const fault = orderNumberFault(orderNumber);
  if (fault !== undefined) return fault;
  const date = canonicalOrderDate(orderDate, today, minimumOrderAgeDays);
  return typeof date === 'string' ? date : undefined;
}

function keysOf(fields: CanonicalFields, side: Side, tiers: readonly Tier[]): readonly MatchKey[] {
  const valuesOf = keyParts(fields, side);
  return tiers.flatMap((tier) => composeKeys(PROFILE_ID, KEYS_OF_TIER[tier], valuesOf));
}

/**
 * With a date of birth, it and the given name: twins have two given names, and whoever shares a key with a person has that one's
 * name or address already. Without one, everything that is known: then only equal rows are taken for one person.
 */
function identity({ fields }: CanonicalPerson): string {
  const { own_name, date_of_birth } = fields;
  if (date_of_birth !== '') return `${sortedLetters(own_name)} ${date_of_birth}`;
  const { given_name, surname, generation, street, unit } = fields;
  return JSON.stringify([given_name, surname, generation, street, unit]);
}
