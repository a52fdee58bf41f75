import { composeKeys, lintKeys } from '../match-key.ts';
import { profileHash } from '../profile-hash.ts';
import type { Canonical, MatchKey, Profile } from '../profile.ts';
import type { PersonRecord } from '../record.ts';
import type { Rejection } from '../rejection.ts';
import { rejected } from '../rejection.ts';
import { KEYS, PROFILE_ID } from './definition.ts';
import { DESCRIPTION } from './description.ts';
import { canonicalName } from './name.ts';
import { canonicalPlace } from './place.ts';
import { canonicalStreet } from './street.ts';

lintKeys(KEYS);

/** US names and addresses: two keys, the name and the street with the ZIP code, or with city and state. */
export const usNameAddress1: Profile = {
  id: PROFILE_ID,
  hash: profileHash(DESCRIPTION),
  keys: KEYS.map(({ name }) => ({ name, tier: 'name_address' })),
  maxKeysPerRequest: KEYS.length,
  maxKeysPerPerson: KEYS.length,
  canonicalise,
  holderKeys: (canonical, tiers) => (tiers.includes('name_address') ? matchKeys(canonical) : []),
  requestKeys: matchKeys,
  identity: ({ fields }) => JSON.stringify(fields),
};

function canonicalise(record: PersonRecord): Canonical | Rejection {
  const name = canonicalName(record.givenName, record.surname);
  if (typeof name === 'string') return rejected(name);
  const street = canonicalStreet(record.street, record.street2);
  if (typeof street === 'string') return rejected(street);
  const place = canonicalPlace(record.city, record.state, record.postcode);
  if (typeof place === 'string') return rejected(place);
  return {
    kind: 'canonical',
    tier: 'name_address',
    fields: {
      given_name: name.givenName,
      surname: name.surname,
      generation: name.generation,
      street: street.street,
      unit: street.unit,
      city: place.city,
      state: place.state,
      postcode: place.postcode,
    },
  };
}

function matchKeys({ fields }: Canonical): readonly MatchKey[] {
  const field = (name: string): string => fields[name] ?? '';
  // A canonical surname holds no space and a canonical street no '#': what is appended cannot be mistaken.
  const withTail = (head: string, mark: string, tail: string): string =>
    head === '' || tail === '' ? head : `${head}${mark}${tail}`;
  return composeKeys(PROFILE_ID, KEYS, {
    given_name: field('given_name'),
    surname: withTail(field('surname'), ' ', field('generation')),
    street: withTail(field('street'), ' #', field('unit')),
    postcode: field('postcode'),
    city: field('city'),
    state: field('state'),
  });
}
