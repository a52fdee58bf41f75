import type { Canonical, MatchKey, PersonRecord, Profile, RequestRecord, Tier } from '@blindmatch/records';
import { REJECTION_REASONS } from '@blindmatch/records';

/** How the made-up profile makes one key: of these fields of the record, as they are. */
export interface MadeUpKey {
  readonly name: string;
  readonly tier: Tier;
  readonly parts: readonly (keyof PersonRecord)[];
}

/**
 * A profile for tests of the bench, whose keys are known beforehand. It canonicalises nothing, rejects who has no street, and takes
 * a date of birth as it stands. A person is given name and date.
 */
export function madeUpProfile(keys: readonly MadeUpKey[]): Profile {
  const keysOf = ({ fields }: Canonical, tiers: readonly Tier[]): MatchKey[] =>
    keys
      .filter(({ tier, parts }) => tiers.includes(tier) && parts.every((part) => fields[part] !== ''))
      .map(({ name, tier, parts }) => ({
        name,
        tier,
        value: [name, ...parts.map((part) => fields[part])].join('/'),
      }));
  return {
    id: 'made-up/1',
    hash: 'sha256:made-up',
    keys: keys.map(({ name, tier }) => ({ name, tier })),
    maxKeysPerRequest: keys.length,
    maxKeysPerPerson: keys.length,
    canonicalise: ({ givenName, surname, dateOfBirth, street, city, state, postcode }) =>
      street === ''
        ? { kind: 'rejected', code: 'street_missing', reason: REJECTION_REASONS.street_missing }
        : {
            kind: 'canonical',
            fields: { givenName, surname, dateOfBirth, street, city, state, postcode },
            tier: dateOfBirth === '' ? 'name_address' : 'name_address_dob',
          },
    orderFault: () => undefined,
    holderKeys: keysOf,
    requestKeys: (canonical) => keysOf(canonical, [canonical.tier]),
    identity: ({ fields }) => `${String(fields['givenName'])} ${String(fields['dateOfBirth'])}`,
  };
}

/** A record on file; what is not said is the same for all. */
export function madeUpPerson(said: Partial<PersonRecord>): PersonRecord {
  return {
    givenName: 'ANN',
    middleName: '',
    surname: 'SMITH',
    dateOfBirth: '1980-01-31',
    street: '1 MAIN ST',
    street2: '',
    city: 'ALTON',
    state: 'IL',
    postcode: '62002',
    line: 2,
    ...said,
  };
}

/** A record of a request; what is not said is the same for all. */
export function madeUpRequest(said: Partial<RequestRecord>): RequestRecord {
  return { ...madeUpPerson(said), recordId: 'R1', orderNumber: 'A1', orderDate: '2020-01-02', ...said };
}

/** The values one after another, as a file gives them. */
export async function* inTurn<Value>(values: Iterable<Value>): AsyncGenerator<Value, void, undefined> {
  await Promise.resolve();
  yield* values;
}
