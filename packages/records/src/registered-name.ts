import type { MatchKey } from './profile.ts';
import { canonicalName } from './profile-us-name-address-2/name.ts';
import type { CanonicalName } from './profile-us-name-address-2/name.ts';
import type { PersonRecord, RequestRecord } from './record.ts';
import type { RequestRules } from './understand.ts';

/** The name of the person under an order, as a registry has it. */
export type RegisteredName = Pick<PersonRecord, 'givenName' | 'middleName' | 'surname'>;

/**
 * The match keys of a record that the registered name does not bear out: those that the record would not give if it had
 * that name, with its own address and date of birth, in place of its own. A record may say less than the registry (no middle name, the first of
 * several given names or surnames, no generation), write a nickname for its formal name, and know a generation that the registry does not; it may not
 * say more, since a word more can be another person's surname.
 *
 * @param keys all match keys that the record gives
 */
export function keysBeyondName(
  record: RequestRecord,
  keys: readonly MatchKey[],
  registered: RegisteredName,
  { profile, today }: Pick<RequestRules, 'profile' | 'today'>,
): readonly MatchKey[] {
  const [own, theirs] = [canonicalName(record), canonicalName(registered)];
  if (typeof own === 'string' || typeof theirs === 'string') return keys;
  const { generation } = own;
  if (generation !== '' && theirs.generation !== '' && generation !== theirs.generation) return keys;
  let beyond = keys;
  for (const name of namesWithin(registered, theirs, own)) {
    if (beyond.length === 0) break;
    const canonical = profile.canonicalise({ ...record, ...name }, 'requester', today);
    if (canonical.kind === 'rejected') continue;
    const fields = { ...canonical.fields, generation };
    const borneOut = new Set(profile.requestKeys({ ...canonical, fields }).map(({ value }) => value));
    beyond = beyond.filter(({ value }) => !borneOut.has(value));
  }
  return beyond;
}

/** The registered name, and what says less than it. */
function* namesWithin(
  registered: RegisteredName,
  { firstGiven, firstFormal, firstSurname }: CanonicalName,
  own: CanonicalName,
): Generator<RegisteredName, void, undefined> {
  const given = [registered.givenName, firstGiven];
  if (own.firstFormal === firstFormal) given.push(own.firstGiven);
  for (const surname of [registered.surname, firstSurname]) {
    for (const middleName of [registered.middleName, '']) {
      for (const givenName of given) yield { givenName, middleName, surname };
    }
  }
}
